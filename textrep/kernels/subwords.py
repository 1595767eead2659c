"""Hashing the character n-grams of words, and means of rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel

__all__ = ["hash_ngrams", "mean_rows"]

OFFSET_BASIS = np.uint32(2166136261)
PRIME = np.uint32(16777619)
HIGH_BITS = np.uint32(0xFFFFFF00)


@kernel
def hash_ngrams(
    text: NDArray[np.uint8],
    starts: NDArray[np.int64],
    offsets: NDArray[np.int64],
    min_n: int,
    max_n: int,
    buckets: np.uint32,
    out: NDArray[np.int32],
) -> None:
    """Hash every n-gram of each word, in the order of fastText: by beginning, then by length.

    The hash is FNV-1a over bytes, each of which fastText takes as signed: one from 0x80 up also
    turns the high 24 bits over.

    Parameters
    ----------
    text : ndarray of shape (n_bytes,), uint8
        The words as UTF-8, each between ``<`` and ``>``. A byte 10xxxxxx goes on with a character,
        any other begins one.
    starts : ndarray of shape (n_words + 1,), int64
        Where each word begins in ``text``.
    offsets : ndarray of shape (n_words + 1,), int64
        Where the n-grams of each word begin in ``out``; a word with no room gets none.
    min_n, max_n : int
        Shortest and longest n-gram, in characters. ``<`` and ``>`` alone are none.
    buckets : uint32
        Hashes are taken modulo this.
    out : ndarray of shape (offsets[-1],), int32
        The bucket of each n-gram. Changed.
    """
    for word in range(len(starts) - 1):
        at = offsets[word]
        if at == offsets[word + 1]:
            continue
        begin, end = starts[word], starts[word + 1]
        for i in range(begin, end):
            if text[i] & 0xC0 == 0x80:
                continue
            code = OFFSET_BASIS
            j, n = i, 0
            while j < end and n < max_n:
                n += 1
                going_on = True
                while going_on:
                    byte = np.uint32(text[j])
                    if byte >= 0x80:
                        byte |= HIGH_BITS
                    code = np.uint32((code ^ byte) * PRIME)
                    j += 1
                    going_on = j < end and text[j] & 0xC0 == 0x80
                if n >= min_n and not (n == 1 and (i == begin or j == end)):
                    out[at] = np.int32(code % buckets)
                    at += 1


@kernel
def mean_rows(
    rows: NDArray[np.float32],
    offsets: NDArray[np.int64],
    parts: NDArray[np.int32],
    out: NDArray[np.float32],
) -> None:
    """Write the mean of some rows, summed in their order, for each row of ``out``.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, dim), float32
    offsets : ndarray of shape (n_means + 1,), int64
        Where the parts of each mean begin in ``parts``.
    parts : ndarray of shape (offsets[-1],), int32
        Numbers of rows.
    out : ndarray of shape (n_means, dim), float32
        The means; zeros where there are no parts. Changed.
    """
    for mean in range(len(out)):
        begin, end = offsets[mean], offsets[mean + 1]
        total = out[mean]
        total[:] = np.float32(0.0)
        for part in range(begin, end):
            row = rows[parts[part]]
            for d in range(len(total)):
                total[d] += row[d]
        if end > begin:
            scale = np.float32(1.0) / np.float32(end - begin)
            for d in range(len(total)):
                total[d] *= scale
