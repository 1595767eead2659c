"""Benchmark files as checked columns."""

from __future__ import annotations

import hashlib
import importlib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from textrep.data.layouts import Rows, read_rows
from textrep.data.tagged import mapped_tags, split_by_documents, tag_map
from textrep.errors import DataError, UnknownNameError
from textrep.recipes import BenchmarkRecipe, Layout, roles_problem

__all__ = ["Table", "read_bytes", "read_table", "register_generator"]

Generator = Callable[[str], Mapping[str, Sequence[str]]]

_GENERATORS: dict[str, str | Generator] = {"miniworld": "textrep.corpus.miniworld:benchmark_table"}
_OPTION = re.compile(r"option\d+")

# Roles that hold several words, separated by "|": the fewest words, and that number in words.
_LISTS = {"options": (2, "two"), "words": (2, "two"), "outliers": (1, "one")}


@dataclass(frozen=True)
class Table:
    """The questions of a benchmark.

    Attributes
    ----------
    columns : dict of str to list of str
        Role to values, one a question; every list has the same length. Scores are strings of
        finite numbers, ``correct`` strings of integers from 1 to the number of options; words are
        not empty and have no white space around them. Several words in one value are separated by
        ``|``. A text to classify may be empty. Where the recipe splits documents, "part" has
        "train" or "test".
    path : Path or None
        The file, or the folder of several; None for a generated benchmark.
    sha256 : str
        Checksum of the file's bytes, or of several files' bytes one after the other; of a generated
        benchmark, of its columns written as tab-separated text.
    """

    columns: dict[str, list[str]]
    path: Path | None
    sha256: str

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), []))


def register_generator(name: str, function: Generator) -> None:
    """Let recipes with ``generator = name`` be answered by ``function``.

    Parameters
    ----------
    name : str
        A name that recipes may use; a known one is replaced.
    function : callable
        Given a benchmark's name, returns its columns keyed by role.
    """
    _GENERATORS[name] = function


def read_table(recipe: BenchmarkRecipe, paths: Sequence[Path]) -> Table:
    """Read and check the rows of a benchmark.

    Parameters
    ----------
    recipe : BenchmarkRecipe
        What the rows must be.
    paths : sequence of Path
        The recipe's files: the simple form or the original; empty for a generated benchmark.

    Returns
    -------
    Table
        Columns keyed by role.

    Raises
    ------
    DataError
        A file cannot be read or breaks a rule; the message names file and line.
    """
    if recipe.generator is not None:
        return _generated(recipe, recipe.generator)
    simple = Layout("tsv", (), recipe.columns)
    is_simple = len(paths) == 1 and paths[0].as_posix().endswith(f"/{recipe.local}")
    if recipe.original is None or (is_simple and not recipe.corpus):
        layout = simple
    else:
        layout = recipe.original
    columns: dict[str, list[str]] = {role: [] for role in layout.columns}
    digest = hashlib.sha256()
    with_rows = paths[:-1] if layout.tag_map else paths
    for path in with_rows:
        data = read_bytes(path)
        digest.update(data)
        rows = read_rows(data, layout, path)
        check_rows(rows)
        for role, values in rows.columns.items():
            columns[role] += values
    if layout.tag_map:
        data = read_bytes(paths[-1])
        digest.update(data)
        become = tag_map(data, paths[-1], layout.tag_map)
        columns["tags"] = mapped_tags(columns["tags"], become, paths[-1])
    path = with_rows[0] if len(with_rows) == 1 else with_rows[0].parent
    if recipe.split:
        columns = split_by_documents(columns, recipe.split, path)
    _check_count(recipe, columns, path)
    return Table(columns, path, digest.hexdigest())


def check_rows(rows: Rows) -> None:
    """Check every value of ``rows`` against the rule of its role.

    Raises
    ------
    DataError
        A value breaks its rule; the message names file, line, role and value.
    """
    options = [role for role in rows.columns if _OPTION.fullmatch(role)]
    for i in range(len(rows)):
        n_options = len(options)
        for role, values in rows.columns.items():
            value = values[i]
            if not value and role != "text":  # some classic sets have an empty text
                raise rows.error(i, f"the {role} is empty")
            if role == "score":
                _check_score(rows, i, value)
            elif role in _LISTS:
                n_options = _check_list(rows, i, role, value)
        if "tags" in rows.columns:
            _check_tags(rows, i)
        if "correct" in rows.columns:
            _check_correct(rows, i, rows.columns["correct"][i], n_options)


def _check_tags(rows: Rows, i: int) -> None:
    words, tags = (len(rows.columns[role][i].split()) for role in ("sentence", "tags"))
    if words != tags:
        raise rows.error(i, f"there must be a tag a word, got {words} words and {tags} tags")


def _check_score(rows: Rows, i: int, value: str) -> None:
    try:
        finite = math.isfinite(float(value))
    except ValueError:
        raise rows.error(i, f"the score must be a number, got {value!r}") from None
    if not finite:
        raise rows.error(i, f"the score must be a finite number, got {value!r}")


def _check_list(rows: Rows, i: int, role: str, value: str) -> int:
    """Check words separated by ``|``; return how many there are."""
    words = value.split("|")
    fewest, name = _LISTS[role]
    if len(words) < fewest or not all(word.strip() for word in words):
        raise rows.error(i, f"{role} must be {name} or more, separated by '|', got {value!r}")
    return len(words)


def _check_correct(rows: Rows, i: int, value: str, n_options: int) -> None:
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= n_options):
        raise rows.error(i, f"correct must be an integer from 1 to {n_options}, got {value!r}")


def _check_count(recipe: BenchmarkRecipe, columns: dict[str, list[str]], path: Path) -> None:
    n_rows = len(next(iter(columns.values())))
    if recipe.rows is not None and n_rows != recipe.rows:
        raise DataError(
            f"{path} has {n_rows:,} rows, but benchmark {recipe.name!r} has {recipe.rows:,}: the "
            "file is cut or another version. Put the whole file there."
        )


def read_bytes(path: Path) -> bytes:
    """Return what is in a file.

    Raises
    ------
    DataError
        It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}.") from None


def _generated(recipe: BenchmarkRecipe, name: str) -> Table:
    if name not in _GENERATORS:
        raise UnknownNameError("generator", name, _GENERATORS)
    generator = _GENERATORS[name]
    if isinstance(generator, str):
        # Resolved by name, because rooms above this one make the tables.
        module, function = generator.split(":")
        generator = getattr(importlib.import_module(module), function)
    columns = {role: list(values) for role, values in generator(recipe.name).items()}
    source = f"The generated benchmark {recipe.name!r}"
    problem = roles_problem(recipe.task, list(columns))
    if problem:
        raise DataError(f"{source}: {problem}.")
    heights = {len(values) for values in columns.values()}
    if len(heights) != 1 or 0 in heights:
        raise DataError(f"{source}: every column must have the same number of rows, at least one.")
    check_rows(Rows(columns, source, range(1, heights.pop() + 1)))
    lines = ["\t".join(columns), *map("\t".join, zip(*columns.values(), strict=True))]
    text = "".join(f"{line}\n" for line in lines)
    return Table(columns, None, hashlib.sha256(text.encode()).hexdigest())
