"""Writing fastText's model files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from textrep.errors import FormatError
from textrep.storage.formats.fasttext.layout import (
    ARGUMENTS,
    DICTIONARY,
    MAGIC,
    MATRIX,
    SIGNATURE,
    VERSIONS,
    WORD_TAIL,
    arguments_of,
)
from textrep.storage.formats.files import writing
from textrep.vectors import SubwordVectors, WordVectors
from textrep.vectors.rows import row_blocks

__all__ = ["write_fasttext"]

BLOCK_VALUES = 1 << 22  # values written together
ZERO = np.float32(0)


def write_fasttext(
    vectors: WordVectors,
    path: str | Path,
    output: NDArray[np.float32] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> None:
    """Write a fastText model file.

    Parameters
    ----------
    vectors : SubwordVectors or WordVectors
        Dense. Without n-grams a model without n-grams is written.
    path : str or Path
        Packed by gzip if it ends in ``.gz``.
    output : float32 array of shape (n_words, dim), optional
        The output vectors; zeros by default, from which training can go on, but not well.
    parameters : mapping, optional
        How they were trained, as in `FastTextModel`; fastText's defaults where absent.

    Raises
    ------
    FormatError
        The vectors are sparse, ``output`` does not fit, or a word is empty, holds a zero byte or
        is no Unicode text.

    Notes
    -----
    The file has a row for every bucket: 4 · (n_words + buckets) · dim bytes and more. Buckets
    without a row get zeros. So fastText, which divides by the number of all n-grams, gives unseen
    words shorter vectors of the same direction, as does `read_fasttext`. Counts that are not known
    are written as 1.
    """
    if vectors.is_sparse:
        raise FormatError(
            f"Cannot write {vectors!r} as a fastText file: it is sparse. Save it as a model folder."
        )
    n_words, dim = len(vectors), vectors.dim
    if output is not None and output.shape != (n_words, dim):
        raise FormatError(
            f"Cannot write output vectors of shape {list(output.shape)} with {n_words} words of "
            f"{dim} columns."
        )
    subwords = vectors.subwords if isinstance(vectors, SubwordVectors) else None
    sizes = (subwords.buckets, subwords.min_n, subwords.max_n) if subwords else (0, 0, 0)
    arguments = arguments_of(parameters or {}, dim, *sizes)
    dictionary = _dictionary(vectors)
    with writing(path) as file:
        file.write(SIGNATURE.pack(MAGIC, VERSIONS[-1]) + ARGUMENTS.pack(*arguments))
        file.write(dictionary)
        file.write(MATRIX.pack(False, n_words + arguments.buckets, dim))
        if isinstance(vectors, SubwordVectors):
            _write_rows(file, vectors.input_vectors[:n_words])
            _write_buckets(file, vectors)
        else:
            _write_rows(file, vectors.matrix)
        file.write(MATRIX.pack(False, n_words, dim))
        _write_rows(file, np.broadcast_to(ZERO, (n_words, dim)) if output is None else output)


def _dictionary(vectors: WordVectors) -> bytes:
    counts = [1] * len(vectors) if vectors.counts is None else vectors.counts.tolist()
    parts = [DICTIONARY.pack(len(vectors), len(vectors), 0, sum(counts), -1)]
    for word, count in zip(vectors.words, counts, strict=True):
        if not word or "\0" in word:
            what = "it holds a zero byte" if word else "it is empty"
            raise FormatError(f"Cannot write the word {word!r}: {what}.")
        try:
            parts += [word.encode("utf-8"), b"\0", WORD_TAIL.pack(count, 0)]
        except UnicodeEncodeError:
            raise FormatError(f"Cannot write the word {word!r}: it is no Unicode text.") from None
    return b"".join(parts)


def _write_buckets(file: BinaryIO, vectors: SubwordVectors) -> None:
    """Write a row a bucket; zeros where there is none."""
    n_words, buckets, dim = len(vectors), vectors.subwords.buckets, vectors.dim
    height = max(1, BLOCK_VALUES // dim)
    for first in range(0, buckets, height):
        last = min(first + height, buckets)
        begin, end = np.searchsorted(vectors.bucket_ids, [first, last])
        block = np.zeros((last - first, dim), np.float32)
        block[vectors.bucket_ids[begin:end] - first] = vectors.input_vectors[
            n_words + begin : n_words + end
        ]
        _write_rows(file, block)


def _write_rows(file: BinaryIO, rows: NDArray[np.float32]) -> None:
    for _, block in row_blocks(rows):
        file.write(block.astype("<f4").tobytes())
