"""What tables for a terminal are made of: rows, scores, names of models."""

from __future__ import annotations

from collections.abc import Sequence

from textrep.evaluation.statistics import Estimate

__all__ = [
    "CELL",
    "GAP",
    "batched",
    "labels",
    "legend",
    "number",
    "percent",
    "printable",
    "row",
    "score_text",
]

CELL = 16
"""Characters of a model's column."""

GAP = "  "
"""What stands between columns."""


def row(name: str, cells: Sequence[str], margin: int) -> str:
    """Return a line: a name of at most ``margin`` characters, then cells."""
    name = printable(name)
    if len(name) > margin:
        name = name[: margin - 1] + "…"
    return GAP.join([f"{name:<{margin}}", *cells]).rstrip()


def score_text(estimate: Estimate, marked: bool) -> str:
    """Return score, mark and half of the interval, 11 characters."""
    width = estimate.half_width
    half = "" if width is None else f"±{number(width, like=estimate.value)}"
    return f"{number(estimate.value):>5}{'*' if marked else ' '}{half:<5}"


def number(value: float | None, like: float | None = None) -> str:
    """Return three decimals without the zero before the point; of tens and more, four digits.

    Parameters
    ----------
    value : float or None
        "-" stands for None.
    like : float, optional
        Write as many decimals as this number has. Default: as the value itself has.

    Examples
    --------
    >>> number(0.5), number(-1.0), number(88.41), number(141.26), number(1234.5)
    ('.500', '-1.000', '88.41', '141.3', '1234')
    >>> number(2.5, like=141.26)
    '2.5'
    """
    if value is None:
        return "-"
    size = round(abs(value if like is None else like), 2)  # 9.996 becomes 10.00, not 9.996
    decimals = sum(size < bound for bound in (10, 100, 1000))
    text = f"{value:.{decimals}f}"
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


def labels(models: Sequence[str]) -> dict[str, str]:
    """Return the models' names, or numbers for all of them where one name is too long."""
    if all(len(printable(model)) <= CELL for model in models):
        return {model: printable(model) for model in models}
    return {model: f"[{place}]" for place, model in enumerate(models, start=1)}


def legend(named: dict[str, str]) -> list[str]:
    """Return what the numbers stand for, where `labels` gave numbers."""
    return [
        f"{label} {printable(model)}" for model, label in named.items() if label != printable(model)
    ]


def printable(text: str) -> str:
    """Return the text with a question mark for each character that cannot be printed."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def batched(items: Sequence[str], size: int) -> list[Sequence[str]]:
    """Return the items in batches of ``size``, the last one what is left."""
    return [items[start : start + size] for start in range(0, len(items), size)]
