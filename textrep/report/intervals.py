"""Plots of scores: a dot and a 95% interval for each model, one axis for each task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textrep.evaluation import Report, Result
from textrep.evaluation.cells import number as decimals
from textrep.evaluation.notes import heading
from textrep.evaluation.statistics import CONFIDENCE
from textrep.report.markup import Html, figure, foreign, paragraph, section, text
from textrep.report.seeds import MethodScore, method_scores, titled
from textrep.report.svg import Axis, label, line, mark, picture, series

__all__ = ["intervals", "legend"]

_LEFT, _RIGHT = 3, 97  # percent of the width
_MODEL, _NAME, _GAP, _TOP, _BOTTOM = 11, 18, 10, 4, 26
_HIGHEST = 820  # pixels of a plot that fits a sheet of A4 or Letter with its legend


def intervals(report: Report, groups: Mapping[str, Sequence[str]]) -> Html:
    """Return the section with a plot for each task; groups of seeds have bars."""
    plots = [plot for task in report.tasks for plot in _task(report, groups, task)]
    if not plots:
        return section("Scores and intervals", [])
    return section(
        "Scores and intervals", [paragraph(_said_of_marks(report, bool(groups)), "faint"), *plots]
    )


def legend(models: Sequence[str]) -> Html:
    """Return which mark is whose."""
    entries = [
        f'<span class="entry"><svg width="14" height="14" role="img" aria-label="mark {place + 1}">'
        f"<title>mark {place + 1}</title>{mark(place, 7, 7, '')}</svg> {foreign(model)}</span>"
        for place, model in enumerate(models)
    ]
    return Html(f'<span class="legend">{" ".join(entries)}</span>')


def _task(report: Report, groups: Mapping[str, Sequence[str]], task: str) -> list[Html]:
    """Return the plots of a task, each to fit on a sheet; none where no model has a score."""
    names = [name for name in report.benchmarks if report.of(name)[0].task == task]
    ends = [
        value
        for name in names
        for r in report.of(name)
        for value in (r.estimate.low, r.estimate.high, r.score, r.human_ceiling)
        if value is not None
    ]
    if not any(r.score is not None for name in names for r in report.of(name)):
        return []
    low, high = min(ends), max(ends)
    if any(r.lower_is_better for name in names for r in report.of(name)):
        low -= 0.05 * (high - low or high)  # no score is near 0
    else:
        low = min(0.0, low)
    axis = Axis(low, high, _LEFT, _RIGHT)
    each = _NAME + _MODEL * (len(report.models) + len(groups)) + _GAP
    most = max(1, (_HIGHEST - _TOP - _BOTTOM) // each)
    parts = [names[first : first + most] for first in range(0, len(names), most)]
    title = heading(report, task)
    marks = legend([*report.models, *(titled(groups, name) for name in groups)])
    found = []
    for number, inside in enumerate(parts, start=1):
        said = f"{title}, {number} of {len(parts)}" if len(parts) > 1 else title
        shown = _picture(report, groups, inside, axis, each, said)
        found.append(figure(shown, Html(f"{text(said)} {marks}")))
    return found


def _picture(
    report: Report,
    groups: Mapping[str, Sequence[str]],
    names: Sequence[str],
    axis: Axis,
    each: int,
    title: str,
) -> Html:
    """Return a plot of some benchmarks, ``each`` pixels high."""
    height = _TOP + each * len(names) + _BOTTOM
    bottom = height - _BOTTOM
    parts = []
    for tick in axis.ticks():
        x = axis.at(tick)
        parts.append(line(x, _TOP, x, bottom, "grid", "%"))
        parts.append(label(x, bottom + 16, f"{tick:g}", "middle", unit="%"))
    for place, name in enumerate(names):
        parts += _benchmark(report, groups, name, axis, _TOP + place * each)
    return picture(None, height, f"Scores and intervals: {title}", parts)


def _benchmark(
    report: Report, groups: Mapping[str, Sequence[str]], name: str, axis: Axis, top: float
) -> list[Html]:
    results = report.of(name)
    bottom = top + _NAME + _MODEL * (len(results) + len(groups)) + _GAP
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
    methods = method_scores(report, groups, name)
    for place, group in enumerate(groups, start=len(results)):
        title = f"{titled(groups, group)} on {name}"
        y = top + _NAME + _MODEL * (place + 0.5)
        parts += _spread(methods[group], title, place, axis, y)
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


def _spread(method: MethodScore | None, title: str, place: int, axis: Axis, y: float) -> list[Html]:
    """Return a bar from the lowest to the highest seed, and a mark at the mean."""
    if method is None:
        return []
    low, high = axis.at(min(method.scores)), axis.at(max(method.scores))
    said = f"{title}: {decimals(method.mean)}, {method.of_seeds}"
    return [
        line(low, y, high, y, f"over-seeds {series(place)}", "%"),
        mark(place, axis.at(method.mean), y, said, "%"),
    ]


def _said_of_marks(report: Report, seeds: bool) -> Html:
    """Return what the marks mean, of those that are there."""
    said = f"Lines through dots: {CONFIDENCE:.0%} intervals, what other items would change."
    if seeds:
        said += (
            " Bars behind dots: from the lowest to the highest seed of models that differ in their "
            "seed alone, what training again would change."
        )
    if any(result.human_ceiling is not None for result in report.results):
        said += " Dashed: what people reach."
    if any(compared.detectable is not None for compared in report.comparisons.values()):
        said += (
            " Grey, as long as a difference: the smallest one of two models that the benchmark "
            "would find 4 times in 5, before correction."
        )
    return text(said)
