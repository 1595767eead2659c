"""Tables of scores: a row a benchmark, a column a model, with intervals and groups of ties."""

from __future__ import annotations

from collections.abc import Mapping

from textrep.evaluation import Report, Result
from textrep.evaluation.cells import number as decimals
from textrep.evaluation.cells import percent
from textrep.evaluation.notes import best, heading, notes
from textrep.evaluation.report import Average
from textrep.evaluation.result import n_shared
from textrep.evaluation.statistics import Estimate
from textrep.report.markup import Cell, Html, bulleted, foreign, section, table, text
from textrep.report.ties import tie_letters

__all__ = ["scores"]

_NONE = Cell(text(""))


def scores(report: Report) -> Html:
    """Return the section with a table for each task, and the notes that all tables need."""
    parts = [_task(report, average) for average in report.averages()]
    legend = [text(note) for note in notes(report)]
    if any(tie_letters(compared) for compared in report.comparisons.values()):
        legend.append(
            text("Raised letters: models with one in common are not told apart by the same tests.")
        )
    return section("Scores", [*parts, bulleted(legend)])


def _task(report: Report, average: Average) -> Html:
    title = heading(report, average.task)
    names = [name for name in report.benchmarks if report.of(name)[0].task == average.task]
    header = [*map(text, ("benchmark", "items")), *map(foreign, report.models)]
    header += map(text, ("people", "detectable"))
    rows = [row for name in names for row in _rows(report, name)]
    if len(names) > 1 and average.averaged:
        shared = any(_coverage_differs(report.of(name)) for name in average.benchmarks)
        label = f"mean of {len(average.benchmarks)}"
        rows.append(_means(report, label, average.scores))
        if shared:
            rows.append(_means(report, f"{label}, shared items", average.shared))
    return table(title, header, rows, style="scores")


def _rows(report: Report, benchmark: str) -> list[list[Cell]]:
    """Return the row of a benchmark, and one of the shared items where coverage differs."""
    results = report.of(benchmark)
    marked = best(report, benchmark)
    compared = report.comparisons.get(benchmark)
    letters = tie_letters(compared) if compared is not None else {}
    detectable = compared.detectable if compared is not None else None
    rows = [[
        Cell(foreign(benchmark)),
        Cell(text(f"{results[0].n_items:,}")),
        *(_score(r, r.model in marked, letters.get(r.model, "")) for r in results),
        Cell(text(decimals(results[0].human_ceiling)), style="faint"),
        Cell(text(decimals(detectable)), style="faint"),
    ]]  # fmt: skip
    if _coverage_differs(results):
        rows.append([
            Cell(Html(f"{foreign(benchmark)}, shared items"), style="minor"),
            Cell(text(f"{n_shared(results):,}"), style="minor"),
            *(
                Cell(Html(f"{_value(r.on_shared)} {_half(r.on_shared)}"), style="minor")
                for r in results
            ),
            _NONE, _NONE,
        ])  # fmt: skip
    return rows


def _score(result: Result, marked: bool, letters: str) -> Cell:
    number = _value(result.estimate)
    if marked:
        number = Html(f'<strong>{number}<span aria-label="among the best">*</span></strong>')
    raised = f"<sup>{letters}</sup>" if letters else ""
    covered = "" if result.outcome.reason else text(percent(result.n_covered, result.n_items))
    below = f"{_half(result.estimate)} {covered}"
    content = Html(f"{number}{raised}<br><small>{below}</small>")
    return Cell(content, style="best" if marked else "")


def _value(estimate: Estimate) -> Html:
    """Return a score; why there is none is in the notes, and where the pointer is."""
    if estimate.value is None:
        return Html(f'<span title="{text(estimate.reason)}">-</span>')
    return text(decimals(estimate.value))


def _half(estimate: Estimate) -> Html:
    """Return half of the interval."""
    half = estimate.half_width
    return text("" if half is None else f"±{decimals(half, like=estimate.value)}")


def _means(report: Report, label: str, means: Mapping[str, float | None]) -> list[Cell]:
    cells = [Cell(text(decimals(means[model])), style="mean") for model in report.models]
    return [Cell(text(label), style="mean"), _NONE, *cells, _NONE, _NONE]


def _coverage_differs(results: tuple[Result, ...]) -> bool:
    return any(result.n_covered != result.on_shared.n for result in results)
