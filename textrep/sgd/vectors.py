"""Matrices whose rows begin at cache lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["aligned", "initial_vectors"]

_LINE = 64  # bytes of a cache line, and of the widest vector registers
_NUMBERS = _LINE // 4


def aligned(n_rows: int, dim: int) -> NDArray[np.float32]:
    """Return zeros of shape (n_rows, dim rounded up to 16), each row at a multiple of 64 bytes.

    Loops over such rows have no remainder and no loads that straddle cache lines. The columns
    beyond ``dim`` stay zero as long as products and sums are all that is done with them.
    """
    width = -(-dim // _NUMBERS) * _NUMBERS
    memory = np.zeros(n_rows * width + _NUMBERS, np.float32)
    skipped = -memory.ctypes.data % _LINE // 4
    return memory[skipped : skipped + n_rows * width].reshape(n_rows, width)


def initial_vectors(n_words: int, dim: int, seed: int) -> NDArray[np.float32]:
    """Return aligned vectors drawn uniformly from ±1/(2·dim), as word2vec does."""
    vectors = aligned(n_words, dim)
    draws = np.random.default_rng(seed).random((n_words, dim), np.float32)
    vectors[:, :dim] = (draws - np.float32(0.5)) / np.float32(dim)
    return vectors
