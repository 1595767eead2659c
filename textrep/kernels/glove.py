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

from textrep.kernels.jit import fast_kernel, fast_step, kernel
from textrep.kernels.random import hash64, key_of

__all__ = ["sort_rows", "train_tiles"]

_COLUMN = np.uint32(16)  # bits of a place that are its column in the tile; the others are its row
_COLUMNS = np.uint32(0xFFFF)
_HALF = np.uint64(32)

Floats = NDArray[np.float32]


@kernel
def sort_rows(
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    counts: NDArray[np.float64],
    members: NDArray[np.int64],
    place_of: NDArray[np.int64],
    block: int,
    key: np.uint64,
    offsets: NDArray[np.int64],
    places: NDArray[np.uint32],
    logs: Floats,
) -> tuple[int, np.uint64]:
    """Group the entries of a block of rows of a CSR matrix by tile, shuffled in each.

    Parameters
    ----------
    indptr : ndarray of shape (n_rows + 1,), int64
        Where each row begins, and where the last ends.
    indices : ndarray of shape (n_entries,), int32
        Columns, possibly wrong.
    counts : ndarray of shape (n_entries,), float64
        Entries, possibly no counts.
    members : ndarray of shape (at most 65536,), int64
        The rows of the block.
    place_of : ndarray of shape (n_columns,), int64
        Where each column stands in the order that is cut into blocks.
    block : int
        Columns of a block, 1 to 65,536.
    key : uint64
        Names the random numbers of the matrix.
    offsets : ndarray of shape (n_blocks + 1,), int64
        Where the entries of each tile begin, and where the last ends. The first is given, the
        others are changed.
    places : ndarray of shape (n_entries,), uint32
        Row and column of each entry in its tile: the row's 16 bits, then the column's. Changed
        from ``offsets[0]`` on.
    logs : ndarray of shape (n_entries,), float32
        Logarithm of each entry. Changed from ``offsets[0]`` on.

    Returns
    -------
    bad : int
        Number of an entry that is not positive and finite, or whose column is not there; -1 where
        there is none. Nothing is sorted if there is one.
    balance : uint64
        Sum of a hash of each entry above the diagonal, less that of each one mirrored from below
        it: over all rows it is 0 if the matrix is symmetric, and hardly ever if it is not.
    """
    offsets[1:] = 0
    balance = np.uint64(0)
    for row in members:
        for entry in range(indptr[row], indptr[row + 1]):
            column, count = indices[entry], counts[entry]
            if not (0.0 < count < np.inf and 0 <= column < len(place_of)):
                return entry, balance
            offsets[place_of[column] // block + 1] += 1
            low, high = min(row, column), max(row, column)
            pair = hash64((np.uint64(high) << _HALF) + np.uint64(low))
            digest = hash64(pair + counts[entry : entry + 1].view(np.uint64)[0])
            if column > row:
                balance += digest
            elif column < row:
                balance -= digest
    for tile in range(len(offsets) - 1):
        offsets[tile + 1] += offsets[tile]
    ends = offsets[:-1].copy()
    for number in range(len(members)):
        row = members[number]
        for entry in range(indptr[row], indptr[row + 1]):
            place = place_of[indices[entry]]
            tile = place // block
            to = ends[tile]
            places[to] = (np.uint32(number) << _COLUMN) | np.uint32(place - tile * block)
            logs[to] = np.float32(math.log(counts[entry]))
            ends[tile] = to + 1
    for tile in range(len(offsets) - 1):
        begin = offsets[tile]
        for last in range(offsets[tile + 1] - 1, begin, -1):
            left = np.uint64(last - begin + 1)
            at = begin + np.int64(((key_of(key, last) >> _HALF) * left) >> _HALF)
            places[at], places[last] = places[last], places[at]
            logs[at], logs[last] = logs[last], logs[at]
    return -1, balance


@fast_step
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
        For each tile: the row of ``rows`` where its words begin, that where its contexts begin,
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
        The vectors of words, then of contexts, in the order of the places; each followed by its
        sums of squares. Changed.
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
