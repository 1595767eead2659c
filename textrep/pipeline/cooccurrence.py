"""Texts by the contexts of their words, counted in the texts themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from textrep.checks import check_boolean, check_choice, check_integer, check_number
from textrep.corpus import Corpus
from textrep.corpus.bags import TextReader
from textrep.corpus.tokenizers import tokenizer_kind
from textrep.counting import WEIGHTS, Window, count_cooccurrences, pmi
from textrep.errors import InvalidParameterError
from textrep.parallel import resolve_n_jobs
from textrep.pipeline.average import WordAverage
from textrep.pipeline.transformer import TextTransformer
from textrep.vectors import WordVectors

__all__ = ["CooccurrenceVectorizer"]

_NAME = "CooccurrenceVectorizer"
_MATRICES = ("counts", "pmi", "ppmi")


class CooccurrenceVectorizer(TextTransformer):
    """Describe a text by the contexts that its words have in the texts of ``fit``.

    ``fit`` counts how often each word w has each word c nearby, in a matrix M of the counts or of
    their PMI. With t the tokens of a text s that are in the vocabulary, each as often as it occurs,

        ``x(s)_c = 1/n(s) · Σ_{t in s} M(t, c)``

    So there is a column a context, named after it, and texts that share no word are alike where
    their words share contexts. No vectors have to be trained before.

    Parameters
    ----------
    tokenizer : str, default="simple"
        How texts are cut into words: a name that ``textrep corpus build --tokenizer`` knows and
        that needs no training, or the path of a ``tokenizer.json``.
    min_count : int, default=5
        Leave out words that occur fewer times in the texts of ``fit``, 1 and up.
    max_features : int, optional
        The contexts are the most frequent words only, at most so many. Default: every word.
    window : int, default=5
        Tokens on each side that are contexts, 1 to 1000, within a line of a text.
    weights : {"flat", "harmonic", "dynamic"}, default="harmonic"
        What a context at distance d counts: 1, 1/d, or (window - d + 1) / window.
    matrix : {"counts", "pmi", "ppmi"}, default="ppmi"
        What M holds.
    context_smoothing : float, default=0.75
        Power, 0 to 1, of the counts of contexts in their share of PMI.
    sparse_output : bool, default=True
        Whether the result is sparse. ``set_output(transform="pandas")`` needs it not to be.
    n_jobs : int, optional
        Threads that count; default: every core. The result does not depend on it.

    Attributes
    ----------
    word_contexts_ : WordVectors
        M, a row a word.
    contexts_ : list of str
        The word of each column.

    Raises
    ------
    InvalidParameterError, UnknownNameError
        On ``fit``: a parameter is out of its range.
    VocabularyError
        On ``fit``: no word occurs ``min_count`` times.

    Notes
    -----
    A text that is empty or has only unknown words becomes a vector of zeros.

    References
    ----------
    Schütze 1998, Automatic Word Sense Discrimination, Computational Linguistics 24(1): texts as
    centroids of the co-occurrence vectors of their words.
    Levy, Goldberg and Dagan 2015, Improving Distributional Similarity with Lessons Learned from
    Word Embeddings, TACL 3 (context smoothing).

    Examples
    --------
    >>> texts = ["a cat eats fish", "a dog eats meat", "the car drives"]
    >>> vectorizer = CooccurrenceVectorizer(min_count=1, matrix="counts", sparse_output=False)
    >>> x = vectorizer.fit_transform(texts)
    >>> names = vectorizer.get_feature_names_out().tolist()
    >>> {name: round(float(x[1, names.index(name)]), 3) for name in ("fish", "meat", "car")}
    {'fish': 0.333, 'meat': 0.458, 'car': 0.0}
    """

    def __init__(
        self,
        *,
        tokenizer: str = "simple",
        min_count: int = 5,
        max_features: int | None = None,
        window: int = 5,
        weights: str = "harmonic",
        matrix: str = "ppmi",
        context_smoothing: float = 0.75,
        sparse_output: bool = True,
        n_jobs: int | None = None,
    ) -> None:
        self.tokenizer = tokenizer
        self.min_count = min_count
        self.max_features = max_features
        self.window = window
        self.weights = weights
        self.matrix = matrix
        self.context_smoothing = context_smoothing
        self.sparse_output = sparse_output
        self.n_jobs = n_jobs

    @property
    def word_contexts_(self) -> WordVectors:
        """What was counted: a row a word, a column a context."""
        self._check_fitted()
        return self.average_.vectors

    @property
    def contexts_(self) -> list[str]:
        """The word of each column."""
        self._check_fitted()
        return self.average_.vectors.words[: self.average_.dim]

    @property
    def _n_features_out(self) -> int:
        return self.average_.dim

    def get_feature_names_out(self, input_features: object = None) -> Any:
        """Return the word of each column.

        Parameters
        ----------
        input_features : None
            Ignored: texts have no names.

        Returns
        -------
        ndarray of shape (n_contexts,), str objects
        """
        return np.array(self.contexts_, dtype=object)

    def _learn(self, texts: list[str]) -> None:
        self._check_parameters(len(texts))
        corpus = Corpus.from_texts(
            texts, tokenizer=self.tokenizer, min_count=self.min_count, n_jobs=self.n_jobs
        )
        vocabulary = corpus.vocabulary
        # Words are in the order of their frequency, so the first columns are the frequent contexts.
        columns = np.arange(len(vocabulary), dtype=np.int32)
        columns[len(columns) if self.max_features is None else self.max_features :] = -1
        window = Window(self.window, self.weights)
        counts = count_cooccurrences(corpus, window, context_of=columns, n_jobs=self.n_jobs)
        matrix = WordVectors(list(vocabulary.words), self._made_of(counts), vocabulary.counts)
        self.average_ = WordAverage(matrix, TextReader(self.tokenizer))

    def _check_parameters(self, n_texts: int) -> None:
        if tokenizer_kind(str(self.tokenizer)) == "subword":
            rule = "one that needs no training, or the path of a tokenizer.json"
            raise InvalidParameterError("tokenizer", _NAME, rule, self.tokenizer)
        check_integer("min_count", _NAME, self.min_count, 1)
        if self.max_features is not None:
            check_integer("max_features", _NAME, self.max_features, 1)
        check_integer("window", _NAME, self.window, 1, 1000)
        check_choice("weights", _NAME, self.weights, WEIGHTS)
        check_choice("matrix", _NAME, self.matrix, _MATRICES)
        check_number("context_smoothing", _NAME, self.context_smoothing, 0.0, 1.0)
        check_boolean("sparse_output", _NAME, self.sparse_output)
        resolve_n_jobs(self.n_jobs, _NAME)
        if n_texts == 0:
            raise InvalidParameterError("X", _NAME, "at least one text", [])

    def _made_of(self, counts: sp.csr_array) -> sp.csr_array:
        if self.matrix == "counts":
            return counts
        return pmi(
            counts,
            positive=self.matrix == "ppmi",
            context_smoothing=self.context_smoothing,
            n_jobs=resolve_n_jobs(self.n_jobs, _NAME),
        )

    def _encode(self, texts: list[str]) -> Any:
        found = self.average_.encode(texts)
        return found if self.sparse_output else found.toarray()
