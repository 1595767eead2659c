"""What all representations have in common."""

from __future__ import annotations

import time
from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator

from textrep.corpus import Corpus, Vocabulary
from textrep.errors import FormatError, NotFittedError
from textrep.models.registry import resolve_source
from textrep.parallel import resolve_n_jobs
from textrep.storage import ModelData, write_model
from textrep.vectors import WordVectors

__all__ = ["Representation", "plain"]


def plain(value: Any) -> Any:
    """Return a parameter as JSON can hold it: NumPy's numbers become Python's."""
    return value.item() if isinstance(value, np.generic) else value


class Representation(BaseEstimator):  # type: ignore[misc]
    """A representation of the words of a corpus.

    A subclass stores its parameters in ``__init__`` and implements :meth:`check_parameters` and
    :meth:`_learn`.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The words and their counts.
    word_vectors_ : ndarray or csr_array of shape (n_words, dim)
        A vector a word, in the order of the vocabulary.
    context_vectors_ : ndarray of shape (n_contexts, dim)
        A vector a context, for models that have them.
    corpus_ : dict
        What the model was trained on: fingerprint, tokens, tokenizer; how it was counted.
    metrics_ : dict
        What was measured while it was trained; ``seconds`` is how long that took.
    """

    on_clusters: ClassVar[bool] = False
    """Whether :func:`textrep.distributed.on_cluster` makes a difference."""

    replicated: ClassVar[bool] = False
    """Whether replicas of the model are trained there, side by side."""

    averaged: ClassVar[bool] = False
    """Whether those replicas share vectors, so that they are averaged now and then."""

    vocabulary_: Vocabulary
    word_vectors_: Any
    corpus_: dict[str, Any]
    metrics_: dict[str, Any]

    takes_models: ClassVar[bool] = False
    """Whether ``fit`` takes several trained representations in place of a corpus."""

    def fit(self, source: Any, y: object = None) -> Self:
        """Learn the representation.

        Parameters
        ----------
        source : Corpus, Representation, str, Path or iterable
            An encoded corpus, text, or a trained model to go on from; see
            :func:`textrep.models.resolve_source`.
        y : None
            Ignored; there for scikit-learn.

        Returns
        -------
        self

        Raises
        ------
        InvalidParameterError
            A parameter is out of its range.
        CorpusError
            The source cannot be read.
        NotFittedError
            The source is a model that has not been trained.
        """
        return self._fit(source)

    def _fit(self, source: Any, **options: Any) -> Self:
        """Do what :meth:`fit` says; the options are those of ``_learn``."""
        self.check_parameters()
        resolved = resolve_source(source)
        if isinstance(resolved, Corpus):
            vocabulary = resolved.vocabulary
            corpus = {
                "fingerprint": resolved.fingerprint,
                "tokens": resolved.n_tokens,
                "tokenizer": resolved.manifest.tokenizer,
                "sources": [source["name"] for source in resolved.manifest.sources],
            }
        else:
            resolved._check_fitted()
            vocabulary, corpus = resolved.vocabulary_, dict(resolved.corpus_)
        return self._learn_words(resolved, vocabulary, corpus, **options)

    def _learn_words(
        self, source: Any, vocabulary: Vocabulary, corpus: dict[str, Any], **options: Any
    ) -> Self:
        """Learn vectors for ``vocabulary``; where that fails, the model is not fitted."""
        self.vocabulary_, self.corpus_, self.metrics_ = vocabulary, corpus, {}
        for name in self._further_tensor_names():  # those of an earlier fit with other parameters
            self.__dict__.pop(f"{name}_", None)
        started = time.perf_counter()
        try:
            self._learn(source, **options)
        except BaseException:
            self.__dict__.pop("word_vectors_", None)  # those of an earlier fit: other words
            raise
        self.metrics_["seconds"] = time.perf_counter() - started
        return self

    @abstractmethod
    def check_parameters(self) -> None:
        """Raise InvalidParameterError or UnknownNameError for a parameter out of its range."""

    @abstractmethod
    def _learn(self, source: Any) -> None:
        """Set the learnt attributes; the vocabulary is there already."""

    @property
    def vectors_(self) -> WordVectors:
        """The words with their vectors.

        Raises
        ------
        NotFittedError
            The model has not been trained.
        """
        self._check_fitted()
        return WordVectors(
            list(self.vocabulary_.words), self.word_vectors_, self.vocabulary_.counts
        )

    def save(self, path: str | Path, *, overwrite: bool = True) -> None:
        """Write a model folder; nothing half-written is ever there.

        Parameters
        ----------
        path : str or Path
            The folder. A model folder that is there is replaced.
        overwrite : bool, default=True
            Whether that may happen.
        """
        self._check_fitted()
        parameters = {name: plain(value) for name, value in self.get_params().items()}
        data = ModelData(
            class_name=type(self).__name__,
            parameters=parameters,
            words=list(self.vocabulary_.words),
            counts=self.vocabulary_.counts,
            tensors=self._tensors(),
            seed=parameters.get("random_state"),
            corpus=self.corpus_,
            metrics=self.metrics_,
            tokenizer=self._tokenizer_json(),
        )
        write_model(path, data, overwrite=overwrite)

    @classmethod
    def from_data(cls, data: ModelData, name: str) -> Self:
        """Return the fitted model that ``data``, read from ``name``, describes.

        Raises
        ------
        FormatError
            Parameters or arrays do not fit the model.
        """
        try:
            model = cls(**data.parameters)
        except TypeError as error:
            raise FormatError(f"{name} does not fit {cls.__name__}: {error}.") from None
        counts = np.zeros(len(data.words), np.int64) if data.counts is None else data.counts
        model.vocabulary_ = Vocabulary(data.words, counts)
        model.corpus_, model.metrics_ = dict(data.corpus), dict(data.metrics)
        missing = [key for key in cls._tensor_names() if key not in data.tensors]
        if missing:
            raise FormatError(f"{name} lacks {', '.join(missing)}, which {cls.__name__} needs.")
        for key in (*cls._tensor_names(), *cls._further_tensor_names()):
            if key in data.tensors:
                setattr(model, f"{key}_", data.tensors[key])
        return model

    @classmethod
    def _tensor_names(cls) -> tuple[str, ...]:
        """Names of the arrays that are saved: learnt attributes, without the underscore."""
        return ("word_vectors",)

    @classmethod
    def _further_tensor_names(cls) -> tuple[str, ...]:
        """Names of arrays that are saved where they are there: it depends on the parameters."""
        return ()

    def _tensors(self) -> dict[str, Any]:
        there = [key for key in self._further_tensor_names() if hasattr(self, f"{key}_")]
        return {name: getattr(self, f"{name}_") for name in (*self._tensor_names(), *there)}

    def _tokenizer_json(self) -> str | None:
        """Return the tokenizer of subwords that is saved with the model, if there is one."""
        return None

    def _check_fitted(self) -> None:
        if not hasattr(self, "word_vectors_"):
            name = type(self).__name__
            raise NotFittedError(f"This {name} has not been trained: call fit first.")

    def _threads(self) -> int:
        return resolve_n_jobs(self.get_params().get("n_jobs"), type(self).__name__)
