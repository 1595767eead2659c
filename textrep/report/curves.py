"""Training curves: the loss of each epoch, each model on a scale of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence

from textrep.report.markup import Html, figure, foreign, paragraph, section, text
from textrep.report.models import ModelCard
from textrep.report.svg import Axis, label, line, path, picture

__all__ = ["curves"]

_WIDTH, _HEIGHT = 330, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 10, 10, 34
_LINES = {"loss": "training", "held_out_loss": "held out"}


def curves(cards: Sequence[ModelCard]) -> Html:
    """Return the section with a plot for each model that was trained in several epochs."""
    plots = [plot for plot in map(_plot, cards) if plot]
    if not plots:
        return section("Training", [])
    said = (
        "Mean loss of an example in each epoch. Losses of different objectives are on different "
        "scales, and say nothing about which model is better."
    )
    return section(
        "Training",
        [paragraph(text(said), "faint"), Html(f'<div class="plots">{"".join(plots)}</div>')],
    )


def _plot(card: ModelCard) -> Html:
    found = {name: _values(card, name) for name in _LINES}
    found = {name: points for name, points in found.items() if len(points) > 1}
    if not found:
        return Html("")
    values = [value for points in found.values() for _, value in points]
    last = max(epoch for points in found.values() for epoch, _ in points)
    room = 0.05 * (max(values) - min(values)) or 0.05 * abs(values[0]) or 1.0
    across = Axis(1, last, _LEFT, _WIDTH - _RIGHT)
    up = Axis(min(values) - room, max(values) + room, _HEIGHT - _BOTTOM, _TOP)
    parts = []
    for tick in up.ticks():
        y = up.at(tick)
        parts += [line(_LEFT, y, _WIDTH - _RIGHT, y, "grid"),
                  label(_LEFT - 6, y + 4, f"{tick:g}", "end")]  # fmt: skip
    for tick in across.ticks():
        if tick == int(tick):
            parts.append(label(across.at(tick), _HEIGHT - _BOTTOM + 16, f"{tick:g}", "middle"))
    parts.append(label((_LEFT + _WIDTH) / 2, _HEIGHT - 3, "epoch", "middle", "faint"))
    for name, points in found.items():
        at = [(across.at(epoch), up.at(value)) for epoch, value in points]
        parts.append(path(at, f"curve {name.replace('_', '-')}"))
    said = "; ".join(
        f"{_LINES[name]} {points[0][1]:.4g} to {points[-1][1]:.4g}"
        for name, points in found.items()
    )
    shown = picture(_WIDTH, _HEIGHT, f"Loss of {card.name}: {said}", parts)
    note = " (dashed: held out)" if "held_out_loss" in found else ""
    caption = Html(f"{foreign(card.name, 'name')}: {text(said + note)}")
    return figure(shown, caption)


def _values(card: ModelCard, name: str) -> list[tuple[int, float]]:
    """Return epoch and loss; an epoch without a finite one is left out."""
    rows = enumerate(card.history, start=1)
    found = [(epoch, row.get(name)) for epoch, row in rows]
    return [
        (epoch, float(value))
        for epoch, value in found
        if isinstance(value, int | float) and math.isfinite(value)
    ]
