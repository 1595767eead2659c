"""Sparse times dense: the inner loop of the singular value decomposition."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import fast_kernel, kernel
from textrep.kernels.prefetch import prefetch

__all__ = ["multiply_rows", "transpose"]

_AHEAD = 16  # entries; the dense rows they name are in no order, so they are fetched in time
_LINE = 16  # float32 numbers in a cache line


@fast_kernel
def multiply_rows(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    data: NDArray[np.float32],
    dense: NDArray[np.float32],
    out: NDArray[np.float32],
    first: int,
    last: int,
) -> None:
    """Compute the rows ``first`` up to, not including, ``last`` of sparse @ dense.

    Parameters
    ----------
    indptr, indices, data
        The sparse matrix, CSR of shape (n_rows, n_columns).
    dense : ndarray of shape (n_columns, width), float32
        The dense matrix, C-contiguous; fastest where each row begins at a cache line.
    out : ndarray of shape (n_rows, width), float32
        The product. Changed.
    first, last : int
        The rows to compute.
    """
    width = dense.shape[1]
    flat = dense.reshape(-1)
    n = len(indices)
    for row in range(first, last):
        out[row, :] = 0.0
        i, end = np.int64(indptr[row]), np.int64(indptr[row + 1])
        while i + 3 < end:  # four at a time: the row of out is loaded and stored once for them
            if i + 3 + _AHEAD < n:
                for ahead in range(i + _AHEAD, i + _AHEAD + 4):
                    place = np.int64(indices[ahead]) * width
                    for offset in range(0, width, _LINE):
                        prefetch(flat, place + offset)
            a, b, c, d = data[i], data[i + 1], data[i + 2], data[i + 3]
            p, q, r, s = indices[i], indices[i + 1], indices[i + 2], indices[i + 3]
            for j in range(width):
                out[row, j] += a * dense[p, j] + b * dense[q, j] + c * dense[r, j] + d * dense[s, j]
            i += 4
        while i < end:
            value, column = data[i], indices[i]
            for j in range(width):
                out[row, j] += value * dense[column, j]
            i += 1


@kernel
def transpose(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    data: NDArray[np.float32],
    begin: int,
    end: int,
    places: NDArray[np.int64],
    out_indices: NDArray[np.int32],
    out_data: NDArray[np.float32],
) -> None:
    """Write the columns ``begin`` up to, not including, ``end`` as rows of the transpose.

    Parameters
    ----------
    indptr, indices, data
        The matrix, CSR with sorted columns.
    begin, end : int
        The columns.
    places : ndarray of shape (end - begin,), int64
        Where each of these rows of the transpose begins; becomes where it ends. Changed.
    out_indices, out_data : ndarrays of shape (n_entries,), int32 and float32
        The transpose. Changed.
    """
    for row in range(len(indptr) - 1):
        i, stop = np.int64(indptr[row]), np.int64(indptr[row + 1])
        if begin > 0:  # columns are sorted: find the first from begin on
            low, high = i, stop
            while low < high:
                middle = (low + high) // 2
                if indices[middle] < begin:
                    low = middle + 1
                else:
                    high = middle
            i = low
        while i < stop and indices[i] < end:
            place = places[indices[i] - begin]
            out_indices[place] = row
            out_data[place] = data[i]
            places[indices[i] - begin] = place + 1
            i += 1
