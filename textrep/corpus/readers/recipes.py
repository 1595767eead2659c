"""The corpora that have a recipe, and what reads each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from textrep.corpus.readers.blocks import Source
from textrep.corpus.readers.nltk_corpora import nltk_source
from textrep.corpus.readers.plain import plain_source
from textrep.corpus.readers.python import documents_source

if TYPE_CHECKING:
    from textrep.recipes import CorpusRecipe

__all__ = ["RECIPE_READERS", "recipe_names", "recipe_sources"]


def recipe_names() -> list[str]:
    """Return the names of the corpora that have a recipe."""
    from textrep.recipes import corpus_recipes

    return list(corpus_recipes())


def recipe_sources(name: str) -> list[Source]:
    """Return the sources of a corpus that has a recipe; its data are fetched if need be.

    Parameters
    ----------
    name : str
        One of `recipe_names`.

    Raises
    ------
    DataError
        The data are not at hand and cannot be fetched.
    UnknownNameError
        There is no such recipe.
    """
    from textrep.recipes import corpus_recipe

    recipe = corpus_recipe(name)
    return RECIPE_READERS[recipe.reader](recipe)


def _text(recipe: CorpusRecipe) -> list[Source]:
    from textrep import data

    paths = data.find(recipe)
    if len(paths) == 1:
        return [plain_source(paths[0], recipe.name)]
    return [plain_source(path, f"{recipe.name}/{path.name}") for path in paths]


def _nltk(recipe: CorpusRecipe) -> list[Source]:
    from textrep import data

    # nltk_data/corpora/brown.zip: NLTK looks for "corpora/brown" below nltk_data.
    return [nltk_source(recipe.name, [path.parent.parent for path in data.find(recipe)])]


def _miniworld(recipe: CorpusRecipe) -> list[Source]:
    def documents() -> Iterator[str]:
        from textrep.corpus.miniworld import generate

        return generate()

    return [documents_source(recipe.name, documents)]


def _pydocs(recipe: CorpusRecipe) -> list[Source]:
    def installed() -> Iterator[str]:
        from textrep.corpus.pydocs import documents

        return documents()

    return [documents_source(recipe.name, installed)]


RECIPE_READERS: dict[str, Callable[[CorpusRecipe], list[Source]]] = {
    "text": _text,
    "nltk": _nltk,
    "miniworld": _miniworld,
    "pydocs": _pydocs,
}
"""What a recipe's ``reader`` names."""
