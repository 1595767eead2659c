"""Find, fetch and verify what recipes name.

Data are looked for in the folders of ``$TEXTREP_DATA``, then in the cache. Only :func:`get`, which
is what ``textrep data get`` calls, downloads what is in neither, unless ``$TEXTREP_OFFLINE``
forbids it: nothing else in textrep uses the network.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from textrep.data.folders import cache_folder, data_folders, is_offline, locate, where
from textrep.data.tables import Table, read_bytes, read_table, register_generator
from textrep.errors import DataError
from textrep.progress import logger
from textrep.recipes import BenchmarkRecipe, Recipe

__all__ = [
    "Table",
    "cache_folder",
    "data_folders",
    "find",
    "get",
    "is_offline",
    "locate",
    "read_bytes",
    "register_generator",
    "table",
    "where",
]


def find(recipe: Recipe) -> list[Path]:
    """Return the files of a recipe if they are at hand; use no network.

    Parameters
    ----------
    recipe : CorpusRecipe or BenchmarkRecipe
        From :func:`textrep.recipes.corpus_recipe` or :func:`textrep.recipes.benchmark_recipe`.

    Returns
    -------
    list of Path
        In the order of the recipe; empty for what the library makes itself.

    Raises
    ------
    DataError
        The data are not at hand, or a folder of ``$TEXTREP_DATA`` does not exist.

    Notes
    -----
    A file whose checksum is not the recipe's is used, with a warning in the log: it is the user's
    own, but scores on it do not compare with others.
    """
    found = locate(recipe)
    if found is None:
        way = f" Or fetch it: textrep data get {recipe.name}." if recipe.files else ""
        raise DataError(_missing(recipe) + way)
    _warn_if_altered(recipe, found)
    return found


def get(recipe: Recipe, *, offline: bool | None = None) -> list[Path]:
    """Return the files of a recipe, downloading them if they are not at hand.

    Parameters
    ----------
    recipe : CorpusRecipe or BenchmarkRecipe
        As for :func:`find`.
    offline : bool, optional
        True: never download. None: as ``$TEXTREP_OFFLINE`` says.

    Returns
    -------
    list of Path
        In the order of the recipe; empty for what the library makes itself.

    Raises
    ------
    DataError
        The data are not at hand and may not or cannot be downloaded, or the download is cut or
        altered, or a folder of ``$TEXTREP_DATA`` does not exist. Nothing half-written is left.
    """
    found = locate(recipe)
    if found is None:
        if is_offline() if offline is None else offline:
            raise DataError(f"{_missing(recipe)} Downloads are switched off (offline mode).")
        if not recipe.files:
            raise DataError(f"{_missing(recipe)} It has no public address to download from.")
        # Imported here because it brings requests, which costs more than the rest of the package.
        from textrep.data.download import download

        return download(recipe, cache_folder() / "data")
    _warn_if_altered(recipe, found)
    return found


def table(recipe: BenchmarkRecipe) -> Table:
    """Return the checked rows of a benchmark.

    Parameters
    ----------
    recipe : BenchmarkRecipe
        From :func:`textrep.recipes.benchmark_recipe`.

    Returns
    -------
    Table
        Columns keyed by role.

    Raises
    ------
    DataError
        As in :func:`find`, or the file breaks a rule of its task; the line names file and line.
    """
    return read_table(recipe, find(recipe))


def _missing(recipe: Recipe) -> str:
    originals = ", ".join(file.path for file in recipe.files[:3])
    more = len(recipe.files) - 3
    if originals and more > 0:
        originals += f" and {more} more"
    wanted = " or ".join(filter(None, (", ".join(recipe.local_files), originals)))
    sources = f" (from {recipe.files[0].url})" if recipe.files else ""
    return (
        f"The data of {recipe.kind} {recipe.name!r} are missing: put {wanted}{sources} into a "
        f"folder named by TEXTREP_DATA or into {cache_folder() / 'data'}."
    )


def _warn_if_altered(recipe: Recipe, found: list[Path]) -> None:
    known = {file.path: file.sha256 for file in recipe.files if not file.member}
    known |= recipe.local_files
    for path in found:
        matching = (s for name, s in known.items() if path.as_posix().endswith(f"/{name}"))
        expected = next(matching, "")
        if expected and _sha256(path) != expected:
            logger.warning(
                "%s differs from the file that the recipe %r describes (its sha256 is not %s…): "
                "results on it do not compare with results on the original.",
                path,
                recipe.name,
                expected[:12],
            )


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}.") from None
