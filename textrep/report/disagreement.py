"""Tables of the items on which models differ most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textrep.evaluation import Disagreement, Report, Result, disagreements
from textrep.evaluation.notes import heading
from textrep.report.markup import Cell, Html, foreign, section, table, text

__all__ = ["most_disputed", "tables_of_disagreements"]

_SHOWN = 12  # items of a task
_LONGEST = 160  # letters of an item
_CORRELATIONS = ("spearman", "pearson")


def most_disputed(report: Report) -> tuple[Disagreement, ...]:
    """Return a dozen items of each task, those that models differ on most first.

    Models without a score on a benchmark are left out there: one that covers nothing would leave
    no item, and one that finds all pairs equally similar differs from the others everywhere.
    """
    found: dict[str, list[Disagreement]] = {}
    for name in report.benchmarks:
        results = tuple(result for result in report.of(name) if result.score is not None)
        if len(results) > 1:
            models = tuple(result.model for result in results)
            part = replace(report, models=models, results=results)
            found.setdefault(results[0].task, []).extend(disagreements(part, 4 * _SHOWN))
    chosen: list[Disagreement] = []
    for items in found.values():
        once: dict[str, Disagreement] = {}
        for one in sorted(items, key=lambda one: -one.spread):
            once.setdefault(one.text, one)  # a pair may be in several benchmarks, or twice in one
        chosen += list(once.values())[:_SHOWN]
    return tuple(chosen)


def tables_of_disagreements(report: Report, found: Sequence[Disagreement]) -> Html:
    """Return the section with a table for each task."""
    tasks = {name: report.of(name)[0].task for name in report.benchmarks}
    return section("Where the models disagree most", [
        _table(report, task, [one for one in found if tasks[one.benchmark] == task])
        for task in dict.fromkeys(tasks[one.benchmark] for one in found)
    ])  # fmt: skip


def _table(report: Report, task: str, found: Sequence[Disagreement]) -> Html:
    title = heading(report, task).partition(" (")[0]
    metric = report.of(found[0].benchmark)[0].metric
    if metric in _CORRELATIONS:
        title += (
            ": similarities; in small type how much higher they rank than the score of people, in "
            "percent of the ranks"
        )
    elif metric == "accuracy":
        title += ": answers; the right ones are shaded"
    right = "people" if metric in _CORRELATIONS else "right"
    header = [*map(text, ("item", right)), *map(foreign, report.models), text("benchmark")]
    rows = [
        [
            Cell(foreign(_clipped(one.text))),
            Cell(foreign(one.expected)),
            *(_said(result, one) for result in report.of(one.benchmark)),
            Cell(foreign(one.benchmark), style="faint"),
        ]
        for one in found
    ]
    return table(title, header, rows, sortable=True, style="heat items")


def _said(result: Result, one: Disagreement) -> Cell:
    """Return what a model says of an item, shaded where it is right or ranks it high."""
    if result.model not in one.said:
        return Cell(text("-"))
    said, error = foreign(one.said[result.model]), one.errors[result.model]
    if result.metric in _CORRELATIONS:
        content = Html(f"{said}<br><small>{100 * error:+.0f}%</small>")
        return Cell(content, error, shade=min(1.0, max(0.0, 0.5 + error / 2)))
    right = float(result.outcome.items.values[one.item])
    return Cell(said, error, shade=right if result.metric == "accuracy" else None)


def _clipped(item: str) -> str:
    return item if len(item) <= _LONGEST else item[: _LONGEST - 1] + "…"
