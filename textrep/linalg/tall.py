"""Products of tall, narrow matrices, row stretch by row stretch on several threads.

BLAS keeps to one thread meanwhile: its own threads wait for one another by spinning, which makes it
many times slower as soon as anything else runs on the machine. The stretches do not depend on the
number of threads, so neither do the results.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.parallel import map_in_order, run_all

__all__ = ["Block", "combined", "inner_products", "subtract_combined"]

_ROWS = 4096  # rows of a stretch: a block of 48 columns takes 768 KB and stays in cache

Block = NDArray[np.float32]


def _stretches(n_rows: int) -> list[slice]:
    return [slice(first, first + _ROWS) for first in range(0, n_rows, _ROWS)]


def inner_products(
    lefts: Sequence[Block],
    right: Block,
    n_jobs: int,
    precision: type[np.floating[Any]] = np.float32,
) -> NDArray[np.float64]:
    """Return [lefts side by side].T @ right.

    Parameters
    ----------
    lefts : sequence of ndarray of shape (n_rows, any), float32
        Not empty.
    right : ndarray of shape (n_rows, width), float32
    n_jobs : int
        Threads.
    precision : {float32, float64}
        What the sums of a stretch are computed in; sums over stretches are float64.

    Returns
    -------
    ndarray of shape (columns of all lefts, width), float64
    """

    def multiply(rows: slice) -> NDArray[Any]:
        factor = right[rows].astype(precision, copy=False)
        return np.vstack([left[rows].astype(precision, copy=False).T @ factor for left in lefts])

    total = np.zeros((sum(left.shape[1] for left in lefts), right.shape[1]))
    for part in map_in_order(multiply, _stretches(len(right)), n_jobs):
        total += part
    return total


def subtract_combined(
    block: Block, others: Sequence[Block], weights: NDArray[np.float64], n_jobs: int
) -> None:
    """Subtract [others side by side] @ weights from ``block``, in place."""
    parts = _split(weights.astype(np.float32), others)

    def subtract(rows: slice) -> None:
        for other, part in zip(others, parts, strict=True):
            block[rows] -= other[rows] @ part

    run_all(subtract, _stretches(len(block)), n_jobs)


def combined(blocks: Sequence[Block], weights: NDArray[np.float64], n_jobs: int) -> Block:
    """Return [blocks side by side] @ weights."""
    total = np.zeros((len(blocks[0]), weights.shape[1]), np.float32)
    subtract_combined(total, blocks, -weights, n_jobs)
    return total


def _split(weights: Block, others: Sequence[Block]) -> list[Block]:
    """Return the rows of ``weights`` that belong to each of ``others``."""
    widths = [other.shape[1] for other in others]
    return np.split(weights, np.cumsum(widths)[:-1])
