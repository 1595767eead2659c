"""What models cost, in training time, size and words, beside what they score."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textrep.evaluation import Average, Report
from textrep.evaluation.notes import heading
from textrep.evaluation.numbers import decimals
from textrep.report.intervals import legend
from textrep.report.markup import Cell, Html, figure, foreign, section, table, text
from textrep.report.models import ModelCard
from textrep.report.svg import Axis, label, line, mark, picture

__all__ = ["costs"]

_WIDTH, _HEIGHT = 330, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 14, 12, 38


def costs(report: Report, cards: Sequence[ModelCard]) -> Html:
    """Return the section: a table, and plots of each task's mean score against each cost."""
    averages = [average for average in report.averages() if average.benchmarks]
    plots = [
        _plot(report, average, cards, name, measure)
        for name, measure in _MEASURES.items()
        for average in averages
    ]
    drawn = "".join(plots)
    parts = [_table(report, averages, cards)]
    if drawn:
        parts.append(Html(f'<p>{legend(report.models)}</p>\n<div class="plots">{drawn}</div>'))
    return section("Cost and quality", parts)


_MEASURES: dict[str, Callable[[ModelCard], float | None]] = {
    "seconds of training": lambda card: card.seconds,
    "megabytes on disk": lambda card: card.n_bytes / 1e6,
}


def _table(report: Report, averages: Sequence[Average], cards: Sequence[ModelCard]) -> Html:
    header = [
        *map(text, ("model", "kind", "words", "columns", "training, s", "tokens/s", "MB")),
        *(text(_title(report, average)) for average in averages),
    ]
    rows = [
        [
            Cell(foreign(card.name)),
            Cell(foreign(card.kind)),
            Cell(text(f"{card.n_words:,}"), card.n_words),
            Cell(text(f"{card.dim:,}"), card.dim),
            _optional(card.seconds, ",.1f"),
            _optional(_speed(card), ",.0f"),
            Cell(text(f"{card.n_bytes / 1e6:,.1f}"), card.n_bytes),
            *(Cell(text(decimals(a.scores[card.name])), a.scores[card.name]) for a in averages),
        ]
        for card in cards
    ]
    caption = (
        "Cost, and the mean score of each task; training time is that of the epochs, where the "
        "model kept it"
    )
    return table(caption, header, rows, sortable=True)


def _title(report: Report, average: Average) -> str:
    return f"{heading(report, average.task).partition(' (')[0]} ({len(average.benchmarks)})"


def _optional(value: float | None, style: str) -> Cell:
    return Cell(text("-" if value is None else format(value, style)), value)


def _speed(card: ModelCard) -> float | None:
    """Return tokens a second over all epochs."""
    tokens = [row.get("tokens") for row in card.history]
    known = [value for value in tokens if isinstance(value, int | float)]
    return sum(known) / card.seconds if card.seconds and known else None


def _plot(
    report: Report,
    average: Average,
    cards: Sequence[ModelCard],
    name: str,
    measure: Callable[[ModelCard], float | None],
) -> Html:
    """Return one plot; nothing where fewer than two models have both numbers."""
    points = [
        (place, card.name, cost, score)
        for place, card in enumerate(cards)
        if (cost := measure(card)) and (score := average.scores[card.name]) is not None
    ]
    if len(points) < 2:
        return Html("")
    spent, scores = [cost for *_, cost, _ in points], [score for *_, score in points]
    across = Axis(min(spent) / 1.3, max(spent) * 1.3, _LEFT, _WIDTH - _RIGHT, logarithmic=True)
    room = 0.08 * (max(scores) - min(scores)) or 0.05
    up = Axis(min(scores) - room, max(scores) + room, _HEIGHT - _BOTTOM, _TOP)
    parts = []
    for tick in up.ticks():
        y = up.at(tick)
        parts += [line(_LEFT, y, _WIDTH - _RIGHT, y, "grid"),
                  label(_LEFT - 6, y + 4, f"{tick:g}", "end")]  # fmt: skip
    for tick in across.ticks():
        parts.append(label(across.at(tick), _HEIGHT - _BOTTOM + 16, f"{tick:g}", "middle"))
    parts.append(
        label((_LEFT + _WIDTH) / 2, _HEIGHT - 5, f"{name}, logarithmic", "middle", "faint")
    )
    for place, model, cost, score in points:
        said = f"{model}: {cost:.3g} {name}, {decimals(score)}"
        parts.append(mark(place, across.at(cost), up.at(score), said))
    title = _title(report, average)
    shown = picture(_WIDTH, _HEIGHT, f"{title} against {name}", parts)
    return figure(shown, text(f"{title} against {name}"))
