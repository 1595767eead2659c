"""What a comparison of models says: differences, and which models are among the best."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from textrep.evaluation.paired import holm
from textrep.evaluation.plain import finite
from textrep.evaluation.statistics import CONFIDENCE

__all__ = [
    "Comparison",
    "Difference",
    "best_of",
    "families_of",
    "holm_corrected",
    "normal_p",
    "smallest_difference",
]

_POWER = 0.8  # chance of finding the difference that is called the smallest
_Z = float(stats.norm.ppf(0.5 + CONFIDENCE / 2))


@dataclass(frozen=True)
class Difference:
    """Two models on one benchmark.

    Attributes
    ----------
    first, second : str
        The models.
    value : float
        Score of the first less that of the second, on the items that all models cover.
    low, high : float
        Its 95% bootstrap interval.
    p : float
        Two-sided p-value: the larger one of the bootstrap's and, where there is one, of the test's.
        NaN where there is nothing to test.
    p_adjusted : float
        The same, corrected for the number of pairs of models (Holm 1979).
    test : str
        What else than the bootstrap was asked: "Williams' t", "McNemar" or nothing, "".
    better : str
        The model with the better score; of equal ones the second.
    """

    first: str
    second: str
    value: float
    low: float
    high: float
    p: float
    p_adjusted: float
    test: str
    better: str

    @property
    def significant(self) -> bool:
        """Whether the models differ by more than chance, at 5% for the benchmark as a whole."""
        return self.p_adjusted < 1 - CONFIDENCE

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON, None for NaN."""
        fields: dict[str, Any] = finite(vars(self))
        return fields


@dataclass(frozen=True)
class Comparison:
    """All models on one benchmark, on the items that every one of them covers.

    Attributes
    ----------
    benchmark : str
        Its name.
    scores : dict of str to float
        The score of each model that has one, in the order of the report.
    intervals : dict of str to tuple of float
        The 95% bootstrap interval of each.
    differences : tuple of Difference
        Each pair of them that compares.
    families : tuple of tuple of str
        Models that compare with one another, from the best to the worst; one family, except where
        perplexities are of different vocabularies.
    lower_is_better : bool
        Whether the best is the lowest score.
    best : tuple of str
        The model with the best score, and those that are not told apart from it; of several
        families those of each that has two models or more.
    detectable : float or None
        The difference of two models that the benchmark would find 4 times in 5 at 5%, without
        correction: the median over the pairs of models.
    n_items, n_groups : int
        What it rests on: items, and how many groups of them were drawn.
    covariance : ndarray of shape (n_models, n_models), float64
        Of the scores of the bootstrap, in the order of ``scores``.
    """

    benchmark: str
    scores: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    differences: tuple[Difference, ...]
    families: tuple[tuple[str, ...], ...]
    lower_is_better: bool
    best: tuple[str, ...]
    detectable: float | None
    n_items: int
    n_groups: int
    covariance: NDArray[np.float64] = field(repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return {
            "benchmark": self.benchmark,
            "scores": self.scores,
            "intervals": {model: list(ends) for model, ends in self.intervals.items()},
            "differences": [difference.to_dict() for difference in self.differences],
            "families": [list(family) for family in self.families],
            "lower_is_better": self.lower_is_better,
            "best": list(self.best),
            "detectable": self.detectable,
            "n_items": self.n_items,
            "n_groups": self.n_groups,
        }


def holm_corrected(raw: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return the differences of one benchmark with p-values corrected for their number."""
    adjusted = holm([difference.p for difference in raw])
    return tuple(
        replace(difference, p_adjusted=p) for difference, p in zip(raw, adjusted, strict=True)
    )


def normal_p(value: float, error: float) -> float:
    """Return the two-sided p-value of a difference with this standard error; NaN where it is 0."""
    return 2 * float(stats.norm.sf(abs(value) / error)) if error > 0 else math.nan


def smallest_difference(errors: Sequence[float]) -> float | None:
    """Return the difference found 4 times in 5, of pairs with these standard errors."""
    median = float(np.median(errors)) if errors else 0.0
    return (_Z + float(stats.norm.ppf(_POWER))) * median or None


def families_of(
    scores: Mapping[str, float], bases: Mapping[str, Hashable], lower_is_better: bool
) -> tuple[tuple[str, ...], ...]:
    """Return the models that have one basis, from the best to the worst, for each basis."""
    ranked = sorted(scores, key=lambda model: scores[model] if lower_is_better else -scores[model])
    return tuple(
        tuple(model for model in ranked if bases[model] == basis)
        for basis in dict.fromkeys(bases[model] for model in ranked)
    )


def best_of(
    families: Sequence[tuple[str, ...]], differences: Sequence[Difference]
) -> tuple[str, ...]:
    """Return the model with the best score of each family, and those not told apart from it."""
    compared = [family for family in families if len(family) > 1 or len(families) == 1]
    tops = {family[0] for family in compared}
    beaten = {
        other
        for difference in differences
        for other, one in (
            (difference.second, difference.first),
            (difference.first, difference.second),
        )
        if one in tops and difference.significant
    }
    return tuple(model for family in compared for model in family if model not in beaten)
