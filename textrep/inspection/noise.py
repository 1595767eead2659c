"""How much a word changes by the seed alone: a limit for each frequency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["CONFIDENCE", "Band", "limits", "noise_bands"]

CONFIDENCE = 0.99  # of the noise is below the limit
_LEAST_WORDS = 500  # of a band, so that several are above its limit


class Band(NamedTuple):
    """Words of about the same frequency, and how much they change from seed to seed.

    Attributes
    ----------
    least : int
        Occurrences, at least; those of the band before are fewer than twice as many, or more.
    n_words : int
    median : float
        Of the changes.
    limit : float
        That 99% of the changes do not exceed.
    """

    least: int
    n_words: int
    median: float
    limit: float


def noise_bands(
    counts: NDArray[np.int64] | None, changes: Sequence[NDArray[np.float64]]
) -> list[Band]:
    """Return bands of frequency, most frequent words first.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), int64, or None
        Occurrences of each word. None: all words are in one band.
    changes : sequence of ndarray of shape (n_words,), float64
        Of each word between two models from different seeds.

    Returns
    -------
    list of Band
        A band takes words of half the frequency, and again of half, until it has 500.
    """
    n_words = len(changes[0])
    levels = np.zeros(n_words, np.int64)
    if counts is not None:
        levels = np.floor(np.log2(np.maximum(counts, 1))).astype(np.int64)
    sizes = np.bincount(levels)
    lowest: list[int] = []
    size = 0
    for level in range(len(sizes) - 1, -1, -1):
        size += sizes[level]
        if size >= _LEAST_WORDS:
            lowest, size = [*lowest, level], 0
    # What is left at the end goes to the band before; the last band takes the rarest words, too.
    edges = [*lowest[:-1], 0]
    bands, above = [], len(sizes)
    for edge in edges:
        inside = (levels >= edge) & (levels < above)
        values = np.concatenate([change[inside] for change in changes])
        limit = float(np.quantile(values, CONFIDENCE, method="higher"))
        least = 0 if edge == 0 else 1 << edge
        bands.append(Band(least, int(inside.sum()), float(np.median(values)), limit))
        above = edge
    return bands


def limits(
    bands: Sequence[Band], counts: NDArray[np.int64] | None, n_words: int
) -> NDArray[np.float64]:
    """Return the limit of each word's band, shape (n_words,)."""
    if counts is None:
        return np.full(n_words, bands[-1].limit)
    least = np.array([band.least for band in reversed(bands)])
    places = np.searchsorted(least, counts, side="right") - 1
    return np.array([band.limit for band in reversed(bands)])[places]
