"""Products of a sparse matrix, and of its transpose, with dense blocks, on several threads."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.kernels import sparse as k
from textrep.parallel import map_in_order

__all__ = ["SparseOperator"]

_PARTS = 16  # stretches of rows a thread, so that threads end together


class SparseOperator:
    """A sparse matrix A of which ``A @ X`` and ``A.T @ X`` are computed again and again.

    Parameters
    ----------
    matrix : csr_array of shape (n_rows, n_columns)
        The matrix; computed with as float32. Columns must be sorted.
    n_jobs : int
        Threads.

    Notes
    -----
    Keeps a transposed copy, 8 bytes an entry, because both products are then sums along rows.
    """

    def __init__(self, matrix: sp.csr_array, n_jobs: int) -> None:
        self.shape: tuple[int, int] = matrix.shape
        self._n_jobs = n_jobs
        data = matrix.data.astype(np.float32, copy=False)
        self._forward = (matrix.indptr, matrix.indices, data)
        self._backward = _transposed(*self._forward, self.shape[1], n_jobs)

    def times(self, dense: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return A @ dense, of shape (n_rows, width), float32."""
        return self._multiply(self._forward, dense)

    def transposed_times(self, dense: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return A.T @ dense, of shape (n_columns, width), float32."""
        return self._multiply(self._backward, dense)

    def _multiply(
        self,
        matrix: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]],
        dense: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        indptr = matrix[0]
        dense = np.ascontiguousarray(dense)
        out = np.empty((len(indptr) - 1, dense.shape[1]), np.float32)

        def multiply(rows: tuple[int, int]) -> None:
            k.multiply_rows(*matrix, dense, out, *rows)

        for _ in map_in_order(multiply, _even_rows(indptr, _PARTS * self._n_jobs), self._n_jobs):
            pass
        return out


def _even_rows(indptr: NDArray[np.int32], parts: int) -> list[tuple[int, int]]:
    """Cut the rows into stretches with about equally many entries."""
    targets = np.linspace(0, int(indptr[-1]), parts + 1)[1:-1]
    cuts = np.unique(np.concatenate([[0], np.searchsorted(indptr, targets), [len(indptr) - 1]]))
    return list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True))


def _transposed(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    data: NDArray[np.float32],
    n_columns: int,
    n_jobs: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Return the transpose as CSR; each thread writes a stretch of its rows."""
    counts = np.bincount(indices, minlength=n_columns)
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    places = ends[:-1].copy()
    out_indices, out_data = np.empty(len(indices), np.int32), np.empty(len(indices), np.float32)

    def write(columns: tuple[int, int]) -> None:
        begin, end = columns
        k.transpose(indptr, indices, data, begin, end, places[begin:end], out_indices, out_data)

    for _ in map_in_order(write, _even_rows(ends, n_jobs), n_jobs):
        pass
    return ends.astype(indptr.dtype), out_indices, out_data
