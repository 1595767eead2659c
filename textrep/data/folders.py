"""Where data are looked for: the user's folders, then the cache."""

from __future__ import annotations

import os
from pathlib import Path

from textrep.errors import DataError
from textrep.recipes import Recipe

__all__ = ["cache_folder", "data_folders", "is_offline", "locate", "where"]


def cache_folder() -> Path:
    """Return the folder for what textrep keeps: ``$TEXTREP_HOME``, else the platform's cache.

    The folder need not exist. Downloads go to its subfolder ``data``, which is laid out like a
    folder of ``$TEXTREP_DATA``.
    """
    home = os.environ.get("TEXTREP_HOME", "").strip()
    if home:
        return Path(home).expanduser()
    import platformdirs

    return platformdirs.user_cache_path("textrep", appauthor=False)


def data_folders() -> list[Path]:
    """Return the folders that ``$TEXTREP_DATA`` names, separated by ``os.pathsep``, in order.

    Raises
    ------
    DataError
        One of them is not a folder.
    """
    names = os.environ.get("TEXTREP_DATA", "").split(os.pathsep)
    folders = [Path(name.strip()).expanduser() for name in names if name.strip()]
    for folder in folders:
        if not folder.is_dir():
            raise DataError(
                f"TEXTREP_DATA names {folder}, which is not a folder. Correct it or unset it."
            )
    return folders


def is_offline() -> bool:
    """Return whether ``$TEXTREP_OFFLINE`` forbids downloads (any value but 0, false, no, off)."""
    value = os.environ.get("TEXTREP_OFFLINE", "").strip().lower()
    return value not in ("", "0", "false", "no", "off")


def locate(recipe: Recipe) -> list[Path] | None:
    """Find the files of a recipe without the network.

    Parameters
    ----------
    recipe : CorpusRecipe or BenchmarkRecipe
        From :func:`textrep.recipes.corpus_recipe` or :func:`textrep.recipes.benchmark_recipe`.

    Returns
    -------
    list of Path or None
        The files, in the order of the recipe: the simple form or the original, whichever is found
        first. Empty for what the library makes itself. None if nothing is found.

    Raises
    ------
    DataError
        A folder of ``$TEXTREP_DATA`` does not exist.
    """
    if recipe.embedded:
        return []
    for candidate in where(recipe):
        if all(path.is_file() for path in candidate):
            return candidate
    return None


def where(recipe: Recipe) -> list[list[Path]]:
    """Return the places where a recipe's files are looked for, in order.

    Parameters
    ----------
    recipe : CorpusRecipe or BenchmarkRecipe
        From :func:`textrep.recipes.corpus_recipe` or :func:`textrep.recipes.benchmark_recipe`.

    Returns
    -------
    list of list of Path
        Each item is a complete set of files, whether they exist or not: for each folder of
        ``$TEXTREP_DATA`` and then for the cache, the simple form and the original.

    Raises
    ------
    DataError
        A folder of ``$TEXTREP_DATA`` does not exist.
    """
    forms = [list(recipe.local_files), [file.path for file in recipe.files]]
    folders = [*data_folders(), cache_folder() / "data"]
    return [[folder / name for name in names] for folder in folders for names in forms if names]
