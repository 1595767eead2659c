"""Scores and shares as short text."""

from __future__ import annotations

__all__ = ["decimals", "percent"]


def decimals(value: float | None) -> str:
    """Return three decimals without the zero before the point, "-" where there is no value.

    Examples
    --------
    >>> decimals(0.41237), decimals(-0.05), decimals(1.0), decimals(None)
    ('.412', '-.050', '1.000', '-')
    """
    if value is None:
        return "-"
    text = f"{value:.3f}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def percent(part: int, whole: int) -> str:
    """Return a share rounded down, so that 100% means all of it.

    Examples
    --------
    >>> percent(999, 1000), percent(1, 1000), percent(0, 1000)
    ('99%', '<1%', '0%')
    """
    share = 100 * part // max(whole, 1)
    return "<1%" if share == 0 and part else f"{share}%"
