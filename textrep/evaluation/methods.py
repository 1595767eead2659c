"""Methods compared by all of their seeds: neither lucky items nor a lucky seed make one better."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

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
from textrep.evaluation.report import Report
from textrep.evaluation.seeds import check_groups
from textrep.evaluation.statistics import CONFIDENCE

__all__ = ["compare_methods"]

_Z = float(stats.norm.ppf(0.5 + CONFIDENCE / 2))


def compare_methods(report: Report, groups: Mapping[str, Sequence[str]]) -> dict[str, Comparison]:
    """Compare groups of models that differ in their seed alone, and the other models.

    Parameters
    ----------
    report : Report
        What ``evaluate`` returned.
    groups : mapping of str to sequence of str
        Name of a group to the names of its models in the report, two or more.

    Returns
    -------
    dict of str to Comparison
        For each benchmark of ``report.comparisons``, what it tells of methods: a group goes by its
        name and the mean of its scores, a model that is in no group by its own. The p-value of a
        difference that a group is part of is the larger one of two, so both must be small: of the
        bootstrap over items, for the means, and of a t-test over seeds. A group is left out where
        one of its models has no score, or does not compare with the others.

    Raises
    ------
    InvalidParameterError
        A group has fewer than two models, or names one that the report lacks.

    Notes
    -----
    Two groups are tested by Welch's t. A model alone is tested against a group as if its seeds
    varied as those of the group do (Crawford and Howell). Where no seed changes anything, the items
    alone decide. Two or three seeds find large differences only.

    References
    ----------
    Welch 1947, The Generalization of "Student's" Problem when Several Different Population
    Variances are Involved, Biometrika 34.
    Crawford and Howell 1998, Comparing an Individual's Test Score Against Norms Derived from Small
    Samples, The Clinical Neuropsychologist 12.
    """
    check_groups(report, groups, "compare_methods")
    return {name: _of_methods(one, groups) for name, one in report.comparisons.items()}


class _Method(NamedTuple):
    """One method: the scores of its models, the weight of each in their mean, and their family."""

    name: str
    scores: list[float]
    weights: NDArray[np.float64]
    family: tuple[str, ...]


def _of_methods(compared: Comparison, groups: Mapping[str, Sequence[str]]) -> Comparison:
    methods = _methods(compared, groups)
    known = {(one.first, one.second): one for one in compared.differences}
    raw, errors = [], []
    for one, other in itertools.combinations(methods, 2):
        if one.family != other.family:
            continue
        error = _error(compared, one.weights - other.weights)
        errors.append(error)
        alone = known.get((one.name, other.name))
        if alone is not None and len(one.scores) == len(other.scores) == 1:
            raw.append(alone)
        else:
            raw.append(_difference(one, other, error, compared.lower_is_better))
    scores = {method.name: float(np.mean(method.scores)) for method in methods}
    bases = {method.name: method.family for method in methods}
    families = families_of(scores, bases, compared.lower_is_better)
    differences = holm_corrected(raw)
    return Comparison(
        benchmark=compared.benchmark,
        scores=scores,
        intervals={method.name: _interval(compared, method) for method in methods},
        differences=differences,
        families=families,
        lower_is_better=compared.lower_is_better,
        best=best_of(families, differences),
        detectable=smallest_difference(errors),
        n_items=compared.n_items,
        n_groups=compared.n_groups,
        covariance=_covariance(compared, methods),
    )


def _methods(compared: Comparison, groups: Mapping[str, Sequence[str]]) -> list[_Method]:
    """Return the methods in the order in which their first models come."""
    models = list(compared.scores)
    family_of = {model: family for family in compared.families for model in family}
    group_of = {model: name for name, members in groups.items() for model in members}
    found = []
    for name in dict.fromkeys(group_of.get(model, model) for model in models):
        members = groups.get(name, (name,))
        family = family_of.get(members[0], ())
        if set(members) <= set(family):
            weights = np.array([model in members for model in models]) / len(members)
            found.append(_Method(name, [compared.scores[m] for m in members], weights, family))
    return found


def _error(compared: Comparison, weights: NDArray[np.float64]) -> float:
    """Return the standard error of a weighted sum of scores, over items."""
    return math.sqrt(max(float(weights @ compared.covariance @ weights), 0.0))


def _interval(compared: Comparison, method: _Method) -> tuple[float, float]:
    if len(method.scores) == 1:
        return compared.intervals[method.name]
    mean, half = float(np.mean(method.scores)), _Z * _error(compared, method.weights)
    return mean - half, mean + half


def _covariance(compared: Comparison, methods: Sequence[_Method]) -> NDArray[np.float64]:
    weights = np.array([method.weights for method in methods]).reshape(len(methods), -1)
    found: NDArray[np.float64] = weights @ compared.covariance @ weights.T
    return found


def _difference(one: _Method, other: _Method, error: float, lower_is_better: bool) -> Difference:
    value = float(np.mean(one.scores) - np.mean(other.scores))
    ahead = value < 0 if lower_is_better else value > 0
    p, of_seeds = normal_p(value, error), _p_of_seeds(value, one.scores, other.scores)
    if not math.isnan(of_seeds) and not math.isnan(p):
        p = max(p, of_seeds)
    test = "" if math.isnan(of_seeds) else "t over seeds"
    half = _Z * error
    return Difference(
        first=one.name,
        second=other.name,
        value=value,
        low=value - half,
        high=value + half,
        p=p,
        p_adjusted=math.nan,
        test=test,
        better=one.name if ahead else other.name,
    )


def _p_of_seeds(value: float, first: Sequence[float], second: Sequence[float]) -> float:
    """Return the two-sided p-value of a t-test over seeds; NaN where no seed changes anything."""
    parts, freedoms = [], []
    for mine, others in ((first, second), (second, first)):
        varying = mine if len(mine) > 1 else others
        parts.append(float(np.var(varying, ddof=1)) / len(mine))
        freedoms.append(len(varying) - 1)
    variance = sum(parts)
    if variance <= 0:
        return math.nan
    if min(len(first), len(second)) == 1:  # one variance stands for both
        freedom = float(freedoms[0])
    else:
        freedom = variance**2 / sum(p**2 / f for p, f in zip(parts, freedoms, strict=True))
    return 2 * float(stats.t.sf(abs(value) / math.sqrt(variance), freedom))
