"""Texts as averages of word vectors: the baseline that encoders have to beat."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from textrep.checks import check_choice, check_integer, check_number
from textrep.corpus.bags import TextReader
from textrep.errors import InvalidParameterError
from textrep.pipeline.average import (
    WordAverage,
    first_components,
    idf_weights,
    sif_weights,
    word_counts,
)
from textrep.pipeline.sources import words_of
from textrep.pipeline.transformer import TextTransformer
from textrep.vectors import WordVectors

if TYPE_CHECKING:
    from textrep.pipeline.classifier import TextClassifier

__all__ = ["WEIGHTS", "WordVectorAverager"]

_NAME = "WordVectorAverager"

WEIGHTS = ("mean", "tfidf", "sif")
"""How the words of a text are weighted."""


class WordVectorAverager(TextTransformer):
    """Average the vectors of a text's words.

    With t the tokens of a text s that have a vector v(t), each as often as it occurs,

        ``v(s) = Σ_t a(t) · v(t) / n(s)``, then ``v(s) - Σ_k <v(s), u_k> · u_k``

    where "mean" has a = 1 and n the number of tokens; "tfidf" has a = idf and n = Σ_t a(t); "sif"
    (smooth inverse frequency) has a = sif_a / (sif_a + p(t)) and n the number of tokens; and u_k
    are the first right singular vectors of the v(s) of the texts of ``fit``.

    Parameters
    ----------
    vectors : str, Path, WordVectors or fitted model
        Where the vectors of words come from: a model folder, a file of word vectors, or what
        ``textrep.load`` and ``fit`` return.
    weights : {"mean", "tfidf", "sif"}, default="mean"
        How words are weighted. The idf of a word is log((1 + n) / (1 + df)) + 1, in the texts of
        ``fit``. p(t) is the share of a word in the corpus of the vectors; where its counts are not
        known, in the texts of ``fit``.
    sif_a : float, default=0.001
        The a of smooth inverse frequency, above 0; the smaller, the less frequent words count.
    remove_components : int, optional
        Directions u_k that are removed. Default: 1 with "sif", 0 with the others.
    tokenizer : str, optional
        How texts are cut into words: a name that ``textrep corpus build --tokenizer`` knows, or the
        path of a ``tokenizer.json``. Default: the tokenizer of the model's corpus; "simple" where
        that is not known.

    Attributes
    ----------
    vectors_ : WordVectors
        The vectors of words.
    word_weights_ : ndarray of shape (n_words,), float64, or None
        a of each word; None with "mean".
    components_ : ndarray of shape (n_components, dim), float64
        The directions that are removed; fewer than asked for where the texts span fewer.

    Raises
    ------
    InvalidParameterError, UnknownNameError
        On ``fit``: a parameter is out of its range, there are no texts, or no more than
        components to remove; vectors are sparse and components shall be removed.
    FormatError, CorpusError
        On ``fit``: vectors or tokenizer cannot be read, or do not belong together.

    Notes
    -----
    A text that is empty or has only words without vectors becomes a vector of zeros. Words that
    vectors with n-grams can compose have a vector; they have the weight of a word that never
    occurred. Texts of any length are taken whole. Sparse vectors (one-hot, counts, PPMI) give
    sparse averages.

    The vector of a text depends on what was learnt in ``fit``, but on no other text of the same
    call. The paper computes components from the very texts that it compares, which is
    ``fit_transform``.

    ``clone``, and with it grid searches and cross-validation, shares vectors and fitted models
    instead of copying them. As values of a grid (``{"vectors": ["svd", "word2vec"]}``) take paths.

    References
    ----------
    Arora, Liang and Ma 2017, A Simple but Tough-to-Beat Baseline for Sentence Embeddings, ICLR
    (SIF: algorithm 1).

    Examples
    --------
    >>> vectors = WordVectors(["cat", "dog", "car"], [[1, 0], [0.5, 0.75], [0, 1]])
    >>> averager = WordVectorAverager(vectors).fit(["a cat"])
    >>> averager.transform(["Dog!", "cat car", ""]).tolist()
    [[0.5, 0.75], [0.5, 0.5], [0.0, 0.0]]
    """

    def __init__(
        self,
        vectors: Any,
        *,
        weights: str = "mean",
        sif_a: float = 0.001,
        remove_components: int | None = None,
        tokenizer: str | None = None,
    ) -> None:
        self.vectors = vectors
        self.weights = weights
        self.sif_a = sif_a
        self.remove_components = remove_components
        self.tokenizer = tokenizer

    @property
    def vectors_(self) -> WordVectors:
        """The vectors of words."""
        self._check_fitted()
        return self.average_.vectors

    @property
    def word_weights_(self) -> Any:
        """The weight of each word, shape (n_words,), or None."""
        self._check_fitted()
        return self.average_.weights

    @property
    def components_(self) -> Any:
        """The directions that are removed, shape (n_components, dim)."""
        self._check_fitted()
        return self.average_.components

    def classifier(self) -> TextClassifier:
        """Return a classifier of texts that begins with the vectors, and is not fitted.

        It averages them by the mean and changes them as it learns; see `TextClassifier`.
        """
        from textrep.pipeline.classifier import TextClassifier

        return TextClassifier(self.vectors)

    @property
    def _n_features_out(self) -> int:
        return self.average_.dim

    def _learn(self, texts: list[str]) -> None:
        n_components = self._check_parameters(len(texts))
        words = words_of(self.vectors, "vectors", _NAME)
        if n_components and words.vectors.is_sparse:
            rule = f"0 for sparse vectors, of {words.vectors.dim:,} dimensions here; or reduce them"
            raise InvalidParameterError("remove_components", _NAME, rule, n_components)
        average = WordAverage(words.vectors, TextReader(self.tokenizer, words.tokenizer))
        average = self._weighted(average, texts)
        self.average_ = average
        if n_components:
            components = first_components(average, texts, n_components)
            self.average_ = replace(average, components=components)

    def _check_parameters(self, n_texts: int) -> int:
        """Return the number of components to remove, once every parameter is checked."""
        check_choice("weights", _NAME, self.weights, WEIGHTS)
        check_number("sif_a", _NAME, self.sif_a, 0.0, above=True)
        if n_texts == 0:
            raise InvalidParameterError("X", _NAME, "at least one text", [])
        if self.remove_components is None:
            n_components = int(self.weights == "sif")
        else:
            check_integer("remove_components", _NAME, self.remove_components, 0)
            n_components = self.remove_components
        if n_components >= n_texts:
            rule = f"below the number of texts, {n_texts}: that many components are all of them"
            raise InvalidParameterError("remove_components", _NAME, rule, n_components)
        return n_components

    def _weighted(self, average: WordAverage, texts: list[str]) -> WordAverage:
        if self.weights == "mean":
            return average
        known = average.vectors.counts
        if self.weights == "sif" and known is not None and known.any():
            return replace(average, weights=sif_weights(known, self.sif_a), by_weight=False)
        frequency, total = word_counts(average, texts)
        if self.weights == "sif":
            return replace(average, weights=sif_weights(total, self.sif_a), by_weight=False)
        weights = idf_weights(frequency, len(texts))
        unseen = float(idf_weights(np.zeros(1, np.int64), len(texts))[0])
        return replace(average, weights=weights, unseen_weight=unseen)

    def _encode(self, texts: list[str]) -> Any:
        return self.average_.encode(texts)
