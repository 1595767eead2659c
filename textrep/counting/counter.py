"""The co-occurrence matrix of a corpus, in parallel and in bounded memory.

Words are taken in ranges whose positions fit in memory, ranges in blocks whose rows fit in cache.
Threads count blocks; the caller's thread puts their rows together in order.
"""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.corpus.arrays import ArrayWriter, map_array
from textrep.corpus.encoded import Corpus
from textrep.counting.disk import DiskMatrix, temporary_matrix, text_array
from textrep.counting.window import BOUNDARIES, Window
from textrep.errors import CorpusError, InvalidParameterError
from textrep.kernels import cooccurrence as k
from textrep.parallel import map_in_order, resolve_n_jobs
from textrep.progress import track

__all__ = ["LEAST_MEMORY", "count_cooccurrences"]

LEAST_MEMORY = 1 << 24

_BLOCK_ENTRIES = 1 << 18  # 3 MB of columns and counts: they stay in the cache until they are copied
_INT32_ENTRIES = 1 << 31  # from here on, places in the matrix take 64 bits


class _Block(NamedTuple):
    """Rows to count: words ``first`` up to, not including, ``last``."""

    first: int
    last: int


class _Range(NamedTuple):
    """Words whose positions are gathered together."""

    first: int
    positions: NDArray[np.int64]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    blocks: list[_Block]


class _Rows(NamedTuple):
    """The counted rows of a block; ``buffer`` is free again once they were copied."""

    buffer: _Buffer
    n: int
    row_ends: NDArray[np.int64]


class _Buffer:
    """What a thread needs to count a block."""

    def __init__(self, n_contexts: int, entries: int) -> None:
        self.sums = np.zeros(n_contexts, np.int64)
        self.seen = np.zeros(n_contexts // 64 + 1, np.uint64)
        self.indices = np.empty(entries, np.int32)
        self.values = np.empty(entries, np.float64)


@dataclass(frozen=True)
class _Counter:
    """Everything that stays the same while a corpus is counted."""

    text: NDArray[np.int32]
    tokens: NDArray[np.int32]
    offsets: NDArray[np.int64]
    occurrences: NDArray[np.int64]
    n_contexts: int
    window: Window
    cap: float
    n_jobs: int

    def row_bounds(self) -> NDArray[np.int64]:
        """Return the most entries that each word's row can have: shape (n_words,)."""
        reach = self.window.size * (2 if self.window.side == "both" else 1)
        return np.minimum(self.occurrences * reach, self.n_contexts)

    def ranges(self, most_positions: int) -> Iterator[_Range]:
        """Yield ranges of words with at most so many positions (or one word)."""
        bounds = self.row_bounds()
        for first, last in _split(self.occurrences, most_positions):
            counts = self.occurrences[first:last]
            ends = np.cumsum(counts) - counts
            begins = ends.copy()
            positions = np.empty(int(counts.sum()), np.int64)
            k.gather_positions(self.tokens, self.offsets, first, last, ends, positions)
            cuts = _split(bounds[first:last], _BLOCK_ENTRIES)
            blocks = [_Block(first + begin, first + end) for begin, end in cuts]
            yield _Range(first, positions, begins, ends, blocks)

    def count(self, most_positions: int) -> Iterator[_Rows]:
        """Yield the rows of all words in order; each must be copied before the next is asked for.

        The generator takes a buffer back as soon as it is asked for the next rows.
        """
        most = int(self.occurrences.max(initial=0))
        left, right, scale = self.window.whole_weights(most)
        entries = max(_BLOCK_ENTRIES, int(self.row_bounds().max(initial=0)))
        idle: queue.SimpleQueue[_Buffer] = queue.SimpleQueue()
        for _ in range(self.n_jobs + 3):
            idle.put(_Buffer(self.n_contexts, entries))
        for words in self.ranges(most_positions):

            def count(block: _Block, words: _Range = words) -> _Rows:
                rows = slice(block.first - words.first, block.last - words.first)
                buffer = idle.get()
                row_ends = np.empty(block.last - block.first, np.int64)
                n = k.count_rows(
                    self.text, words.positions, words.ends[rows], words.begins[rows.start],
                    left, right, scale, self.cap, buffer.sums, buffer.seen,
                    buffer.indices, buffer.values, row_ends,
                )  # fmt: skip
                return _Rows(buffer, n, row_ends)

            for rows in map_in_order(count, words.blocks, self.n_jobs, ahead=1):
                yield rows
                idle.put(rows.buffer)


def count_cooccurrences(
    corpus: Corpus,
    window: Window,
    *,
    context_of: NDArray[np.int32] | None = None,
    cap: float = np.inf,
    memory: int | None = None,
    n_jobs: int | None = None,
) -> sp.csr_array:
    """Count how often each word of a corpus has each context.

    Parameters
    ----------
    corpus : Corpus
        The text.
    window : Window
        What the contexts of a word are, and what they weigh.
    context_of : ndarray of shape (n_words,), int32, optional
        The column of each word when it is a context; negative for words that are no contexts.
        Default: the word's number.
    cap : float, default=inf
        Larger counts are set to it.
    memory : int, optional
        Bytes that counting may use; the result is then on disk and memory-mapped. Default: the
        result and the text are held in memory.
    n_jobs : int, optional
        Threads; default: every core.

    Returns
    -------
    csr_array of shape (n_words, n_contexts), float64
        Sorted columns, no zeros. The same for any number of threads and any ``memory``.

    Raises
    ------
    InvalidParameterError
        ``memory`` is below 16 MiB.
    CorpusError
        The corpus is damaged: its tokens are not those that its vocabulary counts.

    Notes
    -----
    In addition to ``memory``, counting takes ``n_jobs + 3`` buffers of 8 bytes a context for sums
    and 12 bytes an entry, of which the longest row may need one a context, and at least 3 MiB.
    What is on disk is in the system's folder for temporary files, which ``TMPDIR`` names.
    """
    n_words = len(corpus.vocabulary)
    columns = np.arange(n_words, dtype=np.int32) if context_of is None else context_of
    n_contexts = int(columns.max(initial=-1)) + 1
    if memory is not None and memory < LEAST_MEMORY:
        raise InvalidParameterError(
            "memory", "count_cooccurrences", f"at least {LEAST_MEMORY:,} bytes", memory
        )
    offsets = np.ascontiguousarray(BOUNDARIES[window.boundary](corpus))
    _check_corpus(corpus, offsets)
    with text_array(corpus.n_tokens + len(offsets), on_disk=memory is not None) as text:
        columns = np.where(columns < 0, k.IGNORED, columns).astype(np.int32)
        k.lay_out(corpus.tokens, offsets, columns, text)
        counter = _Counter(
            text=text,
            tokens=corpus.tokens,
            offsets=offsets,
            occurrences=corpus.vocabulary.counts,
            n_contexts=n_contexts,
            window=window,
            cap=float(cap),
            n_jobs=resolve_n_jobs(n_jobs, "count_cooccurrences"),
        )
        if memory is not None:
            # Positions take 8 bytes, and those of two ranges are there at a time.
            return _on_disk(counter, min(memory // 16, corpus.n_tokens))
        if 12 * int(counter.row_bounds().sum()) > _physical_memory():
            return _on_disk(counter, corpus.n_tokens)
        return _in_memory(counter)


def _check_corpus(corpus: Corpus, offsets: NDArray[np.int64]) -> None:
    """Check what the kernels rely on, because they would write outside their arrays without it."""
    counts = corpus.vocabulary.counts
    whole = offsets[0] == 0 and offsets[-1] == corpus.n_tokens and not (np.diff(offsets) < 0).any()
    if not whole or not k.tokens_agree(corpus.tokens, counts.copy()):
        raise CorpusError(
            f"{corpus.path} is damaged: its tokens are not those that its vocabulary counts. "
            "Build the corpus again."
        )


def _in_memory(counter: _Counter) -> sp.csr_array:
    """Gather the rows in arrays that are as long as they could get, then cut off the rest.

    Memory that is never written to is never taken, so the length costs nothing.
    """
    bound = int(counter.row_bounds().sum())
    indices, values = np.empty(bound, np.int32), np.empty(bound, np.float64)
    n_words = len(counter.occurrences)
    indptr = np.zeros(n_words + 1, np.int64)
    n = row = 0
    with track("counting", n_words, "words") as task:
        for rows in counter.count(len(counter.tokens)):
            indices[n : n + rows.n] = rows.buffer.indices[: rows.n]
            values[n : n + rows.n] = rows.buffer.values[: rows.n]
            indptr[row + 1 : row + 1 + len(rows.row_ends)] = rows.row_ends + n
            n += rows.n
            row += len(rows.row_ends)
            task.advance(len(rows.row_ends))
    indices.resize(n, refcheck=False)
    values.resize(n, refcheck=False)
    return _matrix(sp.csr_array, values, indices, indptr, counter.n_contexts)


def _on_disk(counter: _Counter, most_positions: int) -> sp.csr_array:
    """Write the rows to files and map them."""
    return temporary_matrix(lambda folder: _written(counter, folder, most_positions))


def _written(counter: _Counter, path: Path, most_positions: int) -> DiskMatrix:
    n_words = len(counter.occurrences)
    with (
        ArrayWriter(path / "indices.npy", np.int32) as indices,
        ArrayWriter(path / "values.npy", np.float64) as values,
        ArrayWriter(path / "indptr.npy", np.int64) as indptr,
        track("counting", n_words, "words") as task,
    ):
        indptr.append(np.zeros(1, np.int64))
        for rows in counter.count(most_positions):
            indptr.append(rows.row_ends + indices.length)
            indices.append(rows.buffer.indices[: rows.n])
            values.append(rows.buffer.values[: rows.n])
            task.advance(len(rows.row_ends))
    n = indices.length
    matrix: DiskMatrix = _matrix(
        DiskMatrix,
        map_array(path / "values.npy", np.float64, n),
        map_array(path / "indices.npy", np.int32, n),
        map_array(path / "indptr.npy", np.int64, n_words + 1),
        counter.n_contexts,
    )
    return matrix


def _matrix(
    kind: type[Any],
    values: NDArray[np.float64],
    indices: NDArray[np.int32],
    indptr: NDArray[np.int64],
    n_contexts: int,
) -> Any:
    matrix = kind((len(indptr) - 1, n_contexts), dtype=values.dtype)
    # Assigned, because the constructor would copy the columns to 64 bits if the row ends need them.
    matrix.indptr = indptr.astype(np.int32) if len(values) < _INT32_ENTRIES else indptr
    matrix.indices, matrix.data = indices, values
    matrix.has_sorted_indices = True
    matrix.has_canonical_format = True
    return matrix


def _split(sizes: NDArray[np.int64], most: int) -> Iterator[tuple[int, int]]:
    """Cut rows into stretches whose sizes sum to at most ``most``, or that are one row."""
    until = np.cumsum(sizes)
    first, before = 0, 0
    while first < len(sizes):
        last = max(first + 1, int(np.searchsorted(until, before + most, side="right")))
        yield first, last
        first, before = last, int(until[last - 1])


def _physical_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
