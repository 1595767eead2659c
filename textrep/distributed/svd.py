"""Truncated SVD of a matrix on a cluster: products on the workers, small dense algebra here."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.distributed.matrix import DistributedMatrix
from textrep.linalg import SparseOperator, TruncatedSVD, operator_svd
from textrep.linalg import truncated_svd as local_svd

__all__ = ["DistributedOperator", "truncated_svd"]


class DistributedOperator:
    """Products of a matrix on a cluster, and of its transpose, with dense blocks.

    Parameters
    ----------
    matrix : DistributedMatrix of shape (n_rows, n_columns)
        The matrix; computed with as float32. Each worker keeps a transposed copy of its rows.
    """

    def __init__(self, matrix: DistributedMatrix) -> None:
        self.shape: tuple[int, int] = matrix.shape
        self._cluster = matrix.cluster
        self._rows = matrix.slices()
        with self._cluster.explaining():
            self._operators = [
                self._cluster.client.submit(SparseOperator, block, 1, pure=False)
                for block in matrix.blocks
            ]

    def times(self, dense: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return A @ dense, of shape (n_rows, width), float32."""
        with self._cluster.explaining():
            factor, submit = self._cluster.send(dense), self._cluster.client.submit
            parts = [submit(_times, item, factor, pure=False) for item in self._operators]
        product: NDArray[np.float32] = np.concatenate(self._cluster.results(parts))
        return product

    def transposed_times(self, dense: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return A.T @ dense, of shape (n_columns, width), float32."""
        with self._cluster.explaining():
            factor, submit = self._cluster.send(dense), self._cluster.client.submit
            sums = [
                submit(_transposed_times, item, factor, rows, pure=False)
                for item, rows in zip(self._operators, self._rows, strict=True)
            ]
            while len(sums) > 1:  # in pairs, which are fixed, so that the sum is always the same
                rest = sums[len(sums) // 2 * 2 :]
                pairs = zip(sums[::2], sums[1::2], strict=False)
                sums = [submit(np.add, *pair, pure=False) for pair in pairs] + rest
        total: NDArray[np.float32] = self._cluster.results(sums)[0]
        return total


def _times(operator: SparseOperator, dense: NDArray[np.float32]) -> NDArray[np.float32]:
    return operator.times(dense)


def _transposed_times(
    operator: SparseOperator, dense: NDArray[np.float32], rows: slice
) -> NDArray[np.float32]:
    return operator.transposed_times(dense[rows])


def truncated_svd(
    matrix: DistributedMatrix,
    rank: int,
    *,
    solver: str = "randomized",
    tolerance: float = 0.01,
    seed: int = 0,
    start: NDArray[np.float32] | None = None,
    n_jobs: int = 1,
) -> TruncatedSVD:
    """Compute the ``rank`` largest singular values of ``matrix`` and their vectors.

    Parameters
    ----------
    matrix : DistributedMatrix of shape (n_rows, n_columns)
        Finite.
    rank, solver, tolerance, seed, start
        As for :func:`textrep.linalg.truncated_svd`. The ``arpack`` solver computes here, with the
        whole matrix in memory; so does the other for a matrix that is hardly larger than the rank.
    n_jobs : int
        Threads here.

    Returns
    -------
    TruncatedSVD
        To the same accuracy as on one machine. Sums are added block by block, so the last digits
        depend on how many blocks the matrix is in, but not on which worker has them.

    Raises
    ------
    ClusterError
        The cluster is lost.
    """
    if solver != "randomized":
        whole = matrix.collect()
        return local_svd(whole, rank, solver=solver, tolerance=tolerance, seed=seed, n_jobs=n_jobs)
    operator = DistributedOperator(matrix)
    return operator_svd(
        operator,
        matrix.collect,
        rank,
        tolerance=tolerance,
        seed=seed,
        start=start,
        n_jobs=n_jobs,
    )
