"""WordVectors: words, a matrix with a row for each, and what one asks of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textrep.errors import InvalidParameterError
from textrep.vectors import transforms
from textrep.vectors.lookup import WordLookup
from textrep.vectors.rows import Rows, as_matrix
from textrep.vectors.search import Found, nearest, solve, solve_one

__all__ = ["Neighbor", "WordVectors"]


class Neighbor(NamedTuple):
    """A word and how similar it is to what was asked for."""

    word: str
    similarity: float


class WordVectors(WordLookup):
    """Words and their vectors, which do not change.

    Similarity is the cosine, computed in float64; that of a zero vector with anything is 0. Of
    equally similar words the one with the lower row comes first. Answers do not depend on the
    number of threads or on how many words are asked for at once.

    Parameters
    ----------
    words : sequence of str
        One word a row, no two alike.
    matrix : ndarray or scipy sparse array of shape (n_words, dim)
        Finite numbers, kept as float32. Float32 arrays in C order, read-only memory maps among
        them, and float32 CSR arrays are not copied; they must not be written to afterwards.
    counts : array of int64 of shape (n_words,), optional
        How often each word occurred in the corpus.

    Attributes
    ----------
    words : list of str
    matrix : ndarray or csr_array of shape (n_words, dim), float32, read-only
    counts : int64 array of shape (n_words,), or None
    index : dict of str to int
        Row of each word.
    dim : int
        Number of columns.

    Raises
    ------
    VocabularyError
        A word occurs twice, or the numbers of words, rows and counts differ.
    InvalidParameterError
        The matrix is not two-dimensional or holds a value that is not finite.

    Examples
    --------
    >>> vectors = WordVectors(["cat", "dog", "car"], [[1, 1], [1, 0.9], [-1, 1]])
    >>> vectors.neighbors("cat", n=1)[0].word
    'dog'
    """

    def similarity(self, word1: str, word2: str) -> float:
        """Return the cosine of two words, from -1 to 1; both must have a vector."""
        return float(self.similarities([word1], [word2])[0])

    def similarities(
        self, words1: Sequence[str], words2: Sequence[str], unknown: str | None = None
    ) -> NDArray[np.float64]:
        """Return the cosine of each pair of words.

        Parameters
        ----------
        words1, words2 : sequences of str of the same length
        unknown : {"error", "skip", "zero", "mean", "subwords"}, optional
            What to do about unknown words, as in `lookup`; under "skip" their pairs are not a
            number.

        Returns
        -------
        float64 array of shape (n_pairs,)
        """
        if len(words1) != len(words2):
            raise InvalidParameterError(
                "words2", "similarities", f"as long as words1 ({len(words1)})", len(words2)
            )
        filling = "zero" if unknown == "skip" else unknown
        left, known1 = self.lookup(words1, filling)
        right, known2 = self.lookup(words2, filling)
        cosines = self._cosines(Rows.of(left), Rows.of(right))
        if unknown == "skip":
            cosines[~(known1 & known2)] = np.nan
        return cosines

    def _cosines(self, left: Rows, right: Rows) -> NDArray[np.float64]:
        if self.is_sparse:
            dots = (left.matrix.astype(np.float64) * right.matrix).sum(axis=1)
        else:
            dots = np.einsum("ij,ij->i", left.matrix, right.matrix, dtype=np.float64)
        usable = (left.inverse > 0) & (right.inverse > 0)
        cosines = np.zeros(len(dots))
        np.divide(dots, left.norms * right.norms, out=cosines, where=usable)
        return np.clip(cosines, -1.0, 1.0, out=cosines)

    @overload
    def neighbors(  # type: ignore[overload-overlap]  # a str is a sequence of str, but comes first
        self, query: str, n: int = 10, n_jobs: int | None = None
    ) -> list[Neighbor]: ...
    @overload
    def neighbors(
        self, query: Sequence[str], n: int = 10, n_jobs: int | None = None
    ) -> list[list[Neighbor]]: ...
    @overload
    def neighbors(
        self, query: NDArray[Any], n: int = 10, n_jobs: int | None = None
    ) -> list[Any]: ...
    def neighbors(
        self, query: str | Sequence[str] | NDArray[Any], n: int = 10, n_jobs: int | None = None
    ) -> list[Any]:
        """Return the words most similar to each query, exactly.

        Parameters
        ----------
        query : str, sequence of str, or array of shape (dim,) or (n_queries, dim)
            Words, which are not among their own neighbours, or vectors. Words without a row have
            neighbours where a vector can be composed for them.
        n : int, default=10
            How many, at least 1; fewer are returned if there are fewer words.
        n_jobs : int, optional
            Threads; every core by default.

        Returns
        -------
        list of Neighbor, or a list of such lists if there are several queries
            Most similar first.

        Raises
        ------
        UnknownNameError
            No such word, and no vector for it.
        InvalidParameterError
            ``n`` is below 1, or the vectors have another number of columns or are not finite.
        """
        n = self._checked_n(n, "neighbors")
        if isinstance(query, np.ndarray):
            single = query.ndim == 1
            found = nearest(*self._vector_queries(query), n, n_jobs)
        else:
            single = isinstance(query, str)
            words = [query] if isinstance(query, str) else query
            ids = self._marked(words, self.default_policy)
            queries = ids if (ids >= 0).all() else Rows.of(self.lookup(words)[0])
            found = nearest(self._rows, queries, ids[:, None], n, n_jobs)
        named = self._named(found)
        return named[0] if single else named

    def _vector_queries(self, query: NDArray[Any]) -> tuple[Rows, Rows, NDArray[np.int64]]:
        vectors = query[None, :] if query.ndim == 1 else query
        rows = Rows.of(as_matrix(vectors, "neighbors"))
        if rows.matrix.shape[1] != self.dim or not np.isfinite(rows.norms).all():
            rule = f"finite, with {self.dim} columns"
            raise InvalidParameterError("query", "neighbors", rule, f"shape {query.shape}")
        return self._rows, rows, np.full((len(vectors), 1), -1, np.int64)

    def _checked_n(self, n: int, caller: str) -> int:
        if n < 1:
            raise InvalidParameterError("n", caller, "at least 1", n)
        return min(n, len(self))

    def _named(self, found: Found) -> list[list[Neighbor]]:
        words = self.words
        return [
            [
                Neighbor(words[row], score)
                for row, score in zip(ids, scores, strict=True)
                if row >= 0
            ]
            for ids, scores in zip(found.ids.tolist(), found.scores.tolist(), strict=True)
        ]

    def analogy(
        self, a: str, b: str, c: str, n: int = 10, method: str = "3cosadd"
    ) -> list[Neighbor]:
        """Return the words that are to ``c`` as ``b`` is to ``a``; none of the three is among them.

        Parameters
        ----------
        a, b, c : str
            "man", "king", "woman".
        n : int, default=10
            How many, at least 1.
        method : {"3cosadd", "3cosmul"}, default="3cosadd"
            cos(x, b) - cos(x, a) + cos(x, c), or s(x, b) · s(x, c) / (s(x, a) + .001) with
            cosines shifted to s = (cos + 1) / 2.

        Returns
        -------
        list of Neighbor
            Best first; ``similarity`` is the method's score.

        References
        ----------
        Levy and Goldberg 2014, "Linguistic Regularities in Sparse and Explicit Word
        Representations", equations 3 and 4.
        """
        n = self._checked_n(n, "analogy")
        ids = self._marked([a, b, c], self.default_policy)
        known = bool((ids >= 0).all())
        given = self._rows.take(ids) if known else Rows.of(self.lookup([a, b, c])[0])
        return self._named(solve_one(self._rows, given, ids, method, n))[0]

    def solve_analogies(
        self,
        a: ArrayLike,
        b: ArrayLike,
        c: ArrayLike,
        method: str = "3cosadd",
        n: int = 1,
        n_jobs: int | None = None,
    ) -> NDArray[np.int64]:
        """Answer many analogies at once; see `analogy`.

        Parameters
        ----------
        a, b, c : int arrays of shape (n_questions,)
            Rows of the given words.
        method : {"3cosadd", "3cosmul"}, default="3cosadd"
        n : int, default=1
            Answers a question.
        n_jobs : int, optional
            Threads; every core by default.

        Returns
        -------
        int64 array of shape (n_questions, n)
            Rows of the answers, best first; -1 where there are no more words.

        Raises
        ------
        InvalidParameterError
            The arrays differ in length or hold something that is not a row.
        """
        columns = [np.asarray(rows) for rows in (a, b, c)]
        for name, rows in zip("abc", columns, strict=True):
            fits = rows.ndim == 1 and len(rows) == len(columns[0])
            if not fits or (len(rows) and not 0 <= rows.min() <= rows.max() < len(self)):
                rule = f"a row from 0 to {len(self) - 1} for each question"
                raise InvalidParameterError(name, "solve_analogies", rule, f"shape {rows.shape}")
        questions = np.stack(columns, axis=1).astype(np.int64)
        if n < 1:
            raise InvalidParameterError("n", "solve_analogies", "at least 1", n)
        return solve(self._rows, questions, method, n, n_jobs).ids

    def subset(self, words: Sequence[str], unknown: str = "error") -> WordVectors:
        """Return the vectors of ``words`` only, in that order.

        Unknown words raise `UnknownNameError`, or are left out if ``unknown`` is "skip".
        """
        if unknown not in ("error", "skip"):
            raise InvalidParameterError("unknown", "subset", '"error" or "skip"', unknown)
        ids = self.indices(words, unknown)
        counts = None if self.counts is None else self.counts[ids]
        return WordVectors([self.words[row] for row in ids], self.matrix[ids], counts)

    def normalized(self) -> WordVectors:
        """Return the vectors at length 1; zero vectors stay zero."""
        return WordVectors(self.words, transforms.normalized(self._rows), self.counts)

    def centered(self) -> WordVectors:
        """Return the vectors minus their mean; `InputError` if they are sparse."""
        return WordVectors(self.words, transforms.centered(self.matrix), self.counts)

    def all_but_the_top(self, n_components: int | None = None) -> WordVectors:
        """Return the vectors minus their mean and their first principal components.

        Parameters
        ----------
        n_components : int, optional
            Components removed, from 0 to dim - 1; by default dim // 100, at least 1.

        Raises
        ------
        InvalidParameterError
            ``n_components`` is out of its range.
        InputError
            The vectors are sparse.

        References
        ----------
        Mu and Viswanath 2018, "All-but-the-Top: Simple and Effective Postprocessing for Word
        Representations".
        """
        removed = transforms.all_but_the_top(self.matrix, n_components)
        return WordVectors(self.words, removed, self.counts)
