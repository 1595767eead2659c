"""Products of a sparse matrix, and of its transpose, with dense blocks, on several threads."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.kernels import sparse as k
from textrep.parallel import even_rows, run_all

__all__ = ["SparseOperator"]

Arrays = tuple[NDArray[Any], NDArray[np.int32], NDArray[np.float32]]  # indptr, indices, data

_CACHE_LINE = 64  # bytes
_PARTS = 16  # stretches of rows a thread, so that threads end together


class SparseOperator:
    """A sparse matrix A of which ``A @ X`` and ``A.T @ X`` are computed again and again.

    Parameters
    ----------
    matrix : csr_array of shape (n_rows, n_columns)
        The matrix; computed with as float32.
    n_jobs : int
        Threads.

    Notes
    -----
    Keeps a transposed copy, 8 bytes an entry, because both products are then sums along rows.
    """

    def __init__(self, matrix: sp.csr_array, n_jobs: int) -> None:
        self.shape: tuple[int, int] = matrix.shape
        self._n_jobs = n_jobs
        if not matrix.has_sorted_indices:  # the transposition needs them sorted
            matrix = matrix.sorted_indices()
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
        matrix: Arrays,
        dense: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        indptr = matrix[0]
        if not dense.flags.c_contiguous or dense.ctypes.data % _CACHE_LINE:
            aligned = _aligned(*dense.shape)
            aligned[:] = dense
            dense = aligned
        out = _aligned(len(indptr) - 1, dense.shape[1])

        def multiply(rows: tuple[int, int]) -> None:
            k.multiply_rows(*matrix, dense, out, *rows)

        run_all(multiply, even_rows(indptr, _PARTS * self._n_jobs), self._n_jobs)
        return out


def _aligned(n_rows: int, width: int) -> NDArray[np.float32]:
    """Return an empty matrix that begins at a cache line, as NumPy's seldom do.

    Rows of whole cache lines then touch no line more than they must: products take a sixth less.
    """
    n_bytes = n_rows * width * np.dtype(np.float32).itemsize
    room = np.empty(n_bytes + _CACHE_LINE, np.uint8)
    first = -room.ctypes.data % _CACHE_LINE
    return room[first : first + n_bytes].view(np.float32).reshape(n_rows, width)


def _transposed(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    data: NDArray[np.float32],
    n_columns: int,
    n_jobs: int,
) -> Arrays:
    """Return the transpose as CSR; each thread writes a stretch of its rows."""
    counts = np.bincount(indices, minlength=n_columns)
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    places = ends[:-1].copy()
    out_indices, out_data = np.empty(len(indices), np.int32), np.empty(len(indices), np.float32)

    def write(columns: tuple[int, int]) -> None:
        begin, end = columns
        k.transpose(indptr, indices, data, begin, end, places[begin:end], out_indices, out_data)

    run_all(write, even_rows(ends, n_jobs), n_jobs)
    return ends.astype(indptr.dtype), out_indices, out_data
