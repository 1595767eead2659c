"""Sentences made of our words and of names: as plain text, and as HTML that isolates the names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textrep.report.markup import Html, foreign, text

__all__ = ["Name", "Sentence", "as_html", "as_text", "counted", "listed", "named"]


class Name(NamedTuple):
    """The name of a model or a benchmark."""

    name: str


Sentence = tuple[str | Name, ...]
"""Parts of a sentence in order."""


def named(names: Iterable[str]) -> Sentence:
    """Return names as a sentence has them: "a, b and c"."""
    return listed([(Name(name),) for name in names])


def listed(parts: Sequence[Sentence]) -> Sentence:
    """Return parts with commas, and "and" before the last one."""
    joined: list[str | Name] = []
    for place, part in enumerate(parts):
        if place:
            joined.append(" and " if place == len(parts) - 1 else ", ")
        joined += part
    return tuple(joined)


def counted(n: int, noun: str) -> str:
    """Return a number with its noun: "1 model", "2 models"."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def as_text(sentence: Sentence) -> str:
    """Return a sentence as plain text.

    Examples
    --------
    >>> as_text((*named(["svd", "glove"]), " are not told apart."))
    'svd and glove are not told apart.'
    """
    return "".join(part.name if isinstance(part, Name) else part for part in sentence)


def as_html(sentence: Sentence) -> Html:
    """Return a sentence as HTML."""
    parts = [foreign(p.name, "name") if isinstance(p, Name) else text(p) for p in sentence]
    return Html("".join(parts))
