"""Perplexity with its uncertainty."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from textrep.evaluation.statistics import CONFIDENCE, Estimate

__all__ = ["perplexity"]


def perplexity(
    losses: NDArray[np.float64],
    n_predicted: NDArray[np.float64],
    groups: NDArray[np.int64] | None = None,
    n_resamples: int = 2000,
) -> Estimate:
    """E to the mean loss of a prediction, exp(Σ losses / Σ predictions).

    Parameters
    ----------
    losses : ndarray of float64, shape (n_items,)
        Summed −log p of the predictions of each item, in nats.
    n_predicted : ndarray of float64, shape (n_items,)
        How many these are.
    groups : ndarray of int64, shape (n_items,), optional
        Items of one number are drawn together. Default: each alone.
    n_resamples : int, default=2000
        Resamples of the bootstrap, always the same ones.

    Returns
    -------
    Estimate
        The interval holds the middle 95% of the resamples; there is none for fewer than two groups.

    References
    ----------
    Efron 1979, Bootstrap Methods: Another Look at the Jackknife, The Annals of Statistics 7(1).
    """
    n = len(losses)
    if not n_predicted.sum() > 0:
        return Estimate(None, n=n, reason="nothing is predicted")
    value = _exp(losses.sum() / n_predicted.sum())
    if groups is not None:
        places = np.unique(groups, return_inverse=True)[1]
        losses = np.bincount(places, losses).astype(np.float64)
        n_predicted = np.bincount(places, n_predicted).astype(np.float64)
    inside = n_predicted > 0
    losses, n_predicted = losses[inside], n_predicted[inside]
    if len(losses) < 2:
        return Estimate(value, n=n)
    random = np.random.default_rng(0)
    means = np.empty(n_resamples)
    for place in range(n_resamples):
        drawn = random.integers(len(losses), size=len(losses))
        means[place] = losses[drawn].sum() / n_predicted[drawn].sum()
    low, high = np.percentile(means, [50 * (1 - CONFIDENCE), 50 * (1 + CONFIDENCE)])
    return Estimate(value, _exp(low), _exp(high), n)


def _exp(loss: float) -> float:
    """Return e to a mean loss; beyond what a float holds, e to the 700."""
    return math.exp(min(float(loss), 700.0))
