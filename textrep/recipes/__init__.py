"""Recipes: what each corpus and benchmark is, where it comes from and how it is read.

A recipe is one TOML file in ``corpora``, ``eval/benchmarks`` or ``eval/suites``; its name is the
file's name. It is data and executes nothing: ``reader`` and ``generator`` are names that the
library knows. Reading a recipe checks every key, type and name in it, so that a slip is one clear
line when the recipe is written and not a strange score when it is used.
"""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Callable
from importlib.resources.abc import Traversable
from typing import TypeVar

from textrep.errors import DataError, UnknownNameError
from textrep.recipes.parse import parse_benchmark, parse_corpus, parse_suite, with_files_of
from textrep.recipes.schema import (
    OOV_POLICIES,
    READERS,
    TASKS,
    BenchmarkRecipe,
    CorpusRecipe,
    Layout,
    Recipe,
    RemoteFile,
    Task,
    roles_problem,
)

__all__ = [
    "OOV_POLICIES",
    "READERS",
    "TASKS",
    "BenchmarkRecipe",
    "CorpusRecipe",
    "Layout",
    "Recipe",
    "RemoteFile",
    "Task",
    "benchmark_recipe",
    "benchmark_recipes",
    "corpus_recipe",
    "corpus_recipes",
    "parse_benchmark",
    "parse_corpus",
    "parse_suite",
    "roles_problem",
    "suite",
    "suites",
]

T = TypeVar("T")


def corpus_recipes() -> dict[str, CorpusRecipe]:
    """Return every corpus recipe by name, in alphabetical order.

    Raises
    ------
    DataError
        A recipe breaks a rule; the line names the file, the key and the rule.
    """
    return dict(_corpora())


def benchmark_recipes() -> dict[str, BenchmarkRecipe]:
    """Return every benchmark recipe by name, in alphabetical order.

    Raises
    ------
    DataError
        A recipe breaks a rule; the line names the file, the key and the rule.
    """
    return dict(_benchmarks())


def suites() -> dict[str, tuple[str, ...]]:
    """Return every suite: its name and the names of its benchmarks in reporting order.

    Raises
    ------
    DataError
        A suite breaks a rule or names a benchmark that has no recipe.
    """
    return dict(_suites())


def corpus_recipe(name: str) -> CorpusRecipe:
    """Return the recipe of one corpus.

    Raises
    ------
    UnknownNameError
        There is no such recipe; the nearest name is suggested.
    """
    return _named("corpus", name, _corpora(), "`textrep data list` names them all.")


def benchmark_recipe(name: str) -> BenchmarkRecipe:
    """Return the recipe of one benchmark.

    Raises
    ------
    UnknownNameError
        There is no such recipe; the nearest name is suggested.
    """
    return _named("benchmark", name, _benchmarks(), "`textrep data list` names them all.")


def suite(name: str) -> tuple[str, ...]:
    """Return the names of a suite's benchmarks.

    Raises
    ------
    UnknownNameError
        There is no such suite; the nearest name is suggested.
    """
    return _named("suite", name, _suites())


def _named(kind: str, name: str, known: dict[str, T], hint: str = "") -> T:
    if name not in known:
        raise UnknownNameError(kind, name, known, hint)
    return known[name]


@functools.cache
def _corpora() -> dict[str, CorpusRecipe]:
    return _read(importlib.resources.files("textrep._recipes.corpora"), parse_corpus)


@functools.cache
def _benchmarks() -> dict[str, BenchmarkRecipe]:
    folder = importlib.resources.files("textrep._recipes.eval") / "benchmarks"
    found = _read(folder, parse_benchmark)
    for name, recipe in found.items():
        if recipe.training and recipe.training not in found:
            raise DataError(
                f"Recipe {name}.toml: there is no benchmark recipe {recipe.training!r}."
            )
        if recipe.corpus:
            if recipe.corpus not in _corpora():
                raise DataError(f"Recipe {name}.toml: there is no corpus recipe {recipe.corpus!r}.")
            found[name] = with_files_of(recipe, _corpora()[recipe.corpus])
    return found


@functools.cache
def _suites() -> dict[str, tuple[str, ...]]:
    found = _read(importlib.resources.files("textrep._recipes.eval") / "suites", parse_suite)
    for name, members in found.items():
        for member in members:
            if member not in _benchmarks():
                raise DataError(f"Suite {name}.toml: there is no benchmark recipe {member!r}.")
    return found


def _read(folder: Traversable, parse: Callable[[str, str], T]) -> dict[str, T]:
    files = {
        item.name.removesuffix(".toml"): item
        for item in folder.iterdir()
        if item.name.endswith(".toml")
    }
    return {name: parse(name, files[name].read_text(encoding="utf-8")) for name in sorted(files)}
