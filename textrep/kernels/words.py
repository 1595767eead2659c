"""A hash table of words: their bytes in one arena, their numbers in order of insertion.

A slot of the table holds the word's number plus one in its low half and the high half of its hash
code, so most words that differ are told apart without a look at their bytes. The hash is FNV-1a.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel

__all__ = ["LOW", "OFFSET_BASIS", "PRIME", "find_word", "insert_words", "mix", "rebuild_slots"]

OFFSET_BASIS = np.uint64(0xCBF29CE484222325)
PRIME = np.uint64(0x100000001B3)
LOW = np.uint64(0xFFFFFFFF)


@kernel
def mix(value: np.uint64) -> np.uint64:
    """Spread the entropy of ``value`` over its low bits."""
    value ^= value >> np.uint64(29)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    return value ^ (value >> np.uint64(32))


@kernel
def hash_word(arena: NDArray[np.uint8], begin: int, end: int) -> np.uint64:
    code = OFFSET_BASIS
    for k in range(begin, end):
        code = (code ^ np.uint64(arena[k])) * PRIME
    return mix(code)


@kernel
def find_word(
    code: np.uint64,
    begin: int,
    end: int,
    slots: NDArray[np.uint64],
    starts: NDArray[np.int64],
    arena: NDArray[np.uint8],
    text: NDArray[np.uint8],
) -> tuple[np.int64, np.int64]:
    """Return the number of the word ``text[begin:end]``, or -1, and its slot.

    A slot holds the word's number plus one in its low half and the high half of its hash code.
    """
    mask = np.uint64(len(slots) - 1)
    tag = code & ~LOW
    slot = code & mask
    while True:
        entry = slots[slot]
        if entry == 0:
            return np.int64(-1), np.int64(slot)
        if (entry & ~LOW) == tag:
            word = np.int64(entry & LOW) - 1
            first = starts[word]
            if starts[word + 1] - first == end - begin:
                same = True
                for k in range(end - begin):
                    if arena[first + k] != text[begin + k]:
                        same = False
                        break
                if same:
                    return word, np.int64(slot)
        slot = (slot + np.uint64(1)) & mask


@kernel
def rebuild_slots(
    slots: NDArray[np.uint64],
    starts: NDArray[np.int64],
    arena: NDArray[np.uint8],
    n_words: int,
) -> None:
    """Fill the empty hash table ``slots`` with the first ``n_words`` words. Changes ``slots``."""
    mask = np.uint64(len(slots) - 1)
    for word in range(n_words):
        code = hash_word(arena, starts[word], starts[word + 1])
        slot = code & mask
        while slots[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = (code & ~LOW) | np.uint64(word + 1)


@kernel
def insert_words(
    new_starts: NDArray[np.int64],
    new_counts: NDArray[np.int64],
    new_arena: NDArray[np.uint8],
    slots: NDArray[np.uint64],
    starts: NDArray[np.int64],
    counts: NDArray[np.int64],
    arena: NDArray[np.uint8],
    n_words: int,
    numbers: NDArray[np.int32],
) -> int:
    """Add the words of one table and their counts to another that has room for them all.

    Parameters
    ----------
    new_starts, new_counts, new_arena : ndarrays of shapes (n_new + 1,), (n_new,), (any,)
        The words to add.
    slots, starts, counts, arena : ndarrays
        The table they are added to. Changed.
    n_words : int
        Words in that table now.
    numbers : ndarray of shape (n_new,), int32
        The number that each new word has there. Changed.

    Returns
    -------
    int
        Words in the table now.
    """
    for i in range(len(new_counts)):
        begin, end = new_starts[i], new_starts[i + 1]
        code = hash_word(new_arena, begin, end)
        word, slot = find_word(code, begin, end, slots, starts, arena, new_arena)
        if word < 0:
            word = np.int64(n_words)
            n_words += 1
            slots[slot] = (code & ~LOW) | np.uint64(n_words)
            first = starts[word]
            for k in range(end - begin):
                arena[first + k] = new_arena[begin + k]
            starts[n_words] = first + end - begin
            counts[word] = 0
        counts[word] += new_counts[i]
        numbers[i] = word
    return n_words
