"""The distribution that negatives are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.alias import fill_alias

__all__ = ["NoiseTable"]


@dataclass(frozen=True)
class NoiseTable:
    """An alias table: drawing a word takes one random number and 8 bytes of memory a word.

    Attributes
    ----------
    keep : ndarray of shape (n_words,), uint32
        Share of 2^32 with which column ``i`` gives word ``i`` itself.
    other : ndarray of shape (n_words,), int32
        The word that column ``i`` gives otherwise.

    References
    ----------
    Walker 1977, An Efficient Method for Generating Discrete Random Variables with General
    Distributions, ACM TOMS 3(3). Vose 1991, A Linear Algorithm for Generating Random Numbers with a
    Given Distribution, IEEE TSE 17(9).
    """

    keep: NDArray[np.uint32]
    other: NDArray[np.int32]

    @classmethod
    def from_counts(cls, counts: NDArray[np.int64], exponent: float) -> NoiseTable:
        """Return the table of the distribution proportional to count^exponent."""
        weights = counts.astype(np.float64) ** exponent
        weights *= len(weights) / weights.sum()
        keep, other = np.empty(len(weights), np.uint32), np.empty(len(weights), np.int32)
        fill_alias(weights, keep, other)
        return cls(keep, other)
