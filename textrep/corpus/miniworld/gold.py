"""Questions about the small world whose answers follow from its facts.

The words are in lower case, as the default tokenizer writes them. A spelling with two meanings in
the world (an orange is a fruit and a colour) is never asked about.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.random import PCG64
from numpy.typing import NDArray

from textrep.corpus.miniworld.facts import Entry, World, load_world
from textrep.errors import UnknownNameError

__all__ = ["analogy_pairs", "benchmark_names", "benchmark_table", "relatedness_scores"]

T = TypeVar("T")
Table = dict[str, list[str]]

PAIRS_A_BAND = 36
"""Pairs of each band of relatedness: [0, 1), [1, 2), … [7, 9], and synonyms."""

QUESTIONS_A_PAIR = 5
"""Analogies that begin with each pair of a relation."""

FREQUENT = 4
"""Plurals are asked of so many words of each category."""

SEED = 20_260
"""Chooses which pairs are asked about; changing it makes another benchmark."""


def benchmark_names() -> tuple[str, ...]:
    """Return the names that `benchmark_table` knows."""
    return tuple(_BENCHMARKS)


def benchmark_table(name: str) -> Table:
    """Return the rows of one of miniworld's benchmarks.

    Parameters
    ----------
    name : {"miniworld-relatedness", "miniworld-synonyms", "miniworld-analogies"}
        Which benchmark.

    Returns
    -------
    dict of str to list of str
        Columns of equal length, every value as text.

        - relatedness: ``word1``, ``word2``, ``score`` from 0 to 10, see `relatedness_scores`;
        - synonyms: ``question``, ``option1`` … ``option4``, ``correct`` ("1" to "4");
        - analogies: ``category``, ``a``, ``b``, ``c``, ``d`` (a is to b as c is to d).

    Raises
    ------
    UnknownNameError
        There is no such benchmark.
    """
    if name not in _BENCHMARKS:
        raise UnknownNameError("benchmark of miniworld", name, _BENCHMARKS)
    return {column: list(values) for column, values in _BENCHMARKS[name]().items()}


def relatedness_scores(world: World, entries: Sequence[Entry]) -> NDArray[np.int64]:
    """Return how related the world says that each two entries are.

    The score of two different entries, in hundredths, is at most 900::

        100 · same group + 200 · same category + 200 · same topic
            + 300 · |facts in common| / |facts of either| + 200 · one is a fact of the other

    so that what is alike (group, category, common facts) and what belongs together (topic, one
    named by the other: baker and bread) both count. Two spellings of one entry, synonyms, have
    1000.

    Parameters
    ----------
    world : World
        Knows the plurals.
    entries : sequence of Entry
        n entries.

    Returns
    -------
    ndarray of shape (n, n), int64
        Hundredths of a point of relatedness, symmetric, 1000 on the diagonal.
    """
    values = [
        sorted({text for texts in entry.facts.values() for text in texts}) for entry in entries
    ]
    column = {text: number for number, text in enumerate(sorted(set(chain(*values))))}
    states = np.zeros((len(entries), len(column)), dtype=np.int64)
    named = np.zeros((len(entries), len(entries)), dtype=np.int64)
    row_of = {name: row for row, entry in enumerate(entries) for name in _names(world, entry)}
    for row, texts in enumerate(values):
        states[row, [column[text] for text in texts]] = 1
        others = [row_of[word] for text in texts for word in text.split() if word in row_of]
        named[row, others] = 1
    common = states @ states.T
    either = np.maximum(states.sum(1)[:, None] + states.sum(1)[None, :] - common, 1)
    scores: NDArray[np.int64] = (
        100 * _same(entry.category.group for entry in entries)
        + 200 * _same(entry.category.name for entry in entries)
        + 200 * _same(entry.topic for entry in entries)
        + 300 * common // either
        + 200 * np.maximum(named, named.T)
    )
    np.minimum(scores, 900, out=scores)
    np.fill_diagonal(scores, 1000)
    return scores


def analogy_pairs(world: World) -> dict[str, list[tuple[str, str]]]:
    """Return the pairs of words that stand in each relation, in lower case.

    Within a relation no word occurs in two pairs, so every question has one answer.
    """
    creatures = [entry for entry in world.entries if entry.category.group == "creature"]
    capitals = _fact_pairs(world.of("country"), "capital")
    relations = {
        "capital-country": [(capital, country) for country, capital in capitals],
        "country-nationality": _fact_pairs(world.of("country"), "people"),
        "singular-plural": _plural_pairs(world),
        "male-female": _fact_pairs(world.of("person"), "female"),
        "verb-past": _fact_pairs(world.of("verb"), "past"),
        "adjective-comparative": _fact_pairs(world.of("adjective"), "more"),
        "animal-young": _fact_pairs(creatures, "young"),
        "profession-tool": _fact_pairs(world.of("profession"), "tool"),
    }
    return {relation: _unrepeated(pairs) for relation, pairs in relations.items()}


def _relatedness() -> Table:
    world = load_world()
    entries = _askable(world)
    scores = relatedness_scores(world, entries)
    rows = [
        (entry.word, entry.synonyms[0], 1000)
        for entry in _chosen([entry for entry in entries if entry.synonyms], PAIRS_A_BAND)
    ]
    first, second = np.triu_indices(len(entries), k=1)
    band = np.minimum(scores[first, second] // 100, 7)
    for number in range(8):
        rows += [
            (
                entries[first[pair]].word,
                entries[second[pair]].word,
                scores[first[pair], second[pair]],
            )
            for pair in _chosen(np.flatnonzero(band == number).tolist(), PAIRS_A_BAND)
        ]
    return {
        "word1": [word.lower() for word, _, _ in rows],
        "word2": [word.lower() for _, word, _ in rows],
        "score": [f"{score / 100:.2f}" for _, _, score in rows],
    }


def _synonyms() -> Table:
    world = load_world()
    entries = _askable(world)
    scores = relatedness_scores(world, entries)
    table: Table = {"question": [], "option1": [], "option2": [], "option3": [], "option4": []}
    table["correct"] = []
    with_synonym = [row for row, entry in enumerate(entries) if entry.synonyms]
    questions = [(row, ask_synonym) for row in with_synonym for ask_synonym in (True, False)]
    places = [draw % 4 for draw in PCG64(SEED).random_raw(len(questions)).tolist()]
    for (row, ask_synonym), place in zip(questions, places, strict=True):
        word, synonym = entries[row].word, entries[row].synonyms[0]
        question, answer = (word, synonym) if ask_synonym else (synonym, word)
        options = [
            entries[other].synonyms[0] if ask_synonym else entries[other].word
            for other in _rivals(
                row, with_synonym if ask_synonym else range(len(entries)), entries, scores
            )
        ]
        options.insert(place, answer)
        table["question"].append(question.lower())
        for number, option in enumerate(options, start=1):
            table[f"option{number}"].append(option.lower())
        table["correct"].append(str(place + 1))
    return table


def _rivals(
    row: int, others: Iterable[int], entries: Sequence[Entry], scores: NDArray[np.int64]
) -> list[int]:
    """Return the three entries that are hardest to tell from ``row``.

    They are of its category where that has enough words, among the eight nearest in rank (so in
    frequency), and of those the most related.
    """
    entry = entries[row]

    def remoteness(other: int) -> tuple[bool, bool, int, int]:
        rival = entries[other]
        return (
            rival.category != entry.category,
            rival.category.group != entry.category.group,
            abs(rival.rank - entry.rank),
            other,
        )

    near = sorted((other for other in others if other != row), key=remoteness)[:8]
    same_kind = [other for other in near if entries[other].category == entry.category]
    pool = same_kind if len(same_kind) >= 3 else near
    return sorted(pool, key=lambda other: (-scores[row, other], other))[:3]


def _analogies() -> Table:
    table: Table = {"category": [], "a": [], "b": [], "c": [], "d": []}
    for relation, pairs in analogy_pairs(load_world()).items():
        for number, (a, b) in enumerate(pairs):
            for step in range(1, min(QUESTIONS_A_PAIR, len(pairs) - 1) + 1):
                c, d = pairs[(number + step) % len(pairs)]
                for column, value in zip(table, (relation, a, b, c, d), strict=True):
                    table[column].append(value)
    return table


def _askable(world: World) -> list[Entry]:
    """Return the entries that may be asked about, none with an ambiguous spelling."""
    times = Counter(name for entry in world.entries for name in set(_names(world, entry)))
    return [
        entry
        for entry in world.entries
        if entry.asked and all(times[word.lower()] == 1 for word in entry.spellings)
    ]


def _names(world: World, entry: Entry) -> list[str]:
    """Return the spellings of an entry and, of a noun, their plurals, in lower case."""
    words = [word.lower() for word in entry.spellings]
    return words + [world.plural(word) for word in words if entry.is_counted]


def _fact_pairs(entries: Sequence[Entry], fact: str) -> list[tuple[str, str]]:
    return [
        (entry.word.lower(), entry.facts[fact][0].lower())
        for entry in entries
        if entry.asked and fact in entry.facts
    ]


def _plural_pairs(world: World) -> list[tuple[str, str]]:
    """Return frequent nouns without synonyms, whose plurals would be right answers too."""
    return [
        (entry.word, plural)
        for entry in _askable(world)
        if entry.is_counted
        and entry.rank < FREQUENT
        and not entry.synonyms
        and " " not in (plural := world.plural(entry.word))
    ]


def _unrepeated(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    times = Counter(chain(*pairs))
    return [pair for pair in pairs if times[pair[0]] == times[pair[1]] == 1]


def _same(values: Iterable[str]) -> NDArray[np.int64]:
    array = np.array(list(values))
    same: NDArray[np.bool_] = array[:, None] == array[None, :]
    return same.astype(np.int64)


def _chosen(items: Sequence[T], number: int) -> list[T]:
    """Return at most ``number`` items in an order that looks random and is always the same."""
    draws = PCG64(SEED).random_raw(len(items))
    return [items[position] for position in np.argsort(draws, kind="stable")[:number]]


_BENCHMARKS: dict[str, Callable[[], Table]] = {
    "miniworld-relatedness": functools.cache(_relatedness),
    "miniworld-synonyms": functools.cache(_synonyms),
    "miniworld-analogies": functools.cache(_analogies),
}
