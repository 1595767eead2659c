"""Comparisons as text of at most 80 columns."""

from __future__ import annotations

import statistics
import textwrap

from .harness import Comparison, Measurement

__all__ = ["table"]

_WIDTH = 80
_ROW = "{:<27}{:>8}{:>14}{:>7}{:>6}{:>12}{:>6}"


def table(comparison: Comparison) -> str:
    """Return a comparison as text; ``ratio`` is a row's median over the first row's."""
    rate = f"{comparison.unit}/s" if comparison.unit else ""
    first = comparison.measurements[0]
    lines = [
        *textwrap.wrap(f"{comparison.name}: {comparison.title}", _WIDTH),
        _ROW.format("", "median s", "min-max", "CPU s", "MB", rate, "ratio"),
        *(_row(measurement, first) for measurement in comparison.measurements),
    ]
    for note in [*comparison.notes, *_compiling(comparison.measurements)]:
        lines += textwrap.wrap(note, _WIDTH, initial_indent="- ", subsequent_indent="  ")
    return "\n".join(lines)


def _row(measurement: Measurement, first: Measurement) -> str:
    seconds = measurement.seconds
    return _ROW.format(
        measurement.label,
        _short(measurement.median),
        f"{_short(min(seconds))}-{_short(max(seconds))}",
        _short(statistics.median(measurement.cpu_seconds)),
        f"{max(measurement.peak_mb):.0f}",
        _rate(measurement),
        f"{measurement.median / first.median:.2f}",
    )


def _short(seconds: float) -> str:
    return f"{seconds:.3f}" if seconds < 10 else f"{seconds:.1f}"


def _rate(measurement: Measurement) -> str:
    if measurement.work is None:
        return ""
    rate = measurement.work / measurement.median
    return f"{rate / 1e6:.2f} M" if rate >= 1e5 else f"{rate:,.0f}"


def _compiling(measurements: list[Measurement]) -> list[str]:
    """Return what compiling took: the first process's warm-up less that of the later ones."""
    taken = [
        (item.first_warm_up_seconds, statistics.median(item.warm_up_seconds), item.label)
        for item in measurements
        if item.first_warm_up_seconds is not None and item.label.startswith("textrep")
    ]
    if not taken:
        return []
    first, later, label = max(taken)
    return [
        f"Not in the figures: warming up, {first:.1f} s in the first process, which compiles, and "
        f"{later:.1f} s in each later one ({label})."
    ]
