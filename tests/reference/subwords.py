"""Character n-grams and their buckets, one at a time, and fastText's files, field by field."""

from __future__ import annotations

import struct

import numpy as np


def ngrams(word: str, min_n: int, max_n: int) -> list[str]:
    """The substrings of <word> of these lengths, without < and > alone; </s> has none."""
    if word == "</s>":
        return []
    text = "<" + word + ">"
    found = []
    for begin in range(len(text)):
        for end in range(begin + 1, len(text) + 1):
            boundary_alone = end - begin == 1 and (begin == 0 or end == len(text))
            if min_n <= end - begin <= max_n and not boundary_alone:
                found.append(text[begin:end])
    return found


def fnv1a(data: bytes) -> int:
    """FNV-1a of 32 bits whose bytes are signed: those above 127 are negative numbers."""
    code = 2166136261
    for byte in data:
        signed = byte - 256 if byte > 127 else byte
        code = ((code ^ (signed % 2**32)) * 16777619) % 2**32
    return code


def buckets(word: str, min_n: int, max_n: int, n_buckets: int) -> list[int]:
    """The bucket of each n-gram."""
    return [
        fnv1a(ngram.encode("utf-8", "surrogatepass")) % n_buckets
        for ngram in ngrams(word, min_n, max_n)
    ]


def vectors(words, vocabulary, rows, min_n, max_n, n_buckets):
    """The mean, in float64, of each word's own row and of those of its n-grams that have one.

    ``rows`` begins with a row for each word of the vocabulary; then comes a row for each bucket
    that some word of the vocabulary uses, in ascending order.
    """
    used = sorted({b for word in vocabulary for b in buckets(word, min_n, max_n, n_buckets)})
    row_of = {bucket: len(vocabulary) + place for place, bucket in enumerate(used)}
    result = []
    for word in words:
        own = [vocabulary.index(word)] if word in vocabulary else []
        parts = [row_of[b] for b in buckets(word, min_n, max_n, n_buckets) if b in row_of]
        result.append(np.mean([np.asarray(rows[r], np.float64) for r in own + parts], axis=0))
    return np.array(result)


def fasttext_file(
    words, counts, rows, output, *, dim, min_n, max_n, n_buckets, loss=2, model=2, labels=0,
    version=12, quantized=False, pruned=-1,
) -> bytes:  # fmt: skip
    """A fastText file: signature, arguments, dictionary, input matrix, output matrix."""
    arguments = (dim, 5, 5, 1, 5, 1, loss, model, n_buckets, min_n, max_n, 100)
    parts = [struct.pack("<2i", 793712314, version), struct.pack("<12id", *arguments, 1e-4)]
    parts.append(struct.pack("<3i", len(words), len(words) - labels, labels))
    parts.append(struct.pack("<2q", sum(counts), pruned))
    for word, count in zip(words, counts, strict=True):
        name = word if isinstance(word, bytes) else word.encode()
        parts.append(name + b"\0" + struct.pack("<qb", count, 0))
    for matrix in (rows, output):
        array = np.asarray(matrix, "<f4")
        parts += [struct.pack("<?2q", quantized, *array.shape), array.tobytes()]
    return b"".join(parts)
