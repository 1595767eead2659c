"""Speak about the small world: sentences from templates, documents about topics.

A document begins with an entry of the world, drawn by its frequency, and is about that entry's
topic. It has a cast, a few entries of the topic that it keeps coming back to; most clauses
speak of the cast, others of anything under the topic, a few of anything at all. So words are alike
when the same is said of them, and related when they meet in documents.

Within a category the entry of rank r is spoken of in proportion to 1 / (r + 16), the values of a
fact in proportion to 1 / (r + 1) (Zipf's law, the former with Mandelbrot's shift). A fact that has
a synonym is told by it one time in five.

The random numbers are the raw 64-bit output of PCG64, a stream that NumPy keeps the same for
all versions and platforms (NEP 19), and all choices are made in integer arithmetic.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from numpy.random import PCG64

from textrep.corpus.miniworld.english import ONE, SEVERAL, capitalized, with_article
from textrep.corpus.miniworld.facts import World, load_world
from textrep.errors import InvalidParameterError

__all__ = ["generate"]

T = TypeVar("T")

Clause = tuple[str, tuple[tuple[str, ...], ...]]
"""A pattern with one ``%s`` for each slot, and for each slot what may fill it."""

Choices = tuple[tuple[str, ...], int]
"""What may fill a slot, the most frequent first, and the shift of its law of frequency."""

_SLOT = re.compile(r"\{(?:(a|plural|any) )?(\w+)\}")
_DRAWS = 1 << 14
_WORD_SHIFT = 16


def generate(tokens: int = 1_000_000, seed: int = 0) -> Iterator[str]:
    """Generate the synthetic corpus.

    Parameters
    ----------
    tokens : int, default=1_000_000
        Stop after the document that reaches this many tokens (counted at white space), so there
        are at most some hundreds more. At least 1.
    seed : int, default=0
        Chooses the text. At least 0. A shorter text is the beginning of a longer one of the same
        seed.

    Yields
    ------
    str
        A document: one sentence a line, no line break at the end.

    Raises
    ------
    InvalidParameterError
        ``tokens`` or ``seed`` is too small.

    Notes
    -----
    The same seed gives the same text on every platform and with every version of Python and NumPy.
    """
    if tokens < 1:
        raise InvalidParameterError("tokens", "miniworld.generate", "at least 1", tokens)
    if seed < 0:
        raise InvalidParameterError("seed", "miniworld.generate", "at least 0", seed)
    return _documents(tokens, seed)


def _documents(tokens: int, seed: int) -> Iterator[str]:
    speaker = _speaker()
    draws = _draws(seed)
    while tokens > 0:
        document = "\n".join(speaker.document(draws))
        tokens -= document.count(" ") + document.count("\n") + 1
        yield document


def _draws(seed: int) -> Iterator[int]:
    """Yield uniform 64-bit numbers for ever."""
    source = PCG64(seed)
    while True:
        yield from source.random_raw(_DRAWS).tolist()


@dataclass(frozen=True)
class _Speaker:
    """What can be said, ready to be drawn from.

    Attributes
    ----------
    entries : tuple of int
        Every entry's number, as often as its frequency asks.
    topics : dict of str to tuple of int
        The same for the entries of each topic.
    topic_of : tuple of str
        Each entry's topic.
    clauses : tuple of tuple of Clause
        What can be said of each entry.
    remarks : tuple of Clause
        What can be said at any time.
    openings, joiners : tuple of str
        What comes before and between clauses, as often as its frequency asks.
    """

    entries: tuple[int, ...]
    topics: dict[str, tuple[int, ...]]
    topic_of: tuple[str, ...]
    clauses: tuple[tuple[Clause, ...], ...]
    remarks: tuple[Clause, ...]
    openings: tuple[str, ...]
    joiners: tuple[str, ...]

    def document(self, draws: Iterator[int]) -> Iterator[str]:
        """Yield the sentences of one document."""
        draw, length = divmod(next(draws), 16)
        draw, hero = _pick(draw, self.entries)
        topic = self.topics[self.topic_of[hero]]
        cast = [hero]
        for _ in range(3):
            draw, member = _pick(draw, topic)
            cast.append(member)
        for _ in range(6 + length):
            yield self.sentence(draws, cast, topic)

    def sentence(self, draws: Iterator[int], cast: Sequence[int], topic: Sequence[int]) -> str:
        """Return a remark, a clause, or two clauses, in one time of four behind an opening."""
        draw, kind = divmod(next(draws), 16)
        if kind == 0:
            draw, remark = _pick(draw, self.remarks)
            text = _fill(draw, remark)
        else:
            text = self.clause(next(draws), cast, topic)
            draw, opened = divmod(draw, 4)
            if opened == 0:
                draw, opening = _pick(draw, self.openings)
                text = f"{opening} {text}"
            if kind < 6:
                draw, joiner = _pick(draw, self.joiners)
                text = f"{text} {joiner} {self.clause(next(draws), cast, topic)}"
        return capitalized(text) + "."

    def clause(self, draw: int, cast: Sequence[int], topic: Sequence[int]) -> str:
        """Return a clause about the cast (9 of 16), the topic (6), or anything (1)."""
        draw, whom = divmod(draw, 16)
        draw, entry = _pick(draw, cast if whom < 9 else topic if whom < 15 else self.entries)
        draw, clause = _pick(draw, self.clauses[entry])
        return _fill(draw, clause)


def _pick(draw: int, items: Sequence[T]) -> tuple[int, T]:
    """Return what is left of a random number, and the item that it chooses."""
    draw, position = divmod(draw, len(items))
    return draw, items[position]


def _fill(draw: int, clause: Clause) -> str:
    pattern, slots = clause
    words = []
    for choices in slots:
        draw, position = divmod(draw, len(choices))
        words.append(choices[position])
    return pattern % tuple(words)


@functools.cache
def _speaker() -> _Speaker:
    world = load_world()
    categories: dict[str, Choices] = {}
    topics: dict[str, list[int]] = {}
    for number, entry in enumerate(world.entries):
        words, _ = categories.get(entry.category.name, ((), 0))
        categories[entry.category.name] = ((*words, entry.word), _WORD_SHIFT)
        times = entry.category.often * _share(entry.rank, _WORD_SHIFT)
        topics.setdefault(entry.topic, []).extend([number] * times)
    clauses = []
    for entry in world.entries:
        slots = categories | {fact: (values, 1) for fact, values in entry.facts.items()}
        slots["word"] = (entry.spellings, 1)
        made = (_clause(world, template, slots) for template in entry.category.templates)
        clauses.append(tuple(clause for clause in made if clause))
    remarks = (_clause(world, remark, categories) for remark in world.remarks)
    return _Speaker(
        entries=tuple(number for numbers in topics.values() for number in numbers),
        topics={topic: tuple(numbers) for topic, numbers in topics.items()},
        topic_of=tuple(entry.topic for entry in world.entries),
        clauses=tuple(clauses),
        remarks=tuple(clause for clause in remarks if clause),
        openings=_zipf(world.openings, shift=4),
        joiners=_zipf(world.joiners, shift=1),
    )


def _clause(world: World, template: str, choices: dict[str, Choices]) -> Clause | None:
    """Return the template ready to be filled; None where a fact is missing."""
    slots = []
    for modifier, name in _SLOT.findall(template):
        if name not in choices:
            return None
        values, shift = choices[name]
        slots.append(_fillers(world, modifier, values, shift))
    return _SLOT.sub("%s", template), tuple(slots)


@functools.cache
def _fillers(world: World, modifier: str, values: tuple[str, ...], shift: int) -> tuple[str, ...]:
    """Return what may fill a slot, each as often as its frequency asks."""
    phrases = [
        phrase for value in _zipf(values, shift) for phrase in _five_times(world.ways_to_say(value))
    ]
    if modifier == "a":
        return tuple(map(with_article, phrases))
    if modifier == "plural":
        return tuple(map(world.plural, phrases))
    if modifier == "any":
        several = map(world.plural, phrases)
        return (
            *(f"{number} {noun}" for noun in phrases for number in ONE),
            *(f"{number} {nouns}" for nouns in several for number in SEVERAL),
        )
    return tuple(phrases)


@functools.cache
def _zipf(items: tuple[str, ...], shift: int) -> tuple[str, ...]:
    """Repeat each item so that a uniform choice follows 1 / (rank + shift)."""
    return tuple(item for rank, item in enumerate(items) for _ in range(_share(rank, shift)))


def _share(rank: int, shift: int) -> int:
    return max(1, 12 * shift // (rank + shift))


def _five_times(ways: Sequence[str]) -> tuple[str, ...]:
    """Repeat the first way to say something; a second way is one of the five."""
    return (ways[0],) * 4 + (ways[-1],)
