"""From whatever names or holds text to the sources to read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from textrep.corpus.readers.blocks import Source, Stream
from textrep.corpus.readers.hints import did_you_mean
from textrep.corpus.readers.nltk_corpora import PREFIX, nltk_source
from textrep.corpus.readers.parquet import parquet_source
from textrep.corpus.readers.paths import FOLDER_SUFFIXES, content_suffix, expand_path, is_pattern
from textrep.corpus.readers.plain import STANDARD_INPUT, plain_source, plain_stdin_source
from textrep.corpus.readers.python import Texts, dataset_source, is_dataset, iterable_source
from textrep.corpus.readers.recipes import recipe_names, recipe_sources
from textrep.corpus.readers.records import csv_source, json_source, json_stdin_source, tsv_source
from textrep.errors import CorpusError
from textrep.progress import logger

__all__ = ["named_sources", "sources"]

_FIELD_READERS: dict[str, Callable[[Path, str, str | None], Source]] = {
    ".json": json_source,
    ".jsonl": json_source,
    ".ndjson": json_source,
    ".csv": csv_source,
    ".tsv": tsv_source,
    ".parquet": parquet_source,
}
"""What reads the files with a field; every other file is plain text."""

_LISTED = " A list like this is one of names; textrep.Corpus.from_texts takes the texts themselves."

_FILE_SUFFIXES = {*FOLDER_SUFFIXES, *_FIELD_READERS} - {""}


def sources(inputs: object, field: str | None = None) -> list[Source]:
    """Return what there is to read, in order.

    Parameters
    ----------
    inputs : str, Path, data set, iterable, or list of them
        - a name: a file, a folder (see `textrep.corpus.readers.paths`), a pattern, ``-`` for
          standard input, ``nltk:NAME``, or a corpus that has a recipe, such as ``miniworld``;
        - a data set in the manner of Hugging Face's ``datasets``;
        - an iterable of strings (each a document) or of token lists (each a sentence);
        - a list of names, paths and data sets.
    field : str, optional
        The field of JSON lines, CSV, Parquet and data sets that holds the text; "text" if not
        given. With a field, standard input is read as JSON lines.

    Returns
    -------
    list of Source
        At least one.

    Raises
    ------
    CorpusError
        A name names nothing, there is nothing to read, or an iterable can be iterated only once.

    Notes
    -----
    A list of strings can mean names or documents. It means names if the first string names
    something, or if no string looks like text, that is has white space and no suffix of a text
    file. `named_sources` takes every string for a name, `Texts` hold documents alone.
    """
    if isinstance(inputs, list | tuple) and inputs and not _holds_text(inputs):
        found = [source for item in inputs for source in _expand(item, field, _LISTED)]
    else:
        found = _expand(inputs, field)
    return _without_empty(found)


def named_sources(names: Sequence[str | Path], field: str | None = None) -> list[Source]:
    """Return the sources that names stand for; see `sources`.

    Parameters
    ----------
    names : sequence of str or Path
        As they stand on a command line.
    field : str, optional
        As for `sources`.

    Returns
    -------
    list of Source
        At least one, if ``names`` are.

    Raises
    ------
    CorpusError
        A name names nothing, or there is nothing to read.
    """
    return _without_empty([source for name in names for source in _named(str(name), field)])


def _holds_text(items: Sequence[object]) -> bool:
    """Whether a list holds documents or sentences, not names, paths or data sets."""
    first = items[0]
    if isinstance(first, os.PathLike) or is_dataset(first):
        return False
    if not isinstance(first, str):
        return True
    strings = [item for item in items if isinstance(item, str)]
    return not _names_something(first) and any(map(_looks_like_text, strings))


def _looks_like_text(string: str) -> bool:
    return len(string.split(None, 1)) > 1 and content_suffix(Path(string)) not in _FILE_SUFFIXES


def _names_something(name: str) -> bool:
    if len(name) > 4096 or "\n" in name or "\0" in name:
        return False
    return name == "-" or name.startswith(PREFIX) or os.path.lexists(name) or name in recipe_names()


def _expand(item: object, field: str | None, hint: str = "") -> list[Source]:
    if isinstance(item, str | os.PathLike):
        return _named(os.fsdecode(item), field, hint)
    if isinstance(item, Texts):
        return [item.source()]
    if is_dataset(item):
        return [dataset_source(item, field)]
    if isinstance(item, Iterable) and not isinstance(item, bytes | bytearray):
        return [iterable_source(item)]
    raise CorpusError(
        f"Cannot read text from {type(item).__name__}: pass a path, a corpus's name, a list of "
        "strings or of token lists, or a data set."
    )


def _named(name: str, field: str | None, hint: str = "") -> list[Source]:
    if name == "-":
        return [plain_stdin_source() if field is None else json_stdin_source(field)]
    if name.startswith(PREFIX):
        return [nltk_source(name.removeprefix(PREFIX))]
    path = os.path.expanduser(name)
    if os.path.lexists(path) or is_pattern(path):
        return [_file_source(file, field) for file in expand_path(path)]
    if name in recipe_names():
        return recipe_sources(name)
    raise _unknown(name, hint)


def _file_source(path: Path, field: str | None) -> Source:
    name = str(path)
    reader = _FIELD_READERS.get(content_suffix(path))
    try:
        if reader is None or not path.stat().st_size:
            return plain_source(path, name)
        return reader(path, name, field)
    except OSError as error:
        raise CorpusError(f"Cannot read {name}: {error.strerror or error}.") from error


def _without_empty(found: list[Source]) -> list[Source]:
    """Leave out empty files, unless there is nothing else."""
    if sum(source.name == STANDARD_INPUT for source in found) > 1:
        raise CorpusError('Standard input can be read only once: name "-" once.')
    full = [source for source in found if source.bytes != 0]
    if not full:
        which = found[0].name if len(found) == 1 else f"Each of the {len(found)} inputs"
        raise CorpusError(f"{which} is empty: there is no text to read.")
    if len(full) < len(found):
        logger.warning("Left out %d empty files of %d", len(found) - len(full), len(found))
    if len(full) == 1:
        return [replace(full[0], open=partial(_refusing_empty, full[0].open))]
    return full


def _refusing_empty(open_stream: Callable[[], Stream]) -> Stream:
    stream = open_stream()
    stream.refuses_empty = True
    return stream


def _unknown(name: str, hint: str) -> CorpusError:
    folder = os.path.dirname(name) or "."
    siblings = os.listdir(folder) if os.path.isdir(folder) else []
    near = did_you_mean(os.path.basename(name), siblings) or did_you_mean(name, recipe_names())
    return CorpusError(
        f"There is no file, folder or corpus {name!r}.{near} `textrep data list` names the corpora."
        f"{hint}"
    )
