"""The parts of words: character n-grams, hashed into buckets as fastText does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_integer
from textrep.errors import InvalidParameterError
from textrep.parallel import resolve_n_jobs, run_all

__all__ = ["END_OF_SENTENCE", "SubwordTable", "Subwords", "check_subwords", "encoded", "means"]

END_OF_SENTENCE = b"</s>"  # the only word to which fastText gives no n-grams
LONGEST = 100  # characters of an n-gram
MOST_BUCKETS = 100_000_000  # `rows` needs five bytes for each
WORDS_A_SPAN = 4096


class SubwordTable(NamedTuple):
    """Which rows of the input matrix each word is the mean of.

    The matrix has a row for each word, then a row for each bucket that is used.

    Attributes
    ----------
    offsets : int64 array of shape (n_words + 1,)
        Where the parts of each word begin.
    parts : int32 array of shape (offsets[-1],)
        Row numbers: the word's own row first, then those of its n-grams.
    bucket_ids : int32 array of shape (n_used,), ascending
        The bucket of each row from ``n_words`` on.
    """

    offsets: NDArray[np.int64]
    parts: NDArray[np.int32]
    bucket_ids: NDArray[np.int32]

    @property
    def n_rows(self) -> int:
        """Rows of the input matrix: words and used buckets."""
        return len(self.offsets) - 1 + len(self.bucket_ids)


def check_subwords(caller: str, min_n: Any, max_n: Any, buckets: Any) -> None:
    """Raise InvalidParameterError unless the parameters of :class:`Subwords` are in range.

    Parameters
    ----------
    caller : str
        Whose parameters they are.
    min_n, max_n, buckets : Any
        What was given.
    """
    check_integer("min_n", caller, min_n, 1, LONGEST)
    check_integer("max_n", caller, max_n, 1, LONGEST)
    check_integer("buckets", caller, buckets, 1, MOST_BUCKETS)
    if max_n < min_n:
        raise InvalidParameterError("max_n", caller, f"at least min_n ({min_n})", max_n)


@dataclass(frozen=True)
class Subwords:
    """How words are cut into n-grams, and how these share vectors.

    The n-grams of a word w are those of ``<w>``, of ``min_n`` to ``max_n`` Unicode characters
    (``<`` and ``>`` alone are none); one that occurs twice counts twice. An n-gram has the vector
    of the bucket FNV-1a(n-gram) mod ``buckets``.

    Parameters
    ----------
    min_n : int, default=3
        Characters of the shortest n-gram, 1 to 100.
    max_n : int, default=6
        Characters of the longest n-gram, ``min_n`` to 100.
    buckets : int, default=2000000
        Vectors that n-grams share, 1 to 100,000,000.

    Raises
    ------
    InvalidParameterError
        A parameter is out of its range.

    Notes
    -----
    As in fastText, the hash takes bytes as signed, and the word ``</s>`` has no n-grams.

    Only buckets that some word of the vocabulary uses get a row; the others would never be
    trained. 68,085 words of English use 286,211 of the 2,000,000, a seventh of the memory.

    References
    ----------
    Bojanowski, Grave, Joulin and Mikolov 2017, Enriching Word Vectors with Subword Information,
    TACL 5, section 3.2.

    Examples
    --------
    >>> Subwords(min_n=3, max_n=4).ngrams("cat")
    ['<ca', '<cat', 'cat', 'cat>', 'at>']
    """

    min_n: int = 3
    max_n: int = 6
    buckets: int = 2_000_000

    def __post_init__(self) -> None:
        check_subwords("Subwords", self.min_n, self.max_n, self.buckets)

    def ngrams(self, word: str) -> list[str]:
        """Return the n-grams of a word, in the order in which they are hashed."""
        if word.encode("utf-8", "surrogatepass") == END_OF_SENTENCE:
            return []
        text = f"<{word}>"
        return [
            text[begin : begin + n]
            for begin in range(len(text))
            for n in range(self.min_n, min(self.max_n, len(text) - begin) + 1)
            if n > 1 or 0 < begin < len(text) - 1
        ]

    def rows(self, words: Sequence[str]) -> SubwordTable:
        """Return the parts of the words of a vocabulary.

        Parameters
        ----------
        words : sequence of str
            Word i has row i of the input matrix.

        Returns
        -------
        SubwordTable
        """
        return self.rows_of_bytes(encoded(words))

    def rows_of_bytes(self, words: Sequence[bytes]) -> SubwordTable:
        """Return the parts of words given as UTF-8, or as what a file has in its place."""
        buckets, begins = self.hashed(words)
        used = np.zeros(self.buckets, np.bool_)
        used[buckets] = True
        numbers = np.cumsum(used, dtype=np.int32)  # of a used bucket: its place, from 1
        own = begins[:-1] + np.arange(len(words))
        parts = np.empty(len(buckets) + len(words), np.int32)
        is_own = np.zeros(len(parts), np.bool_)
        is_own[own] = True
        parts[own] = np.arange(len(words), dtype=np.int32)
        parts[~is_own] = numbers[buckets] + np.int32(len(words) - 1)
        bucket_ids = np.flatnonzero(used).astype(np.int32)
        return SubwordTable(begins + np.arange(len(begins)), parts, bucket_ids)

    def hashed(self, words: Sequence[bytes]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the bucket of every n-gram of each word, and where each word's begin.

        Parameters
        ----------
        words : sequence of bytes

        Returns
        -------
        buckets : int32 array of shape (n_ngrams,)
        begins : int64 array of shape (n_words + 1,)
        """
        from textrep.kernels.subwords import hash_ngrams

        text = np.frombuffer(b"".join(b"<%b>" % word for word in words), np.uint8)
        starts = np.zeros(len(words) + 1, np.int64)
        np.cumsum([len(word) + 2 for word in words], out=starts[1:])
        begins = np.zeros(len(words) + 1, np.int64)
        np.cumsum(self._n_ngrams(words, text, starts), out=begins[1:])
        buckets = np.empty(begins[-1], np.int32)
        hash_ngrams(text, starts, begins, self.min_n, self.max_n, np.uint32(self.buckets), buckets)
        return buckets, begins

    def _n_ngrams(
        self, words: Sequence[bytes], text: NDArray[np.uint8], starts: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return how many n-grams each word has: one for each place where one can begin."""
        if not len(words):
            return np.zeros(0, np.int64)
        begins_character = (text & 0xC0) != 0x80
        characters = np.add.reduceat(begins_character, starts[:-1], dtype=np.int64)
        total = np.zeros(len(words), np.int64)
        for n in range(self.min_n, self.max_n + 1):
            total += np.maximum(characters - n + 1, 0)
        if self.min_n == 1:
            total -= 2  # "<" and ">"
        total[[word == END_OF_SENTENCE for word in words]] = 0
        return total


def encoded(words: Sequence[str]) -> list[bytes]:
    """Return words as UTF-8; halves of surrogate pairs, which it lacks, as they would be."""
    return [word.encode("utf-8", "surrogatepass") for word in words]


def means(
    matrix: NDArray[np.float32],
    offsets: NDArray[np.int64],
    parts: NDArray[np.int32],
    n_jobs: int | None = None,
) -> NDArray[np.float32]:
    """Return the mean of the rows ``parts[offsets[i]:offsets[i + 1]]`` for each i.

    Parameters
    ----------
    matrix : float32 array of shape (n_rows, dim)
        The input matrix.
    offsets : int64 array of shape (n_means + 1,)
    parts : int32 array of shape (offsets[-1],)
        As in a `SubwordTable`.
    n_jobs : int, optional
        Threads; every core by default. The result is the same for any number.

    Returns
    -------
    float32 array of shape (n_means, dim)
        Summed in float32 in the order of ``parts``, as in fastText; zeros where there are none.
    """
    from textrep.kernels.subwords import mean_rows

    result = np.empty((len(offsets) - 1, matrix.shape[1]), np.float32)

    def fill(first: int) -> None:
        last = min(first + WORDS_A_SPAN, len(result))
        mean_rows(matrix, offsets[first : last + 1], parts, result[first:last])

    spans = range(0, len(result), WORDS_A_SPAN)
    run_all(fill, spans, min(resolve_n_jobs(n_jobs, "means"), max(1, len(spans))))
    return result
