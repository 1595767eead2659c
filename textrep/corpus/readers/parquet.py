"""One column of a Parquet file, a batch of rows at a time; needs pyarrow."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from textrep.corpus.readers.blocks import (
    BLOCK_BYTES,
    UNIT_SEPARATOR,
    Block,
    Meter,
    Source,
    Stream,
    batch_documents,
    cut_blocks,
)
from textrep.corpus.readers.hints import did_you_mean
from textrep.corpus.readers.python import join_tokens
from textrep.errors import CorpusError

__all__ = ["parquet_source"]

_BATCH_ROWS = 1000


def parquet_source(path: Path, name: str, field: str | None) -> Source:
    """Return the source of one column of a Parquet file.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What the source is called.
    field : str or None
        The column; None means "text". It holds strings (each a document), lists of strings (each
        a sentence in tokens), or nulls (no text).

    Raises
    ------
    CorpusError
        pyarrow is missing, the file is not Parquet or is cut, or the column is missing or holds
        something else.
    """
    field = "text" if field is None else field
    with _open(path, name) as file:
        of_tokens = _holds_tokens(file.schema_arrow, field, name)
    return Source(
        name=name,
        open=partial(Stream, name, partial(_blocks, path, name, field, of_tokens)),
        bytes=path.stat().st_size,
        pretokenized=of_tokens,
    )


def _open(path: Path, name: str) -> Any:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise CorpusError(
            f"Reading {name} needs pyarrow: pip install 'textrep[parquet]'."
        ) from error
    try:
        return parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise CorpusError(_unreadable(name, error)) from error


def _unreadable(name: str, error: Exception) -> str:
    reason = str(error).split("\n", 1)[0].rstrip(".")
    return f"{name} cannot be read as Parquet ({reason}). Fetch or write it again."


def _holds_tokens(schema: Any, field: str, name: str) -> bool:
    import pyarrow

    if field not in schema.names:
        raise CorpusError(
            f"{name} has no column {field!r}.{did_you_mean(field, schema.names)} "
            f"Its columns: {', '.join(schema.names)}."
        )
    kind = schema.field(field).type
    if pyarrow.types.is_dictionary(kind):
        kind = kind.value_type
    if _is_text(kind):
        return False
    is_list = pyarrow.types.is_list(kind) or pyarrow.types.is_large_list(kind)
    if is_list and _is_text(kind.value_type):
        return True
    raise CorpusError(
        f"The column {field!r} of {name} must hold strings or lists of strings, it holds {kind}."
    )


def _is_text(kind: Any) -> bool:
    import pyarrow

    types = pyarrow.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _blocks(path: Path, name: str, field: str, of_tokens: bool, meter: Meter) -> Iterator[Block]:
    values = _values(path, name, field)
    if of_tokens:
        sentences = (
            join_tokens(tokens, f"Row {row} of {name}") + b"\n"
            for row, tokens in enumerate(values, 1)
            if tokens
        )
        yield from cut_blocks(sentences, name=name, inside=UNIT_SEPARATOR.encode())
    else:
        yield from batch_documents((text for text in values if text is not None), name=name)
    # Parquet is not read from front to back, so its checksum takes a pass of its own.
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(BLOCK_BYTES):
            meter.take(chunk)


def _values(path: Path, name: str, field: str) -> Iterator[Any]:
    """Yield each row's text as UTF-8 bytes, its tokens as a list of strings, or None."""
    import pyarrow

    with _open(path, name) as file:
        try:
            for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=[field]):
                column = batch.column(0)
                if pyarrow.types.is_dictionary(column.type):
                    column = column.dictionary_decode()
                if _is_text(column.type):
                    column = column.cast(pyarrow.large_binary())
                yield from column.to_pylist()
        except (pyarrow.ArrowException, OSError) as error:
            raise CorpusError(_unreadable(name, error)) from error
