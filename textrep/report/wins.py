"""Which model is better than which, and on how many benchmarks."""

from __future__ import annotations

from textrep.evaluation import Report
from textrep.evaluation.notes import heading
from textrep.report.markup import Cell, Html, foreign, section, table, text

__all__ = ["wins"]


def wins(report: Report) -> Html:
    """Return the section with a table for each task that has several benchmarks to compare on.

    A cell says on how many of them the model of the row is better than that of the column, by the
    tests.
    """
    return section("Who is better than whom", [
        _task(report, task) for task in report.tasks if len(_compared(report, task)) > 1
    ])  # fmt: skip


def _compared(report: Report, task: str) -> list[str]:
    return [
        name
        for name in report.benchmarks
        if report.of(name)[0].task == task
        and name in report.comparisons
        and report.comparisons[name].differences
    ]


def _task(report: Report, task: str) -> Html:
    names = _compared(report, task)
    better = {(row, column): 0 for row in report.models for column in report.models}
    for name in names:
        for one in report.comparisons[name].differences:
            if one.significant:
                other = one.second if one.better == one.first else one.first
                better[one.better, other] += 1
    title = heading(report, task).partition(" (")[0]
    rows = [
        [Cell(foreign(row)), *(_cell(better[row, column], len(names), row == column)
                               for column in report.models)]
        for row in report.models
    ]  # fmt: skip
    caption = (
        f"{title}: on how many of {len(names)} benchmarks the model of the row is better than that "
        "of the column, by the tests"
    )
    return table(caption, [text("model"), *map(foreign, report.models)], rows, style="heat")


def _cell(count: int, of: int, same: bool) -> Cell:
    return Cell(text("") if same else text(count), shade=count / of)
