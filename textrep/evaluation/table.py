"""A report as plain text for a terminal, or as Markdown.

Pure functions from a report to text: nothing is printed and nothing is coloured.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from textrep.evaluation.cells import (
    CELL,
    GAP,
    batched,
    labels,
    legend,
    number,
    percent,
    printable,
    row,
    score_text,
)
from textrep.evaluation.notes import best, heading, notes
from textrep.evaluation.report import Average, Report
from textrep.evaluation.result import Result, n_shared

__all__ = ["render", "to_markdown"]

MIN_WIDTH = 48
"""Narrower tables would have no room for one model beside the names."""


def render(report: Report, width: int = 80) -> list[str]:
    """Return the lines of a table: a row a benchmark, a column a model.

    Parameters
    ----------
    report : Report
        What ``evaluate`` returned.
    width : int, default=80
        Longest line, in characters; below 48 it is taken as 48. Models that do not fit side by
        side go to further blocks below.

    Returns
    -------
    list of str
        Each cell is the score under the policy, half of its 95% interval, and the coverage. Notes
        below the table say what they mean.
    """
    width = max(width, MIN_WIDTH)
    named = labels(report.models)
    margin = min(max(map(len, _row_names(report))), width - CELL - len(GAP))
    per_block = max(1, (width - margin) // (CELL + len(GAP)))
    lines: list[str] = []
    for models in batched(report.models, per_block):
        lines += [row("", [f"{named[model]:>{CELL}}" for model in models], margin)]
        for average in report.averages():
            lines += _task_rows(report, average, models, margin, width)
        lines.append("")
    for paragraph in [*legend(named), *notes(report)]:
        lines += textwrap.wrap(printable(paragraph), width, subsequent_indent="  ")
    return lines


def to_markdown(report: Report) -> str:
    """Return the report as a Markdown table with notes.

    Parameters
    ----------
    report : Report
        What ``evaluate`` returned.

    Returns
    -------
    str
        Lines separated by newlines, ending in one.
    """
    lines = [
        _markdown_row(["benchmark", "items", *report.models]),
        "|---|---:|" + "---:|" * len(report.models),
    ]
    for average in report.averages():
        empty = [""] * (1 + len(report.models))
        lines.append(_markdown_row([f"**{heading(report, average.task)}**", *empty]))
        benchmarks = _benchmarks_of(report, average.task)
        for benchmark in benchmarks:
            results = report.of(benchmark)
            marked = best(report, benchmark)
            cells = [_cell(result, result.model in marked) for result in results]
            lines.append(_markdown_row([benchmark, str(results[0].n_items), *cells]))
            if _coverage_differs(results):
                cells = [score_text(result.on_shared, False) for result in results]
                name = f"{benchmark}, shared items"
                lines.append(_markdown_row([name, str(n_shared(results)), *cells]))
        if len(benchmarks) > 1 and average.averaged:
            for name, means in _means(report, average):
                cells = [number(means[model]) for model in report.models]
                lines.append(_markdown_row([name, "", *cells]))
    lines.append("")
    lines += [f"- {_escaped(note)}" for note in notes(report)]
    return "\n".join(lines) + "\n"


def _task_rows(
    report: Report, average: Average, models: Sequence[str], margin: int, width: int
) -> list[str]:
    """Return the heading, the benchmarks and the mean of one task, for a block of models."""
    lines = [heading(report, average.task)[:width]]
    benchmarks = _benchmarks_of(report, average.task)
    for benchmark in benchmarks:
        results = report.of(benchmark)
        marked = best(report, benchmark)
        inside = [result for result in results if result.model in models]
        cells = [_cell(result, result.model in marked) for result in inside]
        lines.append(row(_indented(benchmark), cells, margin))
        if _coverage_differs(results):
            cells = [score_text(result.on_shared, False) for result in inside]
            lines.append(row(_shared_name(results), cells, margin))
    if len(benchmarks) > 1 and average.averaged:
        for name, means in _means(report, average):
            cells = [f"{number(means[model]):>5}{'':{CELL - 5}}" for model in models]
            lines.append(row(_indented(name), cells, margin))
    return lines


def _row_names(report: Report) -> list[str]:
    """Return the names that stand at the beginning of the rows."""
    names = [
        _indented(name)
        for average in report.averages()
        if average.averaged
        for name, _ in _means(report, average)
    ]
    for benchmark in report.benchmarks:
        results = report.of(benchmark)
        names.append(_indented(benchmark))
        if _coverage_differs(results):
            names.append(_shared_name(results))
    return names


def _means(report: Report, average: Average) -> list[tuple[str, dict[str, float | None]]]:
    """Return the names and figures of the rows of means."""
    name = f"mean of {len(average.benchmarks)}"
    rows = [(name, average.scores)]
    if any(_coverage_differs(report.of(benchmark)) for benchmark in average.benchmarks):
        rows.append((f"{name}, shared", average.shared))
    return rows


def _shared_name(results: Sequence[Result]) -> str:
    return _indented(f"  on {n_shared(results)} shared")


def _cell(result: Result, marked: bool) -> str:
    """Return score, mark, half interval and coverage, 16 characters."""
    covered = "" if result.outcome.reason else percent(result.n_covered, result.n_items)
    return f"{score_text(result.estimate, marked)} {covered:>4}"


def _coverage_differs(results: Sequence[Result]) -> bool:
    """Say whether the models' scores rest on different items."""
    return any(result.n_covered != result.on_shared.n for result in results)


def _benchmarks_of(report: Report, task: str) -> list[str]:
    return list(dict.fromkeys(r.benchmark for r in report.results if r.task == task))


def _indented(name: str) -> str:
    return f"  {name}"


def _escaped(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _markdown_row(cells: Sequence[str]) -> str:
    texts = [" ".join(_escaped(cell).split()) for cell in cells]
    return f"| {' | '.join(texts)} |"
