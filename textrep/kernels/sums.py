"""Adding two matrices of counts, in the whole numbers that they were divided out of."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel
from textrep.kernels.row import add_to, write_row

__all__ = ["CountPart", "sum_rows"]


class CountPart(NamedTuple):
    """One of the matrices that are added, and where its rows and columns are in the sum.

    Attributes
    ----------
    indptr, indices, data : ndarrays
        CSR matrix of counts, float64.
    rows : ndarray of shape (rows of the sum,), int32
        The row of this matrix that goes there; negative for none.
    columns : ndarray of shape (n_columns,), int32
        The column of the sum for each of this matrix.
    """

    indptr: NDArray[Any]
    indices: NDArray[np.int32]
    data: NDArray[np.float64]
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]


@kernel
def sum_rows(
    one: CountPart,
    other: CountPart,
    first: int,
    scale: float,
    sums: NDArray[np.int64],
    seen: NDArray[np.uint64],
    indices: NDArray[np.int32],
    values: NDArray[np.float64],
    row_ends: NDArray[np.int64],
) -> int:
    """Add the rows of two matrices of counts, from row ``first`` of the sum on.

    Parameters
    ----------
    one, other : CountPart
        The matrices, and where their rows and columns are in the sum.
    first : int
        First row of the sum.
    scale : float
        What a count of 1.0 is in the whole numbers that are added.
    sums, seen, indices, values
        As for :func:`textrep.kernels.cooccurrence.count_rows`. Changed.
    row_ends : ndarray of shape (n_rows,), int64
        Where each row ends in ``indices`` and ``values``. Changed.

    Returns
    -------
    int
        How many entries there are.
    """
    n = 0
    for row in range(len(row_ends)):
        _add_row(one, first + row, scale, sums, seen)
        _add_row(other, first + row, scale, sums, seen)
        n = write_row(sums, seen, scale, np.inf, indices, values, n)
        row_ends[row] = n
    return n


@kernel
def _add_row(
    part: CountPart, row: int, scale: float, sums: NDArray[np.int64], seen: NDArray[np.uint64]
) -> None:
    """Add what ``part`` has of a row of the sum to ``sums``, and mark its columns in ``seen``."""
    own = part.rows[row]
    if own < 0:
        return
    for i in range(part.indptr[own], part.indptr[own + 1]):
        whole = np.int64(np.rint(part.data[i] * scale))
        add_to(part.columns[part.indices[i]], whole, sums, seen)
