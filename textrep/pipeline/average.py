"""Weighted averages of word vectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.corpus.bags import Bag, TextReader
from textrep.corpus.texts import blocks_of
from textrep.errors import InputError
from textrep.parallel import one_blas_thread
from textrep.vectors import SubwordVectors, WordVectors

__all__ = ["WordAverage", "first_components", "idf_weights", "sif_weights", "word_counts"]


@dataclass(frozen=True)
class WordAverage:
    """Texts as averages of the vectors of their words.

        ``v(s) = 1/n(s) · Σ_{t in s} a(t) · v(t)``, minus its projection on each component

    Attributes
    ----------
    vectors : WordVectors
        Dense or sparse.
    reader : TextReader
        What cuts texts into words.
    weights : ndarray of shape (n_words,), float64, or None
        a(t) of each word of the vectors; None: 1.
    unseen_weight : float
        a(t) of words whose vectors are composed from n-grams.
    by_weight : bool
        Whether n(s) is the sum of the weights; if not, it is the number of tokens.
    components : ndarray of shape (n_components, dim), float64, or None
        Orthonormal rows.
    """

    vectors: WordVectors
    reader: TextReader
    weights: NDArray[np.float64] | None = None
    unseen_weight: float = 1.0
    by_weight: bool = True
    components: NDArray[np.float64] | None = None

    @property
    def dim(self) -> int:
        """Number of dimensions of a text's vector."""
        return self.vectors.dim

    def encode(self, texts: list[str]) -> Any:
        """Return a vector a text.

        Parameters
        ----------
        texts : list of str

        Returns
        -------
        ndarray or csr_array of shape (n_texts, dim), float32
            Sparse if the vectors are. Zeros for a text without a word that has a vector. The vector
            of a text does not depend, to the last bit, on which texts are with it.
        """
        parts = [part.astype(np.float32) for part in self.parts(texts)]
        if self.vectors.is_sparse:
            empty = sp.csr_array((0, self.dim), dtype=np.float32)
            return sp.vstack([empty, *parts], format="csr", dtype=np.float32)
        return np.concatenate([np.empty((0, self.dim), np.float32), *parts])

    def encode_tokens(self, texts: list[str]) -> list[NDArray[np.float32]]:
        """Return the vectors of each text's words, without weights.

        Parameters
        ----------
        texts : list of str

        Returns
        -------
        list of ndarray of shape (n_words of the text, dim), float32
            Of words that have a vector, in the order of the text.

        Raises
        ------
        InputError
            The vectors are sparse.
        """
        if self.vectors.is_sparse:
            raise InputError(
                f"These are sparse vectors of {self.dim:,} dimensions: reduce them first with SVD."
            )
        found: list[NDArray[np.float32]] = []
        for _, block in blocks_of(texts):
            bag = self.reader.bag(block)
            rows, columns, _ = self._rows(bag.words)
            places, ends = _known(bag, columns)
            found += np.split(rows[columns[bag.places[places]]].astype(np.float32), ends)
        return found

    def tokens(self, texts: list[str]) -> list[list[str]]:
        """Return the words that :meth:`encode_tokens` gives vectors of, a list a text."""
        found: list[list[str]] = []
        for _, block in blocks_of(texts):
            bag = self.reader.bag(block)
            places, ends = _known(bag, self._rows(bag.words)[1])
            words = np.array(bag.words, dtype=object)[bag.places[places]]
            found += [part.tolist() for part in np.split(words, ends)]
        return found

    def parts(self, texts: list[str]) -> Iterator[Any]:
        """Yield the vectors of stretches of the texts, in float64."""
        for _, block in blocks_of(texts):
            yield self._averages(self.reader.bag(block))

    def _averages(self, bag: Bag) -> Any:
        rows, columns, weights = self._rows(bag.words)
        counts = bag.counts(columns, len(weights))
        weighted = counts @ sp.diags_array(weights, format="csr")
        n = (weighted if self.by_weight else counts).sum(axis=1)
        scale = np.divide(1.0, n, out=np.zeros(len(n)), where=n > 0)
        averages = sp.diags_array(scale, format="csr") @ weighted @ rows
        if self.components is None or not len(self.components):
            return averages
        # einsum sums each row alone; a product of matrices rounds by the number of rows.
        shares = np.einsum("ij,kj->ik", averages, self.components)
        return averages - np.einsum("ik,kj->ij", shares, self.components)

    def _rows(self, words: list[str]) -> tuple[Any, NDArray[np.int64], NDArray[np.float64]]:
        """Return the vectors of the words that have one, the place of each word, and weights.

        Words stand in the order of the vocabulary, those that are composed behind them in the order
        of their letters, so that sums do not depend on the order of the texts.
        """
        ids = self.vectors.indices(words, "zero")
        known = np.flatnonzero(ids >= 0)
        known = known[np.argsort(ids[known])]
        rows = self.vectors.matrix[ids[known]].astype(np.float64)
        weights = np.ones(len(known)) if self.weights is None else self.weights[ids[known]]
        composed = np.array(self._composable(words, np.flatnonzero(ids < 0)), np.int64)
        if len(composed):
            further, _ = self.vectors.lookup([words[place] for place in composed], "subwords")
            rows = np.concatenate([rows, further.astype(np.float64)])
            weights = np.append(weights, np.full(len(composed), self.unseen_weight))
        columns = np.full(len(words), -1, np.int64)
        columns[np.concatenate([known, composed])] = np.arange(len(known) + len(composed))
        return rows, columns, weights

    def _composable(self, words: list[str], unknown: NDArray[np.int64]) -> list[int]:
        """Return the places of the unknown words that have a vector by their n-grams."""
        if not isinstance(self.vectors, SubwordVectors) or not len(unknown):
            return []
        possible = self.vectors.composable([words[place] for place in unknown])
        return sorted(unknown[possible].tolist(), key=lambda place: words[place])


def _known(bag: Bag, columns: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which tokens have a column, and where each text but the last ends among them."""
    places = np.flatnonzero(columns[bag.places] >= 0)
    lengths = np.bincount(bag.texts[places], minlength=bag.n_texts)
    return places, np.cumsum(lengths)[:-1]


def word_counts(
    average: WordAverage, texts: list[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return in how many texts, and how often, each word of the vectors occurs: (n_words,) each."""
    frequency, total = (np.zeros(len(average.vectors), np.int64) for _ in range(2))
    for _, block in blocks_of(texts):
        bag = average.reader.bag(block)
        columns = average.vectors.indices(bag.words, "zero")
        counts = bag.counts(columns, len(average.vectors))
        frequency += np.bincount(counts.indices, minlength=len(frequency))
        total += counts.sum(axis=0).astype(np.int64)
    return frequency, total


def idf_weights(frequency: NDArray[np.int64], n_texts: int) -> NDArray[np.float64]:
    """Return log((1 + n) / (1 + df)) + 1, as scikit-learn's TfidfTransformer has it."""
    weights: NDArray[np.float64] = np.log((1.0 + n_texts) / (1.0 + frequency)) + 1.0
    return weights


def sif_weights(counts: NDArray[np.int64], a: float) -> NDArray[np.float64]:
    """Return a / (a + p(w)), p(w) being the share of a word in all tokens."""
    weights: NDArray[np.float64] = a / (a + counts / max(1, int(counts.sum())))
    return weights


def first_components(average: WordAverage, texts: list[str], n: int) -> NDArray[np.float64]:
    """Return the first right singular vectors of the texts' vectors, which are not centred.

    Returns
    -------
    ndarray of shape (n_components, dim), float64
        Orthonormal rows, the largest singular value first, the largest entry of each positive.
        Fewer than ``n`` where the vectors have a smaller rank.
    """
    gram = np.zeros((average.dim, average.dim))
    with one_blas_thread():
        for part in average.parts(texts):
            gram += part.T @ part
        values, vectors = np.linalg.eigh(gram)
    rank = int((values > len(values) * np.finfo(np.float64).eps * values[-1]).sum())
    chosen = vectors[:, ::-1][:, : min(n, rank)].T
    strongest = np.take_along_axis(chosen, np.abs(chosen).argmax(axis=1)[:, None], axis=1)
    return np.ascontiguousarray(np.where(strongest < 0, -chosen, chosen))
