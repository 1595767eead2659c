"""The items on which models differ most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from textrep.evaluation import Report, Result
from textrep.evaluation.notes import heading
from textrep.report.markup import Cell, Html, foreign, section, table, text
from textrep.report.questions import items_of

__all__ = ["Disagreement", "disagreements", "tables_of_disagreements"]

_SHOWN = 12  # items of a task
_LONGEST = 160  # letters of an item

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Disagreement:
    """What models say of one item.

    Attributes
    ----------
    task, benchmark, item : str
        Where it is from, and its words.
    gold : float or None
        The share of the benchmark's items, in percent, that people find less similar; None where
        answers are right or wrong.
    values : tuple of float
        For each model that share by its own similarities, or 1 for a right and 0 for a wrong
        answer; NaN of a model that tells no two items apart.
    """

    task: str
    benchmark: str
    item: str
    gold: float | None
    values: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return {**vars(self), "values": list(self.values)}


def disagreements(report: Report) -> tuple[Disagreement, ...]:
    """Return a dozen items of each task, those that models differ on most first.

    Similarities of different models are on different scales; they are compared by their ranks
    among the items that all models cover.
    """
    if len(report.models) < 2:
        return ()
    found: list[Disagreement] = []
    for task in report.tasks:
        names = [name for name in report.benchmarks if report.of(name)[0].task == task]
        ranked = sorted((one for name in names for one in _most(report.of(name))), key=_spread)
        once: dict[str, Disagreement] = {}
        for one in ranked:  # a pair may be in several benchmarks, and in one more than once
            once.setdefault(one.item, one)
        found += list(once.values())[:_SHOWN]
    return tuple(found)


def tables_of_disagreements(report: Report, found: Sequence[Disagreement]) -> Html:
    """Return the section with a table for each task."""
    return section("Where the models disagree most", [
        _table(report, task, [one for one in found if one.task == task])
        for task in dict.fromkeys(one.task for one in found)
    ])  # fmt: skip


def _table(report: Report, task: str, found: Sequence[Disagreement]) -> Html:
    title = heading(report, task).partition(" (")[0]
    graded = found[0].gold is not None
    what = (
        "how many percent of the items are less similar, by people and by models"
        if graded
        else "which models are right"
    )
    header = [text("item"), *([text("people")] if graded else []), *map(foreign, report.models),
              text("benchmark")]  # fmt: skip
    rows = [
        [
            Cell(foreign(one.item)),
            *([] if one.gold is None else [_graded(one.gold)]),
            *(map(_graded, one.values) if graded else map(_judged, one.values)),
            Cell(foreign(one.benchmark), style="faint"),
        ]
        for one in found
    ]
    return table(f"{title}: {what}", header, rows, sortable=True, style="heat items")


def _graded(percent: float) -> Cell:
    if math.isnan(percent):
        return Cell(text("-"))
    return Cell(text(f"{percent:.0f}"), percent, shade=percent / 100)


def _judged(value: float) -> Cell:
    said = {1.0: "right", 0.0: "wrong"}.get(value, f"{value:.0%}")
    return Cell(text(said), value, shade=value)


def _most(results: Sequence[Result]) -> list[Disagreement]:
    """Return the items of one benchmark that models differ on most."""
    shared = np.flatnonzero(np.logical_and.reduce([r.outcome.items.covered for r in results]))
    values = np.stack([r.outcome.items.values[shared] for r in results], axis=1)
    if len(shared) < 2:
        return []
    telling = np.isfinite(values).all(axis=0) & (np.ptp(values, axis=0) > 0)
    if telling.sum() < 2:
        return []
    gold = None
    if results[0].metric in {"spearman", "pearson"}:
        values = np.where(telling, _percentiles(np.where(telling, values, 0.0)), np.nan)
        gold = results[0].outcome.items.gold
        spread = np.ptp(values[:, telling], axis=1)
    else:  # the most even split of right and wrong
        share = values.mean(axis=1)
        spread = share * (1 - share)
    order = np.argsort(-spread, kind="stable")[: 4 * _SHOWN]
    order = order[spread[order] > 0]
    items = items_of(results[0].benchmark) if len(order) else []
    if len(items) != results[0].n_items:
        return []
    people = None if gold is None else _percentiles(gold[shared, None])[:, 0]
    return [
        Disagreement(
            results[0].task,
            results[0].benchmark,
            _clipped(items[shared[row]]),
            None if people is None else float(people[row]),
            tuple(map(float, values[row])),
        )
        for row in order
    ]


def _percentiles(columns: Floats) -> Floats:
    """Return for each value how many percent of the others in its column are smaller."""
    ranks: Floats = stats.rankdata(columns, axis=0)
    return 100 * (ranks - 1) / (len(columns) - 1)


def _spread(one: Disagreement) -> float:
    """Return what items are sorted by, the largest differences first."""
    if one.gold is not None:
        known = [value for value in one.values if not math.isnan(value)]
        return min(known) - max(known)
    share = sum(one.values) / len(one.values)
    return share * (share - 1)


def _clipped(item: str) -> str:
    return item if len(item) <= _LONGEST else item[: _LONGEST - 1] + "…"
