"""Counting contexts, one word at a time.

The positions of each word are gathered first. A word's row is then summed in one dense array that
stays in cache, and written out in the order of its columns. Rows are independent, so threads share
nothing, and weights are whole numbers, so sums do not depend on their order: the counts are the
same for any number of threads and any amount of memory.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel
from textrep.kernels.prefetch import prefetch
from textrep.kernels.row import add_to, write_row

__all__ = [
    "END",
    "IGNORED",
    "add_contexts",
    "count_rows",
    "gather_positions",
    "lay_out",
    "tokens_agree",
]

END = -1  # in the laid-out text: between two stretches that no window crosses
IGNORED = -2  # in the laid-out text: a token that is no context

_AHEAD = 8  # occurrences; reading the text where a word is misses the cache almost every time


@kernel
def tokens_agree(tokens: NDArray[np.int32], left: NDArray[np.int64]) -> bool:
    """Return whether each word occurs as often as it should.

    Parameters
    ----------
    tokens : ndarray of shape (n_tokens,), int32
        Word numbers, possibly wrong.
    left : ndarray of shape (n_words,), int64
        How often each word should occur; becomes what is left of that. Changed.
    """
    for i in range(len(tokens)):
        word = tokens[i]
        if word < 0 or word >= len(left):
            return False
        left[word] -= 1
    return not left.any()


@kernel
def lay_out(
    tokens: NDArray[np.int32],
    offsets: NDArray[np.int64],
    context_of: NDArray[np.int32],
    text: NDArray[np.int32],
) -> None:
    """Write the text as context numbers, with END before, between and after its stretches.

    Parameters
    ----------
    tokens : ndarray of shape (n_tokens,), int32
        Word numbers.
    offsets : ndarray of shape (n_stretches + 1,), int64
        Where stretches that no window crosses begin, and where the last ends.
    context_of : ndarray of shape (n_words,), int32
        The column of each word as a context, or IGNORED.
    text : ndarray of shape (n_tokens + n_stretches + 1,), int32
        The laid-out text: token ``i`` of stretch ``s`` is at ``i + s + 1``. Changed.
    """
    text[0] = END
    for stretch in range(len(offsets) - 1):
        for i in range(offsets[stretch], offsets[stretch + 1]):
            text[i + stretch + 1] = context_of[tokens[i]]
        text[offsets[stretch + 1] + stretch + 1] = END


@kernel
def gather_positions(
    tokens: NDArray[np.int32],
    offsets: NDArray[np.int64],
    first: int,
    last: int,
    ends: NDArray[np.int64],
    positions: NDArray[np.int64],
) -> None:
    """Gather where the words ``first`` up to, not including, ``last`` are in the laid-out text.

    Parameters
    ----------
    tokens, offsets
        As for :func:`lay_out`.
    first, last : int
        A range of words.
    ends : ndarray of shape (last - first,), int64
        Where each word's positions begin in ``positions``; becomes where they end. Changed.
    positions : ndarray of shape (occurrences of these words,), int64
        The positions, ascending for each word. Changed.
    """
    for stretch in range(len(offsets) - 1):
        for i in range(offsets[stretch], offsets[stretch + 1]):
            word = tokens[i] - first
            if 0 <= word < last - first:
                positions[ends[word]] = i + stretch + 1
                ends[word] += 1


@kernel
def add_contexts(
    text: NDArray[np.int32],
    positions: NDArray[np.int64],
    begin: int,
    end: int,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    sums: NDArray[np.int64],
    seen: NDArray[np.uint64],
) -> None:
    """Add what is around the positions ``begin`` up to, not including, ``end`` to a row.

    Parameters
    ----------
    text, positions, left, right
        As for :func:`count_rows`.
    begin, end : int
        A range of ``positions``.
    sums : ndarray of shape (n_contexts,), int64
        The row: what each context counts. Changed.
    seen : ndarray of shape (n_contexts // 64 + 1,), uint64
        A bit a context, set for those that were added to. Changed.
    """
    for i in range(begin, end):
        position = positions[i]
        if i + _AHEAD < len(positions):
            prefetch(text, positions[i + _AHEAD] - len(left))
            prefetch(text, positions[i + _AHEAD] + len(right))
        for k in range(len(left)):
            context = text[position - 1 - k]
            if context >= 0:
                add_to(context, left[k], sums, seen)
            elif context == END:
                break
        for k in range(len(right)):
            context = text[position + 1 + k]
            if context >= 0:
                add_to(context, right[k], sums, seen)
            elif context == END:
                break


@kernel
def count_rows(
    text: NDArray[np.int32],
    positions: NDArray[np.int64],
    ends: NDArray[np.int64],
    begin: int,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    scale: float,
    cap: float,
    sums: NDArray[np.int64],
    seen: NDArray[np.uint64],
    indices: NDArray[np.int32],
    values: NDArray[np.float64],
    row_ends: NDArray[np.int64],
) -> int:
    """Count the contexts of a few words.

    Parameters
    ----------
    text : ndarray of shape (n_text,), int32
        The laid-out text.
    positions : ndarray, int64
        Where the words are in it.
    ends : ndarray of shape (n_rows,), int64
        Where each word's positions end; the first word's begin at ``begin``.
    begin : int
        Where the first word's positions begin.
    left, right : ndarrays of shape (window,), int64
        Weight of the context at each distance, from 1 up, before and after the word.
    scale : float
        What a weight of 1.0 is in these whole numbers.
    cap : float
        Counts above are set to it.
    sums : ndarray of shape (n_contexts,), int64
        Scratch; all zero before and after. Changed.
    seen : ndarray of shape (n_contexts // 64 + 1,), uint64
        Scratch; all zero before and after. Changed.
    indices, values : ndarrays with room for every entry, int32 and float64
        Columns, ascending, and counts of the rows, one after the other. Changed.
    row_ends : ndarray of shape (n_rows,), int64
        Where each row ends in them. Changed.

    Returns
    -------
    int
        How many entries there are.
    """
    n = 0
    for row in range(len(ends)):
        add_contexts(text, positions, begin, ends[row], left, right, sums, seen)
        begin = ends[row]
        n = write_row(sums, seen, scale, cap, indices, values, n)
        row_ends[row] = n
    return n
