"""Which of several models are better than others, and which only seem to be."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from textrep.evaluation.outcome import LOWER_IS_BETTER
from textrep.evaluation.paired import holm, mcnemar, williams
from textrep.evaluation.plain import finite
from textrep.evaluation.purity import memberships
from textrep.evaluation.resampling import RESAMPLERS, draw_groups
from textrep.evaluation.result import Result
from textrep.evaluation.statistics import CONFIDENCE, group_areas

__all__ = [
    "Comparison",
    "Difference",
    "best_of",
    "compare",
    "families_of",
    "holm_corrected",
    "normal_p",
    "smallest_difference",
]

_POWER = 0.8  # chance of finding the difference that is called the smallest
_Z = float(stats.norm.ppf(0.5 + CONFIDENCE / 2))

Floats = NDArray[np.float64]


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
    covariance: Floats = field(repr=False, compare=False)

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


def compare(results: Sequence[Result], n_resamples: int = 2000, seed: int = 0) -> Comparison | None:
    """Compare models on one benchmark.

    Parameters
    ----------
    results : sequence of Result
        One benchmark's, one a model. Models without a score on the shared items are left out, and
        so are those that could not be asked; pairs of different bases are not compared.
    n_resamples : int, default=2000
        Resamples of the bootstrap.
    seed : int, default=0
        Of its random numbers; the same resamples for every model.

    Returns
    -------
    Comparison or None
        None where no model has a score.
    """
    asked = [result for result in results if not result.outcome.reason]
    scored = [result for result in asked if result.on_shared.value is not None]
    if not scored:
        return None
    shared = np.logical_and.reduce([result.outcome.items.covered for result in asked])
    if not shared.any():
        return None
    material = _material(scored, shared)
    groups = np.unique(material.groups, return_inverse=True)[1]
    n_groups = int(groups.max()) + 1
    drawn = draw_groups(n_groups, n_resamples, seed)
    resampled = RESAMPLERS[material.kind](material.values, material.gold, groups, drawn)
    models = [result.model for result in scored]
    scores = {result.model: float(result.on_shared.value or 0.0) for result in scored}
    ends = np.nanpercentile(resampled, [50 * (1 - CONFIDENCE), 50 * (1 + CONFIDENCE)], axis=0)
    bases = [result.outcome.basis for result in scored]
    pairs = [
        (i, k) for i, k in itertools.combinations(range(len(models)), 2) if bases[i] == bases[k]
    ]
    raw = [_difference(material, resampled, models, scores, *pair) for pair in pairs]
    differences = holm_corrected(raw)
    errors = [float(np.nanstd(resampled[:, i] - resampled[:, k])) for i, k in pairs]
    lower = scored[0].lower_is_better
    families = families_of(scores, dict(zip(models, bases, strict=True)), lower)
    return Comparison(
        benchmark=results[0].benchmark,
        scores=scores,
        intervals={m: (float(ends[0, i]), float(ends[1, i])) for i, m in enumerate(models)},
        differences=differences,
        families=families,
        lower_is_better=lower,
        best=best_of(families, differences),
        detectable=smallest_difference(errors),
        n_items=len(material.values),
        n_groups=n_groups,
        covariance=_covariance(resampled),
    )


def _covariance(resampled: Floats) -> Floats:
    whole = resampled[~np.isnan(resampled).any(axis=1)]
    if not len(whole):
        return np.zeros((resampled.shape[1], resampled.shape[1]))
    found: Floats = np.atleast_2d(np.cov(whole, rowvar=False, ddof=0))
    return found


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


@dataclass(frozen=True)
class _Material:
    """What is resampled: a column a model."""

    kind: str
    values: Floats
    gold: Floats  # of perplexities, the number of predictions: a column a model, too
    groups: NDArray[np.int64]


def _material(scored: Sequence[Result], shared: NDArray[np.bool_]) -> _Material:
    """Take the shared items, or for an area the groups of them, to be resampled."""
    items = scored[0].outcome.items
    gold = np.zeros(len(shared)) if items.gold is None else items.gold
    groups = np.arange(len(shared)) if items.groups is None else items.groups
    metric = scored[0].metric
    if metric == "auc":
        areas = np.stack(
            [
                group_areas(r.outcome.items.values[shared], gold[shared] > 0, groups[shared])
                for r in scored
            ],
            axis=1,
        )
        areas = areas[~np.isnan(areas).any(axis=1)]
        return _Material("accuracy", areas, np.zeros(len(areas)), np.arange(len(areas)))
    if metric == "purity":
        columns = [
            memberships(r.outcome.items.clusters[:, shared], gold[shared]).mean(axis=0)
            for r in scored
            if r.outcome.items.clusters is not None
        ]
        return _Material("accuracy", np.stack(columns, axis=1), gold[shared], groups[shared])
    values = np.stack([result.outcome.items.values[shared] for result in scored], axis=1)
    if metric == "perplexity":
        weights = [result.outcome.items.weights for result in scored]
        counts = [np.ones(len(shared)) if one is None else one for one in weights]
        return _Material(metric, values, np.stack(counts, axis=1)[shared], groups[shared])
    return _Material(metric, values, gold[shared], groups[shared])


def _difference(
    material: _Material,
    resampled: Floats,
    models: Sequence[str],
    scores: dict[str, float],
    i: int,
    k: int,
) -> Difference:
    differences = resampled[:, i] - resampled[:, k]
    first, second = scores[models[i]], scores[models[k]]
    ends = np.nanpercentile(differences, [50 * (1 - CONFIDENCE), 50 * (1 + CONFIDENCE)])
    if material.kind == "perplexity":  # mean losses, whose bootstrap is nearer to normal
        differences = np.log(resampled[:, i]) - np.log(resampled[:, k])
        distance = math.log(first) - math.log(second)
    else:
        distance = first - second
    p = normal_p(distance, float(np.nanstd(differences)))
    test, tested = _tested(material, i, k)
    if not math.isnan(tested) and not math.isnan(p):
        p = max(p, tested)
    ahead = first < second if material.kind in LOWER_IS_BETTER else first > second
    return Difference(
        first=models[i],
        second=models[k],
        value=first - second,
        low=float(ends[0]),
        high=float(ends[1]),
        p=p,
        p_adjusted=math.nan,
        test=test,
        better=models[i] if ahead else models[k],
    )


def _tested(material: _Material, i: int, k: int) -> tuple[str, float]:
    """Return the name of the paired test that the metric has, and its p-value."""
    first, second = material.values[:, i], material.values[:, k]
    if material.kind in _CORRELATIONS:
        scale = _CORRELATIONS[material.kind]
        table = np.corrcoef([scale(material.gold), scale(first), scale(second)])
        return "Williams' t", williams(table[0, 1], table[0, 2], table[1, 2], len(first))[1]
    if material.kind != "perplexity" and np.isin(material.values[:, [i, k]], (0.0, 1.0)).all():
        return "McNemar", mcnemar(first == 1.0, second == 1.0)
    return "", math.nan


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


def _same(values: Floats) -> Floats:
    return values


def _ranks(values: Floats) -> Floats:
    ranks: Floats = stats.rankdata(values)
    return ranks


_CORRELATIONS: dict[str, Callable[[Floats], Floats]] = {"spearman": _ranks, "pearson": _same}
