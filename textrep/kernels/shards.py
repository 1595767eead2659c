"""Counting contexts in shards of a text, and adding the shards up, in whole numbers.

A shard's counts are sums of whole weights, so adding shards gives what counting the whole text
gives, whatever the shards and their order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.cooccurrence import add_contexts
from textrep.kernels.jit import kernel
from textrep.kernels.row import add_to, take_columns, write_row

__all__ = ["add_rows", "count_whole_rows"]


@kernel
def count_whole_rows(
    text: NDArray[np.int32],
    positions: NDArray[np.int64],
    ends: NDArray[np.int64],
    begin: int,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    sums: NDArray[np.int64],
    seen: NDArray[np.uint64],
    indices: NDArray[np.int32],
    wholes: NDArray[np.int64],
    row_ends: NDArray[np.int64],
) -> int:
    """Count the contexts of a few words, without dividing.

    Parameters
    ----------
    text, positions, ends, begin, left, right, sums, seen, indices, row_ends
        As for :func:`textrep.kernels.cooccurrence.count_rows`.
    wholes : ndarray with room for every entry, int64
        Sums of weights of the rows, one after the other. Changed.

    Returns
    -------
    int
        How many entries there are.
    """
    n = 0
    for row in range(len(ends)):
        add_contexts(text, positions, begin, ends[row], left, right, sums, seen)
        begin = ends[row]
        first, n = n, take_columns(seen, indices, n)
        for i in range(first, n):
            wholes[i] = sums[indices[i]]
            sums[indices[i]] = 0
        row_ends[row] = n
    return n


@kernel
def add_rows(
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    shard_indices: NDArray[np.int32],
    shard_wholes: NDArray[np.int64],
    scale: float,
    cap: float,
    sums: NDArray[np.int64],
    seen: NDArray[np.uint64],
    indices: NDArray[np.int32],
    values: NDArray[np.float64],
    row_ends: NDArray[np.int64],
) -> int:
    """Add up the rows of several shards.

    Parameters
    ----------
    begins, ends : ndarrays of shape (n_shards, n_rows), int64
        Where each row of each shard begins and ends in the next two.
    shard_indices, shard_wholes : ndarrays of one length, int32 and int64
        Columns and sums of weights of all shards.
    scale, cap, sums, seen, indices, values, row_ends
        As for :func:`textrep.kernels.cooccurrence.count_rows`.

    Returns
    -------
    int
        How many entries there are.
    """
    n = 0
    for row in range(begins.shape[1]):
        for shard in range(len(begins)):
            for i in range(begins[shard, row], ends[shard, row]):
                add_to(shard_indices[i], shard_wholes[i], sums, seen)
        n = write_row(sums, seen, scale, cap, indices, values, n)
        row_ends[row] = n
    return n
