"""What a model said on each item of a benchmark, and the scores of any part of the items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from textrep.evaluation.perplexities import perplexity
from textrep.evaluation.protocols import Oov
from textrep.evaluation.purity import purity
from textrep.evaluation.statistics import Estimate, accuracy, mean_auc, pearson, spearman

__all__ = [
    "INTERVALS",
    "LOWER_IS_BETTER",
    "Category",
    "Items",
    "Outcome",
    "by_category",
    "score",
    "scored",
]


@dataclass(frozen=True)
class Items:
    """Item-level predictions, the material of every score and test.

    Attributes
    ----------
    covered : ndarray of bool, shape (n_items,)
        Whether the model has the words that the item needs.
    values : ndarray of float64, shape (n_items,)
        A similarity, or 1 for a right and 0 for a wrong answer, or between them for an item that
        is right in a part of several runs, or the summed loss of a sentence. An item that is not
        covered has the value that the policy gives it; "skip" gives none, and it has that of
        "zero".
    gold : ndarray of float64, shape (n_items,), or None
        The human score of a pair; 1 for a pair that is related and 0 for one that is not; the
        number of a word's category; None where ``values`` already says right or wrong.
    groups : ndarray of int64, shape (n_items,), or None
        Items of one number ask for the same thing and are not independent; None where all are.
    clusters : ndarray of int64, shape (n_runs, n_items), or None
        Number of each word's cluster in each run, -1 for a word in none; None for other tasks.
    composed : ndarray of bool, shape (n_items,), or None
        Items that are not covered, but answered with vectors composed from n-grams; None where
        the policy is another than "subwords".
    margins : ndarray of float64, shape (n_items,), or None
        How much better the right answer looked to the model than the best other one, below 0 where
        it is wrong; NaN where the model was not asked. None for tasks that choose no answer.
    answers : tuple of str or None, one an item
        What the model answered; "" where it was not asked. None where ``values`` say it all.
    weights : ndarray of float64, shape (n_items,), or None
        Of how many predictions a value is the sum; None where it is of one.
    """

    covered: NDArray[np.bool_]
    values: NDArray[np.float64]
    gold: NDArray[np.float64] | None = None
    groups: NDArray[np.int64] | None = None
    clusters: NDArray[np.int64] | None = None
    composed: NDArray[np.bool_] | None = None
    margins: NDArray[np.float64] | None = None
    answers: tuple[str, ...] | None = None
    weights: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Category:
    """The score of one category's items, under the policy."""

    score: float | None
    n_items: int
    n_covered: int


@dataclass(frozen=True)
class Outcome:
    """One model on one benchmark.

    Attributes
    ----------
    metric : str
        The primary metric, one of ``INTERVALS``.
    items : Items
        What the model said.
    oov : str
        The policy for unknown words that was applied: "skip", "zero", "mean" or "subwords".
    secondary : dict of str to float or None
        Other scores, under the policy.
    ties : int
        Questions whose best answer was shared by several words (they count as wrong).
    categories : dict of str to Category
        In the order of the table.
    options : dict of str to object
        What else the score depends on, such as the analogy method or the number of clusters.
    reason : str
        Why the model could not be asked at all; empty where it was. Others are compared without it.
    basis : str
        Models compare only where it is the same: of perplexities, what was predicted, and the
        vocabulary. Empty where all do.
    """

    metric: str
    items: Items
    oov: Oov
    secondary: Mapping[str, float | None] = field(default_factory=dict)
    ties: int = 0
    categories: Mapping[str, Category] = field(default_factory=dict)
    options: Mapping[str, str | int | None] = field(default_factory=dict)
    reason: str = ""
    basis: str = ""


def _gold(items: Items) -> NDArray[np.float64]:
    """Return the gold scores; where there are none, all are equal."""
    return np.zeros(len(items.values)) if items.gold is None else items.gold


def _correlation(
    function: Callable[[NDArray[np.float64], NDArray[np.float64]], Estimate],
) -> Callable[[Items, NDArray[np.bool_]], Estimate]:
    def of(items: Items, chosen: NDArray[np.bool_]) -> Estimate:
        return function(_gold(items)[chosen], items.values[chosen])

    return of


def _accuracy(items: Items, chosen: NDArray[np.bool_]) -> Estimate:
    groups = None if items.groups is None else items.groups[chosen]
    return accuracy(items.values[chosen], groups)


def _purity(items: Items, chosen: NDArray[np.bool_]) -> Estimate:
    alone = np.full((1, len(chosen)), -1, dtype=np.int64)
    clusters = alone if items.clusters is None else items.clusters
    return purity(clusters[:, chosen], _gold(items)[chosen])


def _auc(items: Items, chosen: NDArray[np.bool_]) -> Estimate:
    groups = np.zeros(len(chosen), dtype=np.int64) if items.groups is None else items.groups
    return mean_auc(items.values[chosen], _gold(items)[chosen] > 0, groups[chosen])


def _perplexity(items: Items, chosen: NDArray[np.bool_]) -> Estimate:
    weights = np.ones(len(chosen)) if items.weights is None else items.weights
    groups = None if items.groups is None else items.groups[chosen]
    return perplexity(items.values[chosen], weights[chosen], groups)


_METRICS: dict[str, Callable[[Items, NDArray[np.bool_]], Estimate]] = {
    "spearman": _correlation(spearman),
    "pearson": _correlation(pearson),
    "accuracy": _accuracy,
    "purity": _purity,
    "auc": _auc,
    "perplexity": _perplexity,
}

INTERVALS = {
    "spearman": "Fisher z with the error of Bonett and Wright (2000)",
    "pearson": "Fisher z (1921)",
    "accuracy": "Wilson (1927)",
    "purity": "Wilson (1927), the clusters as given,",
    "auc": "Student's t (1908) over the concepts",
    "perplexity": "bootstrap (Efron 1979)",
}
"""How the interval of each metric is made."""

LOWER_IS_BETTER = frozenset({"perplexity"})
"""Metrics of which the lowest score is the best; of all others it is the highest.

Such a score is of its text: means over several benchmarks say nothing.
"""


def score(metric: str, items: Items, chosen: NDArray[np.bool_]) -> Estimate:
    """Return the score of the chosen items.

    Parameters
    ----------
    metric : str
        One of ``INTERVALS``.
    items : Items
        What the model said; ``gold`` is needed by every metric but accuracy, ``clusters`` by
        purity.
    chosen : ndarray of bool, shape (n_items,)
        The items to score.

    Returns
    -------
    Estimate
        The score and its interval.
    """
    return _METRICS[metric](items, chosen)


def scored(items: Items, oov: Oov) -> NDArray[np.bool_]:
    """Return which items count under the policy: the covered ones with "skip", else all."""
    return items.covered if oov == "skip" else np.ones_like(items.covered)


def by_category(metric: str, items: Items, oov: Oov, labels: Sequence[str]) -> dict[str, Category]:
    """Return the score of each category, in the order of first appearance.

    Parameters
    ----------
    metric : str
        As for ``score``.
    items : Items
        What the model said.
    oov : str
        The policy, which says whether items that are not covered count.
    labels : sequence of str, length n_items
        The category of each item.

    Returns
    -------
    dict of str to Category
    """
    chosen = scored(items, oov)
    number: dict[str, int] = {}
    codes = np.array([number.setdefault(label, len(number)) for label in labels], dtype=np.int64)
    result = {}
    for label, code in number.items():
        inside = codes == code
        result[label] = Category(
            score=score(metric, items, chosen & inside).value,
            n_items=int(inside.sum()),
            n_covered=int((items.covered & inside).sum()),
        )
    return result
