"""Which of several models are better than others, and which only seem to be."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from textrep.evaluation.differences import (
    Comparison,
    Difference,
    best_of,
    families_of,
    holm_corrected,
    normal_p,
    smallest_difference,
)
from textrep.evaluation.outcome import LOWER_IS_BETTER
from textrep.evaluation.paired import mcnemar, williams
from textrep.evaluation.purity import memberships
from textrep.evaluation.resampling import RESAMPLERS, draw_groups
from textrep.evaluation.result import Result
from textrep.evaluation.statistics import CONFIDENCE, group_areas

__all__ = ["compare"]

Floats = NDArray[np.float64]


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


def _same(values: Floats) -> Floats:
    return values


def _ranks(values: Floats) -> Floats:
    ranks: Floats = stats.rankdata(values)
    return ranks


_CORRELATIONS: dict[str, Callable[[Floats], Floats]] = {"spearman": _ranks, "pearson": _same}
