"""GloVe: weighted least squares on log counts by AdaGrad, a tile of the matrix at a time.

For each entry X_ij, gradient descent lowers f(X_ij) · (w_i · c_j + b_i + b_j - log X_ij)² / 2
(Pennington, Socher and Manning 2014, GloVe: Global Vectors for Word Representation, EMNLP,
equation 8).

How it is fast: a tile is the entries of a few hundred words with a few hundred contexts, whose
vectors stay in the cache while the tile is trained in random order. A vector and the sums of its
squared gradients lie side by side, in one stretch of memory.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import fast_kernel, kernel
from textrep.kernels.random import hash64, key_of

__all__ = ["count_columns", "sort_rows", "train_tiles"]

_COLUMN = np.uint32(16)  # bits of a place that are its column in the tile; the others are its row
_COLUMNS = np.uint32(0xFFFF)
_HALF = np.uint64(32)

Floats = NDArray[np.float32]


@kernel
def count_columns(indices: NDArray[np.int32], counts: NDArray[np.int64]) -> int:
    """Count the entries of each column.

    Parameters
    ----------
    indices : ndarray of shape (n_entries,), int32
        The column of each entry.
    counts : ndarray of shape (n_columns,), int64
        Zeros; becomes the counts. Changed.

    Returns
    -------
    int
        Number of an entry whose column is not there; -1 where there is none.
    """
    for entry in range(len(indices)):
        column = indices[entry]
        if not 0 <= column < len(counts):
            return entry
        counts[column] += 1
    return -1


@kernel
def sort_rows(
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    counts: NDArray[np.float64],
    first: int,
    last: int,
    begins: NDArray[np.int64],
    block_of: NDArray[np.int32],
    key: np.uint64,
    offsets: NDArray[np.int64],
    places: NDArray[np.uint32],
    logs: Floats,
) -> tuple[int, np.uint64]:
    """Group the entries of a few rows of a CSR matrix by tile, shuffled in each.

    Parameters
    ----------
    indptr : ndarray of shape (n_rows + 1,), int64 or int32
        Where each row begins, and where the last ends.
    indices : ndarray of shape (n_entries,), int32
        Columns.
    counts : ndarray of shape (n_entries,), float64
        Entries.
    first, last : int
        The rows ``first`` up to, not including, ``last``; at most 65,536.
    begins : ndarray of shape (n_blocks + 1,), int64
        The first column of each block of columns, and the number of columns.
    block_of : ndarray of shape (n_columns,), int32
        The block of each column.
    key : uint64
        Names the random numbers of the matrix.
    offsets : ndarray of shape (n_blocks + 1,), int64
        Where the entries of each tile begin, and where the last ends. Changed.
    places : ndarray of shape (n_entries,), uint32
        Row and column of each entry in its tile: the row's 16 bits, then the column's. Those of
        these rows are changed.
    logs : ndarray of shape (n_entries,), float32
        Logarithm of each entry. Those of these rows are changed.

    Returns
    -------
    bad : int
        Number of an entry that is not positive and finite; -1 where there is none. Nothing is
        sorted if there is one.
    balance : uint64
        Sum of a hash of each entry above the diagonal, less that of each one mirrored from below
        it: over all rows it is 0 if the matrix is symmetric, and hardly ever if it is not.
    """
    offsets[:] = 0
    balance = np.uint64(0)
    for row in range(first, last):
        for entry in range(indptr[row], indptr[row + 1]):
            column, count = indices[entry], counts[entry]
            if not 0.0 < count < np.inf:
                return entry, balance
            offsets[block_of[column] + 1] += 1
            low, high = min(row, column), max(row, column)
            pair = hash64((np.uint64(high) << _HALF) + np.uint64(low))
            digest = hash64(pair + counts[entry : entry + 1].view(np.uint64)[0])
            if column > row:
                balance += digest
            elif column < row:
                balance -= digest
    offsets[0] = indptr[first]
    for block in range(len(begins) - 1):
        offsets[block + 1] += offsets[block]
    ends = offsets[:-1].copy()
    for row in range(first, last):
        for entry in range(indptr[row], indptr[row + 1]):
            column = indices[entry]
            block = block_of[column]
            to = ends[block]
            place = (np.uint32(row - first) << _COLUMN) | np.uint32(column - begins[block])
            places[to], logs[to] = place, np.float32(math.log(counts[entry]))
            ends[block] = to + 1
    for block in range(len(begins) - 1):
        begin = offsets[block]
        for last_left in range(offsets[block + 1] - begin - 1, 0, -1):
            bits = key_of(key, begin + last_left)
            at = begin + np.int64(((bits >> _HALF) * np.uint64(last_left + 1)) >> _HALF)
            to = begin + last_left
            places[at], places[to] = places[to], places[at]
            logs[at], logs[to] = logs[to], logs[at]
    return -1, balance


@fast_kernel
def _train_entry(
    rows: Floats,
    biases: Floats,
    word: int,
    context: int,
    log: np.float32,
    weight: np.float32,
    rule: Floats,
) -> float:
    """Take one step on one entry; return its weighted squared error before the step."""
    rate, bias_rate, ahead, scale, clip = rule[0], rule[1], rule[2], rule[3], rule[4]
    width = rows.shape[1] // 2
    score = np.float32(0)
    for j in range(width):
        score += rows[word, j] * rows[context, j]
    error = score + biases[word, 0] + biases[context, 0] - log
    slope = weight * error
    for j in range(width):
        w, c = rows[word, j], rows[context, j]
        sum_w, sum_c = rows[word, width + j], rows[context, width + j]
        step_w = min(max(slope * c, -clip), clip) * rate
        step_c = min(max(slope * w, -clip), clip) * rate
        square_w, square_c = step_w * step_w, step_c * step_c
        rows[word, j] = w - scale * step_w / math.sqrt(sum_w + ahead * square_w)
        rows[context, j] = c - scale * step_c / math.sqrt(sum_c + ahead * square_c)
        rows[word, width + j] = sum_w + square_w
        rows[context, width + j] = sum_c + square_c
    step = min(max(slope, -clip), clip) * bias_rate
    square = step * step
    for row in (word, context):
        of_bias = biases[row, 1]
        biases[row, 0] -= scale * step / math.sqrt(of_bias + ahead * square)
        biases[row, 1] = of_bias + square
    return np.float64(slope) * np.float64(error)


@fast_kernel
def train_tiles(
    tiles: NDArray[np.int64],
    places: NDArray[np.uint32],
    logs: Floats,
    alpha: float,
    log_x_max: float,
    rule: Floats,
    rows: Floats,
    biases: Floats,
    losses: NDArray[np.float64],
) -> None:
    """Train on every entry of some tiles once.

    Parameters
    ----------
    tiles : ndarray of shape (n_tiles, 5), int64
        For each tile: the row of ``rows`` that its first word has, that of its first context,
        where its entries begin and end, and its place in ``losses``.
    places : ndarray of shape (n_entries,), uint32
        Row and column of each entry in its tile, as :func:`sort_rows` leaves them.
    logs : ndarray of shape (n_entries,), float32
        Logarithm of each entry.
    alpha, log_x_max : float
        The weight of an entry is min(1, (X / x_max)^alpha).
    rule : ndarray of shape (5,), float32
        How AdaGrad steps. A gradient is cut to ± ``rule[4]``, then multiplied by ``rule[0]``, that
        of a bias by ``rule[1]``; the step is ``rule[3]`` times that, divided by the root of the sum
        of its squares so far, in which its own square counts ``rule[2]``.
    rows : ndarray of shape (n_words + n_contexts, 2 · width), float32
        The vectors of words, then of contexts; each followed by its sums of squares. Changed.
    biases : ndarray of shape (n_words + n_contexts, 2), float32
        Each bias and its sum of squares. Changed.
    losses : ndarray of float64
        At each tile's place, the sum of f(X) · error² / 2 of its entries, each taken before its
        step. Changed.
    """
    for tile in range(len(tiles)):
        first, second = tiles[tile, 0], tiles[tile, 1]
        loss = 0.0
        for entry in range(tiles[tile, 2], tiles[tile, 3]):
            place, log = places[entry], logs[entry]
            weight = math.exp(min(alpha * (np.float64(log) - log_x_max), 0.0))
            loss += _train_entry(
                rows, biases, first + np.int64(place >> _COLUMN),
                second + np.int64(place & _COLUMNS), log, np.float32(weight), rule,
            )  # fmt: skip
        losses[tiles[tile, 4]] = loss / 2.0
