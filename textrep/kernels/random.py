"""Random numbers that are keyed, not drawn in turn: the same for any order and number of threads.

A number is a hash of what it is for: seed, epoch, position in the text. The hash is the finaliser
of SplitMix64 (Steele, Lea and Flood 2014, Fast Splittable Pseudorandom Number Generators, OOPSLA).
"""

from __future__ import annotations

import numpy as np

from textrep.kernels.jit import step

__all__ = ["draw_alias", "hash64", "key_of"]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


@step
def hash64(value: np.uint64) -> np.uint64:
    """Return 64 bits that look random and depend on ``value`` alone."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@step
def key_of(key: np.uint64, item: int) -> np.uint64:
    """Return the key of item number ``item`` of the sequence that ``key`` names."""
    return hash64(key + (np.uint64(item) + np.uint64(1)) * _GOLDEN)


@step
def draw_alias(bits: np.uint64, keep: np.ndarray, other: np.ndarray) -> np.int64:
    """Draw from the distribution of an alias table (Walker 1977).

    Parameters
    ----------
    bits : uint64
        Random bits.
    keep : ndarray of shape (n,), uint32
        Share of 2^32 with which column ``i`` gives ``i`` itself.
    other : ndarray of shape (n,), int32
        What column ``i`` gives otherwise.
    """
    column = np.int64(((bits >> _HALF) * np.uint64(len(keep))) >> _HALF)
    if (bits & _LOW) <= np.uint64(keep[column]):
        return column
    return np.int64(other[column])
