"""Vectors of two models on top of one another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.linalg.tall import combined, inner_products
from textrep.parallel import one_blas_thread

__all__ = ["aligned_cosines"]


def aligned_cosines(
    a: NDArray[np.float32], b: NDArray[np.float32], n_jobs: int
) -> NDArray[np.float64]:
    """Return the cosine of each row of ``a`` with its row of ``b`` when ``a`` is turned onto ``b``.

    R = argmin ‖a R - b‖ among orthogonal R is U · V.T, where a.T b = U · Σ · V.T. Of different
    dimensions, the smaller vectors get zeros.

    Parameters
    ----------
    a : ndarray of shape (n_words, dim_a), float32
        Rows of length 1, or 0.
    b : ndarray of shape (n_words, dim_b), float32
        The same words.
    n_jobs : int
        Threads; the result does not depend on them.

    Returns
    -------
    ndarray of shape (n_words,), float64
        From -1 to 1; 0 where a row is 0.

    References
    ----------
    Schönemann 1966, A Generalized Solution of the Orthogonal Procrustes Problem, Psychometrika 31.
    Hamilton, Leskovec and Jurafsky 2016, Diachronic Word Embeddings Reveal Statistical Laws of
    Semantic Change, ACL.
    """
    with one_blas_thread():
        u, _, vt = np.linalg.svd(inner_products([a], b, n_jobs, np.float64), full_matrices=False)
        turned = combined([a], u @ vt, n_jobs)
    cosines: NDArray[np.float64] = np.einsum("ij,ij->i", turned, b, dtype=np.float64)
    return np.clip(cosines, -1.0, 1.0, out=cosines)
