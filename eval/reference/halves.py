"""Benchmarks in two halves: one to choose parameters by, the other to report.

An item goes with a hash of one of its words, so the halves do not depend on the order of a table,
and the same pair of words is in the same half of every benchmark that has it. A word decides alone,
so all questions about it stay together; as the other word of a pair it can be in both halves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from textrep import data, recipes
from textrep.evaluation import Report, Result
from textrep.evaluation.outcome import Items, Outcome, score
from textrep.evaluation.tasks.analogy import questions_of

__all__ = [
    "DEVELOPMENT",
    "HALVES",
    "TEST",
    "deciding_words",
    "half_of",
    "members",
    "report",
    "take",
]

DEVELOPMENT, TEST = HALVES = ("development", "test")

_Columns = Mapping[str, Sequence[str]]


def _first_of_pair(columns: _Columns) -> list[str]:
    pairs = zip(columns["word1"], columns["word2"], strict=True)
    return [min(one.lower(), two.lower()) for one, two in pairs]


_DECIDING: dict[str, Callable[[_Columns], Sequence[str]]] = {
    "relatedness": _first_of_pair,
    "synonym": lambda columns: columns["question"],
    "analogy": lambda columns: questions_of(columns).c,
    "categorization": lambda columns: columns["word"],
    "relations": lambda columns: columns["word1"],
}


def half_of(word: str) -> str:
    """Return the half that items go to which ``word`` decides on.

    Examples
    --------
    >>> half_of("Tiger") == half_of("tiger")
    True
    """
    digest = hashlib.sha256(f"textrep reference {word.lower()}".encode()).digest()
    return HALVES[digest[0] & 1]


def deciding_words(task: str, columns: _Columns) -> Sequence[str]:
    """Return the word of each item that its half is chosen by.

    It is the alphabetically first one of a pair, what a synonym is asked for, the third word of an
    analogy (a is to b as *c* is to …), the word to be put into a category, the concept of a
    relation.

    Parameters
    ----------
    task : str
        A task of words: one of "relatedness", "synonym", "analogy", "categorization", "relations".
    columns : mapping of str to sequence of str
        Its table, by roles.
    """
    return _DECIDING[task](columns)


def members(benchmark: str, half: str) -> NDArray[np.bool_]:
    """Return which items of a benchmark are in a half, shape (n_items,).

    Raises
    ------
    DataError
        Its data are not at hand.
    """
    recipe = recipes.benchmark_recipe(benchmark)
    words = deciding_words(recipe.task, data.table(recipe).columns)
    return np.array([half_of(word) == half for word in words], dtype=np.bool_)


def take(items: Items, chosen: NDArray[np.bool_]) -> Items:
    """Return some of the items; clusters are those of all words, with the others taken out."""
    return Items(
        covered=items.covered[chosen],
        values=items.values[chosen],
        gold=None if items.gold is None else items.gold[chosen],
        groups=None if items.groups is None else items.groups[chosen],
        clusters=None if items.clusters is None else items.clusters[:, chosen],
    )


def report(answers: Mapping[str, Mapping[str, Outcome]]) -> Report:
    """Return the report of models from what they answered.

    Parameters
    ----------
    answers : mapping of str to mapping of str to Outcome
        Of each model, by benchmark; the same items for every model.
    """
    results = []
    for benchmark in next(iter(answers.values())):
        outcomes = {model: given[benchmark] for model, given in answers.items()}
        shared = np.logical_and.reduce([outcome.items.covered for outcome in outcomes.values()])
        for model, outcome in outcomes.items():
            metric, items = outcome.metric, outcome.items
            results.append(
                Result(
                    benchmark=benchmark,
                    task=recipes.benchmark_recipe(benchmark).task,
                    model=model,
                    outcome=outcome,
                    on_covered=score(metric, items, items.covered),
                    on_all=score(metric, items, np.ones_like(items.covered)),
                    on_shared=score(metric, items, shared),
                )
            )
    return Report(tuple(answers), tuple(results))
