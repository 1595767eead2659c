"""Plots of scores: a dot and a 95% interval for each model, one axis for each task."""

from __future__ import annotations

from textrep.evaluation import Report, Result
from textrep.evaluation.cells import number as decimals
from textrep.evaluation.notes import heading
from textrep.evaluation.statistics import CONFIDENCE
from textrep.report.markup import Html, figure, foreign, paragraph, section, text
from textrep.report.svg import Axis, label, line, mark, picture, series

__all__ = ["intervals", "legend"]

_LEFT, _RIGHT = 3, 97  # percent of the width
_MODEL, _NAME, _GAP, _TOP, _BOTTOM = 11, 18, 10, 4, 26


def intervals(report: Report) -> Html:
    """Return the section with a plot for each task."""
    plots = [plot for task in report.tasks if (plot := _task(report, task))]
    if not plots:
        return section("Scores and intervals", [])
    return section("Scores and intervals", [paragraph(_said_of_marks(report), "faint"), *plots])


def legend(models: tuple[str, ...]) -> Html:
    """Return which mark is whose."""
    entries = [
        f'<span class="entry"><svg width="14" height="14" role="img" aria-label="mark {place + 1}">'
        f"<title>mark {place + 1}</title>{mark(place, 7, 7, '')}</svg> {foreign(model)}</span>"
        for place, model in enumerate(models)
    ]
    return Html(f'<span class="legend">{" ".join(entries)}</span>')


def _task(report: Report, task: str) -> Html:
    """Return the plot of a task; nothing where no model has a score."""
    names = [name for name in report.benchmarks if report.of(name)[0].task == task]
    ends = [
        value
        for name in names
        for r in report.of(name)
        for value in (r.estimate.low, r.estimate.high, r.score, r.human_ceiling)
        if value is not None
    ]
    if not any(r.score is not None for name in names for r in report.of(name)):
        return Html("")
    low, high = min(ends), max(ends)
    if any(r.lower_is_better for name in names for r in report.of(name)):
        low -= 0.05 * (high - low or high)  # no score is near 0
    else:
        low = min(0.0, low)
    axis = Axis(low, high, _LEFT, _RIGHT)
    per_benchmark = _NAME + _MODEL * len(report.models) + _GAP
    height = _TOP + per_benchmark * len(names) + _BOTTOM
    bottom = height - _BOTTOM
    parts = []
    for tick in axis.ticks():
        x = axis.at(tick)
        parts.append(line(x, _TOP, x, bottom, "grid", "%"))
        parts.append(label(x, bottom + 16, f"{tick:g}", "middle", unit="%"))
    for place, name in enumerate(names):
        parts += _benchmark(report, name, axis, _TOP + place * per_benchmark)
    title = heading(report, task)
    shown = picture(None, height, f"Scores and intervals: {title}", parts)
    return figure(shown, Html(f"{text(title)} {legend(report.models)}"))


def _benchmark(report: Report, name: str, axis: Axis, top: float) -> list[Html]:
    results = report.of(name)
    bottom = top + _NAME + _MODEL * len(results) + _GAP
    parts = [
        line(axis.start, bottom, axis.end, bottom, "rule", "%"),
        label(axis.start, top + 14, name, style="over", unit="%"),
    ]
    ceiling = results[0].human_ceiling
    if ceiling is not None:
        x = axis.at(ceiling)
        parts.append(line(x, top + 2, x, bottom - 2, "ceiling", "%"))
    compared = report.comparisons.get(name)
    if compared is not None and compared.detectable is not None:
        length = min(axis.at(axis.low + compared.detectable), axis.end)
        parts.append(line(axis.start, bottom - 3, length, bottom - 3, "detectable", "%"))
    for place, result in enumerate(results):
        parts += _dot(result, place, axis, top + _NAME + _MODEL * (place + 0.5))
    return parts


def _dot(result: Result, place: int, axis: Axis, y: float) -> list[Html]:
    estimate = result.estimate
    if estimate.value is None:
        return []
    title = f"{result.model} on {result.benchmark}: {decimals(estimate.value)}"
    parts = []
    if estimate.low is not None and estimate.high is not None:
        title += f", {decimals(estimate.low)} to {decimals(estimate.high)}"
        low, high = axis.at(estimate.low), axis.at(estimate.high)
        parts.append(line(low, y, high, y, f"interval {series(place)}", "%"))
    return [*parts, mark(place, axis.at(estimate.value), y, title, "%")]


def _said_of_marks(report: Report) -> Html:
    """Return what the marks mean, of those that are there."""
    said = f"Lines through dots: {CONFIDENCE:.0%} intervals."
    if any(result.human_ceiling is not None for result in report.results):
        said += " Dashed: what people reach."
    if any(compared.detectable is not None for compared in report.comparisons.values()):
        said += (
            " Grey, as long as a difference: the smallest one of two models that the benchmark "
            "would find 4 times in 5, before correction."
        )
    return text(said)
