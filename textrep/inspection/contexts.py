"""The contexts of a trained model: their names, and what each has to do with a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.corpus import Corpus, Vocabulary
from textrep.errors import FormatError, InputError, InvalidParameterError
from textrep.linalg.tall import inner_products
from textrep.models.base import Representation
from textrep.models.cooccurrence import Cooccurrence
from textrep.parallel import one_blas_thread, resolve_n_jobs
from textrep.storage import ModelData, read_model
from textrep.storage.contents import vectors_of
from textrep.vectors import WordVectors
from textrep.vectors.rows import Matrix, row_blocks

__all__ = ["Contexts", "contexts_of"]

Floats = NDArray[np.float64]

_NOTHING = 1e-9  # of the largest eigenvalue: what rounding to float32 makes of 0
_ROUNDING = 1e-3  # of products of an SVD's float32 contexts
_SCORES = {"Cooccurrence": "count", "PMI": "PMI", "PPMI": "PPMI"}
_LISTS = ("contexts", "ignore_contexts", "ignore_top")  # parameters that say what is a context


@dataclass(frozen=True)
class Contexts:
    """Word vectors, and the contexts that they were learnt from.

    Attributes
    ----------
    name : str
        What errors call the model.
    vectors : WordVectors
        Sparse ones have a column a context.
    words : sequence of str
        The contexts.
    matrix : ndarray of shape (n_contexts, dim), or None
        A vector a context; None where the columns of the word vectors are the contexts.
    scale : float64 array of shape (dim,)
        What components of a word are multiplied by, so that the product with the vector of a
        context is what ``score`` says.
    score : str
        What the model says of a word and a context: "PPMI", "product", …
    settings : mapping
        How it was counted or trained: ``window``, ``side``, ``boundary``.
    fingerprints : sequence of str
        Of the texts that it was trained on; empty where it does not say.
    """

    name: str
    vectors: WordVectors
    words: Sequence[str]
    matrix: NDArray[np.float32] | None
    scale: Floats
    score: str
    settings: Mapping[str, Any]
    fingerprints: Sequence[str]

    def scores(self, vectors: Floats) -> Floats:
        """Return what the model says of words and contexts.

        Parameters
        ----------
        vectors : float64 array of shape (n_words, dim)

        Returns
        -------
        float64 array of shape (n_words, n_contexts)
        """
        return vectors if self.matrix is None else _products(vectors * self.scale, self.matrix)

    def coordinates(self, vectors: Floats) -> Floats:
        """Return vectors in an orthonormal basis that has a direction for each context.

        Columns of sparse vectors are such a basis. Where contexts have vectors C, of shape
        (n_contexts, dim), it is C (C.T C)^(-1/2), the nearest to C that there is.

        Parameters
        ----------
        vectors : float64 array of shape (n_words, dim)

        Returns
        -------
        float64 array of shape (n_words, n_contexts)
            Products of rows are those of ``vectors``, but for what lies outside the span of C.
        """
        if self.matrix is None or self._gram is None:
            return vectors
        values, directions = np.linalg.eigh(self._gram)
        there = values > _NOTHING * values[-1]
        directions = directions[:, there]
        root = (directions / np.sqrt(values[there])) @ directions.T
        return _products(vectors @ root, self.matrix)

    @property
    def orthonormal(self) -> bool:
        """Whether the model's own contexts are an orthonormal basis: of counts, PMI and SVD."""
        gram = self._gram
        return gram is None or bool(np.abs(gram - np.eye(len(gram))).max() < _ROUNDING)

    @cached_property
    def _gram(self) -> Floats | None:
        """C.T C, of shape (dim, dim); None where the columns are the contexts."""
        if self.matrix is None:
            return None
        with one_blas_thread():
            return inner_products([self.matrix], self.matrix, resolve_n_jobs(None), np.float64)

    def require_corpus(self, corpus: Corpus) -> None:
        """Raise InputError if the model is known to be of other text than ``corpus``."""
        if self.fingerprints and corpus.fingerprint not in self.fingerprints:
            raise InputError(
                f"The text in {corpus.path} is not what {self.name} was trained on: the "
                "fingerprints differ. Give the corpus that it was trained on."
            )


def contexts_of(model: Any) -> Contexts:
    """Return the contexts of a trained model.

    Parameters
    ----------
    model : Representation, str or Path
        A fitted model, or a model folder.

    Raises
    ------
    FormatError
        The folder is missing or damaged.
    InputError
        The model keeps no contexts, or they cannot be named.
    NotFittedError
        The model has not been trained.
    """
    if isinstance(model, str | Path):
        data = read_model(model)
        return _contexts(str(model), data, vectors_of(data, str(model)))
    if not isinstance(model, Representation):
        rule = "a fitted model or the path of a model folder"
        raise InvalidParameterError("model", "contexts_of", rule, type(model).__name__)
    vectors, name = model.vectors_, type(model).__name__
    learnt = ("context_vectors", "singular_values")
    tensors = {key: getattr(model, f"{key}_") for key in learnt if hasattr(model, f"{key}_")}
    data = ModelData(
        name, model.get_params(), vectors.words, vectors.counts, tensors, corpus=model.corpus_
    )
    return _contexts(f"the {name}", data, vectors)


def _contexts(name: str, data: ModelData, vectors: WordVectors) -> Contexts:
    matrix = None if vectors.is_sparse else _context_vectors(name, data, vectors.dim)
    counting = data.corpus.get("counting", {})
    n_contexts = vectors.dim if matrix is None else len(matrix)
    scale, score = _scoring(data, vectors.dim)
    texts = data.corpus.get("texts", [data.corpus.get("fingerprint")])
    return Contexts(
        name=name,
        vectors=vectors,
        words=_names(name, vectors, counting, n_contexts),
        matrix=matrix,
        scale=scale,
        score=score,
        settings={**data.parameters, **counting},
        fingerprints=[text for text in texts if text],
    )


def _context_vectors(name: str, data: ModelData, dim: int) -> Matrix:
    found = data.tensors.get("context_vectors")
    if found is None:
        raise InputError(
            f"There are no contexts in {name}, of the class {data.class_name}. Explain a model "
            "that has them: counts, PMI, PPMI, SVD, GloVe or word2vec."
        )
    if data.parameters.get("objective") == "hierarchical-softmax":
        raise InputError(
            f"There are no contexts in {name}, but nodes of a tree: it was trained by hierarchical "
            "softmax. Train with another objective."
        )
    if found.ndim != 2 or found.shape[1] != dim:
        raise InputError(
            f"The contexts of {name} have a vector for each place in the window, so they are not "
            "comparable with words. Train with the context 'average' or 'sum'."
        )
    return found


def _scoring(data: ModelData, dim: int) -> tuple[Floats, str]:
    """Return ``scale`` and ``score`` of a model; an SVD's score is what it makes of its matrix."""
    values = data.tensors.get("singular_values")
    if values is None or data.parameters.get("add_context"):
        return np.ones(dim), _SCORES.get(data.class_name, "product")
    values = np.asarray(values, np.float64)
    scale = np.zeros(dim)
    there = values > 0
    scale[there] = values[there] ** (1 - data.parameters.get("eigenvalue_weight", 0.0))
    return scale, "value"


def _names(
    name: str, vectors: WordVectors, counting: Mapping[str, Any], n_contexts: int
) -> Sequence[str]:
    """Return the words that are the contexts, in their order."""
    lists = {key: counting[key] for key in _LISTS if counting.get(key)}
    if not lists and n_contexts == len(vectors):
        return vectors.words
    counts = np.zeros(len(vectors), np.int64) if vectors.counts is None else vectors.counts
    columns = Cooccurrence(**lists).context_columns(Vocabulary(vectors.words, counts))
    words = [word for word, column in zip(vectors.words, columns, strict=True) if column >= 0]
    if len(words) != n_contexts:
        raise FormatError(
            f"The {n_contexts:,} contexts of {name} cannot be named: its lists of words leave "
            f"{len(words):,}. Restore the lists that it was trained with."
        )
    return words


def _products(vectors: Floats, matrix: NDArray[np.float32]) -> Floats:
    """Return vectors @ matrix.T in float64."""
    products = np.empty((len(vectors), len(matrix)))
    with one_blas_thread():
        for first, block in row_blocks(matrix):
            products[:, first : first + len(block)] = vectors @ block.astype(np.float64).T
    return products
