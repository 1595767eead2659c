"""Scores with their uncertainty.

A score that cannot be computed is ``None`` with a reason in words, never NaN. Each interval takes
the items as independent draws, except where groups of them are named: thousands of analogy
questions are made of some dozens of word pairs, and do not tell as much as thousands of pairs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

__all__ = [
    "CONFIDENCE",
    "MIN_PAIRS",
    "Estimate",
    "accuracy",
    "group_areas",
    "mean_auc",
    "pearson",
    "share_with_interval",
    "spearman",
]

CONFIDENCE = 0.95
"""Coverage that the intervals aim at."""

MIN_PAIRS = 3
"""Two pairs always correlate by 1 or -1, which says nothing."""

_Z = float(stats.norm.ppf(0.5 + CONFIDENCE / 2))


@dataclass(frozen=True)
class Estimate:
    """A score, its 95% interval, and what it rests on.

    Attributes
    ----------
    value : float or None
        The score; None where it is not defined.
    low, high : float or None
        Ends of the interval; None where it is not defined.
    n : int
        Number of items that were scored.
    reason : str
        Why there is no value; empty where there is one.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    reason: str = ""

    @property
    def half_width(self) -> float | None:
        """Half of the interval's width."""
        if self.low is None or self.high is None:
            return None
        return (self.high - self.low) / 2

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "reason": self.reason,
        }


def spearman(gold: NDArray[np.float64], predicted: NDArray[np.float64]) -> Estimate:
    """Spearman's rank correlation, ties by their mean rank.

    Parameters
    ----------
    gold, predicted : ndarray of float64, shape (n_items,)

    Returns
    -------
    Estimate
        The interval is Fisher's z with the standard error of Bonett and Wright,
        ``sqrt((1 + r² / 2) / (n - 3))``.

    References
    ----------
    Spearman 1904, The Proof and Measurement of Association between Two Things.
    Bonett and Wright 2000, Sample Size Requirements for Estimating Pearson, Kendall and Spearman
    Correlations, Psychometrika 65(1).
    """
    reason = _why_not_correlated(gold, predicted)
    if reason:
        return Estimate(None, n=len(gold), reason=reason)
    r = float(stats.spearmanr(gold, predicted).statistic)
    return _with_fisher_interval(r, len(gold), variance=1 + r * r / 2)


def pearson(gold: NDArray[np.float64], predicted: NDArray[np.float64]) -> Estimate:
    """Pearson's product-moment correlation.

    Parameters
    ----------
    gold, predicted : ndarray of float64, shape (n_items,)

    Returns
    -------
    Estimate
        The interval is Fisher's z, with the standard error ``1 / sqrt(n - 3)``.

    References
    ----------
    Fisher 1921, On the 'Probable Error' of a Coefficient of Correlation Deduced from a Small
    Sample, Metron 1.
    """
    reason = _why_not_correlated(gold, predicted)
    if reason:
        return Estimate(None, n=len(gold), reason=reason)
    r = float(stats.pearsonr(gold, predicted).statistic)
    return _with_fisher_interval(r, len(gold), variance=1.0)


def accuracy(correct: NDArray[np.float64], groups: NDArray[np.int64] | None = None) -> Estimate:
    """Share of right answers, with Wilson's score interval.

    Parameters
    ----------
    correct : ndarray of float64, shape (n_items,)
        1 for a right answer, 0 for a wrong one.
    groups : ndarray of int64, shape (n_items,), optional
        Items of one number count as one observation in the interval: the cautious end of what
        their dependence may be. Groups of unequal sizes m count as ``(Σ m)² / Σ m²`` observations.

    Returns
    -------
    Estimate
        The score and its interval.

    References
    ----------
    Wilson 1927, Probable Inference, the Law of Succession, and Statistical Inference, Journal of
    the American Statistical Association 22.
    Kish 1965, Survey Sampling (effective number of observations).
    """
    if len(correct) == 0:
        return Estimate(None, reason="no question is covered")
    n = float(len(correct))
    if groups is not None:
        sizes = np.unique(groups, return_counts=True)[1].astype(np.float64)
        n = float(sizes.sum() ** 2 / np.sum(sizes**2))
    return share_with_interval(float(np.mean(correct)), n, len(correct))


def share_with_interval(p: float, n: float, n_items: int) -> Estimate:
    """Return a share with Wilson's score interval.

    Parameters
    ----------
    p : float
        The share, 0 to 1.
    n : float
        Number of independent observations that it counts as, above 0.
    n_items : int
        Number of items that were scored.

    Returns
    -------
    Estimate
    """
    spread = _Z * math.sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n))
    scale = 1 + _Z * _Z / n
    centre = p + _Z * _Z / (2 * n)
    # At p = 0 and 1 an end is p itself, up to rounding.
    low = min(p, max(0.0, (centre - spread) / scale))
    high = max(p, min(1.0, (centre + spread) / scale))
    return Estimate(p, low, high, n_items)


def mean_auc(
    values: NDArray[np.float64], positive: NDArray[np.bool_], groups: NDArray[np.int64]
) -> Estimate:
    """Area under the ROC curve in each group, and the mean over the groups.

    The area is the chance that a positive item has a larger value than a negative one of its
    group, equal values counting one half.

    Parameters
    ----------
    values : ndarray of float64, shape (n_items,)
    positive : ndarray of bool, shape (n_items,)
    groups : ndarray of int64, shape (n_items,)
        Number of each item's group. A group without items of both kinds has no area.

    Returns
    -------
    Estimate
        The interval is Student's for the mean of independent groups, cut at 0 and 1; there is
        none for fewer than two groups or where the area is the same in all.

    References
    ----------
    Hanley and McNeil 1982, The Meaning and Use of the Area under a Receiver Operating
    Characteristic (ROC) Curve, Radiology 143(1).
    Student 1908, The Probable Error of a Mean, Biometrika 6(1).
    """
    n = len(values)
    if n == 0:
        return Estimate(None, reason="no pair is covered")
    if not np.isfinite(values).all():
        return Estimate(None, n=n, reason="the model's similarities are not finite")
    areas = group_areas(values, positive, groups)
    areas = areas[~np.isnan(areas)]
    if len(areas) == 0:
        return Estimate(None, n=n, reason="no group has both kinds of pairs")
    mean = float(areas.mean())
    if len(areas) < 2 or np.ptp(areas) == 0:
        return Estimate(mean, n=n)
    error = float(areas.std(ddof=1)) / math.sqrt(len(areas))
    spread = float(stats.t.ppf(0.5 + CONFIDENCE / 2, len(areas) - 1)) * error
    return Estimate(mean, max(0.0, mean - spread), min(1.0, mean + spread), n)


def group_areas(
    values: NDArray[np.float64], positive: NDArray[np.bool_], groups: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the area under the ROC curve of each group, in the order of their numbers.

    Parameters
    ----------
    values, positive, groups
        As for :func:`mean_auc`.

    Returns
    -------
    ndarray of float64, shape (n_groups,)
        NaN for a group without items of both kinds.
    """
    return np.array(
        [
            _area(values[inside], positive[inside])
            if 0 < positive[inside].sum() < len(inside)
            else math.nan
            for inside in _members(groups)
        ]
    )


def _members(groups: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    """Return the positions of each group's items."""
    order = np.argsort(groups, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)


def _area(values: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    n_positive = int(positive.sum())
    # The rank sum of the positive items, less what it would be if they were the lowest.
    above = stats.rankdata(values)[positive].sum() - n_positive * (n_positive + 1) / 2
    return float(above / (n_positive * (len(values) - n_positive)))


def _why_not_correlated(gold: NDArray[np.float64], predicted: NDArray[np.float64]) -> str:
    n = len(gold)
    if n == 0:
        return "no pair is covered"
    if n < MIN_PAIRS:
        return f"only {n} of the {MIN_PAIRS} pairs that a correlation needs"
    if not np.isfinite(predicted).all():
        return "the model's similarities are not finite"
    if _is_constant(gold):
        return "the gold scores are all equal"
    if _is_constant(predicted):
        return "the model's similarities are all equal"
    return ""


def _is_constant(values: NDArray[np.float64]) -> bool:
    """Say whether the values differ by no more than the rounding of their computation."""
    largest = float(np.abs(values).max())
    return float(np.ptp(values)) <= 1e-12 * largest


def _with_fisher_interval(r: float, n: int, variance: float) -> Estimate:
    """Add the interval of ``atanh(r) ± z·sqrt(variance / (n - 3))``, if it is defined."""
    if abs(r) > 1 - 1e-12:
        return Estimate(math.copysign(1.0, r), n=n)
    if n <= 3:
        return Estimate(r, n=n)
    centre = math.atanh(r)
    spread = _Z * math.sqrt(variance / (n - 3))
    return Estimate(r, math.tanh(centre - spread), math.tanh(centre + spread), n)
