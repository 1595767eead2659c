"""Matrices whose rows begin at cache lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["aligned", "compact", "initial_vectors", "row_width"]

_LINE = 64  # bytes of a cache line, and of the widest vector registers
_NUMBERS = _LINE // 4
_ROWS = 4096  # that are drawn at a time

Floats = NDArray[np.float32]


def row_width(dim: int) -> int:
    """Return how many numbers a row of ``dim`` takes when the next begins at a cache line."""
    return -(-dim // _NUMBERS) * _NUMBERS


def aligned(n_rows: int, dim: int) -> Floats:
    """Return zeros of shape (n_rows, dim rounded up to 16), each row at a multiple of 64 bytes.

    Loops over such rows have no remainder and no loads that straddle cache lines. The columns
    beyond ``dim`` stay zero as long as products and sums are all that is done with them.
    """
    width = row_width(dim)
    memory = np.zeros(n_rows * width + _NUMBERS, np.float32)
    skipped = -memory.ctypes.data % _LINE // 4
    return memory[skipped : skipped + n_rows * width].reshape(n_rows, width)


def compact(vectors: Floats, dim: int) -> Floats:
    """Return the first ``dim`` columns of an aligned matrix as a matrix of their own.

    It takes the place of the aligned one, which holds nothing of use any more: a copy would need
    the memory twice.
    """
    n_rows, width = vectors.shape
    flat = vectors.reshape(-1)
    if width != dim:
        for row in range(n_rows):
            flat[row * dim : (row + 1) * dim] = flat[row * width : row * width + dim]
    return flat[: n_rows * dim].reshape(n_rows, dim)


def initial_vectors(n_words: int, dim: int, seed: int) -> Floats:
    """Return aligned vectors drawn uniformly from ±1/(2·dim), as word2vec does."""
    vectors = aligned(n_words, dim)
    random = np.random.default_rng(seed)
    for first in range(0, n_words, _ROWS):
        draws = random.random((min(_ROWS, n_words - first), dim), np.float32)
        vectors[first : first + _ROWS, :dim] = (draws - np.float32(0.5)) / np.float32(dim)
    return vectors
