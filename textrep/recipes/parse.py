"""From a recipe's TOML text to a checked recipe."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from textrep.errors import DataError
from textrep.recipes.entry import Entry
from textrep.recipes.schema import (
    FORMATS,
    GENERATORS,
    OOV_POLICIES,
    READERS,
    TASKS,
    BenchmarkRecipe,
    CorpusRecipe,
    Layout,
    RemoteFile,
    roles_problem,
)

__all__ = ["parse_benchmark", "parse_corpus", "parse_suite", "with_files_of"]

_SHA256 = re.compile(r"[0-9a-f]{64}")
_URL = re.compile(r"https?://[^\s/]+/\S+")


def parse_corpus(name: str, text: str) -> CorpusRecipe:
    """Return the corpus recipe that ``text`` describes.

    Parameters
    ----------
    name : str
        The recipe's name: its file's name without ``.toml``.
    text : str
        TOML with the keys of :class:`CorpusRecipe`; ``[[files]]`` holds those of
        :class:`RemoteFile`.

    Returns
    -------
    CorpusRecipe

    Raises
    ------
    DataError
        The text is not TOML, or a key is unknown, missing, of the wrong type or against its rule.
    """
    entry = Entry.from_toml(f"corpora/{name}.toml", text)
    files = _files(entry)
    recipe = CorpusRecipe(
        name=name,
        description=entry.text("description"),
        reader=entry.choice("reader", READERS),
        licence=entry.text("licence"),
        citation=entry.text("citation"),
        language=entry.text("language"),
        verified=_verified(entry, files),
        files=files,
        local=tuple(_path(entry, path) for path in entry.texts("local", default=())),
        local_sha256=tuple(_sha256(entry, s) for s in entry.texts("local_sha256", default=())),
        cleaning=entry.text("cleaning"),
    )
    entry.finish()
    if recipe.local_sha256 and len(recipe.local_sha256) != len(recipe.local):
        raise entry.error("local_sha256 must have one checksum for each file of local")
    if recipe.embedded == bool(recipe.files or recipe.local):
        rule = "needs no files or local" if recipe.embedded else "needs files or local"
        raise entry.error(f"the reader {recipe.reader!r} {rule}")
    return recipe


def parse_benchmark(name: str, text: str) -> BenchmarkRecipe:
    """Return the benchmark recipe that ``text`` describes.

    Parameters
    ----------
    name : str
        The recipe's name: its file's name without ``.toml``.
    text : str
        TOML with the keys of :class:`BenchmarkRecipe`; ``[columns]`` maps roles to columns,
        ``[original]`` holds a :class:`Layout` and ``[[files]]`` those of :class:`RemoteFile`.

    Returns
    -------
    BenchmarkRecipe

    Raises
    ------
    DataError
        The text is not TOML, or a key is unknown, missing, of the wrong type or against its rule.
    """
    entry = Entry.from_toml(f"eval/benchmarks/{name}.toml", text)
    task = entry.choice("task", TASKS)
    if task == "perplexity":
        return _of_running_text(entry, name)
    files = _files(entry)
    generator = entry.choice("generator", GENERATORS) if "generator" in entry else None
    local = _path(entry, entry.text("local")) if generator is None else ""
    columns = _columns(entry, "columns", task) if generator is None else {}
    ceiling = entry.number("human_ceiling") if "human_ceiling" in entry else None
    recipe = BenchmarkRecipe(
        name=name,
        task=task,
        description=entry.text("description"),
        local=local,
        local_sha256=_sha256(entry, entry.text("local_sha256", default="")),
        columns=columns,
        original=_original(entry, task, columns) if files else None,
        metric=entry.choice("metric", TASKS[task].metrics),
        scale=entry.text("scale", default=""),
        human_ceiling=ceiling,
        human_ceiling_source=entry.text("human_ceiling_source") if ceiling is not None else "",
        oov=entry.choice("oov", OOV_POLICIES),
        lowercase=entry.flag("lowercase"),
        language=entry.text("language"),
        citation=entry.text("citation"),
        licence=entry.text("licence"),
        verified=_verified(entry, files),
        files=files,
        rows=entry.count("rows") if "rows" in entry else None,
        generator=generator,
        training=entry.text("training", default=""),
        split=_split(entry) if "split" in entry else {},
    )
    entry.finish()
    if recipe.split and "document" not in recipe.columns:
        raise entry.error("split needs a column with the role 'document'")
    if recipe.training and task != "classification":
        raise entry.error(f"training is for the task 'classification', not {task!r}")
    if ceiling is not None and not 0.0 < ceiling <= 1.0:
        raise entry.error(f"human_ceiling must be above 0 and at most 1, got {ceiling}")
    if generator is not None and files:
        raise entry.error("a generated benchmark has no files")
    return recipe


def _of_running_text(entry: Entry, name: str) -> BenchmarkRecipe:
    """Return a recipe without what that of its corpus says: files, licence and the like."""
    layout = _original(entry, "perplexity", {})
    recipe = BenchmarkRecipe(
        name=name,
        task="perplexity",
        description=entry.text("description"),
        local="",
        local_sha256="",
        columns=layout.columns,
        original=layout,
        metric=entry.choice("metric", TASKS["perplexity"].metrics),
        scale="",
        human_ceiling=None,
        human_ceiling_source="",
        oov=entry.choice("oov", OOV_POLICIES),
        lowercase=False,
        language="",
        citation="",
        licence="",
        verified=True,
        files=(),
        rows=entry.count("rows") if "rows" in entry else None,
        generator=None,
        corpus=entry.text("corpus"),
    )
    entry.finish()
    return recipe


def with_files_of(recipe: BenchmarkRecipe, corpus: CorpusRecipe) -> BenchmarkRecipe:
    """Return the recipe of a benchmark of running text with what the recipe of its corpus says.

    Raises
    ------
    DataError
        The corpus is not one file.
    """
    if len(corpus.local) != 1 or len(corpus.files) > 1:
        raise DataError(
            f"Recipe {recipe.name}.toml: the corpus {corpus.name!r} must be one local file."
        )
    return replace(
        recipe,
        local=corpus.local[0],
        local_sha256=corpus.local_files[corpus.local[0]],
        language=corpus.language,
        citation=corpus.citation,
        licence=corpus.licence,
        verified=corpus.verified,
        files=corpus.files,
    )


def parse_suite(name: str, text: str) -> tuple[str, ...]:
    """Return the benchmarks that a suite's TOML ``text`` lists under ``benchmarks``.

    Raises
    ------
    DataError
        The text is not TOML, lists nothing, lists a name twice, or has another key.
    """
    entry = Entry.from_toml(f"eval/suites/{name}.toml", text)
    members = entry.texts("benchmarks")
    entry.finish()
    if not members:
        raise entry.error("benchmarks must name at least one benchmark")
    if len(set(members)) < len(members):
        raise entry.error("benchmarks names the same benchmark twice")
    return members


def _files(entry: Entry) -> tuple[RemoteFile, ...]:
    found = []
    for item in entry.entries("files"):
        url = item.text("url")
        if not _URL.fullmatch(url):
            raise item.error(f"url must be an http or https address, got {url!r}")
        member = item.text("member", default="")
        found.append(
            RemoteFile(
                url=url,
                sha256=_sha256(item, item.text("sha256", default="")),
                bytes=item.count("bytes") if "bytes" in item else 0,
                path=_path(item, item.text("path")),
                member=_path(item, member) if member else "",
            )
        )
        item.finish()
    return tuple(found)


def _verified(entry: Entry, files: tuple[RemoteFile, ...]) -> bool:
    if not files:
        # Nothing is downloaded, so there is nothing to vouch for.
        return True
    verified = entry.flag("verified")
    if verified and not all(file.sha256 for file in files):
        raise entry.error("verified = true needs a sha256 for each of files")
    return verified


def _original(entry: Entry, task: str, columns: Mapping[str, str]) -> Layout:
    layout = entry.entry("original")
    form = layout.choice("format", FORMATS)
    fields = FORMATS[form] or layout.texts("fields", default=())
    if "columns" in layout:
        columns = _columns(layout, "columns", task)
    elif FORMATS[form]:
        columns = {role: role for role in columns or FORMATS[form]}
    more_fields = layout.flag("more_fields") if "more_fields" in layout else False
    tag_map = layout.text("tag_map", default="")
    if tag_map and form != "tagged":
        raise layout.error(f"tag_map is for the format 'tagged', not {form!r}")
    layout.finish()
    problem = roles_problem(task, columns)
    if problem:
        raise layout.error(problem)
    for column in columns.values():
        if fields and column not in fields:
            raise layout.error(f"there is no column {column!r} among {', '.join(fields)}")
    return Layout(form, fields, dict(columns), more_fields, tag_map)


def _split(entry: Entry) -> dict[str, tuple[str, ...]]:
    split = entry.entry("split")
    parts = {part: split.texts(part) for part in ("train", "test")}
    split.finish()
    if not all(parts.values()):
        raise split.error("train and test must name at least one document each")
    return parts


def _columns(entry: Entry, key: str, task: str) -> dict[str, str]:
    table = entry.entry(key)
    columns = {role: table.text(role) for role in table.keys}
    problem = roles_problem(task, columns)
    if problem:
        raise table.error(problem)
    return columns


def _sha256(entry: Entry, value: str) -> str:
    if value and not _SHA256.fullmatch(value):
        raise entry.error(f"a sha256 must be 64 lower-case hexadecimal digits, got {value!r}")
    return value


def _path(entry: Entry, value: str) -> str:
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts or "\\" in value or not path.parts:
        raise entry.error(f"a path must be relative and without '..', got {value!r}")
    return value
