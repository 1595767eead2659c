"""The largest singular values of a sparse matrix, with their vectors.

References
----------
Musco and Musco 2015, Randomized Block Krylov Methods for Stronger and Faster Approximate Singular
Value Decomposition, NeurIPS, algorithm 2.
Lehoucq, Sorensen and Yang 1998, ARPACK Users' Guide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import scipy.linalg
import scipy.sparse as sp
import scipy.sparse.linalg
from numpy.typing import NDArray

from textrep.linalg.krylov import WIDTH, ErrorEstimate, KrylovSpace
from textrep.linalg.products import SparseOperator
from textrep.parallel import one_blas_thread
from textrep.progress import track

__all__ = ["SOLVERS", "TruncatedSVD", "truncated_svd"]

_BLOCKS_A_CHECK = 2  # of the error: finding the singular values costs about as much as a block
_SMALL = 1024  # matrices with fewer rows or columns are decomposed as dense ones


class TruncatedSVD(NamedTuple):
    """A ≈ U · diag(values) · V.T.

    Attributes
    ----------
    u : ndarray of shape (n_rows, rank), float32
        Left singular vectors.
    values : ndarray of shape (rank,), float64
        Singular values, largest first.
    v : ndarray of shape (n_columns, rank), float32
        Right singular vectors.
    error : float
        Estimated relative error of the worst singular value.
    """

    u: NDArray[np.float32]
    values: NDArray[np.float64]
    v: NDArray[np.float32]
    error: float


def truncated_svd(
    matrix: sp.csr_array,
    rank: int,
    *,
    solver: str = "randomized",
    tolerance: float = 0.01,
    seed: int = 0,
    n_jobs: int = 1,
) -> TruncatedSVD:
    """Compute the ``rank`` largest singular values of ``matrix`` and their vectors.

    Parameters
    ----------
    matrix : csr_array of shape (n_rows, n_columns)
        Finite.
    rank : int
        From 1 to min(n_rows, n_columns).
    solver : {"randomized", "arpack"}
        Block Krylov iteration from a random start in float32, on all threads; or ARPACK's Lanczos
        iteration in float64, to machine accuracy, much slower.
    tolerance : float
        The randomized solver stops when the estimated relative error of each singular value is
        below; values under 1e-4 of the largest do not count, and float32 cannot do better than
        about 1e-6.
    seed : int
        Of the random start.
    n_jobs : int
        Threads.

    Returns
    -------
    TruncatedSVD
        The sign of each pair of vectors is such that the entry of ``u`` that is largest in
        magnitude is positive. Vectors of singular values that are 0 complete the others to an
        orthonormal system.
    """
    with one_blas_thread():  # its threads spin while they wait, and add in orders of their own
        u, values, v, error = SOLVERS[solver](matrix, rank, tolerance, seed, n_jobs)
    strongest = u[np.abs(u).argmax(axis=0), np.arange(u.shape[1])]
    signs = np.where(strongest < 0, np.float32(-1), np.float32(1))
    return TruncatedSVD(u * signs, values, v * signs, error)


def _randomized(
    matrix: sp.csr_array, rank: int, tolerance: float, seed: int, n_jobs: int
) -> TruncatedSVD:
    """Grow a Krylov space of A.T A block by block until the singular values settle.

    With V an orthonormal basis of the space and W = A V, the singular values of W are lower bounds
    of those of A that rise as the space grows (Rayleigh-Ritz).
    """
    smaller = min(matrix.shape)
    if smaller <= max(_SMALL, 3 * rank):
        return _dense(matrix, rank)
    space = KrylovSpace(SparseOperator(matrix, n_jobs), seed, n_jobs)
    estimate = ErrorEstimate(rank)
    with track("SVD", None, "dimensions") as task:
        while True:
            for _ in range(_BLOCKS_A_CHECK):
                space.grow()
                task.advance(WIDTH)
            full = space.size + _BLOCKS_A_CHECK * WIDTH > smaller
            if space.size < 1.5 * rank and not full:
                continue
            error = estimate.update(space.gram)
            if np.isfinite(error):
                task.describe(f"estimated error {error:.1%}")
            if error < tolerance:
                return TruncatedSVD(*space.decompose(rank), error)
            if full:
                return _dense(matrix, rank)


def _arpack(
    matrix: sp.csr_array, rank: int, tolerance: float, seed: int, n_jobs: int
) -> TruncatedSVD:
    if rank >= min(matrix.shape):
        return _dense(matrix, rank)
    if not matrix.data.any():  # ARPACK cannot start from a zero vector
        return _randomized(matrix, rank, tolerance, seed, n_jobs)
    start = np.random.default_rng(seed).standard_normal(min(matrix.shape))
    double = matrix.astype(np.float64)
    u, values, vt = scipy.sparse.linalg.svds(double, rank, v0=start, solver="arpack")
    order = np.argsort(-values)
    u, v = u[:, order].astype(np.float32), vt[order].T.astype(np.float32)
    return TruncatedSVD(u, values[order], v, float(np.finfo(np.float64).eps))


def _dense(matrix: sp.csr_array, rank: int) -> TruncatedSVD:
    """Decompose a matrix that is hardly larger than the rank as a dense one."""
    u, values, vt = scipy.linalg.svd(matrix.toarray().astype(np.float64), full_matrices=False)
    u, v = u[:, :rank].astype(np.float32), vt[:rank].T.astype(np.float32)
    return TruncatedSVD(u, values[:rank], v, float(np.finfo(np.float64).eps))


SOLVERS: dict[str, Callable[[sp.csr_array, int, float, int, int], TruncatedSVD]] = {
    "randomized": _randomized,
    "arpack": _arpack,
}
