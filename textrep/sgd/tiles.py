"""The entries of a sparse matrix in tiles that threads train on without touching each other's."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.errors import FormatError
from textrep.kernels import glove as k
from textrep.kernels.random import key_of
from textrep.parallel import map_in_order
from textrep.scratch import scratch_array

__all__ = ["Order", "Tiles"]

_BLOCKS = 32  # at least, where there are enough words: threads divide the tiles of a round
_LARGEST = 1 << 16  # block, because places have 16 bits for each side

Integers = NDArray[np.int64]


class Order(NamedTuple):
    """In which round each tile is trained: a Latin square, its lines and symbols shuffled.

    Attributes
    ----------
    rows : ndarray of shape (n_row_blocks,), int64
        The square's line for each block of rows.
    columns : ndarray of shape (n_rounds,), int64
        The block of columns for each column of the square; numbers that no block has mean none.
    shifts : ndarray of shape (n_rounds,), int64
        The square's symbol for each round.
    """

    rows: Integers
    columns: Integers
    shifts: Integers


class Tiles:
    """The entries of a matrix of counts, grouped by blocks of rows and of columns.

    The tiles of a *round* have no row and no column in common, so threads may train them side by
    side, and the result is that of training them in turn. An epoch has as many rounds as there are
    blocks, and each tile is in one of them.

    Rows and columns are dealt to the blocks at random. So tiles have about equally many entries,
    and each stretch of the training is a fair sample of rare and frequent words: blocks in the
    order of frequency ended at a cost that was 4% higher, after as many epochs.

    Parameters
    ----------
    matrix : csr_array of shape (n_rows, n_columns), float64
        Counts.
    block : int
        Most rows or columns of a block, 1 to 65,536.
    seed : int
        Of the blocks, of the order of the entries in a tile, and of the tiles in an epoch.
    n_jobs : int
        Threads; nothing depends on it.
    on_disk : bool, default=False
        Whether the entries are in temporary files, which are memory-mapped: each round reads its
        tiles from there.

    Attributes
    ----------
    rows, columns : ndarrays of shape (n_rows,) and (n_columns,), int64
        Where each row and column of the matrix stands in the order that is cut into blocks.
    places : ndarray of shape (n_entries,), uint32
        Row and column of each entry in its tile, 16 bits each.
    logs : ndarray of shape (n_entries,), float32
        Logarithm of each entry.
    n_rounds : int
        Rounds of an epoch.
    is_symmetric : bool
        Whether the matrix is (told from a hash of 64 bits).

    Raises
    ------
    FormatError
        An entry is not positive or not finite, or in a column that is not there.
    InputError
        The disk is full.

    Notes
    -----
    It takes 8 bytes an entry. The matrix itself is not needed any more.
    """

    def __init__(
        self, matrix: Any, *, block: int, seed: int, n_jobs: int, on_disk: bool = False
    ) -> None:
        self._seed = seed
        n_rows, n_columns = matrix.shape
        block = min(block, _LARGEST, -(-max(n_rows, n_columns) // _BLOCKS))
        self._block = block
        self.rows = self._random(0).permutation(n_rows)
        self.columns = self._random(1).permutation(n_columns)
        shape = -(-n_rows // block), -(-n_columns // block)
        self.n_rounds = max(shape)
        indptr = matrix.indptr.astype(np.int64)
        members = np.argsort(self.rows)
        sizes = np.add.reduceat(np.diff(indptr)[members], np.arange(0, n_rows, block))
        self._offsets = np.zeros((shape[0], shape[1] + 1), np.int64)
        self._offsets[:, 0] = np.cumsum(sizes) - sizes
        self.places = scratch_array((matrix.nnz,), np.uint32, on_disk=on_disk)
        self.logs = scratch_array((matrix.nnz,), np.float32, on_disk=on_disk)
        counts = np.asarray(matrix.data, np.float64)
        key = np.uint64(key_of(np.uint64(seed), 0))
        balance = 0

        def sort(number: int) -> tuple[int, np.uint64]:
            return k.sort_rows(
                indptr, matrix.indices, counts, members[number * block : (number + 1) * block],
                self.columns, block, key, self._offsets[number], self.places, self.logs,
            )  # fmt: skip

        for bad, part in map_in_order(sort, range(shape[0]), n_jobs):
            if bad >= 0:
                raise _bad(matrix, indptr, bad)
            balance += int(part)
        self.is_symmetric = n_rows == n_columns and balance % 2**64 == 0

    def __len__(self) -> int:
        return len(self.logs)

    @property
    def lines(self) -> Integers:
        """Where each row, then each column, has its vector: columns follow rows."""
        return np.concatenate([self.rows, len(self.rows) + self.columns])

    def order(self, epoch: int) -> Order:
        """Return the order of the tiles in an epoch."""
        random, n = self._random(2, epoch), self.n_rounds
        rows = random.permutation(n)[: len(self._offsets)]
        return Order(rows, random.permutation(n), random.permutation(n))

    def round(self, order: Order, number: int) -> Integers:
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
            As :func:`textrep.kernels.glove.train_tiles` takes them, with the vectors of columns
            after those of rows.
        """
        rows = np.arange(len(self._offsets))
        columns = order.columns[(order.rows + order.shifts[number]) % self.n_rounds]
        there = columns < self._offsets.shape[1] - 1
        rows, columns = rows[there], columns[there]
        begins, ends = self._offsets[rows, columns], self._offsets[rows, columns + 1]
        first, second = rows * self._block, len(self.rows) + columns * self._block
        tiles = np.stack([first, second, begins, ends, rows], axis=1)[ends > begins]
        largest_first: Integers = tiles[np.argsort(tiles[:, 2] - tiles[:, 3], kind="stable")]
        return largest_first

    def _random(self, *key: int) -> np.random.Generator:
        return np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=key))


def _bad(matrix: Any, indptr: Integers, entry: int) -> FormatError:
    row = int(np.searchsorted(indptr, entry, side="right")) - 1
    return FormatError(
        f"The counts are damaged: that of word {row} with context {matrix.indices[entry]} is "
        f"{matrix.data[entry]:g}, where counts are above 0 and finite, of contexts 0 to "
        f"{matrix.shape[1] - 1}. Count again, or restore the folder."
    )
