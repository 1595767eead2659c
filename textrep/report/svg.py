"""Plots as SVG: axes, marks that differ in colour and shape, lines; readable without JavaScript."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textrep.report.markup import Html
from textrep.report.page import escape

__all__ = ["Axis", "label", "line", "mark", "nice_ticks", "path", "picture", "series", "square"]

_SHAPES = (
    '<circle r="4"/>',
    '<rect x="-3.5" y="-3.5" width="7" height="7"/>',
    '<polygon points="0,-4.6 4.4,3.4 -4.4,3.4"/>',
    '<polygon points="0,-5 5,0 0,5 -5,0"/>',
    '<path d="M-4 -4l8 8m0 -8l-8 8" stroke-width="2.5"/>',
)
_COLOURS = 8


@dataclass(frozen=True)
class Axis:
    """Values on a stretch of the picture.

    Attributes
    ----------
    low, high : float
        The values at its ends; positive where it is logarithmic.
    start, end : float
        Where these are, in pixels.
    logarithmic : bool
        Whether equal ratios have equal lengths.
    """

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """Return where a value is; beyond an end it is at the end."""
        low, high = self._scaled(self.low), self._scaled(self.high)
        share = (self._scaled(value) - low) / (high - low) if high > low else 0.5
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Return round values along it."""
        if not self.logarithmic:
            return nice_ticks(self.low, self.high)
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        steps = (1, 2, 5) if last - first < 3 else (1,)
        values = [step * 10.0**power for power in range(first, last + 1) for step in steps]
        return [value for value in values if self.low <= value <= self.high]

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self.logarithmic else value


def nice_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return at most ``most`` multiples of 1, 2 or 5 times a power of ten from low to high.

    Examples
    --------
    >>> nice_ticks(-0.1, 0.93)
    [0.0, 0.2, 0.4, 0.6, 0.8]
    """
    if not high > low:
        return [low]
    step = 10.0 ** math.floor(math.log10((high - low) / most))
    step *= next(f for f in (1, 2, 5, 10, 20) if (high - low) / (step * f) < most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(place * step, 12) for place in range(first, last + 1)]


def series(number: int) -> str:
    """Return the class of the colour of a series, from 0 up; colours begin anew after eight."""
    return f"series{number % _COLOURS}"


def mark(number: int, x: float, y: float, title: str, unit: str = "") -> Html:
    """Return the mark of a series; its colour and shape together differ up to forty series.

    ``unit`` is that of ``x``: "%" lets a picture be as wide as the page, while marks and text keep
    their size.
    """
    name = f"<title>{escape(title)}</title>" if title else ""
    shape = _SHAPES[(number + number // _COLOURS) % len(_SHAPES)]
    return Html(
        f'<svg x="{x:.2f}{unit}" y="{y:.1f}" overflow="visible" class="mark {series(number)}">'
        f"{name}{shape}</svg>"
    )


def line(x1: float, y1: float, x2: float, y2: float, style: str, unit: str = "") -> Html:
    """Return a straight line; ``unit`` is that of ``x1`` and ``x2``."""
    return Html(
        f'<line x1="{x1:.2f}{unit}" y1="{y1:.1f}" x2="{x2:.2f}{unit}" y2="{y2:.1f}" '
        f'class="{style}"/>'
    )


def path(points: Iterable[tuple[float, float]], style: str) -> Html:
    """Return a line through points."""
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return Html(f'<polyline points="{joined}" class="{style}"/>')


def label(
    x: float,
    y: float,
    content: object,
    anchor: str = "start",
    style: str = "",
    unit: str = "",
    turned: bool = False,
) -> Html:
    """Return text at a place; ``anchor`` is "start", "middle" or "end"; turned, it goes up."""
    kind = f' class="{style}"' if style else ""
    turn = f' transform="rotate(-90 {x:.2f} {y:.1f})"' if turned else ""
    # Text of another direction would be anchored at its other end.
    return Html(
        f'<text x="{x:.2f}{unit}" y="{y:.1f}" text-anchor="{anchor}" direction="ltr"{kind}{turn}>'
        f"{escape(content)}</text>"
    )


def square(x: float, y: float, size: float, share: float, title: str) -> Html:
    """Return a square that is the darker the larger ``share``, 0 to 1, is."""
    return Html(
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{size}" height="{size}" class="shade" '
        f'fill-opacity="{share:.3f}"><title>{escape(title)}</title></rect>'
    )


def picture(width: float | None, height: float, title: str, parts: Sequence[Html]) -> Html:
    """Return an SVG; ``title`` is its name for screen readers, no width that of the page."""
    inside, name = "\n".join(parts), escape(title)
    size = '"100%"' if width is None else f'"{width:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    return Html(
        f'<svg width={size} height="{height:.0f}" role="img" aria-label="{name}">\n'
        f"<title>{name}</title>\n{inside}\n</svg>"
    )
