"""SubwordVectors: word vectors that also answer for words that training has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textrep.errors import InvalidParameterError, UnknownNameError
from textrep.vectors.rows import as_matrix, is_sparse, row_blocks
from textrep.vectors.subwords import Subwords, encoded, means
from textrep.vectors.word_vectors import WordVectors

__all__ = ["SubwordVectors"]


class SubwordVectors(WordVectors):
    """Words and their vectors, and vectors of n-grams to compose those of other words.

    The vector of a word of the vocabulary is the mean of its own row of the input matrix and of
    those of its n-grams. That of any other word is the mean of the rows of those of its n-grams
    that have one; `similarity`, `neighbors`, `analogy`, `lookup` and ``vectors[word]`` take such
    words unless told otherwise by ``unknown``. ``word in vectors``, `indices`, ``len`` and
    iteration know the vocabulary only, and answers are always words of the vocabulary. What
    `subset` and the transforms return are plain `WordVectors`.

    Parameters
    ----------
    words : sequence of str
        One word a row, no two alike.
    matrix : ndarray of shape (n_words, dim)
        The words' vectors, as in `WordVectors`.
    subwords : Subwords
        How words are cut into n-grams.
    bucket_ids : int array of shape (n_used,)
        The buckets that have a row, ascending.
    input_vectors : ndarray of shape (n_words + n_used, dim)
        A row for each word, then one for each of these buckets. Not copied if it is float32 in C
        order, a read-only memory map for example; it must not be written to afterwards.
    counts : array of int64 of shape (n_words,), optional
        How often each word occurred in the corpus.

    Raises
    ------
    VocabularyError, InvalidParameterError
        As in `WordVectors`; or ``bucket_ids`` or ``input_vectors`` do not fit the rest.

    References
    ----------
    Bojanowski, Grave, Joulin and Mikolov 2017, Enriching Word Vectors with Subword Information,
    TACL 5.

    Examples
    --------
    >>> subwords = Subwords(min_n=3, max_n=3, buckets=1000)
    >>> table = subwords.rows(["cat", "car"])
    >>> vectors = SubwordVectors.from_input(["cat", "car"], subwords, np.eye(table.n_rows))
    >>> "cats" in vectors
    False
    >>> vectors.neighbors("cats", n=1)[0].word
    'cat'
    """

    default_policy = "subwords"

    def __init__(
        self,
        words: Sequence[str],
        matrix: ArrayLike,
        subwords: Subwords,
        bucket_ids: ArrayLike,
        input_vectors: ArrayLike,
        counts: ArrayLike | None = None,
    ) -> None:
        for name, given in (("matrix", matrix), ("input_vectors", input_vectors)):
            if is_sparse(given):
                raise InvalidParameterError(name, "SubwordVectors", "dense", "a sparse array")
        super().__init__(words, matrix, counts)
        self.subwords = subwords
        self.bucket_ids = self._checked_buckets(np.asarray(bucket_ids))
        self.input_vectors = self._checked_input(input_vectors)

    @classmethod
    def from_input(
        cls,
        words: Sequence[str],
        subwords: Subwords,
        input_vectors: ArrayLike,
        counts: ArrayLike | None = None,
    ) -> Self:
        """Return the vectors that the input matrix of a training gives.

        Parameters
        ----------
        words, subwords, counts
            As for the class.
        input_vectors : ndarray of shape (n_words + n_used, dim)
            In the order of ``subwords.rows(words)``.
        """
        table = subwords.rows(words)
        rows = as_matrix(input_vectors, cls.__name__)
        if len(rows) != table.n_rows:
            raise _rows_error(table.n_rows, rows.shape)
        matrix = means(rows, table.offsets, table.parts)
        return cls(words, matrix, subwords, table.bucket_ids, rows, counts)

    def _checked_buckets(self, bucket_ids: NDArray[Any]) -> NDArray[np.int32]:
        fits = bucket_ids.ndim == 1 and bucket_ids.dtype.kind in "iu"
        if fits and len(bucket_ids):
            inside = bucket_ids[0] >= 0 and bucket_ids[-1] < self.subwords.buckets
            fits = bool(inside and (bucket_ids[1:] > bucket_ids[:-1]).all())
        if not fits:
            rule = f"ascending integers from 0 to {self.subwords.buckets - 1}"
            given = f"{bucket_ids.dtype} of shape {bucket_ids.shape}"
            raise InvalidParameterError("bucket_ids", "SubwordVectors", rule, given)
        return bucket_ids.astype(np.int32, copy=False)

    def _checked_input(self, input_vectors: ArrayLike) -> NDArray[np.float32]:
        rows: NDArray[np.float32] = as_matrix(input_vectors, "SubwordVectors")
        expected = (len(self) + len(self.bucket_ids), self.dim)
        if rows.shape != expected:
            raise _rows_error(expected[0], rows.shape)
        if not all(np.isfinite(block).all() for _, block in row_blocks(rows)):
            rule = "finite in float32"
            raise InvalidParameterError("input_vectors", "SubwordVectors", rule, "NaN or infinity")
        return rows

    def composable(self, words: Sequence[str]) -> NDArray[np.bool_]:
        """Return for each word whether some n-gram of it has a row, shape (len(words),)."""
        offsets, _ = self._parts(words)
        found: NDArray[np.bool_] = offsets[1:] > offsets[:-1]
        return found

    def _composed(self, words: Sequence[str]) -> NDArray[np.float32]:
        offsets, parts = self._parts(words)
        for place in np.flatnonzero(offsets[1:] == offsets[:-1]).tolist():
            hint = "None of its n-grams has a vector either."
            raise UnknownNameError("word", words[place], self.words, hint)
        return means(self.input_vectors, offsets, parts, n_jobs=1)

    def _parts(self, words: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return the rows of the n-grams that have one, and where those of each word begin."""
        buckets, begins = self.subwords.hashed(encoded(words))
        places = np.searchsorted(self.bucket_ids, buckets)
        places[places == len(self.bucket_ids)] = 0
        trained = np.zeros(len(buckets), np.bool_)
        if len(self.bucket_ids):
            trained = self.bucket_ids[places] == buckets
        offsets = np.concatenate(([0], np.cumsum(trained)))[begins]
        return offsets, (places[trained] + len(self)).astype(np.int32)


def _rows_error(expected: int, shape: tuple[int, ...]) -> InvalidParameterError:
    rule = f"a row for each word and each used bucket: {expected}"
    return InvalidParameterError("input_vectors", "SubwordVectors", rule, f"shape {shape}")
