"""The layouts of benchmark files: from bytes to columns, with the line of every row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from textrep.data.labelled import labelled_texts
from textrep.data.running import lines_of, unpacked
from textrep.data.tagged import tagged_sentences
from textrep.errors import DataError
from textrep.recipes import Layout

__all__ = ["Rows", "read_rows"]

Record = tuple[int, list[str]]  # line number from 1, fields


@dataclass(frozen=True)
class Rows:
    """Columns of one file, and where each row stands in it.

    Attributes
    ----------
    columns : dict of str to list of str
        Role to values, one a row, without white space around them.
    source : str
        What the rows are from, to begin a message with.
    lines : sequence of int
        Line number of each row, from 1.
    """

    columns: dict[str, list[str]]
    source: str
    lines: Sequence[int]

    def __len__(self) -> int:
        return len(self.lines)

    def error(self, row: int, rule: str) -> DataError:
        """Return an error about row ``row`` (from 0) that says which ``rule`` it breaks."""
        return DataError(f"{self.source}, line {self.lines[row]}: {rule}.")


def read_rows(data: bytes, layout: Layout, path: Path) -> Rows:
    """Split the bytes of one file into columns.

    Parameters
    ----------
    data : bytes
        The whole file, UTF-8, with or without a byte order mark, lines ended by LF or CR LF.
    layout : Layout
        How its lines become columns.
    path : Path
        Where the bytes are from, for messages and for layouts that read the file's name.

    Returns
    -------
    Rows
        At least one row.

    Raises
    ------
    DataError
        The file is empty, is not UTF-8, lacks a column, or has a line with too few or too many
        fields; the message names the line.
    """
    if layout.format == "tagged":
        return _tagged(data, layout, path)
    if layout.format == "folders":
        return _labelled(data, layout, path)
    if layout.format in ("lines", "wikitext"):
        return _running(data, layout, path)
    text = _decode(data, path)
    if not text.strip():
        raise DataError(f"{path} is empty: it must hold a benchmark's rows.")
    names, records = _read(text, layout, path)
    places = {role: _place(column, names, path) for role, column in layout.columns.items()}
    columns: dict[str, list[str]] = {role: [] for role in places}
    lines = []
    for line, fields in records:
        if len(fields) < len(names) or (len(fields) > len(names) and not layout.more_fields):
            raise DataError(
                f"{path}, line {line}: there must be {len(names)} fields, got {len(fields)}."
            )
        lines.append(line)
        for role, place in places.items():
            columns[role].append(fields[place].strip())
    if not lines:
        raise DataError(f"{path} has no rows after its first line.")
    return Rows(columns, str(path), lines)


def _tagged(data: bytes, layout: Layout, path: Path) -> Rows:
    """Return a row a sentence of an archive, numbered from 1."""
    found = list(tagged_sentences(data, path))
    columns = {
        "document": [sentence.file for sentence in found],
        "sentence": [" ".join(sentence.words) for sentence in found],
        "tags": [" ".join(sentence.tags) for sentence in found],
    }
    return _archived(columns, layout, path)


def _labelled(data: bytes, layout: Layout, path: Path) -> Rows:
    """Return a row a text of an archive, numbered from 1."""
    found = list(labelled_texts(data, path))
    columns = {"text": [one.text for one in found], "label": [one.label for one in found]}
    return _archived(columns, layout, path)


def _archived(columns: dict[str, list[str]], layout: Layout, path: Path) -> Rows:
    """Return the columns that have a role, their rows numbered from 1."""
    chosen = {role: columns[column] for role, column in layout.columns.items()}
    n_rows = len(next(iter(columns.values())))
    if not n_rows:
        raise DataError(f"{path} has nothing of a {layout.format!r} benchmark in it.")
    return Rows(chosen, str(path), range(1, n_rows + 1))


def _running(data: bytes, layout: Layout, path: Path) -> Rows:
    """Return a row a line of running text."""
    found = lines_of(_decode(unpacked(data, path), path), layout.format == "wikitext")
    if not found:
        raise DataError(f"{path} is empty: it must hold running text.")
    columns = {
        "document": [str(line.document) for line in found],
        "sentence": [line.text for line in found],
    }
    chosen = {role: columns[column] for role, column in layout.columns.items()}
    return Rows(chosen, str(path), [line.number for line in found])


def _decode(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # error.object is the data after a byte order mark, and error.start counts in it.
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = error.object[error.start]
        raise DataError(
            f"{path}, line {line}: the byte {byte:#04x} is not UTF-8. Save the file as UTF-8."
        ) from None


def _place(column: str, names: Sequence[str], path: Path) -> int:
    if names.count(column) != 1:
        problem = "no" if column not in names else "more than one"
        raise DataError(
            f"{path}, line 1: there is {problem} column {column!r}; the columns are "
            f"{', '.join(names)}."
        )
    return names.index(column)


def _read(text: str, layout: Layout, path: Path) -> tuple[Sequence[str], Iterator[Record]]:
    """Return the names of the columns and the records below them."""
    if layout.format == "questions-words":
        records = _questions(text, path)
    elif layout.format == "pairs":
        records = _pairs(text, path)
    elif layout.format == "csv":
        records = _csv(text, path)
    else:
        records = _tsv(text)
    if layout.fields:
        return layout.fields, records
    _, header = next(records)
    return [name.strip() for name in header], records


def _lines(text: str) -> Iterator[tuple[int, str]]:
    # Not splitlines(), which also cuts at form feeds and other characters that words may hold.
    # The CR of a CR LF goes with the white space around each field.
    yield from enumerate(text.rstrip("\r\n").split("\n"), 1)


def _tsv(text: str) -> Iterator[Record]:
    for number, line in _lines(text):
        yield number, line.split("\t")


def _csv(text: str, path: Path) -> Iterator[Record]:
    reader = csv.reader(io.StringIO(text.rstrip("\r\n"), newline=""), strict=True)
    try:
        for fields in reader:
            yield reader.line_num, fields
    except csv.Error as error:
        raise DataError(f"{path}, line {reader.line_num}: {error}.") from None


def _questions(text: str, path: Path) -> Iterator[Record]:
    category = ""
    for number, line in _lines(text):
        if line.startswith(":"):
            category = line[1:].strip()
        elif category:
            yield number, [category, *line.split()]
        else:
            raise DataError(
                f"{path}, line {number}: a line ': category' must come before the questions."
            )


def _pairs(text: str, path: Path) -> Iterator[Record]:
    named = re.fullmatch(r"\S+ \[(.+)\]", path.stem)
    if named is None:
        raise DataError(f"{path}: the file's name must be 'CODE [relation].txt'.")
    for number, fields in _tsv(text):
        yield number, [named[1], *fields]
