"""The entries of a sparse matrix in tiles that threads train on without touching each other's."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.errors import TrainingError
from textrep.kernels import glove as k
from textrep.kernels.random import key_of
from textrep.parallel import map_in_order

__all__ = ["Tiles"]

_SHARES = 32  # no block has much more than such a share of the entries: threads can divide the work
_ROWS = 1 << 16  # most of a block, because places have 16 bits for each side

Bounds = NDArray[np.int64]


class Tiles:
    """The entries of a matrix of counts, grouped by blocks of rows and of columns.

    The tiles of a *round* have no row and no column in common, so threads may train them side by
    side, and the result is that of training them in turn. An epoch has as many rounds as there are
    blocks, and each tile is in one of them.

    Parameters
    ----------
    matrix : csr_array of shape (n_words, n_contexts), float64
        Counts.
    block : int
        Most rows or columns of a block, 1 to 65,536.
    seed : int
        Of the order of the entries in a tile, and of the tiles in an epoch.
    n_jobs : int
        Threads; nothing depends on it.

    Attributes
    ----------
    places : ndarray of shape (n_entries,), uint32
        Row and column of each entry in its tile, 16 bits each.
    logs : ndarray of shape (n_entries,), float32
        Logarithm of each entry.
    is_symmetric : bool
        Whether the matrix is (told from a hash of 64 bits).

    Raises
    ------
    TrainingError
        An entry is not positive or not finite, or in a column that is not there.

    Notes
    -----
    It takes 8 bytes an entry. The matrix itself is not needed any more.
    """

    def __init__(self, matrix: Any, *, block: int, seed: int, n_jobs: int) -> None:
        self._n_rows, self._seed = matrix.shape[0], seed
        row_ends = matrix.indptr.astype(np.int64)
        self._row_begins = _cut(row_ends, min(block, _ROWS))
        self._column_begins = _cut(_column_ends(matrix), min(block, _ROWS))
        shape = len(self._row_begins) - 1, len(self._column_begins)
        self._offsets = np.zeros(shape, np.int64)
        self.places = np.empty(matrix.nnz, np.uint32)
        self.logs = np.empty(matrix.nnz, np.float32)
        widths = np.diff(self._column_begins)
        block_of = np.repeat(np.arange(len(widths), dtype=np.int32), widths)
        counts = np.asarray(matrix.data, np.float64)
        key = np.uint64(key_of(np.uint64(seed), 0))
        balance = 0

        def sort(block: int) -> tuple[int, np.uint64]:
            return k.sort_rows(
                row_ends, matrix.indices, counts,
                self._row_begins[block], self._row_begins[block + 1], self._column_begins,
                block_of, key, self._offsets[block], self.places, self.logs,
            )  # fmt: skip

        for bad, part in map_in_order(sort, range(shape[0]), n_jobs):
            if bad >= 0:
                raise _bad(matrix, bad, f"{counts[bad]:g}, but counts are above 0 and finite")
            balance += int(part)
        self.is_symmetric = matrix.shape[0] == matrix.shape[1] and balance % 2**64 == 0

    def __len__(self) -> int:
        return len(self.logs)

    @property
    def n_rounds(self) -> int:
        """Rounds of an epoch."""
        return max(len(self._row_begins), len(self._column_begins)) - 1

    def round(self, order: Order, number: int) -> NDArray[np.int64]:
        """Return the tiles of a round that have entries, the largest first.

        Parameters
        ----------
        order : Order
            Of the epoch.
        number : int
            Which round.

        Returns
        -------
        ndarray of shape (n_tiles, 5), int64
            As :func:`textrep.kernels.glove.train_tiles` takes them; contexts follow the words.
        """
        rows = np.arange(len(self._row_begins) - 1)
        columns = order.columns[(order.rows + order.shifts[number]) % self.n_rounds]
        there = columns < len(self._column_begins) - 1
        rows, columns = rows[there], columns[there]
        begins, ends = self._offsets[rows, columns], self._offsets[rows, columns + 1]
        contexts = self._n_rows + self._column_begins[columns]
        tiles = np.stack([self._row_begins[rows], contexts, begins, ends, rows], axis=1)
        tiles = tiles[ends > begins]
        return tiles[np.argsort(tiles[:, 2] - tiles[:, 3], kind="stable")]

    def order(self, epoch: int) -> Order:
        """Return the order of the tiles in an epoch."""
        random = np.random.default_rng([self._seed, epoch])
        n = self.n_rounds
        rows = random.permutation(n)[: len(self._row_begins) - 1]
        return Order(rows, random.permutation(n), random.permutation(n))


class Order(NamedTuple):
    """In which round a tile is trained: a Latin square with its lines and symbols shuffled.

    Attributes
    ----------
    rows : ndarray of shape (n_row_blocks,), int64
        The square's line for each block of rows.
    columns : ndarray of shape (n_rounds,), int64
        The block of columns for each of its columns; numbers that no block has stand for none.
    shifts : ndarray of shape (n_rounds,), int64
        The square's symbol for each round.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    shifts: NDArray[np.int64]


def _column_ends(matrix: Any) -> Bounds:
    """Return how many entries are in the columns before each: shape (n_columns + 1,)."""
    sizes = np.zeros(matrix.shape[1] + 1, np.int64)
    bad = k.count_columns(matrix.indices, sizes[1:])
    if bad >= 0:
        n_columns = matrix.shape[1]
        raise _bad(matrix, bad, f"in a matrix of {n_columns:,} contexts, numbered from 0")
    return np.cumsum(sizes)


def _bad(matrix: Any, entry: int, reason: str) -> TrainingError:
    row = int(np.searchsorted(matrix.indptr, entry, side="right")) - 1
    return TrainingError(
        f"The count of word {row} with context {matrix.indices[entry]} is {reason}. Count the "
        "corpus again."
    )


def _cut(ends: Bounds, most: int) -> Bounds:
    """Cut lines into blocks of at most ``most`` lines, and about a fair share of the entries."""
    share = -(-int(ends[-1]) // _SHARES)
    cuts = [0]
    while cuts[-1] < len(ends) - 1:
        first = cuts[-1]
        last = int(np.searchsorted(ends, ends[first] + share, side="right")) - 1
        cuts.append(min(max(last, first + 1), first + most, len(ends) - 1))
    return np.array(cuts, np.int64)
