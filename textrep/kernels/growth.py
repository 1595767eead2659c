"""How the number of different pairs of neighbours grows with the text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel

__all__ = ["distinct_pairs"]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


@kernel
def distinct_pairs(
    tokens: NDArray[np.int32],
    offsets: NDArray[np.int64],
    window: int,
    ordered: bool,
    earlier: NDArray[np.uint8],
    later: NDArray[np.uint8],
    marks: NDArray[np.int64],
    table: NDArray[np.uint64],
    entries: NDArray[np.int64],
) -> int:
    """Count the entries that a co-occurrence matrix has after each part of a text.

    Parameters
    ----------
    tokens : ndarray of shape (n_tokens,), int32
        Word numbers, none negative.
    offsets : ndarray of shape (n_sentences + 1,), int64
        Where sentences begin, and where the last ends.
    window : int
        Tokens to look at.
    ordered : bool
        Whether a before b is another pair than b before a.
    earlier, later : ndarrays of shape (n_words,), uint8
        Entries that a new pair makes for the word that comes first in it, and for the other: 1
        where that word is a context, 0 where not. Of a word with itself only the first counts,
        unless ``ordered``.
    marks : ndarray of shape (n_marks,), int64
        Numbers of sentences, ascending.
    table : ndarray, uint64
        Scratch: zeros, a power of 2, more than there are pairs. Changed.
    entries : ndarray of shape (n_marks,), int64
        Entries made by the first ``marks[i]`` sentences. Changed.

    Returns
    -------
    int
        The entries that there would be if no pair occurred twice.
    """
    mask = np.uint64(len(table) - 1)
    made = all_new = mark = 0
    for sentence in range(len(offsets) - 1):
        while mark < len(marks) and marks[mark] == sentence:
            entries[mark] = made
            mark += 1
        for i in range(offsets[sentence], offsets[sentence + 1]):
            last = min(i + window, offsets[sentence + 1] - 1)
            for j in range(i + 1, last + 1):
                a, b = tokens[i], tokens[j]
                new = earlier[a] + later[b] if ordered or a != b else earlier[a]
                if new == 0:
                    continue
                all_new += new
                low, high = (a, b) if ordered or a <= b else (b, a)
                key = ((np.uint64(low) << _HALF) | np.uint64(high)) + np.uint64(1)
                code = key * _MULTIPLIER
                slot = (code ^ (code >> _HALF)) & mask
                while table[slot] != 0 and table[slot] != key:
                    slot = (slot + np.uint64(1)) & mask
                if table[slot] == 0:
                    table[slot] = key
                    made += new
    while mark < len(marks):
        entries[mark] = made
        mark += 1
    return all_new
