"""How alike the models' answers are, whether they are right or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from textrep.evaluation import Report, Result
from textrep.evaluation.cells import number as decimals
from textrep.evaluation.notes import heading
from textrep.evaluation.statistics import MIN_PAIRS
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
        Those that some pair of models has a value on.
    values : ndarray of float64, shape (n_models, n_models)
        For each pair the mean over those that it has a value on; NaN where there is none.
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
        names = dict.fromkeys(result.benchmark for result in results)
        tables = {name: _of(report.of(name)) for name in names}
        known = {name: values for name, values in tables.items() if np.isfinite(values).any()}
        if known:
            found.append(
                Agreement(task, heading(report, task), measure, tuple(known), _mean(known))
            )
    return tuple(found)


def heat_maps(report: Report, found: Sequence[Agreement]) -> Html:
    """Return the section with a table for each task, shaded by the values."""
    return section("Agreement of the models", [_heat_map(report, one) for one in found])


def _heat_map(report: Report, one: Agreement) -> Html:
    names = [foreign(model) for model in report.models]
    n = len(one.benchmarks)
    where = f"mean of {n} benchmarks" if n > 1 else one.benchmarks[0]
    rows = [
        [Cell(name), *(_shaded(value, row == column) for column, value in enumerate(values))]
        for row, (name, values) in enumerate(zip(names, one.values.tolist(), strict=True))
    ]
    caption = f"{one.title}: {one.measure}, on the items that all models cover; {where}"
    return table(caption, [text("model"), *names], rows, style="heat")


def _shaded(value: float, same: bool) -> Cell:
    if same or not np.isfinite(value):
        return Cell(text("" if same else "-"))
    return Cell(text(decimals(value)), shade=max(0.0, value))


def _mean(tables: Mapping[str, Floats]) -> Floats:
    """Return the mean of tables; a cell that is NaN in some is the mean of the others."""
    stacked = np.stack(list(tables.values()))
    defined = np.isfinite(stacked)
    with np.errstate(invalid="ignore"):
        means: Floats = np.where(defined, stacked, 0.0).sum(axis=0) / defined.sum(axis=0)
    return means


def _of(results: Sequence[Result]) -> Floats:
    """Return the agreement of each pair of models on a benchmark; NaN where it is not defined."""
    shared = np.logical_and.reduce([result.outcome.items.covered for result in results])
    answers = np.stack([result.outcome.items.values[shared] for result in results])
    by_answers = results[0].metric == "accuracy"
    if answers.shape[1] < (1 if by_answers else MIN_PAIRS):
        return np.full((len(results), len(results)), np.nan)
    if by_answers:
        differences = [np.abs(answers - one).mean(axis=1) for one in answers]
        same: Floats = 1.0 - np.stack(differences)
        return same
    finite = np.isfinite(answers).all(axis=1, keepdims=True)
    ranks = np.where(finite, answers, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):  # a model whose similarities are equal
        correlations: Floats = np.corrcoef(stats.rankdata(ranks, axis=1))
    return correlations
