"""The facts of the small world, read from ``world/*.toml``.

How to extend the world: find the category and add one line to its words. ::

    [animal]                    # a category
    group = "creature"          # categories of one group are a little alike
    topic = "wild"              # what documents that speak of its words are about
    often = 2                   # its words are spoken of twice as often (1 if not given)
    templates = [               # what can be said of each word
      "the {trait} {word} lives in the {place}",
      "many {plural word} live in the {place}",
      "{a word} was seen near the {place}",
    ]
    [animal.defaults]           # facts of words that do not give them (optional)
    place = "forest"
    [animal.words]              # the most frequent first
    dog = {also = "hound", topic = "home", trait = "loyal, noisy", place = "garden, yard"}

A template is a clause without capital letter or full stop. Its slots are ``{word}`` (the word or
one of its synonyms), the name of a fact (one of its values, the first most often) or the name of
a category (one of its words). ``{a trait}`` adds the article, ``{plural word}`` makes the plural,
``{any word}`` says "this dog", "many dogs" and the like, so the clause must fit both numbers. A
template that asks for a fact that a word lacks is not used for that word.

A fact is one text; commas separate its values. Some names have a meaning of their own:

- ``also``: synonyms, used wherever the word is, also where it is a fact of another word;
- ``topic``: in place of the category's topic;
- ``plural``, ``past``: where they are not formed by the rule;
- ``text``: the spelling in the text where it is not the key (``"Rome"``);
- ``female``: a second word that shares every fact of the first, with the category's table
  ``female`` for the facts that differ (she for he);
- ``asked = false``, of a word or a category: it is in the text but not in the questions, because
  its spelling has two meanings in this world or because there is nothing to ask about it.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

from textrep.corpus.miniworld.english import past, plural

__all__ = ["Category", "Entry", "World", "load_world"]

_NOT_FACTS = frozenset({"also", "topic", "text", "asked", "plural"})


@dataclass(frozen=True)
class Category:
    """Words of one kind, and what can be said of them."""

    name: str
    group: str
    topic: str
    often: int
    templates: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One meaning: a word with its synonyms and facts.

    Attributes
    ----------
    word : str
        As it is written in the text.
    synonyms : tuple of str
        Used wherever the word is.
    category : Category
        Its kind.
    topic : str
        What documents that speak of it are about.
    rank : int
        0 for the most frequent word of its category.
    facts : mapping of str to tuple of str
        The values of each fact, the most typical first.
    asked : bool
        Whether the benchmarks may use it.
    """

    word: str
    synonyms: tuple[str, ...]
    category: Category
    topic: str
    rank: int
    facts: Mapping[str, tuple[str, ...]]
    asked: bool

    @property
    def spellings(self) -> tuple[str, ...]:
        """The word and its synonyms."""
        return (self.word, *self.synonyms)

    @property
    def is_counted(self) -> bool:
        """Whether it is spoken of in the plural."""
        return any("{plural word}" in template for template in self.category.templates)


@dataclass(frozen=True, eq=False)
class World:
    """Everything that miniworld's text and questions are made from.

    Attributes
    ----------
    entries : tuple of Entry
        In the order of the files.
    plurals : mapping of str to str
        Plurals that the rule does not give.
    synonyms : mapping of str to tuple of str
        For each spelling in the text of a word with synonyms, singular or plural, the synonyms in
        the same number.
    openings, joiners, remarks : tuple of str
        What holds clauses together, the most frequent first.
    """

    entries: tuple[Entry, ...]
    plurals: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    openings: tuple[str, ...]
    joiners: tuple[str, ...]
    remarks: tuple[str, ...]

    def of(self, category: str) -> list[Entry]:
        """Return the entries of a category, the most frequent first."""
        return [entry for entry in self.entries if entry.category.name == category]

    def plural(self, noun: str) -> str:
        """Return the plural of a noun of this world."""
        return _plural(noun, self.plurals)

    def ways_to_say(self, phrase: str) -> tuple[str, ...]:
        """Return the phrase, and the phrase with its first word that has synonyms replaced."""
        words = phrase.split()
        for place, word in enumerate(words):
            if word in self.synonyms:
                behind = words[place + 1 :]
                return (
                    phrase,
                    *(
                        " ".join([*words[:place], synonym, *behind])
                        for synonym in self.synonyms[word]
                    ),
                )
        return (phrase,)


@functools.cache
def load_world() -> World:
    """Read the world from the package's data.

    Returns
    -------
    World
        Read once; the same object every time.
    """
    entries: list[Entry] = []
    plurals: dict[str, str] = {}
    speech: dict[str, tuple[str, ...]] = {}
    folder = resources.files(__package__) / "world"
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".toml"):
            continue
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        for name, table in tables.items():
            if isinstance(table, list):
                speech[name] = tuple(table)
                continue
            plurals |= {
                facts.get("text", key): facts["plural"]
                for key, facts in table["words"].items()
                if "plural" in facts
            }
            entries += _entries(name, table)
    return World(
        tuple(entries),
        MappingProxyType(plurals),
        MappingProxyType(dict(_synonyms(entries, plurals))),
        **speech,
    )


def _synonyms(
    entries: list[Entry], plurals: dict[str, str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in entries:
        if entry.asked and entry.synonyms:
            yield entry.word, entry.synonyms
            if entry.is_counted:
                several = tuple(_plural(word, plurals) for word in entry.synonyms)
                yield _plural(entry.word, plurals), several


def _entries(name: str, table: dict[str, Any]) -> Iterator[Entry]:
    category = Category(
        name, table["group"], table["topic"], table.get("often", 1), tuple(table["templates"])
    )
    defaults = table.get("defaults", {})
    for rank, (key, line) in enumerate(table["words"].items()):
        facts = defaults | {fact: text for fact, text in line.items() if fact not in _NOT_FACTS}
        if name == "verb":
            facts.setdefault("past", past(key))
        forms = [(line.get("text", key), _values(line.get("also", "")), facts)]
        if "female" in facts:
            shared = {fact: text for fact, text in facts.items() if fact != "female"}
            forms.append((facts["female"], (), shared | table["female"]))
        for word, synonyms, told in forms:
            yield Entry(
                word=word,
                synonyms=synonyms,
                category=category,
                topic=line.get("topic", category.topic),
                rank=rank,
                facts=MappingProxyType({fact: _values(text) for fact, text in told.items()}),
                asked=line.get("asked", table.get("asked", True)),
            )


def _plural(noun: str, plurals: Mapping[str, str]) -> str:
    return plurals.get(noun) or plural(noun)


def _values(text: str) -> tuple[str, ...]:
    return tuple(value.strip() for value in text.split(",")) if text else ()
