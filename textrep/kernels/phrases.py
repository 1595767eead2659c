"""Counting neighbouring pairs of words, and joining the pairs that make a phrase."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel

__all__ = ["DONE", "count_pairs", "insert_pairs", "join_pairs", "pair_key"]

DONE = -1

_SHIFT = np.uint64(32)


@kernel
def pair_key(first: np.int64, second: np.int64) -> np.uint64:
    """Pack two word numbers into one key, never 0."""
    return ((np.uint64(first) << _SHIFT) | np.uint64(second)) + np.uint64(1)


@kernel
def _slot(key: np.uint64, keys: NDArray[np.uint64]) -> np.uint64:
    """Return the slot of ``key`` in the hash table, or the empty one where it belongs."""
    mask = np.uint64(len(keys) - 1)
    code = key * np.uint64(0x9E3779B97F4A7C15)
    slot = (code ^ (code >> _SHIFT)) & mask
    while keys[slot] != 0 and keys[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    return slot


@kernel
def count_pairs(
    ids: NDArray[np.int32],
    ends: NDArray[np.int32],
    eligible: NDArray[np.bool_],
    keys: NDArray[np.uint64],
    values: NDArray[np.int64],
    used: int,
    start: int,
) -> tuple[int, int]:
    """Count the pairs of eligible words that stand side by side in a sentence.

    Parameters
    ----------
    ids : ndarray of shape (n_tokens,), int32
        Word numbers.
    ends : ndarray of shape (n_sentences,), int32
        Where sentences end.
    eligible : ndarray of shape (n_words,), bool
        Which words may be part of a phrase.
    keys, values : ndarrays of shape (n_slots,), uint64 and int64
        Hash table from pair keys to counts; a power of two long. Changed.
    used : int
        Entries of the table in use.
    start : int
        First token to look at.

    Returns
    -------
    used : int
        Entries of the table in use now.
    stopped : int
        DONE, or the token to start from once the table has been enlarged.
    """
    sentence = 0
    for i in range(start, len(ids) - 1):
        while sentence < len(ends) and ends[sentence] <= i:
            sentence += 1
        if sentence < len(ends) and ends[sentence] == i + 1:
            continue
        if not (eligible[ids[i]] and eligible[ids[i + 1]]):
            continue
        if 2 * used >= len(keys):
            return used, i
        key = pair_key(np.int64(ids[i]), np.int64(ids[i + 1]))
        slot = _slot(key, keys)
        if keys[slot] == 0:
            keys[slot] = key
            used += 1
        values[slot] += 1
    return used, DONE


@kernel
def insert_pairs(
    new_keys: NDArray[np.uint64],
    new_values: NDArray[np.int64],
    keys: NDArray[np.uint64],
    values: NDArray[np.int64],
) -> None:
    """Put pairs into an empty, large enough hash table. Changes ``keys`` and ``values``."""
    for i in range(len(new_keys)):
        slot = _slot(new_keys[i], keys)
        keys[slot] = new_keys[i]
        values[slot] = new_values[i]


@kernel
def join_pairs(
    ids: NDArray[np.int32],
    ends: NDArray[np.int32],
    documents: NDArray[np.int32],
    keys: NDArray[np.uint64],
    phrases: NDArray[np.int64],
) -> int:
    """Replace each pair that is a phrase by the phrase, from left to right, in place.

    Parameters
    ----------
    ids : ndarray of shape (n_tokens,), int32
        Word numbers. Its first entries become the joined text. Changed.
    ends, documents : ndarrays of shapes (n_sentences,) and (n_documents,), int32
        Where sentences and documents end. Changed.
    keys, phrases : ndarrays of shape (n_slots,), uint64 and int64
        Hash table from pair keys to the number of the phrase.

    Returns
    -------
    int
        Tokens in the joined text.
    """
    kept = 0
    sentence = 0
    document = 0
    i = 0
    while i < len(ids):
        while sentence < len(ends) and ends[sentence] <= i:
            ends[sentence] = kept
            sentence += 1
        while document < len(documents) and documents[document] <= i:
            documents[document] = kept
            document += 1
        within = not (sentence < len(ends) and ends[sentence] == i + 1)
        word = np.int64(ids[i])
        if within and i + 1 < len(ids):
            key = pair_key(word, np.int64(ids[i + 1]))
            slot = _slot(key, keys)
            if keys[slot] == key:
                word = phrases[slot]
                i += 1
        ids[kept] = word
        kept += 1
        i += 1
    ends[sentence:] = kept
    documents[document:] = kept
    return kept
