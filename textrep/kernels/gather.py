"""Copying vectors into a scratch of rows that stays in cache, and adding what was learnt to them.

The vector of a word is a row of a matrix, or the mean of several: those of the word and of its
n-grams (Bojanowski, Grave, Joulin and Mikolov 2017, Enriching Word Vectors with Subword
Information, TACL 5).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import step
from textrep.kernels.prefetch import prefetch_to_change
from textrep.kernels.simd import add_scaled

__all__ = ["Inputs", "add_inputs", "add_rows", "copy_inputs", "copy_rows", "prefetch_row"]

_LINE = 16  # float32 numbers in a cache line
_ONE = np.float32(1)

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


class Inputs(NamedTuple):
    """The vectors of words, perhaps made of parts.

    Attributes
    ----------
    vectors : ndarray of shape (n_parts, width), float32
        A row a word, and then a row a part that is no word.
    offsets : ndarray of shape (n_words + 1,) or (0,), int64
        The parts of word ``i`` are ``parts[offsets[i]:offsets[i + 1]]``. Empty: each word is its
        own only part.
    parts : ndarray, int32
        Rows of ``vectors``.
    """

    vectors: Floats
    offsets: NDArray[np.int64]
    parts: Integers


@step
def copy_rows(rows: Floats, to: int, vectors: Floats, words: Integers, n: int) -> None:
    """Copy the vectors of words to the rows from ``to`` on; zeros for negative numbers."""
    width = rows.shape[1]
    for i in range(n):
        word = words[i]
        if word >= 0:
            for j in range(width):
                rows[to + i, j] = vectors[word, j]
        else:
            for j in range(width):
                rows[to + i, j] = 0.0


@step
def add_rows(rows: Floats, begin: int, vectors: Floats, words: Integers, n: int) -> None:
    """Add the rows from ``begin`` on to the vectors of words; negative numbers are left out."""
    width = rows.shape[1]
    flat_rows, flat_vectors = rows.reshape(-1), vectors.reshape(-1)
    for i in range(n):
        if words[i] >= 0:
            place = np.int64(words[i]) * width
            add_scaled(flat_vectors, place, flat_rows, (begin + i) * width, _ONE, width)


@step
def copy_inputs(rows: Floats, to: int, inputs: Inputs, words: Integers, n: int) -> None:
    """Write the vectors of words to the rows from ``to`` on; zeros for negative numbers."""
    if len(inputs.offsets) == 0:
        copy_rows(rows, to, inputs.vectors, words, n)
        return
    width = rows.shape[1]
    flat_rows, flat_vectors = rows.reshape(-1), inputs.vectors.reshape(-1)
    rows[to : to + n] = 0.0
    for i in range(n):
        if words[i] >= 0:
            begin, end = inputs.offsets[words[i]], inputs.offsets[words[i] + 1]
            scale = np.float32(1) / np.float32(end - begin)
            for part in range(begin, end):
                place = np.int64(inputs.parts[part]) * width
                add_scaled(flat_rows, (to + i) * width, flat_vectors, place, scale, width)


@step
def add_inputs(
    rows: Floats, begin: int, inputs: Inputs, words: Integers, n: int, exact: bool
) -> None:
    """Add the rows from ``begin`` on to the vectors of words; negative numbers are left out.

    Each part of a word gets the whole of its row, as in fastText, or if ``exact`` the share that
    the gradient of a mean gives it.
    """
    if len(inputs.offsets) == 0:
        add_rows(rows, begin, inputs.vectors, words, n)
        return
    width = rows.shape[1]
    flat_rows, flat_vectors = rows.reshape(-1), inputs.vectors.reshape(-1)
    for i in range(n):
        if words[i] >= 0:
            first, last = inputs.offsets[words[i]], inputs.offsets[words[i] + 1]
            scale = _ONE / np.float32(last - first) if exact else _ONE
            for part in range(first, last):
                place = np.int64(inputs.parts[part]) * width
                add_scaled(flat_vectors, place, flat_rows, (begin + i) * width, scale, width)


@step
def prefetch_row(flat: Floats, word: int, width: int) -> None:
    """Start loading a row of a matrix, given as one dimension, to be changed in the cache."""
    for j in range(0, width, _LINE):
        prefetch_to_change(flat, np.int64(word) * width + j)
