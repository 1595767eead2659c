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

from textrep.linalg.blocks import B, Blocks, HostBlocks
from textrep.linalg.krylov import WIDTH, ErrorEstimate, KrylovSpace
from textrep.linalg.products import Operator, SparseOperator
from textrep.parallel import one_blas_thread
from textrep.progress import track

__all__ = ["SOLVERS", "TruncatedSVD", "operator_svd", "truncated_svd"]

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
    dimensions : int
        Of the space that the vectors were found in: what the work was.
    """

    u: NDArray[np.float32]
    values: NDArray[np.float64]
    v: NDArray[np.float32]
    error: float
    dimensions: int


def truncated_svd(
    matrix: sp.csr_array,
    rank: int,
    *,
    solver: str = "randomized",
    tolerance: float = 0.01,
    seed: int = 0,
    start: NDArray[np.float32] | None = None,
    memory: int | None = None,
    device: str = "cpu",
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
    start : ndarray of shape (n_rows, any), optional
        Vectors of length 1 or 0, float32, near the left singular vectors, such as those of a matrix
        that was a little different: the randomized solver then needs fewer steps. The accuracy is
        the same.
    memory : int, optional
        Bytes; the randomized solver then keeps its own copies of the matrix and its space of
        vectors in temporary files. Default: in memory.
    device : str
        ``cpu``: compiled kernels. Another device of torch, ``cuda:0``, say: the randomized solver
        has its products and its space of vectors there; what of the matrix there is no room for is
        copied again for each product.
    n_jobs : int
        Threads.

    Returns
    -------
    TruncatedSVD
        The sign of each pair of vectors is such that the entry of ``u`` that is largest in
        magnitude is positive. Vectors of singular values that are 0 complete the others to an
        orthonormal system.

    Raises
    ------
    InputError
        The disk is full.
    DeviceError
        The device has too little memory for the space of vectors.

    Notes
    -----
    With ``memory`` there are still the result, and a few blocks of 48 vectors, in memory: about
    4 · (2 · rank + 400) bytes a row and a column. ``memory`` does not bound ARPACK, nor matrices
    with at most 1,024 or 3 · rank rows or columns, which are decomposed as dense ones.
    """
    task = _Task(matrix, rank, tolerance, seed, start, memory, device, n_jobs)
    with one_blas_thread():  # its threads spin while they wait, and add in orders of their own
        return _with_signs(SOLVERS[solver](task))


def operator_svd(
    operator: Operator[NDArray[np.float32]],
    matrix: Callable[[], sp.csr_array],
    rank: int,
    *,
    tolerance: float,
    seed: int,
    start: NDArray[np.float32] | None = None,
    n_jobs: int = 1,
) -> TruncatedSVD:
    """Compute what :func:`truncated_svd` does with the randomized solver, from products alone.

    Parameters
    ----------
    operator : Operator
        What multiplies with the matrix and its transpose.
    matrix : callable
        Returns the matrix itself; asked only for one that is hardly larger than the rank.
    rank, tolerance, seed, start, n_jobs
        As for :func:`truncated_svd`.
    """
    with one_blas_thread():
        result = None
        if not _is_small(operator.shape, rank):
            result = _krylov(operator, HostBlocks(n_jobs), rank, tolerance, seed, start)
        return _with_signs(_dense(matrix(), rank) if result is None else result)


def _with_signs(result: TruncatedSVD) -> TruncatedSVD:
    """Make the strongest entry of each left vector positive, in place."""
    # The entry that is largest in magnitude, without a copy of all magnitudes.
    highest, lowest = result.u.max(axis=0), result.u.min(axis=0)
    signs = np.where(-lowest > highest, np.float32(-1), np.float32(1))
    np.multiply(result.u, signs, out=result.u)
    np.multiply(result.v, signs, out=result.v)
    return result


class _Task(NamedTuple):
    """What is to be decomposed, and how; see :func:`truncated_svd`."""

    matrix: sp.csr_array
    rank: int
    tolerance: float
    seed: int
    start: NDArray[np.float32] | None
    memory: int | None
    device: str
    n_jobs: int


def _randomized(task: _Task) -> TruncatedSVD:
    result = None
    if not _is_small(task.matrix.shape, task.rank):
        result = _on_host(task) if task.device == "cpu" else _on_device(task)
    return _dense(task.matrix, task.rank) if result is None else result


def _on_host(task: _Task) -> TruncatedSVD | None:
    operator = SparseOperator(task.matrix, task.n_jobs, task.memory)
    blocks = HostBlocks(task.n_jobs, on_disk=task.memory is not None)
    return _krylov(operator, blocks, task.rank, task.tolerance, task.seed, task.start)


def _on_device(task: _Task) -> TruncatedSVD | None:
    from textrep.linalg.torch_blocks import TorchBlocks, explaining_memory
    from textrep.linalg.torch_products import TorchOperator

    with explaining_memory(task.device):
        operator = TorchOperator(task.matrix, task.device, task.n_jobs, task.memory)
        blocks = TorchBlocks(task.device)
        return _krylov(operator, blocks, task.rank, task.tolerance, task.seed, task.start)


def _is_small(shape: tuple[int, int], rank: int) -> bool:
    """Whether a matrix is hardly larger than the rank."""
    return min(shape) <= max(_SMALL, 3 * rank)


def _krylov(
    operator: Operator[B],
    blocks: Blocks[B],
    rank: int,
    tolerance: float,
    seed: int,
    start: NDArray[np.float32] | None,
) -> TruncatedSVD | None:
    """Grow a Krylov space of A.T A block by block until the singular values settle.

    With V an orthonormal basis of the space and W = A V, the singular values of W are lower bounds
    of those of A that rise as the space grows (Rayleigh-Ritz). Returns None if it became the whole
    space before.
    """
    smaller = min(operator.shape)
    space = KrylovSpace(operator, blocks, seed, start=start)
    estimate = ErrorEstimate(rank)
    with track("SVD", None, "dimensions") as progress:
        while True:
            for _ in range(_BLOCKS_A_CHECK):
                space.grow()
                progress.advance(WIDTH)
            full = space.size + _BLOCKS_A_CHECK * WIDTH > smaller
            if space.size < 1.5 * rank and not full:
                continue
            error = estimate.update(space.gram)
            if np.isfinite(error):
                progress.describe(f"estimated error {error:.1%}")
            if error < tolerance:
                return TruncatedSVD(*space.decompose(rank), error, space.size)
            if full:
                return None


def _arpack(task: _Task) -> TruncatedSVD:
    matrix, rank = task.matrix, task.rank
    if rank >= min(matrix.shape):
        return _dense(matrix, rank)
    if not matrix.data.any():  # ARPACK cannot start from a zero vector
        return _randomized(task)
    start = np.random.default_rng(task.seed).standard_normal(min(matrix.shape))
    double = matrix.astype(np.float64)
    u, values, vt = scipy.sparse.linalg.svds(double, rank, v0=start, solver="arpack")
    order = np.argsort(-values)
    u, v = u[:, order].astype(np.float32), vt[order].T.astype(np.float32)
    return TruncatedSVD(u, values[order], v, float(np.finfo(np.float64).eps), rank)


def _dense(matrix: sp.csr_array, rank: int) -> TruncatedSVD:
    """Decompose a matrix that is hardly larger than the rank as a dense one."""
    u, values, vt = scipy.linalg.svd(matrix.toarray().astype(np.float64), full_matrices=False)
    u, v = u[:, :rank].astype(np.float32), vt[:rank].T.astype(np.float32)
    return TruncatedSVD(u, values[:rank], v, float(np.finfo(np.float64).eps), len(values))


SOLVERS: dict[str, Callable[[_Task], TruncatedSVD]] = {
    "randomized": _randomized,
    "arpack": _arpack,
}
