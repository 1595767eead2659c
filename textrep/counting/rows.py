"""Rows of counts: made block by block on several threads, and put together in order."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.errors import InvalidParameterError
from textrep.parallel import map_in_order
from textrep.progress import track
from textrep.scratch import ArrayBuilder

__all__ = [
    "BLOCK_ENTRIES",
    "LEAST_MEMORY",
    "Buffer",
    "Buffers",
    "Rows",
    "check_memory",
    "collect",
    "csr",
    "fits_memory",
    "split",
]

LEAST_MEMORY = 1 << 24
BLOCK_ENTRIES = 1 << 18  # 3 MB of columns and counts: they stay in the cache until they are copied

_ENTRY_BYTES = 12  # int32 column, float64 count
_INT32_ENTRIES = 1 << 31  # from here on, places in the matrix take 64 bits

Item = TypeVar("Item")


class Buffer:
    """What a thread needs to count a block of rows."""

    def __init__(self, n_contexts: int, entries: int) -> None:
        self.sums = np.zeros(n_contexts, np.int64)
        self.seen = np.zeros(n_contexts // 64 + 1, np.uint64)
        self.indices = np.empty(entries, np.int32)
        self.values = np.empty(entries, np.float64)


class Rows(NamedTuple):
    """The counted rows of a block; ``buffer`` is free again once they were copied."""

    buffer: Buffer
    n: int
    row_ends: NDArray[np.int64]


class Buffers:
    """A few buffers that threads take in turn.

    Parameters
    ----------
    n_contexts : int
        Columns of the counts.
    longest : int
        The most entries that a row can have.
    n_jobs : int
        Threads.
    """

    def __init__(self, n_contexts: int, longest: int, n_jobs: int) -> None:
        self._n_jobs = n_jobs
        self._idle: queue.SimpleQueue[Buffer] = queue.SimpleQueue()
        for _ in range(n_jobs + 3):
            self._idle.put(Buffer(n_contexts, max(BLOCK_ENTRIES, longest)))

    def fill(self, count: Callable[[Item, Buffer], Rows], blocks: Iterable[Item]) -> Iterator[Rows]:
        """Yield what ``count`` makes of each block, in order.

        The rows must be copied before the next are asked for, which takes their buffer back.
        """
        for rows in map_in_order(
            lambda block: count(block, self._idle.get()), blocks, self._n_jobs, ahead=1
        ):
            yield rows
            self._idle.put(rows.buffer)


def collect(
    blocks: Iterator[Rows], shape: tuple[int, int], most: int | None, task_name: str
) -> sp.csr_array:
    """Put rows together.

    Parameters
    ----------
    blocks : iterator of Rows
        All rows, in order.
    shape : tuple of int
        Rows and columns.
    most : int or None
        The most entries there can be; None keeps the matrix on disk.
    task_name : str
        What the progress is called.

    Returns
    -------
    csr_array of shape ``shape``, float64
    """
    n_rows, n_columns = shape
    with (
        ArrayBuilder(np.int32, most) as indices,
        ArrayBuilder(np.float64, most) as values,
        ArrayBuilder(np.int64, None if most is None else n_rows + 1) as indptr,
        track(task_name, n_rows, "words") as task,
    ):
        indptr.append(np.zeros(1, np.int64))
        for rows in blocks:
            indptr.append(rows.row_ends + indices.length)
            indices.append(rows.buffer.indices[: rows.n])
            values.append(rows.buffer.values[: rows.n])
            task.advance(len(rows.row_ends))
        return csr(values.finish(), indices.finish(), indptr.finish(), n_columns)


def csr(
    values: NDArray[Any],
    indices: NDArray[np.int32],
    indptr: NDArray[np.int64],
    n_columns: int,
) -> sp.csr_array:
    """Return a canonical CSR matrix of these arrays, with row ends of 32 bits where they do."""
    matrix = sp.csr_array((len(indptr) - 1, n_columns), dtype=values.dtype)
    # Assigned, because the constructor would copy the columns to 64 bits if the row ends need them.
    matrix.indptr = indptr.astype(np.int32) if len(values) < _INT32_ENTRIES else indptr
    matrix.indices, matrix.data = indices, values
    matrix.has_sorted_indices = matrix.has_canonical_format = True
    return matrix


def split(sizes: NDArray[np.int64], most: int) -> Iterator[tuple[int, int]]:
    """Cut rows into stretches whose sizes sum to at most ``most``, or that are one row."""
    until = np.cumsum(sizes)
    first, before = 0, 0
    while first < len(sizes):
        last = max(first + 1, int(np.searchsorted(until, before + most, side="right")))
        yield first, last
        first, before = last, int(until[last - 1])


def check_memory(memory: int | None, caller: str) -> None:
    """Raise InvalidParameterError for a ``memory`` in which nothing can be counted."""
    if memory is not None and memory < LEAST_MEMORY:
        raise InvalidParameterError("memory", caller, f"at least {LEAST_MEMORY:,} bytes", memory)


def fits_memory(entries: int) -> bool:
    """Return whether the machine has memory for so many entries."""
    return _ENTRY_BYTES * entries <= _physical_memory()


def _physical_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
