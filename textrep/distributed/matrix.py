"""A sparse matrix whose rows are in the memory of a cluster's workers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.counting.rows import csr
from textrep.distributed.cluster import Cluster

if TYPE_CHECKING:
    from distributed import Future

__all__ = ["DistributedMatrix"]


class DistributedMatrix:
    """Blocks of rows on workers.

    Parameters
    ----------
    cluster : Cluster
        Where they are.
    blocks : sequence of Future
        Each a csr_array of some rows, in order. A block that is lost with its worker is computed
        again.
    bounds : sequence of int
        The first row of each block, and the number of rows.
    n_columns : int
        Columns of all of them.

    Attributes
    ----------
    cluster, blocks, bounds
        The same.
    shape : tuple of int
        Rows and columns.
    """

    def __init__(
        self, cluster: Cluster, blocks: Sequence[Future], bounds: Sequence[int], n_columns: int
    ) -> None:
        self.cluster = cluster
        self.blocks = list(blocks)
        self.bounds = list(bounds)
        self.shape = (self.bounds[-1], n_columns)
        self._indptr: NDArray[np.int64] | None = None

    def __repr__(self) -> str:
        rows, columns = self.shape
        return f"DistributedMatrix({rows:,} x {columns:,} in {len(self.blocks):,} blocks)"

    def slices(self) -> list[slice]:
        """Return the rows of each block."""
        return [slice(first, last) for first, last in pairwise(self.bounds)]

    @property
    def indptr(self) -> NDArray[np.int64]:
        """Where each row begins, and where the last ends: ndarray of shape (n_rows + 1,)."""
        if self._indptr is None:
            lengths = self.per_block(_row_lengths)
            self._indptr = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
        return self._indptr

    @property
    def nnz(self) -> int:
        """Entries of the matrix."""
        return int(self.indptr[-1])

    def per_block(self, function: Any, *arguments: Any) -> list[Any]:
        """Return ``function(block, *arguments)`` of each block, computed where the block is."""
        submit = self.cluster.client.submit
        with self.cluster.explaining():
            futures = [submit(function, block, *arguments, pure=False) for block in self.blocks]
        return self.cluster.results(futures)

    def collect(self) -> sp.csr_array:
        """Return the matrix itself; it must fit in memory here."""
        indptr = self.indptr
        values: NDArray[Any] = np.empty(0)
        indices = np.empty(self.nnz, np.int32)
        for block, rows in zip(self.blocks, self.slices(), strict=True):
            # One block at a time, so that there is never more than one twice.
            part = self.cluster.results([block])[0]
            if rows.start == 0:
                values = np.empty(self.nnz, part.dtype)
            places = slice(int(indptr[rows.start]), int(indptr[rows.stop]))
            indices[places], values[places] = part.indices, part.data
        return csr(values, indices, indptr, self.shape[1])


def _row_lengths(block: sp.csr_array) -> NDArray[np.int64]:
    lengths: NDArray[np.int64] = np.diff(block.indptr).astype(np.int64)
    return lengths
