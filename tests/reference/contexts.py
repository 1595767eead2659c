"""A cosine as a sum over contexts, from the definition."""

from __future__ import annotations

import numpy as np


def contributions(x: np.ndarray, y: np.ndarray, contexts: np.ndarray | None) -> np.ndarray:
    """Return what each context contributes to the cosine of two vectors.

    The orthonormal columns nearest to ``contexts`` are its polar factor P Q.T, from the SVD
    P Σ Q.T (Fan and Hoffman 1955); without ``contexts`` the dimensions are the contexts.
    """
    lengths = np.sqrt((x * x).sum() * (y * y).sum())
    if contexts is None:
        return x * y / lengths
    p, _, qt = np.linalg.svd(contexts.astype(np.float64), full_matrices=False)
    basis = p @ qt
    return np.array([(row @ x) * (row @ y) for row in basis]) / lengths
