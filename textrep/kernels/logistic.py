"""The logistic function, as vector code."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import fast_step, kernel, step
from textrep.kernels.simd import multiply_in

__all__ = ["LEAST", "Likelihood", "count_likely", "loss_of", "no_likelihood", "padded", "sigmoid"]

LEAST = np.float32(1e-7)  # probabilities below count as this, so that a loss is finite
_SMALL = 1e-150  # a product that is smaller is taken to its logarithm
_UNSEEN = 20  # factors until a product is looked at; LEAST^20 · _SMALL is above what float64 holds
_AT_ONCE = 16  # numbers in a vector

Likelihood = NDArray[np.float64]
"""Products of probabilities, as many as a vector has places; how many factors each was given since
they were last looked at; minus the logarithm of what was taken out of them since the beginning: one
logarithm serves many factors."""


@kernel
def no_likelihood() -> Likelihood:
    """Return a likelihood that nothing was counted in."""
    likelihood = np.ones(_AT_ONCE + 2)
    likelihood[_AT_ONCE:] = 0.0
    return likelihood


@fast_step
def sigmoid(x: np.float32) -> np.float32:
    """Return 1 / (1 + exp(-x)) to about 1e-7; constant beyond ±16.

    It is (1 + tanh(x / 2)) / 2 with tanh(z) ≈ z · p(z²) / q(z²), fitted by weighted least squares
    to a relative error of 1.3e-9 for |z| up to 9. Unlike a call of exp it becomes vector code.
    """
    z = min(max(x * np.float32(0.5), np.float32(-8)), np.float32(8))
    square = z * z
    p = square * np.float32(-1.2246155836576205e-11) + np.float32(3.0642400578032647e-08)
    p = square * p + np.float32(2.80312566115849e-05)
    p = square * p + np.float32(0.0038695052712130165)
    p = square * p + np.float32(0.13680854265196565)
    p = square * p + np.float32(0.9999999987267306)
    q = square * np.float32(1.2890313416715664e-06) + np.float32(0.0003940708601373406)
    q = square * q + np.float32(0.02725014663649269)
    q = square * q + np.float32(0.4701418635594787)
    q = square * q + np.float32(1)
    return np.float32(0.5) + np.float32(0.5) * (z * p / q)


@step
def padded(n: int) -> int:
    """Return the least multiple of 16 from ``n`` up.

    Loops with so many turns are vector code from end to end. With fewer they end one number at a
    time, and where the number of turns changes from loop to loop the processor mispredicts it.
    """
    return (n + _AT_ONCE - 1) // _AT_ONCE * _AT_ONCE


@fast_step
def count_likely(
    likelihood: Likelihood, probabilities: NDArray[np.float32], row: int, n_rows: int, n: int
) -> None:
    """Count the loss, -log p, of the first ``n`` probabilities of each of some rows.

    After them there are ones, if ``n`` is no multiple of 16.
    """
    flat, width = probabilities.reshape(-1), probabilities.shape[1]
    for i in range(row, row + n_rows):
        for first in range(0, n, _AT_ONCE):
            multiply_in(likelihood, flat, i * width + first, LEAST, _AT_ONCE)
            likelihood[_AT_ONCE] += 1.0
            if likelihood[_AT_ONCE] == _UNSEEN:
                _take_out(likelihood)


@fast_step
def _take_out(likelihood: Likelihood) -> None:
    """Take the logarithms of products that might soon be too small."""
    likelihood[_AT_ONCE] = 0.0
    for i in range(_AT_ONCE):
        if likelihood[i] < _SMALL:
            likelihood[_AT_ONCE + 1] -= math.log(likelihood[i])
            likelihood[i] = 1.0


@fast_step
def loss_of(likelihood: Likelihood) -> float:
    """Return the sum of the losses that were counted."""
    loss: float = likelihood[_AT_ONCE + 1]
    for i in range(_AT_ONCE):
        loss -= math.log(likelihood[i])
    return loss
