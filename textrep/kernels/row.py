"""A row of counts, summed in a dense array and written out in the order of its columns.

A bit a column says which sums are not 0, so that writing a row and clearing the array looks at few
of them. Sums are of whole numbers, so they do not depend on their order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel, step

__all__ = ["add_to", "take_columns", "write_row"]

_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_BIT_NUMBER = np.zeros(64, np.int64)
for _bit in range(64):
    _BIT_NUMBER[(((1 << _bit) * int(_DE_BRUIJN)) & 0xFFFFFFFFFFFFFFFF) >> 58] = _bit


@step
def add_to(
    column: int, whole: int | np.int64, sums: NDArray[np.int64], seen: NDArray[np.uint64]
) -> None:
    """Add to the sum of a column, and set its bit."""
    sums[column] += whole
    seen[column >> 6] |= np.uint64(1) << np.uint64(column & 63)


@kernel
def take_columns(seen: NDArray[np.uint64], indices: NDArray[np.int32], n: int) -> int:
    """Write the numbers of the bits that are set, ascending, and clear them.

    Parameters
    ----------
    seen : ndarray, uint64
        Bits. Changed.
    indices : ndarray, int32
        Receives the numbers from ``n`` on. Changed.
    n : int
        Where to begin.

    Returns
    -------
    int
        Where the numbers end.
    """
    for word in range(len(seen)):
        bits = seen[word]
        if bits == 0:
            continue
        seen[word] = 0
        while bits != 0:
            lowest = bits & (~bits + np.uint64(1))
            bits ^= lowest
            indices[n] = (word << 6) + _BIT_NUMBER[(lowest * _DE_BRUIJN) >> np.uint64(58)]
            n += 1
    return n


@kernel
def write_row(
    sums: NDArray[np.int64],
    seen: NDArray[np.uint64],
    scale: float,
    cap: float,
    indices: NDArray[np.int32],
    values: NDArray[np.float64],
    n: int,
) -> int:
    """Write the sums of a row from entry ``n`` on, clear them, and return where the row ends."""
    end = take_columns(seen, indices, n)
    for i in range(n, end):
        values[i] = min(sums[indices[i]] / scale, cap)
        sums[indices[i]] = 0
    return end
