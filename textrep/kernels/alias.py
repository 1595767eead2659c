"""Building alias tables."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel

__all__ = ["fill_alias"]


@kernel
def fill_alias(
    weights: NDArray[np.float64], keep: NDArray[np.uint32], other: NDArray[np.int32]
) -> None:
    """Fill an alias table by Vose's method.

    Parameters
    ----------
    weights : ndarray of shape (n,), float64
        Probabilities times n. Changed.
    keep : ndarray of shape (n,), uint32
        Share of 2^32 - 1 with which column ``i`` gives ``i`` itself. Changed.
    other : ndarray of shape (n,), int32
        What column ``i`` gives otherwise. Changed.
    """
    n = len(weights)
    stack = np.empty(n, np.int64)  # small columns from the left, large ones from the right
    small, large = 0, n
    for i in range(n):
        if weights[i] < 1.0:
            stack[small] = i
            small += 1
        else:
            large -= 1
            stack[large] = i
    while small > 0 and large < n:
        small -= 1
        low, high = stack[small], stack[large]
        keep[low] = np.uint32(weights[low] * 4294967295.0)
        other[low] = high
        weights[high] -= 1.0 - weights[low]
        if weights[high] < 1.0:
            large += 1
            stack[small] = high
            small += 1
    for i in range(small):
        keep[stack[i]] = np.uint32(4294967295)
        other[stack[i]] = stack[i]
    for i in range(large, n):
        keep[stack[i]] = np.uint32(4294967295)
        other[stack[i]] = stack[i]
