"""Pointwise mutual information of a count matrix, row range by row range."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel

__all__ = ["column_sums", "count_positive", "row_sums", "write_pmi"]


@kernel
def row_sums(
    indptr: NDArray[np.int32], data: NDArray[np.float64], first: int, sums: NDArray[np.float64]
) -> None:
    """Sum the rows from ``first`` on. Changes ``sums``, of shape (n_rows,)."""
    for row in range(len(sums)):
        total = 0.0
        for i in range(indptr[first + row], indptr[first + row + 1]):
            total += data[i]
        sums[row] = total


@kernel
def column_sums(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    data: NDArray[np.float64],
    first: int,
    last: int,
    sums: NDArray[np.float64],
) -> None:
    """Add the rows ``first`` up to, not including, ``last`` to ``sums``, of shape (n_columns,)."""
    for i in range(indptr[first], indptr[last]):
        sums[indices[i]] += data[i]


@kernel
def count_positive(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    data: NDArray[np.float64],
    row_factor: NDArray[np.float64],
    column_factor: NDArray[np.float64],
    first: int,
    kept: NDArray[np.int64],
) -> None:
    """Count the entries whose ratio ``data · row_factor · column_factor`` is above 1.

    Parameters
    ----------
    indptr, indices, data
        CSR matrix of counts.
    row_factor, column_factor : ndarrays of shapes (n_rows,) and (n_columns,), float64
        What a count is multiplied by to give the ratio of its probability to the expected one.
    first : int
        First row.
    kept : ndarray of shape (rows to look at,), int64
        How many entries of each row are above. Changed.
    """
    for row in range(len(kept)):
        factor = row_factor[first + row]
        n = 0
        for i in range(indptr[first + row], indptr[first + row + 1]):
            n += data[i] * factor * column_factor[indices[i]] > 1.0
        kept[row] = n


@kernel
def write_pmi(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    data: NDArray[np.float64],
    row_factor: NDArray[np.float64],
    column_factor: NDArray[np.float64],
    first: int,
    last: int,
    positive: bool,
    start: int,
    out_indices: NDArray[np.int32],
    out_data: NDArray[np.float32],
) -> None:
    """Write the logarithms of the ratios of :func:`count_positive`.

    Parameters
    ----------
    indptr, indices, data, row_factor, column_factor
        As for :func:`count_positive`.
    first, last : int
        The rows ``first`` up to, not including, ``last``.
    positive : bool
        Whether to leave out entries whose ratio is not above 1.
    start : int
        Where the first entry goes.
    out_indices, out_data : ndarrays, int32 and float32
        Columns and values. Changed.
    """
    n = start
    for row in range(first, last):
        factor = row_factor[row]
        for i in range(indptr[row], indptr[row + 1]):
            ratio = data[i] * factor * column_factor[indices[i]]
            if ratio > 1.0 or not positive:
                out_indices[n] = indices[i]
                out_data[n] = np.log(ratio)
                n += 1
