"""The keyed random numbers of :mod:`textrep.kernels.random`, for torch tensors on any device.

torch has no arithmetic on unsigned 64-bit numbers. Sums and products of signed ones have the same
bits, and a right shift has them once the copies of the sign are masked out, so the numbers are the
same to the bit on every device.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["draw_alias", "hash64", "high_bits", "key_of", "low_bits", "signed"]

_GOLDEN = 0x9E3779B97F4A7C15
_LOW = 0xFFFFFFFF


def signed(bits: int) -> int:
    """Return the number from -2^63 to 2^63 - 1 that has the same 64 bits as ``bits``."""
    bits &= 2**64 - 1
    return bits - 2**64 if bits >= 2**63 else bits


def low_bits(bits: Tensor) -> Tensor:
    """Return the lower 32 bits of each number, as a number from 0 to 2^32 - 1."""
    return bits & _LOW


def high_bits(bits: Tensor) -> Tensor:
    """Return the upper 32 bits of each number, as a number from 0 to 2^32 - 1."""
    return (bits >> 32) & _LOW


def hash64(values: Tensor) -> Tensor:
    """Return 64 bits for each number that look random and depend on it alone.

    Parameters
    ----------
    values : Tensor, int64
        Of any shape.
    """
    values = (values ^ _shifted(values, 30)) * signed(0xBF58476D1CE4E5B9)
    values = (values ^ _shifted(values, 27)) * signed(0x94D049BB133111EB)
    return values ^ _shifted(values, 31)


def key_of(key: int, items: Tensor) -> Tensor:
    """Return the keys of items of the sequence that ``key`` names.

    Parameters
    ----------
    key : int
        From 0 to 2^64 - 1.
    items : Tensor, int64
        Numbers of the items, of any shape.
    """
    return hash64((items + 1) * signed(_GOLDEN) + signed(key))


def draw_alias(bits: Tensor, keep: Tensor, other: Tensor) -> Tensor:
    """Draw from the distribution of an alias table, once for each number of random bits.

    Parameters
    ----------
    bits : Tensor, int64
        Random bits, of any shape.
    keep : Tensor of shape (n,), int64
        Share of 2^32 with which column ``i`` gives ``i`` itself.
    other : Tensor of shape (n,), int64
        What column ``i`` gives otherwise.
    """
    columns = (high_bits(bits) * len(keep)) >> 32
    return torch.where(low_bits(bits) <= keep[columns], columns, other[columns])


def _shifted(values: Tensor, by: int) -> Tensor:
    return (values >> by) & ((1 << (64 - by)) - 1)
