"""Word vectors from whatever holds them, and models that differ from them by the seed alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from textrep.errors import InputError, InvalidParameterError
from textrep.models.base import Representation
from textrep.storage import load_vectors
from textrep.vectors import WordVectors

__all__ = ["as_vectors", "reseeded"]


def as_vectors(source: Any, caller: str) -> WordVectors:
    """Return the vectors of a fitted model, a path or `WordVectors`, which are returned as is.

    Raises
    ------
    FormatError
        The path holds no vectors.
    InvalidParameterError
        It is none of these.
    NotFittedError
        The model has not been trained.
    """
    if isinstance(source, WordVectors):
        return source
    if isinstance(source, Representation):
        return source.vectors_
    if isinstance(source, str | Path):
        return load_vectors(source)
    rule = "word vectors, a fitted model or a path"
    raise InvalidParameterError("model", caller, rule, type(source).__name__)


def reseeded(vectors: WordVectors, seeds: Sequence[Any], caller: str) -> list[WordVectors]:
    """Return the vectors of models that were trained as ``vectors`` were, but for the seed.

    Raises
    ------
    InputError
        One has other words, so it is of another text, or the same vectors, so it tells nothing.
    """
    found = []
    for number, source in enumerate(seeds, start=1):
        other = as_vectors(source, caller)
        name = str(source) if isinstance(source, str | Path) else f"Model {number} of the seeds"
        if set(other.words) != set(vectors.words):
            raise InputError(
                f"{name} has other words than the model, so it is no reseeding of it. Give models "
                "that were trained on the same text, with the same parameters and another seed."
            )
        if _same(vectors, other):
            raise InputError(
                f"{name} has the very vectors of the model, so it tells nothing of noise. Give "
                "models that were trained with another seed."
            )
        found.append(other)
    return found


def _same(one: WordVectors, other: WordVectors) -> bool:
    if one.words != other.words or one.is_sparse != other.is_sparse or one.dim != other.dim:
        return False
    if one.is_sparse:
        return bool((one.matrix != other.matrix).nnz == 0)
    return np.array_equal(one.matrix, other.matrix)
