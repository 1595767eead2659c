"""``textrep data``: what the recipes name, whether it is here, and how to get it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from textrep.cli.framework import Group, lazy_group
from textrep.cli.options import Json, Quiet
from textrep.cli.output import columns, print_json, terminal_width
from textrep.cli.progress import showing_progress

if TYPE_CHECKING:
    from textrep.recipes import BenchmarkRecipe, CorpusRecipe

__all__ = ["get", "group", "list_", "where"]


def group() -> Group:
    """Return the group ``textrep data``."""

    def data() -> None:
        """List, fetch and find the corpora and benchmarks that have a recipe.

        Data is looked for in the folders of $TEXTREP_DATA, then in the cache ($TEXTREP_HOME), then
        downloaded and checked. With TEXTREP_OFFLINE=1 nothing is downloaded.
        """

    here = "textrep.cli.data"
    targets = {"list": f"{here}:list_", "get": f"{here}:get", "where": f"{here}:where"}
    return lazy_group("data", data, targets)


def list_(json: Json = False) -> None:
    """List every corpus and benchmark, and whether it is on this machine."""
    from textrep import recipes

    corpora, benchmarks = recipes.corpus_recipes(), recipes.benchmark_recipes()
    suites = recipes.suites()
    if json:
        print_json(
            {
                "corpora": [_facts(recipe) for recipe in corpora.values()],
                "benchmarks": [
                    _facts(recipe) | {"task": recipe.task} for recipe in benchmarks.values()
                ],
                "suites": suites,
            }
        )
        return
    rows = [("CORPUS", "", "HERE", "DESCRIPTION")]
    rows += [(r.name, r.language, _here(r), r.description) for r in corpora.values()]
    rows += [("", "", "", ""), ("BENCHMARK", "TASK", "HERE", "DESCRIPTION")]
    rows += [(r.name, r.task, _here(r), r.description) for r in benchmarks.values()]
    print(columns(rows, width=terminal_width()))
    print("\nSUITES")
    rows_of_suites = [(name, ", ".join(members)) for name, members in suites.items()]
    print(columns(rows_of_suites, indent="  ", width=terminal_width()))


def get(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME", help="Corpora, benchmarks or suites.")
    ],
    quiet: Quiet = False,
) -> None:
    """Download what is not here yet, check it, and print where it is."""
    from textrep import data

    with showing_progress(quiet):
        for recipe in _recipes(names):
            for path in data.get(recipe):
                print(path)


def where(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Corpora or benchmarks; none: the folders searched."),
    ] = None,
    json: Json = False,
) -> None:
    """Print where data is, without downloading anything."""
    from textrep import data

    if names:
        found = {r.name: [str(p) for p in data.locate(r) or []] for r in _recipes(names)}
        if json:
            print_json(found)
        else:
            rows = [(name, path) for name, paths in found.items() for path in paths or ["not here"]]
            print(columns(rows))
        return
    folders = [str(folder) for folder in data.data_folders()]
    cache = str(data.cache_folder())
    if json:
        print_json({"data": folders, "cache": cache})
    else:
        rows = [("TEXTREP_DATA", folder) for folder in folders or ["not set"]]
        print(columns([*rows, ("cache", cache)]))


def _recipes(names: list[str]) -> list[CorpusRecipe | BenchmarkRecipe]:
    """Return the recipes of corpora, benchmarks and whole suites, each once."""
    from textrep import recipes
    from textrep.errors import UnknownNameError

    corpora, benchmarks = recipes.corpus_recipes(), recipes.benchmark_recipes()
    suites = recipes.suites()
    chosen: dict[str, CorpusRecipe | BenchmarkRecipe] = {}
    for name in names:
        if name in corpora:
            chosen[name] = corpora[name]
        elif name in benchmarks:
            chosen[name] = benchmarks[name]
        elif name in suites:
            chosen.update({member: benchmarks[member] for member in suites[name]})
        else:
            hint = "See 'textrep data list'."
            raise UnknownNameError("corpus or benchmark", name, [*corpora, *benchmarks], hint)
    return list(chosen.values())


def _here(recipe: CorpusRecipe | BenchmarkRecipe) -> str:
    from textrep import data

    return "yes" if data.locate(recipe) is not None else "no"


def _facts(recipe: CorpusRecipe | BenchmarkRecipe) -> dict[str, Any]:
    from textrep import data

    paths = data.locate(recipe)
    return {
        "name": recipe.name,
        "description": recipe.description,
        "language": recipe.language,
        "licence": recipe.licence,
        "verified": recipe.verified,
        "here": paths is not None,
        "paths": [str(path) for path in paths or []],
    }
