"""Files of records with named fields: JSON lines, CSV and TSV. Each record is a document.

JSON lines: an object a line; empty lines are left out; a null field is a record without text.
CSV: RFC 4180 (commas, double quotes, line breaks inside quotes), the first row is the header.
TSV: tabs between the fields, one record a line, and a double quote is an ordinary character.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from textrep.corpus.readers.blocks import Block, Meter, Source, Stream, batch_documents
from textrep.corpus.readers.hints import did_you_mean
from textrep.corpus.readers.paths import content_suffix
from textrep.corpus.readers.plain import STANDARD_INPUT, stdin_source, text_chunks
from textrep.corpus.readers.python import encode_text
from textrep.errors import CorpusError

__all__ = ["csv_source", "json_source", "json_stdin_source", "read_records", "tsv_source"]

Record = tuple[int, list[object]]
"""The number of a line, and the values of the fields that were asked for."""

Parser = Callable[[Iterable[bytes], Sequence[str], str], Iterator[Record]]
"""From the lines of a file, the fields and the file's name to the records."""


def read_records(path: Path, fields: Sequence[str]) -> Iterator[Record]:
    """Yield fields of the records of a file, with the number of the line of each.

    Parameters
    ----------
    path : Path
        CSV, TSV or JSON lines, by its suffix, compressed or not.
    fields : sequence of str
        Their names.

    Raises
    ------
    CorpusError
        The file is of another kind or cannot be read, or a record lacks a field.
    """
    parse = _PARSERS.get(content_suffix(path))
    if parse is None:
        raise CorpusError(f"{path} must end in {', '.join(_PARSERS)}: a file of named fields.")
    yield from parse(_lines(text_chunks(path, str(path), Meter())), fields, str(path))


def json_source(path: Path, name: str, field: str | None) -> Source:
    """Return the source of a JSON lines file; ``field`` None means "text"."""
    return _record_source(_json_records, path, name, field)


def csv_source(path: Path, name: str, field: str | None) -> Source:
    """Return the source of a CSV file; ``field`` None means "text"."""
    return _record_source(_csv_records, path, name, field)


def tsv_source(path: Path, name: str, field: str | None) -> Source:
    """Return the source of a TSV file; ``field`` None means "text"."""
    return _record_source(_tsv_records, path, name, field)


def json_stdin_source(field: str) -> Source:
    """Return standard input as JSON lines; it can be opened once."""
    return stdin_source(partial(_blocks, _json_records, field=field, name=STANDARD_INPUT))


def _record_source(parse: Parser, path: Path, name: str, field: str | None) -> Source:
    def blocks(meter: Meter) -> Iterator[Block]:
        return _blocks(parse, text_chunks(path, name, meter), field=field or "text", name=name)

    regular = path.is_file()
    size = path.stat().st_size if regular else None
    return Source(name, partial(Stream, name, blocks), size, reopenable=regular)


def _blocks(parse: Parser, chunks: Iterable[bytes], *, field: str, name: str) -> Iterator[Block]:
    texts = _texts(parse(_lines(chunks), [field], name), field, name)
    return batch_documents(map(encode_text, texts), name=name)


def _texts(records: Iterator[Record], field: str, name: str) -> Iterator[str]:
    for number, (text,) in records:
        if isinstance(text, str):
            yield text
        elif text is not None:
            raise CorpusError(
                f"{name}:{number}: the field {field!r} must be a string, got a JSON {_kind(text)}."
            )


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    r"""Yield the lines of a text in chunks, each with its ``\n`` if it has one."""
    pieces: list[bytes] = []
    for chunk in chunks:
        lines = chunk.split(b"\n")
        pieces.append(lines[0])
        if len(lines) > 1:
            yield b"".join(pieces) + b"\n"
            for line in lines[1:-1]:
                yield line + b"\n"
            pieces = [lines[-1]]
    last = b"".join(pieces)
    if last:
        yield last


def _decode(line: bytes) -> str:
    # Bytes that are not UTF-8 pass as lone surrogates; `encode_text` turns them back.
    return line.decode("utf-8", "surrogateescape")


def _json_records(lines: Iterable[bytes], fields: Sequence[str], name: str) -> Iterator[Record]:
    for number, line in enumerate(lines, 1):
        if line.isspace():
            continue
        try:
            record = json.loads(_decode(line.rstrip(b"\n")))
        except (ValueError, RecursionError) as error:
            raise CorpusError(f"{name}:{number}: not a line of JSON ({_reason(error)}).") from error
        if not isinstance(record, dict):
            raise CorpusError(
                f"{name}:{number}: a JSON {_kind(record)}; each line must be one object such as "
                f'{{"{fields[0]}": "…"}}.'
            )
        for field in fields:
            if field not in record:
                raise CorpusError(f"{name}:{number}: {_no_field(field, list(record))}")
        yield number, [record[field] for field in fields]


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _kind(value: object) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def _no_field(field: str, there: list[str]) -> str:
    names = ", ".join(there[:20]) + (", …" if len(there) > 20 else "")
    fields = f"The fields there: {names}." if there else "There are no fields."
    return f"no field {field!r}.{did_you_mean(field, there)} {fields}"


def _csv_records(lines: Iterable[bytes], fields: Sequence[str], name: str) -> Iterator[Record]:
    # The limit is one for the whole process, so it is only ever raised: to what a block can hold.
    csv.field_size_limit(max(csv.field_size_limit(), sys.maxsize))
    return _columns(_csv_rows(lines, name), fields, name)


def _csv_rows(lines: Iterable[bytes], name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of the line that it ends on."""
    rows = csv.reader(map(_decode, lines), strict=True)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise CorpusError(
                f"{name}:{rows.line_num}: not CSV ({error}). Quote the field, and double the "
                "quotes inside it."
            ) from error
        yield rows.line_num, row


def _tsv_records(lines: Iterable[bytes], fields: Sequence[str], name: str) -> Iterator[Record]:
    rows = (
        (number, _decode(line.rstrip(b"\n")).split("\t") if line.strip() else [])
        for number, line in enumerate(lines, 1)
    )
    return _columns(rows, fields, name)


def _columns(
    rows: Iterator[tuple[int, list[str]]], fields: Sequence[str], name: str
) -> Iterator[Record]:
    header: list[str] = []
    for number, row in rows:
        if not row:
            continue
        if not header:
            header = row
            for field in fields:
                if field not in header:
                    raise CorpusError(f"{name}:{number}: {_no_field(field, header)}")
                if header.count(field) > 1:
                    raise CorpusError(f"{name}:{number}: there are several fields {field!r}.")
            places = [header.index(field) for field in fields]
        elif len(row) != len(header):
            raise CorpusError(
                f"{name}:{number}: {len(row)} fields, but the header has {len(header)}."
            )
        else:
            yield number, [row[place] for place in places]


_PARSERS: dict[str, Parser] = {
    ".csv": _csv_records,
    ".tsv": _tsv_records,
    ".jsonl": _json_records,
    ".ndjson": _json_records,
    ".json": _json_records,
}
"""What reads records, by the suffix of the file."""
