"""Which model is better than which, and on how many benchmarks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textrep.evaluation import Comparison, Report
from textrep.evaluation.notes import heading
from textrep.report.markup import Cell, Html, foreign, section, table, text

__all__ = ["wins"]


def wins(report: Report, methods: Mapping[str, Comparison]) -> Html:
    """Return the section with a table for each task that has several benchmarks to compare on.

    A cell says on how many of them the model of the row is better than that of the column, by the
    tests; where ``methods`` compares groups of seeds, methods stand for models.
    """
    found = []
    for task in report.tasks:
        compared = [
            one
            for name, one in (methods or report.comparisons).items()
            if report.of(name)[0].task == task and one.differences
        ]
        if len(compared) > 1:
            title = heading(report, task).partition(" (")[0]
            found.append(_task(title, "method" if methods else "model", compared))
    return section("Who is better than whom", found)


def _task(title: str, what: str, compared: Sequence[Comparison]) -> Html:
    models = list(dict.fromkeys(model for one in compared for model in one.scores))
    better = {(row, column): 0 for row in models for column in models}
    for benchmark in compared:
        for one in benchmark.differences:
            if one.significant:
                other = one.second if one.better == one.first else one.first
                better[one.better, other] += 1
    rows = [
        [Cell(foreign(row)), *(_cell(better[row, column], len(compared), row == column)
                               for column in models)]
        for row in models
    ]  # fmt: skip
    caption = (
        f"{title}: on how many of {len(compared)} benchmarks the {what} of the row is better than "
        "that of the column, by the tests"
    )
    return table(caption, [text(what), *map(foreign, models)], rows, style="heat")


def _cell(count: int, of: int, same: bool) -> Cell:
    return Cell(text("") if same else text(count), shade=count / of)
