"""Products of tall, narrow blocks that stand side by side, on several threads.

BLAS spreads such products badly over threads: there is little to do between two meetings of the
threads, and where another program uses a core, they wait for it every time. Here each thread takes
stretches of rows instead, with BLAS on one thread (:func:`textrep.parallel.one_blas_thread`). The
stretches are fixed, so that sums do not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from textrep.parallel import map_in_order, run_all

__all__ = ["ALIGNMENT", "aligned_empty", "inner", "subtract", "times"]

_ROWS = 1024  # of a stretch: 15 blocks of 48 columns fill 3 MB

ALIGNMENT = 64  # bytes in a cache line

Blocks = Sequence[NDArray[np.float32]]


def aligned_empty(n_rows: int, width: int) -> NDArray[np.float32]:
    """Return an empty array that begins at a cache line, as NumPy's own seldom do.

    Rows whose size is a whole number of cache lines then touch no line more than they must.
    """
    n_bytes = n_rows * width * np.dtype(np.float32).itemsize
    room = np.empty(n_bytes + ALIGNMENT, np.uint8)
    first = -room.ctypes.data % ALIGNMENT
    return room[first : first + n_bytes].view(np.float32).reshape(n_rows, width)


def inner(blocks: Blocks, other: NDArray[np.float32], n_jobs: int) -> NDArray[np.float64]:
    """Return [blocks].T @ other.

    Parameters
    ----------
    blocks : sequence of ndarrays of shape (n_rows, any), float32
        At least one.
    other : ndarray of shape (n_rows, width), float32
        The right side.
    n_jobs : int
        Threads; the result does not depend on it.

    Returns
    -------
    ndarray of shape (columns of all blocks, width), float64
    """

    def multiply(rows: slice) -> NDArray[np.float32]:
        product: NDArray[np.float32] = _stretch(blocks, rows).T @ other[rows]
        return product

    total = np.zeros((sum(block.shape[1] for block in blocks), other.shape[1]))
    for product in map_in_order(multiply, _stretches(len(other)), n_jobs):
        total += product
    return total


def times(blocks: Blocks, coefficients: NDArray[np.floating], n_jobs: int) -> NDArray[np.float32]:
    """Return [blocks] @ coefficients.

    Parameters
    ----------
    blocks : sequence of ndarrays of shape (n_rows, any), float32
        At least one.
    coefficients : ndarray of shape (columns of all blocks, width)
        The right side; computed with as float32.
    n_jobs : int
        Threads; the result does not depend on it.

    Returns
    -------
    ndarray of shape (n_rows, width), float32
    """
    single = coefficients.astype(np.float32)
    out = aligned_empty(len(blocks[0]), single.shape[1])

    def multiply(rows: slice) -> None:
        np.matmul(_stretch(blocks, rows), single, out=out[rows])

    run_all(multiply, _stretches(len(out)), n_jobs)
    return out


def subtract(
    block: NDArray[np.float32], blocks: Blocks, coefficients: NDArray[np.floating], n_jobs: int
) -> None:
    """Subtract [blocks] @ coefficients from ``block``, in place.

    Parameters
    ----------
    block : ndarray of shape (n_rows, width), float32
        Changed.
    blocks : sequence of ndarrays of shape (n_rows, any), float32
        At least one.
    coefficients : ndarray of shape (columns of all blocks, width)
        Computed with as float32.
    n_jobs : int
        Threads; the result does not depend on it.
    """
    single = coefficients.astype(np.float32)

    def multiply(rows: slice) -> None:
        block[rows] -= _stretch(blocks, rows) @ single

    run_all(multiply, _stretches(len(block)), n_jobs)


def _stretches(n_rows: int) -> list[slice]:
    return [slice(first, first + _ROWS) for first in range(0, n_rows, _ROWS)]


def _stretch(blocks: Blocks, rows: slice) -> NDArray[np.float32]:
    return blocks[0][rows] if len(blocks) == 1 else np.hstack([block[rows] for block in blocks])
