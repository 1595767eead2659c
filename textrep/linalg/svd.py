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

from textrep.linalg import tall
from textrep.linalg.products import SparseOperator
from textrep.parallel import one_blas_thread
from textrep.progress import track

__all__ = ["SOLVERS", "TruncatedSVD", "truncated_svd"]

_WIDTH = 48  # columns of a Krylov block: three cache lines
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
        Sorted columns; finite.
    rank : int
        From 1 to min(n_rows, n_columns).
    solver : {"randomized", "arpack"}
        Block Krylov iteration from a random start in float32, on all threads; or ARPACK's Lanczos
        iteration in float64, to machine accuracy, much slower.
    tolerance : float
        The randomized solver stops when the estimated relative error of each singular value is
        below.
    seed : int
        Of the random start.
    n_jobs : int
        Threads.

    Returns
    -------
    TruncatedSVD
        The sign of each pair of vectors is such that the entry of ``u`` that is largest in
        magnitude is positive.
    """
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
    operator = SparseOperator(matrix, n_jobs)
    space = _KrylovSpace(operator, seed, n_jobs)
    estimate = _ErrorEstimate(rank)
    with one_blas_thread(), track("SVD", None, "dimensions") as task:
        while True:
            space.grow()
            task.advance(_WIDTH)
            full = space.size + _WIDTH > smaller
            if space.size < 1.5 * rank and not full:
                continue
            error = estimate.update(space.gram)
            if np.isfinite(error):
                task.describe(f"estimated error {error:.1%}")
            if error < tolerance or full:
                return space.decompose(rank, error)


class _KrylovSpace:
    """An orthonormal basis V of a growing space, W = A V, and W.T W.

    The basis comes from block Lanczos steps on A.T A, so W.T W = V.T A.T A V is zero but for the
    blocks on and beside its diagonal.
    """

    def __init__(self, operator: SparseOperator, seed: int, n_jobs: int) -> None:
        self._operator = operator
        self._n_jobs = n_jobs
        self._random = np.random.default_rng(seed)
        self._v: list[NDArray[np.float32]] = []
        self._w: list[NDArray[np.float32]] = []
        self.gram = np.zeros((0, 0))
        start = self._random.standard_normal((operator.shape[0], _WIDTH), np.float32)
        self._next = operator.transposed_times(start)

    @property
    def size(self) -> int:
        """Dimensions of the space."""
        return len(self.gram)

    def grow(self) -> None:
        """Add a block of ``_WIDTH`` dimensions.

        Where the space cannot grow by Lanczos steps because it is invariant (the matrix has low
        rank, or equal singular values), random directions fill the block.
        """
        block = self._new_directions(self._next)
        width = block.shape[1]
        if width < _WIDTH:
            shape = (self._operator.shape[1], _WIDTH - width)
            others = self._new_directions(self._random.standard_normal(shape, np.float32), block)
            block = np.hstack([block, others])
            width = block.shape[1]
        product = self._operator.times(block)
        self._next = self._operator.transposed_times(product)
        n = self.size
        gram = np.zeros((n + width, n + width))
        gram[:n, :n] = self.gram
        gram[n:, n:] = tall.inner([product], product, self._n_jobs)
        if self._w:
            beside = tall.inner(self._w[-1:], product, self._n_jobs)
            gram[n - len(beside) : n, n:] = beside
            gram[n:, n - len(beside) : n] = beside.T
        self.gram = gram
        self._v.append(block)
        self._w.append(product)

    def _new_directions(
        self, block: NDArray[np.float32], *beside: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return an orthonormal basis of what ``block`` adds to the space and to ``beside``.

        In exact arithmetic the last two blocks of V are all that a Lanczos step must be made
        orthogonal to; a second pass over all of V removes what rounding leaves. Changes ``block``.
        """
        least = 1e-6 * float(np.linalg.norm(block, axis=0).max(initial=0.0))
        for others in ([*self._v[-2:], *beside], [*self._v, *beside]):
            if others:
                shares = tall.inner(others, block, self._n_jobs)
                tall.subtract(block, others, shares, self._n_jobs)
            block = self._orthonormal(block, least)
            least = 1e-4  # from here on, relative to columns of length one
        return block

    def _orthonormal(self, block: NDArray[np.float32], least: float) -> NDArray[np.float32]:
        """Return an orthonormal basis of the directions of ``block`` longer than ``least``."""
        squares, vectors = np.linalg.eigh(tall.inner([block], block, self._n_jobs))
        alive = squares > max(least**2, squares.max(initial=0.0) * 1e-8)
        basis = vectors[:, alive] / np.sqrt(squares[alive])
        return tall.times([block], basis, self._n_jobs)

    def decompose(self, rank: int, error: float) -> TruncatedSVD:
        """Return the singular values and vectors of A in the space."""
        squares, z = scipy.linalg.eigh(self.gram, subset_by_index=self._top(rank))
        squares, z = squares[::-1], z[:, ::-1]
        values = np.sqrt(np.maximum(squares, 0.0))
        u, v = (tall.times(blocks, z, self._n_jobs) for blocks in (self._w, self._v))
        u /= np.maximum(values, np.finfo(np.float32).tiny).astype(np.float32)
        return TruncatedSVD(u, values, v, error)

    def _top(self, rank: int) -> tuple[int, int]:
        return max(0, self.size - rank), self.size - 1


class _ErrorEstimate:
    """How far the worst of the leading singular values still has to rise.

    The values rise by steps that shrink about geometrically, so the rest of the way is the last
    step times ratio / (1 - ratio).
    """

    def __init__(self, rank: int) -> None:
        self._rank = rank
        self._values: NDArray[np.float64] | None = None
        self._step = np.inf

    def update(self, gram: NDArray[np.float64]) -> float:
        """Return the estimated relative error; infinite until there were three steps."""
        n = len(gram)
        top = (max(0, n - self._rank), n - 1)
        squares = scipy.linalg.eigh(gram, eigvals_only=True, subset_by_index=top)
        values = np.sqrt(np.maximum(squares, 0.0))
        if self._values is None or len(self._values) != len(values):
            self._values = values
            return np.inf
        step = float(np.max((values - self._values) / np.maximum(values, 1e-300)))
        ratio = min(step / self._step, 0.9) if self._step > 0 else 0.0
        self._values = values
        known = np.isfinite(self._step)
        self._step = step
        return step * max(ratio, 0.5) / (1 - max(ratio, 0.5)) if known else np.inf


def _arpack(
    matrix: sp.csr_array, rank: int, tolerance: float, seed: int, n_jobs: int
) -> TruncatedSVD:
    if rank >= min(matrix.shape):
        return _dense(matrix, rank)
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
