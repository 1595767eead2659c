"""What models cost, in training time, size and words, beside what they score."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from textrep.evaluation import Report
from textrep.evaluation.cells import number as decimals
from textrep.evaluation.notes import heading
from textrep.report.intervals import legend
from textrep.report.markup import Cell, Html, figure, foreign, section, table, text
from textrep.report.models import ModelCard
from textrep.report.svg import Axis, label, line, mark, picture

__all__ = ["costs"]

_WIDTH, _HEIGHT = 330, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 14, 12, 38


@dataclass(frozen=True)
class _Quality:
    """The mean score of each model on one task; None of one that has no score on it."""

    title: str
    scores: dict[str, float | None]


def costs(report: Report, cards: Sequence[ModelCard]) -> Html:
    """Return the section: a table, and plots of each task's mean score against each cost."""
    qualities = [found for task in report.tasks for found in _qualities(report, task)]
    parts = [_table(qualities, cards)]
    plots = [
        _plot(quality, cards, name, measure)
        for name, measure in _MEASURES.items()
        for quality in qualities
    ]
    if any(plots):
        shown = Html(f'<div class="plots">{"".join(plots)}</div>')
        parts += [Html(f"<p>{legend(report.models)}</p>"), shown]
    return section("Cost and quality", parts)


_MEASURES: dict[str, Callable[[ModelCard], float | None]] = {
    "seconds of training": lambda card: card.seconds,
    "megabytes on disk": lambda card: card.n_bytes / 1e6,
}


def _qualities(report: Report, task: str) -> list[_Quality]:
    """Return the means over the benchmarks that all models with any score on the task have.

    Where scores of several benchmarks have no mean, each benchmark stands alone.
    """
    mine = [r for r in report.results if r.task == task and r.score is not None]
    models = dict.fromkeys(r.model for r in mine)
    found: dict[str, dict[str, float]] = {}
    for one in mine:
        found.setdefault(one.benchmark, {})[one.model] = one.score or 0.0
    complete = {name: scores for name, scores in found.items() if len(scores) == len(models)}
    title = heading(report, task).partition(" (")[0]
    if any(r.lower_is_better for r in mine):
        return [
            _Quality(f"{title} ({name}, lower is better)", _with_absent(report, scores))
            for name, scores in complete.items()
        ]
    if not complete:
        return []
    n = len(complete)
    means = {m: sum(scores[m] for scores in complete.values()) / n for m in models}
    return [_Quality(f"{title} (mean of {n})" if n > 1 else title, _with_absent(report, means))]


def _with_absent(report: Report, scores: Mapping[str, float]) -> dict[str, float | None]:
    """Return the scores with None for each model that has none."""
    return {model: scores.get(model) for model in report.models}


def _table(qualities: Sequence[_Quality], cards: Sequence[ModelCard]) -> Html:
    names = ("model", "kind", "words", "columns", "training, s", "tokens/s", "disk, MB",
             "vectors in memory, MB", *(quality.title for quality in qualities))  # fmt: skip
    rows = [
        [
            Cell(foreign(card.name)),
            Cell(foreign(card.kind)),
            _number(card.n_words, ",d"),
            _number(card.dim, ",d"),
            _number(card.seconds, ",.1f"),
            _number(card.speed, ",.0f"),
            _number(card.n_bytes / 1e6, ",.1f"),
            _number(card.n_memory / 1e6, ",.1f"),
            *(Cell(text(decimals(q.scores[card.name])), q.scores[card.name]) for q in qualities),
        ]
        for card in cards
    ]
    caption = (
        "Cost, and the mean score of each task. Training time is of the model itself: what it was "
        "given, such as counts, is not in it."
    )
    return table(caption, list(map(text, names)), rows, sortable=True)


def _number(value: float | None, style: str) -> Cell:
    return Cell(text("-" if value is None else format(value, style)), value)


def _plot(
    quality: _Quality,
    cards: Sequence[ModelCard],
    name: str,
    measure: Callable[[ModelCard], float | None],
) -> Html:
    """Return one plot; nothing where fewer than two models have both numbers."""
    points = [
        (place, card.name, cost, score)
        for place, card in enumerate(cards)
        if (cost := measure(card)) and (score := quality.scores[card.name]) is not None
    ]
    if len(points) < 2:
        return Html("")
    spent, scores = [cost for *_, cost, _ in points], [score for *_, score in points]
    across = Axis(min(spent) / 1.3, max(spent) * 1.3, _LEFT, _WIDTH - _RIGHT, logarithmic=True)
    room = 0.08 * (max(scores) - min(scores)) or 0.05
    up = Axis(min(scores) - room, max(scores) + room, _HEIGHT - _BOTTOM, _TOP)
    parts = [line(_LEFT, up.at(tick), _WIDTH - _RIGHT, up.at(tick), "grid") for tick in up.ticks()]
    parts += [label(_LEFT - 6, up.at(tick) + 4, f"{tick:g}", "end") for tick in up.ticks()]
    below = _HEIGHT - _BOTTOM + 16
    parts += [label(across.at(tick), below, f"{tick:g}", "middle") for tick in across.ticks()]
    unit = label((_LEFT + _WIDTH) / 2, _HEIGHT - 5, f"{name}, logarithmic", "middle", "faint")
    parts.append(unit)
    for place, model, cost, score in points:
        said = f"{model}: {cost:.3g} {name}, {decimals(score)}"
        parts.append(mark(place, across.at(cost), up.at(score), said))
    title = f"{quality.title} against {name}"
    return figure(picture(_WIDTH, _HEIGHT, title, parts), text(title))
