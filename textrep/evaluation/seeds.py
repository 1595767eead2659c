"""The spread of scores over seeds: what training again would change."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from textrep.errors import InvalidParameterError
from textrep.evaluation.paired import holm
from textrep.evaluation.plain import finite
from textrep.evaluation.report import Report
from textrep.evaluation.statistics import CONFIDENCE

__all__ = ["SeedDifference", "SeedSpread", "compare_seeds", "spread_over_seeds"]


@dataclass(frozen=True)
class SeedSpread:
    """Models that differ in their seed alone, on one benchmark.

    Attributes
    ----------
    benchmark, group : str
        Names.
    models : tuple of str
        The models of the group.
    scores : tuple of float
        Their scores under the policy for unknown words.
    """

    benchmark: str
    group: str
    models: tuple[str, ...]
    scores: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean score."""
        return float(np.mean(self.scores))

    @property
    def sd(self) -> float:
        """Standard deviation of the scores, with n - 1."""
        return float(np.std(self.scores, ddof=1))

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return {
            **vars(self),
            "mean": self.mean,
            "sd": self.sd,
            "low": min(self.scores),
            "high": max(self.scores),
        }


@dataclass(frozen=True)
class SeedDifference:
    """Two groups of seeds on one benchmark, the items as given.

    Attributes
    ----------
    benchmark, first, second : str
        Names of the benchmark and of the groups.
    value : float
        Mean score of the first less that of the second.
    low, high : float
        Its 95% interval, by Welch's t.
    p, p_adjusted : float
        Two-sided, and corrected for the number of pairs of groups (Holm 1979). NaN where no seed
        changes anything.
    """

    benchmark: str
    first: str
    second: str
    value: float
    low: float
    high: float
    p: float
    p_adjusted: float

    @property
    def significant(self) -> bool:
        """Whether the groups differ by more than their seeds do, at 5% for the benchmark."""
        return self.p_adjusted < 1 - CONFIDENCE

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON, None for NaN."""
        fields: dict[str, Any] = finite(vars(self))
        return fields


def spread_over_seeds(
    report: Report, groups: Mapping[str, Sequence[str]]
) -> tuple[SeedSpread, ...]:
    """Return mean and spread of the scores of models that differ in their seed alone.

    Parameters
    ----------
    report : Report
        What ``evaluate`` returned.
    groups : mapping of str to sequence of str
        Name of a group to the names of its models in the report, two or more.

    Returns
    -------
    tuple of SeedSpread
        Benchmark by benchmark, group by group; those on which every model of the group has a score.

    Raises
    ------
    InvalidParameterError
        A group has fewer than two models, or names one that the report lacks.

    Notes
    -----
    The interval beside a score says what other items of the same kind would change, this one what
    another seed would; neither contains the other.
    """
    for name, members in groups.items():
        if len(set(members)) < 2 or not set(members) <= set(report.models):
            rule = f"two or more models of the report for {name!r}, {', '.join(report.models)}"
            raise InvalidParameterError("groups", "spread_over_seeds", rule, list(members))
    found = []
    for benchmark in report.benchmarks:
        scores = {result.model: result.score for result in report.of(benchmark)}
        for name, members in groups.items():
            known = tuple(score for model in members if (score := scores[model]) is not None)
            if len(known) == len(members):
                found.append(SeedSpread(benchmark, name, tuple(members), known))
    return tuple(found)


def compare_seeds(spreads: Sequence[SeedSpread]) -> tuple[SeedDifference, ...]:
    """Compare groups of seeds by Welch's t, benchmark by benchmark.

    Parameters
    ----------
    spreads : sequence of SeedSpread
        What `spread_over_seeds` returned.

    Returns
    -------
    tuple of SeedDifference
        Each pair of groups on each benchmark.

    References
    ----------
    Welch 1947, The Generalization of "Student's" Problem when Several Different Population
    Variances are Involved, Biometrika 34.
    """
    found: list[SeedDifference] = []
    for benchmark in dict.fromkeys(spread.benchmark for spread in spreads):
        inside = [spread for spread in spreads if spread.benchmark == benchmark]
        raw = [_difference(one, two) for one, two in itertools.combinations(inside, 2)]
        adjusted = holm([difference.p for difference in raw])
        found += [
            SeedDifference(**{**vars(difference), "p_adjusted": p})
            for difference, p in zip(raw, adjusted, strict=True)
        ]
    return tuple(found)


def _difference(one: SeedSpread, two: SeedSpread) -> SeedDifference:
    value, p, low, high = one.mean - two.mean, math.nan, math.nan, math.nan
    if one.sd > 0 or two.sd > 0:
        test = stats.ttest_ind(one.scores, two.scores, equal_var=False)
        ends = test.confidence_interval(CONFIDENCE)
        p, low, high = float(test.pvalue), float(ends.low), float(ends.high)
    return SeedDifference(one.benchmark, one.group, two.group, value, low, high, p, math.nan)
