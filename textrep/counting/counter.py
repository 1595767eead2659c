"""The co-occurrence matrix of a corpus, in parallel and in bounded memory.

Words are taken in ranges whose positions fit in memory, ranges in blocks whose rows fit in cache.
Threads count blocks; the caller's thread puts their rows together in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.corpus.encoded import Corpus
from textrep.counting import rows as r
from textrep.counting.window import BOUNDARIES, Window
from textrep.errors import CorpusError
from textrep.kernels import cooccurrence as k
from textrep.parallel import resolve_n_jobs
from textrep.scratch import scratch_array

__all__ = ["count_cooccurrences"]


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
        for first, last in r.split(self.occurrences, most_positions):
            counts = self.occurrences[first:last]
            ends = np.cumsum(counts) - counts
            begins = ends.copy()
            n = int(counts.sum())  # of one word there may be more than fit
            positions = scratch_array((n,), np.int64, on_disk=n > most_positions)
            k.gather_positions(self.tokens, self.offsets, first, last, ends, positions)
            cuts = r.split(bounds[first:last], r.BLOCK_ENTRIES)
            blocks = [_Block(first + begin, first + end) for begin, end in cuts]
            yield _Range(first, positions, begins, ends, blocks)

    def count(self, most_positions: int) -> Iterator[r.Rows]:
        """Yield the rows of all words in order; to be copied before the next are asked for."""
        most = int(self.occurrences.max(initial=0))
        left, right, scale = self.window.whole_weights(most)
        longest = int(self.row_bounds().max(initial=0))
        buffers = r.Buffers(self.n_contexts, longest, self.n_jobs)
        for words in self.ranges(most_positions):

            def count(block: _Block, buffer: r.Buffer, words: _Range = words) -> r.Rows:
                rows = slice(block.first - words.first, block.last - words.first)
                row_ends = np.empty(block.last - block.first, np.int64)
                n = k.count_rows(
                    self.text, words.positions, words.ends[rows], words.begins[rows.start],
                    left, right, scale, self.cap, buffer.sums, buffer.seen,
                    buffer.indices, buffer.values, row_ends,
                )  # fmt: skip
                return r.Rows(buffer, n, row_ends)

            yield from buffers.fill(count, words.blocks)


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
        Bytes that counting may use; the text and the result are then in temporary files, which are
        memory-mapped. Default: they are in memory.
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
    InputError
        The disk is full.

    Notes
    -----
    In addition to ``memory``, counting takes ``n_jobs + 3`` buffers of 8 bytes a context for sums
    and 12 bytes an entry, of which the longest row may need one a context, and at least 3 MiB;
    and about 64 bytes a word. Pages of the mapped files are the system's, which takes them back
    when it needs them. See :mod:`textrep.scratch` for where they are.
    """
    n_words = len(corpus.vocabulary)
    columns = np.arange(n_words, dtype=np.int32) if context_of is None else context_of
    n_contexts = int(columns.max(initial=-1)) + 1
    r.check_memory(memory, "count_cooccurrences")
    offsets = np.ascontiguousarray(BOUNDARIES[window.boundary](corpus))
    _check_corpus(corpus, offsets)
    size = corpus.n_tokens + len(offsets)
    text = scratch_array((size,), np.int32, on_disk=memory is not None)
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
    most = int(counter.row_bounds().sum())
    # Positions take 8 bytes, and those of two ranges are there at a time.
    positions = corpus.n_tokens if memory is None else min(memory // 16, corpus.n_tokens)
    in_memory = memory is None and r.fits_memory(most)
    shape = (n_words, n_contexts)
    return r.collect(counter.count(positions), shape, most if in_memory else None, "counting")


def _check_corpus(corpus: Corpus, offsets: NDArray[np.int64]) -> None:
    """Check what the kernels rely on, because they would write outside their arrays without it."""
    counts = corpus.vocabulary.counts
    whole = offsets[0] == 0 and offsets[-1] == corpus.n_tokens and not (np.diff(offsets) < 0).any()
    if not whole or not k.tokens_agree(corpus.tokens, counts.copy()):
        raise CorpusError(
            f"{corpus.path} is damaged: its tokens are not those that its vocabulary counts. "
            "Build the corpus again."
        )
