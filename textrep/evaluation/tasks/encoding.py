"""The vectors of a benchmark's texts, checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.errors import InputError
from textrep.evaluation.protocols import Adapting, Encoder

__all__ = ["adapted", "encoded", "row_norms"]


def adapted(model: Encoder, texts: Sequence[str]) -> Encoder:
    """Return the model, adapted to texts where it adapts to texts at all."""
    return model.adapted_to(list(texts)) if isinstance(model, Adapting) else model


def encoded(model: Encoder, texts: Sequence[str]) -> Any:
    """Return the vectors of texts.

    Returns
    -------
    ndarray or csr_array of shape (n_texts, dim), float64

    Raises
    ------
    InputError
        The model gave something else, or values that are not finite.
    """
    vectors = model.encode(list(texts))
    vectors = vectors.tocsr() if sp.issparse(vectors) else np.asarray(vectors)
    if vectors.ndim != 2 or vectors.shape[0] != len(texts):
        raise InputError(
            f"{type(model).__name__}.encode must return a row for each of {len(texts)} texts. Got "
            f"shape {tuple(vectors.shape)}."
        )
    values = vectors.data if sp.issparse(vectors) else vectors
    if not np.isfinite(values).all():
        raise InputError(f"{type(model).__name__}.encode gave vectors that are not finite.")
    return vectors.astype(np.float64)


def row_norms(vectors: Any) -> NDArray[np.float64]:
    """Return the length of each vector, shape (n_texts,)."""
    squares = vectors.multiply(vectors) if sp.issparse(vectors) else vectors * vectors
    norms: NDArray[np.float64] = np.sqrt(squares.sum(axis=1))
    return norms
