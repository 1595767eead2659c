"""Counting a shard of a text, and adding up what shards counted: what workers do, without Dask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.corpus.encoded import Corpus
from textrep.counting import BOUNDARIES, Window
from textrep.counting.rows import csr
from textrep.errors import CorpusError
from textrep.kernels import cooccurrence as k
from textrep.kernels.shards import add_rows, count_whole_rows
from textrep.parallel import even_rows

__all__ = ["ShardRows", "add_shards", "count_shard"]

_BLOCK_ENTRIES = 1 << 18  # counted at a time: 3 MB of columns and sums stay in the cache


class ShardRows(NamedTuple):
    """What a shard counted for a stretch of words.

    Attributes
    ----------
    ends : ndarray of shape (n_rows,), int64
        Where each word's row ends in the next two.
    indices : ndarray, int32
        Columns, ascending in each row.
    wholes : ndarray, int64
        Sums of weights, as whole numbers; see :meth:`textrep.counting.Window.whole_weights`.
    """

    ends: NDArray[np.int64]
    indices: NDArray[np.int32]
    wholes: NDArray[np.int64]


class _LaidOut(NamedTuple):
    """A shard's text and where its words are in it."""

    text: NDArray[np.int32]
    positions: NDArray[np.int64]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]


def count_shard(
    corpus: Corpus,
    window: Window,
    context_of: NDArray[np.int32],
    tokens: tuple[int, int],
    words: Sequence[tuple[int, int]],
) -> list[ShardRows]:
    """Count the contexts of the words in a stretch of the text.

    Parameters
    ----------
    corpus : Corpus
        The text.
    window : Window
        What the contexts of a word are, and what they weigh.
    context_of : ndarray of shape (n_words,), int32
        The column of each word when it is a context; negative for words that are no contexts.
    tokens : tuple of int
        The first token of the shard, and the one after its last. Contexts may be outside.
    words : sequence of tuple of int
        Stretches of words, whose rows are to come apart.

    Returns
    -------
    list of ShardRows
        One a stretch of words.

    Raises
    ------
    CorpusError
        The corpus is damaged.
    """
    left, right, _ = window.whole_weights(int(corpus.vocabulary.counts.max(initial=0)))
    shard = _lay_out(corpus, window, context_of, tokens)
    n_contexts = int(context_of.max(initial=-1)) + 1
    reach = len(left) + len(right)
    bounds = np.minimum((shard.ends - shard.begins) * reach, n_contexts)
    until = np.concatenate([[0], np.cumsum(bounds)])
    blocks = [_blocks(until, first, last) for first, last in words]
    most = max((int(until[e] - until[b]) for group in blocks for b, e in group), default=0)
    sums, seen = np.zeros(n_contexts, np.int64), np.zeros(n_contexts // 64 + 1, np.uint64)
    indices, wholes = np.empty(most, np.int32), np.empty(most, np.int64)

    def rows_of(group: list[tuple[int, int]]) -> ShardRows:
        parts: list[ShardRows] = []
        before = 0
        for begin, end in group:
            row_ends = np.empty(end - begin, np.int64)
            n = count_whole_rows(
                shard.text, shard.positions, shard.ends[begin:end], int(shard.begins[begin]),
                left, right, sums, seen, indices, wholes, row_ends,
            )  # fmt: skip
            parts.append(ShardRows(row_ends + before, indices[:n].copy(), wholes[:n].copy()))
            before += n
        return ShardRows(*map(np.concatenate, zip(*parts, strict=True)))

    return [rows_of(group) for group in blocks]


def _lay_out(
    corpus: Corpus, window: Window, context_of: NDArray[np.int32], tokens: tuple[int, int]
) -> _LaidOut:
    """Lay the shard out with the contexts around it, and find the words of the shard itself."""
    low, high = max(0, tokens[0] - window.size), min(corpus.n_tokens, tokens[1] + window.size)
    ids = np.array(corpus.tokens[low:high])
    offsets = BOUNDARIES[window.boundary](corpus)
    first = int(np.searchsorted(offsets, low, side="right")) - 1
    last = int(np.searchsorted(offsets, high, side="left"))
    around = np.clip(offsets[first : max(first, last) + 1], low, high) - low
    _check(corpus, ids, around)
    text = np.empty(len(ids) + len(around), np.int32)
    k.lay_out(ids, around, np.where(context_of < 0, k.IGNORED, context_of).astype(np.int32), text)
    # Stretches outside the shard become empty, so that the others keep their numbers.
    inside = np.clip(around, tokens[0] - low, tokens[1] - low)
    n_words = len(corpus.vocabulary)
    occurrences = np.bincount(ids[inside[0] : inside[-1]], minlength=n_words)
    ends = np.cumsum(occurrences) - occurrences
    begins, positions = ends.copy(), np.empty(int(occurrences.sum()), np.int64)
    k.gather_positions(ids, inside, 0, n_words, ends, positions)
    return _LaidOut(text, positions, begins, ends)


def _check(corpus: Corpus, ids: NDArray[np.int32], offsets: NDArray[np.int64]) -> None:
    """Check what the kernels rely on, because they would write outside their arrays without it."""
    whole = offsets[0] == 0 and offsets[-1] == len(ids) and not (np.diff(offsets) < 0).any()
    known = len(ids) == 0 or (ids.min() >= 0 and ids.max() < len(corpus.vocabulary))
    if not whole or not known:
        raise CorpusError(
            f"{corpus.path} is damaged: its tokens are not those that its vocabulary counts. "
            "Build the corpus again."
        )


def _blocks(until: NDArray[np.int64], first: int, last: int) -> list[tuple[int, int]]:
    """Cut a stretch of words into blocks of about ``_BLOCK_ENTRIES`` entries."""
    bounds = until[first : last + 1] - until[first]
    parts = max(1, -(-int(bounds[-1]) // _BLOCK_ENTRIES))
    return [(first + begin, first + end) for begin, end in even_rows(bounds, parts)]


def add_shards(
    shards: Sequence[ShardRows], n_contexts: int, scale: float, cap: float
) -> sp.csr_array:
    """Add up what the shards of a text counted for a stretch of words.

    Parameters
    ----------
    shards : sequence of ShardRows
        All for the same words; in any order.
    n_contexts : int
        Columns.
    scale : float
        What a weight of 1.0 is in the whole numbers.
    cap : float
        Larger counts are set to it.

    Returns
    -------
    csr_array of shape (n_rows, n_contexts), float64
        Sorted columns, no zeros.
    """
    sizes = np.array([len(shard.indices) for shard in shards])
    starts = np.cumsum(sizes) - sizes
    ends = np.stack([shard.ends for shard in shards]) + starts[:, None]
    begins = np.hstack([starts[:, None], ends[:, :-1]])
    total, n_rows = int(sizes.sum()), ends.shape[1]
    sums, seen = np.zeros(n_contexts, np.int64), np.zeros(n_contexts // 64 + 1, np.uint64)
    indices, values = np.empty(total, np.int32), np.empty(total, np.float64)
    indptr = np.zeros(n_rows + 1, np.int64)
    n = add_rows(
        begins, ends,
        np.concatenate([shard.indices for shard in shards]),
        np.concatenate([shard.wholes for shard in shards]),
        scale, cap, sums, seen, indices, values, indptr[1:],
    )  # fmt: skip
    return csr(values[:n].copy(), indices[:n].copy(), indptr, n_contexts)
