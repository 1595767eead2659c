"""Numbers and tables as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["number", "settings", "spread", "table"]


def number(value: float | None) -> str:
    """Return three decimals without the zero before the point; "–" for None."""
    if value is None:
        return "–"
    text = f"{value:.3f}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def spread(values: Sequence[float]) -> str:
    """Return the mean and, of several values, the lowest and the highest."""
    mean = number(sum(values) / len(values))
    return mean if len(values) == 1 else f"{mean} ({number(min(values))} to {number(max(values))})"


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
