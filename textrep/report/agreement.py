"""How alike the models' answers are, whether they are right or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from textrep.evaluation import Report, Result
from textrep.evaluation.notes import heading
from textrep.evaluation.numbers import decimals
from textrep.report.markup import Cell, Html, foreign, section, table, text

__all__ = ["Agreement", "agreements", "heat_maps"]

Floats = NDArray[np.float64]

_MEASURES = {
    "spearman": "Spearman's correlation of the models' similarities",
    "pearson": "Spearman's correlation of the models' similarities",
    "auc": "Spearman's correlation of the models' similarities",
    "accuracy": "share of items that both have right or both have wrong",
}


@dataclass(frozen=True)
class Agreement:
    """How alike models answer on one task.

    Attributes
    ----------
    task, title : str
        Its name, and as in the tables.
    measure : str
        What is measured, in words.
    benchmarks : tuple of str
        Those that all pairs of models have a value on; the mean is over them.
    values : ndarray of float64, shape (n_models, n_models)
    """

    task: str
    title: str
    measure: str
    benchmarks: tuple[str, ...]
    values: Floats

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return {**vars(self), "benchmarks": list(self.benchmarks), "values": self.values.tolist()}


def agreements(report: Report) -> tuple[Agreement, ...]:
    """Return the agreement on each task, on the items that all models cover."""
    if len(report.models) < 2:
        return ()
    found = []
    for task in report.tasks:
        results = [r for r in report.results if r.task == task]
        measure = _MEASURES.get(results[0].metric)
        if measure is None:
            continue
        values = {
            name: _of(report.of(name)) for name in dict.fromkeys(r.benchmark for r in results)
        }
        known = {name: table for name, table in values.items() if np.isfinite(table).all()}
        if known:
            mean = np.mean(list(known.values()), axis=0)
            found.append(Agreement(task, heading(report, task), measure, tuple(known), mean))
    return tuple(found)


def heat_maps(report: Report, found: Sequence[Agreement]) -> Html:
    """Return the section with a table for each task, shaded by the values."""
    names = [foreign(model) for model in report.models]
    return section("Agreement of the models", [
        table(
            f"{one.title}: {one.measure}, on shared items; mean of "
            f"{len(one.benchmarks)} benchmark{'s' if len(one.benchmarks) > 1 else ''}",
            [text("model"), *names],
            [[Cell(name), *map(_shaded, row)] for name, row in zip(names, one.values, strict=True)],
            style="heat",
        )
        for one in found
    ])  # fmt: skip


def _shaded(value: float) -> Cell:
    return Cell(text(decimals(float(value))), shade=max(0.0, float(value)))


def _of(results: Sequence[Result]) -> Floats:
    """Return the agreement of each pair of models on a benchmark; NaN where it is not defined."""
    shared = np.logical_and.reduce([result.outcome.items.covered for result in results])
    answers = np.stack([result.outcome.items.values[shared] for result in results])
    if results[0].metric == "accuracy":
        return (
            1.0 - np.array([np.abs(answers - one).mean(axis=1) for one in answers])
            if (shared.any())
            else np.full((len(results), len(results)), np.nan)
        )
    if shared.sum() < 3 or not np.isfinite(answers).all() or (np.ptp(answers, axis=1) == 0).any():
        return np.full((len(results), len(results)), np.nan)
    correlations: Floats = np.corrcoef(stats.rankdata(answers, axis=1))
    return correlations
