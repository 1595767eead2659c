"""The items on which a model is most wrong, and those on which models disagree most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from textrep.errors import InvalidParameterError
from textrep.evaluation.cells import number
from textrep.evaluation.outcome import Items, scored
from textrep.evaluation.report import Report
from textrep.evaluation.result import Result

__all__ = ["Disagreement", "Mistake", "disagreements", "errors", "mistakes"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Mistake:
    """An item that a model gets wrong.

    Attributes
    ----------
    benchmark, model : str
        Names.
    item : int
        Position in the benchmark, from 0.
    text : str
        The item as people read it.
    expected : str
        What is right.
    said : str
        What the model says: its answer, or its similarity.
    error : float
        How wrong, as `errors` measures it.
    """

    benchmark: str
    model: str
    item: int
    text: str
    expected: str
    said: str
    error: float

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return dict(vars(self))


@dataclass(frozen=True)
class Disagreement:
    """An item on which models differ.

    Attributes
    ----------
    benchmark, item, text, expected
        As in `Mistake`.
    said : dict of str to str
        What each model says.
    errors : dict of str to float
        How wrong each is, on one scale for all.
    spread : float
        The largest of these errors less the smallest.
    """

    benchmark: str
    item: int
    text: str
    expected: str
    said: dict[str, str]
    errors: dict[str, float]
    spread: float

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return dict(vars(self))


def errors(result: Result, chosen: Flags) -> Floats:
    """Return how wrong a model is on each of the chosen items.

    Parameters
    ----------
    result : Result
        One model on one benchmark.
    chosen : ndarray of bool, shape (n_items,)
        The items to look at.

    Returns
    -------
    ndarray of float64, shape (n_items,)
        NaN for items that are not chosen, or about which the model says nothing finite. Else, of

        - correlations: the rank of the item by the model less its rank by people, as a share of
          the ranks, -1 to 1; above 0 where the model finds the two too similar;
        - answers that are chosen among several: how much better the best wrong answer looked
          than the right one (cosines, or scores of the classifier), below 0 where it is right;
        - relations: the share of the concept's words of the other kind, related or random, that
          are on the wrong side of this one;
        - categories: the share of the clusterings that put the word among others;
        - perplexities: the mean loss of the sentence's predictions, in nats.
    """
    items = result.outcome.items
    found = np.full(len(chosen), np.nan)
    rows = np.flatnonzero(chosen & np.isfinite(items.values))
    if not len(rows):
        return found
    if result.metric in ("spearman", "pearson"):
        found[rows] = _residuals(items.values[rows], _gold(items)[rows])
    elif result.metric == "auc":
        found[rows] = _crossings(items, rows)
    elif items.weights is not None:
        predicted = items.weights[rows] > 0
        found[rows[predicted]] = (items.values / np.maximum(items.weights, 1))[rows[predicted]]
    elif items.margins is not None:
        found[rows] = -items.margins[rows]
    else:
        found[rows] = 1.0 - items.values[rows]
    return found


def mistakes(report: Report, n: int = 10) -> tuple[Mistake, ...]:
    """Return the items that each model gets most wrong.

    Parameters
    ----------
    report : Report
        What ``evaluate`` returned.
    n : int, default=10
        Items of each benchmark and model, at most.

    Returns
    -------
    tuple of Mistake
        Benchmark by benchmark, model by model, the worst first; of items that count under the
        policy for unknown words. Of equal ones the first in the benchmark comes first.

    Raises
    ------
    InvalidParameterError
        ``n`` is below 1.
    """
    _check(n, "mistakes")
    found = []
    for benchmark in report.benchmarks:
        for result in report.of(benchmark):
            items = result.outcome.items
            error = errors(result, scored(items, result.outcome.oov))
            wrong = np.isfinite(error) & _wrong(result, error)
            rows = np.flatnonzero(wrong)
            worst = rows[np.argsort(-np.abs(error[rows]), kind="stable")][:n]
            asked = report.wording(benchmark)
            found += [
                Mistake(
                    benchmark=benchmark,
                    model=result.model,
                    item=row,
                    text=asked.texts[row],
                    expected=asked.expected[row],
                    said=_said(result, row),
                    error=float(error[row]),
                )
                for row in worst.tolist()
            ]
    return tuple(found)


def disagreements(report: Report, n: int = 10) -> tuple[Disagreement, ...]:
    """Return the items on which the models differ most.

    Parameters
    ----------
    report : Report
        What ``evaluate`` returned.
    n : int, default=10
        Items of each benchmark, at most.

    Returns
    -------
    tuple of Disagreement
        Benchmark by benchmark, the largest spread first; of items that every model covers. The
        errors are those of `errors`; where they are differences of cosines or scores, those of
        each model are divided by their standard deviation, and only items count that one model
        answers right and another one wrong.

    Raises
    ------
    InvalidParameterError
        ``n`` is below 1.
    """
    _check(n, "disagreements")
    found: list[Disagreement] = []
    for benchmark in report.benchmarks:
        results = report.of(benchmark)
        shared = np.logical_and.reduce([result.outcome.items.covered for result in results])
        table = np.stack([_scaled(result, shared) for result in results])
        with np.errstate(invalid="ignore"):
            spread = table.max(axis=0) - table.min(axis=0)
        spread[~np.isfinite(spread) | ~_divided(results)] = 0.0
        rows = np.argsort(-spread, kind="stable")[:n]
        asked = report.wording(benchmark)
        found += [
            Disagreement(
                benchmark=benchmark,
                item=row,
                text=asked.texts[row],
                expected=asked.expected[row],
                said={result.model: _said(result, row) for result in results},
                errors={
                    result.model: float(error)
                    for result, error in zip(results, table[:, row], strict=True)
                },
                spread=float(spread[row]),
            )
            for row in rows.tolist()
            if spread[row] > 0
        ]
    return tuple(found)


def _check(n: int, caller: str) -> None:
    if n < 1:
        raise InvalidParameterError("n", caller, "at least 1", n)


def _gold(items: Items) -> Floats:
    return np.zeros(len(items.values)) if items.gold is None else items.gold


def _residuals(values: Floats, gold: Floats) -> Floats:
    ranks: Floats = stats.rankdata(values) - stats.rankdata(gold)
    return ranks / max(len(values) - 1, 1)


def _crossings(items: Items, rows: NDArray[np.intp]) -> Floats:
    """Return for each pair the share of its concept's other pairs that it should not be beyond."""
    groups = np.zeros(len(items.values), np.int64) if items.groups is None else items.groups
    found = np.full(len(rows), np.nan)
    for group in np.unique(groups[rows]):
        inside = np.flatnonzero(groups[rows] == group)
        values, related = items.values[rows[inside]], _gold(items)[rows[inside]] > 0
        high, low = values[related], values[~related]
        if len(high) and len(low):
            found[inside[related]] = _share_above(low, high)
            found[inside[~related]] = _share_above(-high, -low)
    return found


def _share_above(others: Floats, values: Floats) -> Floats:
    """Return the share of ``others`` above each value, equal ones counting one half."""
    ordered = np.sort(others)
    below_or_equal = np.searchsorted(ordered, values, side="right")
    below = np.searchsorted(ordered, values, side="left")
    share: Floats = 1 - (below_or_equal + below) / (2 * len(ordered))
    return share


def _wrong(result: Result, error: Floats) -> Flags:
    """Say which items are wrong at all; ranks are wrong by more or less."""
    wrong: Flags = result.outcome.items.values < 1.0
    if result.metric not in ("accuracy", "purity"):
        wrong = error != 0.0
    return wrong


def _divided(results: Sequence[Result]) -> Flags:
    """Say which items can be disagreed on: answers must be right for one and wrong for another."""
    values = np.stack([result.outcome.items.values for result in results])
    if results[0].metric != "accuracy":
        return np.ones(values.shape[1], np.bool_)
    divided: Flags = values.max(axis=0) != values.min(axis=0)
    return divided


def _scaled(result: Result, shared: Flags) -> Floats:
    """Return errors that compare between models."""
    found = errors(result, shared)
    items = result.outcome.items
    if result.metric != "accuracy" or items.margins is None:
        return found
    # A right answer whose margin is not known is right by nothing.
    found[shared & np.isnan(found) & (items.values == 1.0)] = 0.0
    spread = float(np.nanstd(found)) if np.isfinite(found).any() else 0.0
    return found / spread if spread > 0 else found


def _said(result: Result, row: int) -> str:
    items = result.outcome.items
    if items.answers is not None:
        return items.answers[row]
    if result.metric == "purity":
        return f"among its own in {items.values[row]:.0%} of the clusterings"
    if items.weights is not None:
        loss = items.values[row] / max(items.weights[row], 1)
        return f"perplexity {number(float(np.exp(min(loss, 700.0))))}"
    return f"{items.values[row]:.3f}"
