"""The spread of scores over seeds: what training again would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from textrep.errors import InvalidParameterError
from textrep.evaluation.report import Report

__all__ = ["SeedSpread", "check_groups", "spread_over_seeds"]


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
    check_groups(report, groups, "spread_over_seeds")
    found = []
    for benchmark in report.benchmarks:
        scores = {result.model: result.score for result in report.of(benchmark)}
        for name, members in groups.items():
            known = tuple(score for model in members if (score := scores[model]) is not None)
            if len(known) == len(members):
                found.append(SeedSpread(benchmark, name, tuple(members), known))
    return tuple(found)


def check_groups(report: Report, groups: Mapping[str, Sequence[str]], caller: str) -> None:
    """Raise `InvalidParameterError` unless each group has two or more models, and its own name."""
    for name, members in groups.items():
        if len(set(members)) < 2 or not set(members) <= set(report.models):
            rule = f"two or more models of the report for {name!r}, {', '.join(report.models)}"
            raise InvalidParameterError("groups", caller, rule, list(members))
        if name in set(report.models) - set(members):
            rule = "by names that no model outside the group has"
            raise InvalidParameterError("groups", caller, rule, name)
