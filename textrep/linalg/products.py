"""Products of a sparse matrix, and of its transpose, with dense blocks, on several threads."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.kernels import sparse as k
from textrep.parallel import even_rows, run_all
from textrep.scratch import CACHE_LINE, aligned_rows, scratch_array

__all__ = ["Arrays", "Operator", "SparseOperator", "both_ways"]

Arrays = tuple[NDArray[Any], NDArray[np.int32], NDArray[np.float32]]  # indptr, indices, data

_PARTS = 16  # stretches of rows a thread, so that threads end together
_STRETCH = 1 << 20  # entries that are looked at together


Dense = TypeVar("Dense")
"""A dense matrix, wherever it is."""


class Operator(Protocol[Dense]):
    """A matrix A of which nothing is known but its products.

    Attributes
    ----------
    shape : tuple of int
        Rows and columns.
    """

    shape: tuple[int, int]

    def times(self, dense: Dense) -> Dense:
        """Return A @ dense."""

    def transposed_times(self, dense: Dense) -> Dense:
        """Return A.T @ dense."""


class SparseOperator:
    """A sparse matrix A of which ``A @ X`` and ``A.T @ X`` are computed again and again.

    Parameters
    ----------
    matrix : csr_array of shape (n_rows, n_columns)
        The matrix; computed with as float32.
    n_jobs : int
        Threads.
    memory : int, optional
        Bytes of the transposed copy that are written to at a time; the copy is then in temporary
        files, which are memory-mapped, so that a matrix that is mapped itself is never in memory.
        Default: the copy is in memory.

    Raises
    ------
    InputError
        The disk is full.

    Notes
    -----
    Keeps a transposed copy, 8 bytes an entry, because both products are then sums along rows.
    """

    def __init__(self, matrix: sp.csr_array, n_jobs: int, memory: int | None = None) -> None:
        self.shape: tuple[int, int] = matrix.shape
        self._n_jobs = n_jobs
        self._forward, self._backward = both_ways(matrix, n_jobs, memory)

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
        if not dense.flags.c_contiguous or dense.ctypes.data % CACHE_LINE:
            aligned = aligned_rows(*dense.shape)
            aligned[:] = dense
            dense = aligned
        out = aligned_rows(len(indptr) - 1, dense.shape[1])

        def multiply(rows: tuple[int, int]) -> None:
            k.multiply_rows(*matrix, dense, out, *rows)

        run_all(multiply, even_rows(indptr, _PARTS * self._n_jobs), self._n_jobs)
        return out


def both_ways(matrix: sp.csr_array, n_jobs: int, memory: int | None) -> tuple[Arrays, Arrays]:
    """Return the arrays of a matrix and of its transpose, both CSR and of float32.

    Parameters
    ----------
    matrix, n_jobs, memory
        As for :class:`SparseOperator`.
    """
    if not matrix.has_sorted_indices:  # the transposition needs them sorted
        matrix = matrix.sorted_indices()
    data = _as_float32(matrix.data, on_disk=memory is not None)
    forward = (matrix.indptr, matrix.indices, data)
    return forward, _transposed(*forward, matrix.shape[1], n_jobs, memory)


def _as_float32(data: NDArray[Any], *, on_disk: bool) -> NDArray[np.float32]:
    if data.dtype == np.float32 or not on_disk:
        return data.astype(np.float32, copy=False)
    out = scratch_array(data.shape, np.float32, on_disk=True)
    for first in range(0, len(data), _STRETCH):
        out[first : first + _STRETCH] = data[first : first + _STRETCH]
    return out


def _transposed(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    data: NDArray[np.float32],
    n_columns: int,
    n_jobs: int,
    memory: int | None,
) -> Arrays:
    """Return the transpose as CSR; each thread writes a stretch of its rows.

    On disk the stretches are so short that what is written to fits ``memory``: pages of a map that
    are written to here and there, and out in between, would cost a read and a write each.
    """
    counts = np.zeros(n_columns, np.int64)
    for first in range(0, len(indices), _STRETCH):
        counts += np.bincount(indices[first : first + _STRETCH], minlength=n_columns)
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    places = ends[:-1].copy()
    on_disk = memory is not None
    out_indices = scratch_array(indices.shape, np.int32, on_disk=on_disk)
    out_data = scratch_array(indices.shape, np.float32, on_disk=on_disk)
    parts = n_jobs if memory is None else max(n_jobs, 8 * len(indices) * n_jobs // memory)

    def write(columns: tuple[int, int]) -> None:
        begin, end = columns
        k.transpose(indptr, indices, data, begin, end, places[begin:end], out_indices, out_data)

    run_all(write, even_rows(ends, parts), n_jobs)
    return ends.astype(indptr.dtype), out_indices, out_data
