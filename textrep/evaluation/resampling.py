"""Bootstrap: what the scores would have been on other items of the same kind.

A resample draws as many groups of items as there are, with replacement, and takes all items of a
group as often as it was drawn. Items that share a word, or ask for the same thing, go together: a
model that knows the word is right on all of them. Every model is scored on the same resamples, so
that what is hard for all cancels out of their differences.

A resample is a row of weights, how often each group was drawn, so that thousands are a few matrix
operations. Scores are those of the repeated items exactly, ranks and ties included.

Efron and Tibshirani 1993, An Introduction to the Bootstrap; Field and Welsh 2007, Bootstrapping
Clustered Data, Journal of the Royal Statistical Society B 69(3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "RESAMPLERS",
    "draw_groups",
    "resample_means",
    "resample_pearson",
    "resample_perplexities",
    "resample_spearman",
]

_CELLS = 2_000_000  # numbers of a table that is worked on at once

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def draw_groups(n_groups: int, n_resamples: int, seed: int) -> Floats:
    """Return how often each group is drawn in each resample, shape (n_resamples, n_groups)."""
    random = np.random.default_rng(seed)
    return random.multinomial(n_groups, np.full(n_groups, 1 / n_groups), n_resamples).astype(float)


def resample_means(values: Floats, groups: Integers, drawn: Floats) -> Floats:
    """Return the mean of each column in each resample.

    Parameters
    ----------
    values : ndarray of float64, shape (n_items, n_models)
        What is averaged.
    groups : ndarray of int64, shape (n_items,)
        The group of each item, from 0.
    drawn : ndarray of float64, shape (n_resamples, n_groups)
        As :func:`draw_groups` returns.

    Returns
    -------
    ndarray of float64, shape (n_resamples, n_models)
    """
    sizes = np.bincount(groups, minlength=drawn.shape[1])
    means: Floats = _group_sums(values, groups, drawn) / (drawn @ sizes)[:, None]
    return means


def resample_perplexities(
    losses: Floats, n_predicted: Floats, groups: Integers, drawn: Floats
) -> Floats:
    """Return e to the mean loss of a prediction in each resample.

    Parameters
    ----------
    losses, n_predicted : ndarrays of float64, shape (n_items, n_models)
        Summed losses of each item, and of how many predictions.
    groups, drawn
        As for :func:`resample_means`.

    Returns
    -------
    ndarray of float64, shape (n_resamples, n_models)
        NaN for a resample without predictions.
    """
    sums, counts = (_group_sums(columns, groups, drawn) for columns in (losses, n_predicted))
    with np.errstate(invalid="ignore", divide="ignore"):
        perplexities: Floats = np.exp(np.minimum(sums / counts, 700.0))
    return perplexities


def _group_sums(columns: Floats, groups: Integers, drawn: Floats) -> Floats:
    """Return the sum of each column in each resample."""
    n_groups = drawn.shape[1]
    sums: Floats = drawn @ np.stack([np.bincount(groups, c, n_groups) for c in columns.T], axis=1)
    return sums


def resample_pearson(values: Floats, gold: Floats, groups: Integers, drawn: Floats) -> Floats:
    """Return the correlation of each column with ``gold`` in each resample; NaN where undefined."""
    return _correlations(values, gold, groups, drawn, lambda column: lambda weights: column)


def resample_spearman(values: Floats, gold: Floats, groups: Integers, drawn: Floats) -> Floats:
    """Return the rank correlation of each column with ``gold`` in each resample."""
    return _correlations(values, gold, groups, drawn, _ranking)


def _ranking(column: Floats) -> Callable[[Floats], Floats]:
    """Return what makes ranks of a column out of the weights of its items, ties by mean rank."""
    _, places = np.unique(column, return_inverse=True)
    order = np.argsort(places, kind="stable")
    starts = np.flatnonzero(np.diff(places[order], prepend=-1))

    def ranks(weights: Floats) -> Floats:
        ties = np.add.reduceat(weights[:, order], starts, axis=1)  # how many items have each value
        middle = np.cumsum(ties, axis=1) - (ties - 1) / 2
        return middle[:, places]

    return ranks


def _correlations(
    values: Floats,
    gold: Floats,
    groups: Integers,
    drawn: Floats,
    scale: Callable[[Floats], Callable[[Floats], Floats]],
) -> Floats:
    """Correlate columns with ``gold``, both as ``scale`` makes them for some weights of items."""
    scales, gold_scale = [scale(column) for column in values.T], scale(gold)
    found = np.empty((len(drawn), values.shape[1]))
    for part in _parts(len(drawn), len(gold)):
        weights = drawn[part][:, groups]
        y = _centred(gold_scale(weights), weights)
        y_norm = _norms(y, weights)
        for model, scaled in enumerate(scales):
            x = _centred(scaled(weights), weights)
            with np.errstate(invalid="ignore", divide="ignore"):
                found[part, model] = np.einsum("bi,bi,bi->b", weights, x, y) / (
                    _norms(x, weights) * y_norm
                )
    return found


def _parts(n_resamples: int, n_items: int) -> Iterator[slice]:
    size = max(1, _CELLS // n_items)
    for first in range(0, n_resamples, size):
        yield slice(first, first + size)


def _centred(values: Floats, weights: Floats) -> Floats:
    sums = np.einsum("bi,bi->b", weights, np.broadcast_to(values, weights.shape))
    centred: Floats = values - (sums / weights.sum(axis=1))[:, None]
    return centred


def _norms(values: Floats, weights: Floats) -> Floats:
    norms: Floats = np.sqrt(np.einsum("bi,bi,bi->b", weights, values, values))
    return norms


RESAMPLERS: dict[str, Callable[[Floats, Floats, Integers, Floats], Floats]] = {
    "spearman": resample_spearman,
    "pearson": resample_pearson,
    "accuracy": lambda values, gold, groups, drawn: resample_means(values, groups, drawn),
    "perplexity": resample_perplexities,
}
"""What resamples each metric: a function of values, gold scores, groups and draws.

For perplexities, numbers of predictions stand for gold scores.
"""
