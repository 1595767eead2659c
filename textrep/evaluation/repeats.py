"""Pairs that a benchmark asks for more than once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Repeats", "repeated_pairs"]

_SIDES = (("word1", "word2"), ("sentence1", "sentence2"))


@dataclass(frozen=True)
class Repeats:
    """Pairs that a benchmark has more than once, in either order.

    Attributes
    ----------
    pairs : tuple of tuple of str
        Each pair once, as it is first written.
    conflicting : tuple of tuple of str
        Those of them whose scores differ.
    are_words : bool
        Whether they are pairs of words, not of sentences.
    """

    pairs: tuple[tuple[str, str], ...]
    conflicting: tuple[tuple[str, str], ...]
    are_words: bool


def repeated_pairs(columns: Mapping[str, Sequence[str]]) -> Repeats:
    """Return the pairs that a table of scored pairs repeats; none of any other table.

    Examples
    --------
    >>> columns = {"word1": ["a", "b"], "word2": ["b", "a"], "score": ["1", "1.0"]}
    >>> repeated_pairs(columns)
    Repeats(pairs=(('a', 'b'),), conflicting=(), are_words=True)
    """
    sides = next((both for both in _SIDES if {*both, "score"} <= set(columns)), None)
    if sides is None:
        return Repeats((), (), are_words=True)
    first: dict[tuple[str, ...], tuple[str, str]] = {}
    scores: dict[tuple[str, ...], list[float]] = {}
    for one, other, score in zip(
        columns[sides[0]], columns[sides[1]], columns["score"], strict=True
    ):
        pair = tuple(sorted((one, other)))
        first.setdefault(pair, (one, other))
        scores.setdefault(pair, []).append(float(score))
    again = [pair for pair, given in scores.items() if len(given) > 1]
    return Repeats(
        tuple(first[pair] for pair in again),
        tuple(first[pair] for pair in again if len(set(scores[pair])) > 1),
        are_words=sides == _SIDES[0],
    )
