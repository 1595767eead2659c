"""Words and a matrix with a row for each: which word has which row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textrep.errors import InvalidParameterError, UnknownNameError, VocabularyError
from textrep.vectors.rows import Matrix, Rows, as_matrix
from textrep.vectors.unknown import check_policy, fill_unknown

__all__ = ["WordLookup"]


class WordLookup:
    """The lookup half of `WordVectors`, whose docstring describes parameters and attributes."""

    default_policy = "error"  # what happens to unknown words where the caller does not say

    def __init__(
        self, words: Sequence[str], matrix: ArrayLike | Matrix, counts: ArrayLike | None = None
    ) -> None:
        self.words = list(words)
        self.matrix = as_matrix(matrix, "WordVectors")
        self.index = {word: row for row, word in enumerate(self.words)}
        self._check_words()
        self._rows = Rows.of(self.matrix)
        self._check_finite()
        self.counts = None if counts is None else self._checked_counts(counts)

    def _check_words(self) -> None:
        if not self.words:
            raise VocabularyError("WordVectors needs at least one word. Got none.")
        if len(self.words) != self.matrix.shape[0]:
            raise VocabularyError(
                f"WordVectors needs one row for each word. Got {len(self.words)} words and "
                f"{self.matrix.shape[0]} rows."
            )
        if len(self.index) == len(self.words):
            return
        for row, word in enumerate(self.words):
            if self.index[word] != row:
                raise VocabularyError(
                    f"The word {word!r} occurs twice, in rows {row} and {self.index[word]}. "
                    "Keep one of them."
                )

    def _check_finite(self) -> None:
        bad = np.flatnonzero(~np.isfinite(self._rows.norms))
        if len(bad):
            row = int(bad[0])
            raise InvalidParameterError(
                "matrix",
                "WordVectors",
                "finite in float32",
                f"NaN or infinity in row {row}, the vector of {self.words[row]!r}",
            )

    def _checked_counts(self, counts: ArrayLike) -> NDArray[np.int64]:
        array = np.array(counts, dtype=np.int64)
        if array.shape != (len(self.words),):
            raise VocabularyError(
                f"WordVectors needs one count for each word. Got {len(self.words)} words and "
                f"counts of shape {array.shape}."
            )
        array.flags.writeable = False
        return array

    @property
    def dim(self) -> int:
        """Number of columns."""
        return int(self.matrix.shape[1])

    @property
    def is_sparse(self) -> bool:
        """Whether the matrix is sparse."""
        return self._rows.sparse

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.index

    def __repr__(self) -> str:
        kind = "sparse" if self.is_sparse else "dense"
        shown = ", ".join(repr(word) for word in self.words[:3])
        more = ", …" if len(self) > 3 else ""
        name = type(self).__name__
        return f"{name}({len(self)} words, dim {self.dim}, {kind}: {shown}{more})"

    @overload
    def __getitem__(self, words: str) -> NDArray[np.float32]: ...
    @overload
    def __getitem__(self, words: Sequence[str]) -> Matrix: ...
    def __getitem__(self, words: str | Sequence[str]) -> Any:
        """Return the vector of a word, dense, or the rows of several, of the matrix's kind."""
        if not isinstance(words, str):
            return self.lookup(words)[0]
        if words in self.index:
            return self._rows.dense(np.array([self.index[words]]))[0]
        return self._composed([words])[0]

    def _row(self, word: str) -> int:
        try:
            return self.index[word]
        except KeyError:
            raise UnknownNameError("word", word, self.words) from None

    def _composed(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return vectors, shape (len(words), dim), of words that have no row: here there are none.

        Raises
        ------
        UnknownNameError
            Some word cannot be given a vector.
        """
        raise UnknownNameError("word", words[0], self.words)

    def indices(self, words: Sequence[str], unknown: str = "error") -> NDArray[np.int64]:
        """Return the rows of words.

        Parameters
        ----------
        words : sequence of str
        unknown : {"error", "skip", "zero", "mean", "subwords"}, default="error"
            What to do about unknown words: "error" raises, "skip" leaves them out, the others mark
            them by -1.

        Returns
        -------
        int64 array of shape (len(words),), or shorter under "skip"

        Raises
        ------
        UnknownNameError
            No such word (with the nearest known one), or no such policy.
        """
        check_policy(unknown)
        if isinstance(words, str):
            raise InvalidParameterError("words", "indices", "a sequence of words", words)
        if unknown == "error":
            found = [self._row(word) for word in words]
        else:
            found = [self.index.get(word, -1) for word in words]
        ids = np.array(found, dtype=np.int64)
        return ids[ids >= 0] if unknown == "skip" else ids

    def lookup(
        self, words: Sequence[str], unknown: str | None = None
    ) -> tuple[Matrix, NDArray[np.bool_]]:
        """Return the vectors of words, and which words are known.

        Parameters
        ----------
        words : sequence of str
        unknown : {"error", "skip", "zero", "mean", "subwords"}, optional
            What to do about unknown words: raise, leave their rows out, give them zeros, the mean
            of all vectors, or the mean of their n-grams' vectors. Default: "subwords" where there
            are vectors of n-grams, else "error".

        Returns
        -------
        rows : ndarray or csr_array of shape (len(words), dim), or of fewer rows under "skip"
        covered : bool array of shape (len(words),)
            Whether each word is known, that is, has a row of its own.

        Raises
        ------
        UnknownNameError
            A word has no vector under this policy, or there is no such policy.
        """
        policy = self.default_policy if unknown is None else unknown
        ids = self._marked(words, policy)
        known = ids >= 0
        if policy != "subwords" or known.all():
            return fill_unknown(self.matrix, ids, policy), known
        composed = self._composed([words[place] for place in np.flatnonzero(~known).tolist()])
        rows = np.empty((len(ids), self.dim), np.float32)
        rows[known], rows[~known] = self.matrix[ids[known]], composed
        return rows, known

    def _marked(self, words: Sequence[str], policy: str) -> NDArray[np.int64]:
        """Rows of words, -1 where a word is unknown, which raises only under "error"."""
        return self.indices(words, "zero" if check_policy(policy) == "skip" else policy)
