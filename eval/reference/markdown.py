"""Numbers and tables as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["mean", "number", "settings", "spread", "table"]


def number(value: float | None) -> str:
    """Return three decimals without the zero before the point; "-" for None."""
    if value is None:
        return "-"
    text = f"{value:.3f}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def mean(values: Sequence[float | None]) -> float | None:
    """Return the mean; None where there is nothing or a value is None."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def spread(values: Sequence[float | None]) -> str:
    """Return the mean and, of several values, the lowest and the highest."""
    known = [value for value in values if value is not None]
    text = number(mean(values))
    if text == "-" or len(known) == 1:
        return text
    return f"{text} ({number(min(known))} to {number(max(known))})"


def settings(parameters: Mapping[str, Any]) -> str:
    """Return parameters as code: "`dim` 100, `window` 2"; "defaults" if there are none."""
    return ", ".join(f"`{k}` {v}" for k, v in sorted(parameters.items())) or "defaults"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> list[str]:
    """Return the lines of a table; the first ``left`` columns are of text, the others of numbers.

    Examples
    --------
    >>> table(["model", "mean"], [["svd", ".431"]])
    ['| model | mean |', '|---|---:|', '| svd | .431 |']
    """
    rule = "|---" * left + "|---:" * (len(head) - left) + "|"
    return [_row(head), rule, *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
