"""Plain text files, compressed or not, and standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from textrep.corpus.readers.blocks import (
    BLOCK_BYTES,
    Block,
    Meter,
    Source,
    Stream,
    cut_blocks,
    plain_newlines,
)
from textrep.corpus.readers.compression import COMPRESSIONS, decompress
from textrep.errors import CorpusError

__all__ = [
    "STANDARD_INPUT",
    "plain_source",
    "plain_stdin_source",
    "stdin_source",
    "text_chunks",
]

STANDARD_INPUT = "standard input"

_WIDE_MARKS = {
    b"\xff\xfe\0\0": "UTF-32LE",
    b"\0\0\xfe\xff": "UTF-32BE",
    b"\xff\xfe": "UTF-16LE",
    b"\xfe\xff": "UTF-16BE",
}
_UTF8_MARK = b"\xef\xbb\xbf"
_FOREIGN = {
    b"\x1f\x8b": "gzip data: name it ….gz, or unpack it first",
    b"BZh91AY&SY": "bzip2 data: name it ….bz2, or unpack it first",
    b"\xfd7zXZ\0": "xz data: name it ….xz, or unpack it first",
    b"\x28\xb5\x2f\xfd": "zstandard data: name it ….zst, or unpack it first",
    b"PK\x03\x04": "a zip archive (or a document packed as one): extract its text first",
    b"%PDF-": "a PDF: extract its text first",
    b"PAR1\x15": "Parquet: name it ….parquet",
}


def plain_source(path: Path, name: str) -> Source:
    """Return the source of a text file; a compressed one is known by its suffix.

    Parameters
    ----------
    path : Path
        An existing file or pipe.
    name : str
        What the source is called.

    Returns
    -------
    Source
        Not reopenable if ``path`` is a pipe.
    """
    regular = path.is_file()
    return Source(
        name=name,
        open=partial(Stream, name, partial(_plain_blocks, path, name)),
        bytes=path.stat().st_size if regular else None,
        reopenable=regular,
    )


def stdin_source(chunks_to_blocks: Callable[[Iterable[bytes]], Iterator[Block]]) -> Source:
    """Return standard input as a source that can be opened once.

    Parameters
    ----------
    chunks_to_blocks : callable
        What makes blocks of its text.
    """
    opened = False

    def open_once() -> Stream:
        nonlocal opened
        if opened:
            raise CorpusError(
                "Standard input can be read only once. Save it to a file and name the file."
            )
        opened = True
        return Stream(STANDARD_INPUT, lambda meter: chunks_to_blocks(_stdin_text(meter)))

    return Source(STANDARD_INPUT, open_once, None, reopenable=False)


def plain_stdin_source() -> Source:
    """Return standard input as plain text; it can be opened once."""
    return stdin_source(partial(cut_blocks, name=STANDARD_INPUT))


def _plain_blocks(path: Path, name: str, meter: Meter) -> Iterator[Block]:
    return cut_blocks(text_chunks(path, name, meter), name=name)


def text_chunks(path: Path, name: str, meter: Meter) -> Iterator[bytes]:
    r"""Yield a file's text: decompressed, checked, without a byte order mark, lines ended by \n.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        Named in errors.
    meter : Meter
        Told every byte of the file as it is read.

    Yields
    ------
    bytes
        Pieces of any size.

    Raises
    ------
    CorpusError
        The file cannot be read, is cut or damaged, in UTF-16 or UTF-32, or binary.
    """
    chunks = _file_chunks(path, name, meter)
    suffix = path.suffix.lower()
    if suffix in COMPRESSIONS:
        chunks = decompress(chunks, suffix, name)
    return plain_newlines(_checked(chunks, name))


def _file_chunks(path: Path, name: str, meter: Meter) -> Iterator[bytes]:
    try:
        with path.open("rb", buffering=0) as file:
            while chunk := file.read(BLOCK_BYTES):
                yield meter.take(chunk)
    except OSError as error:
        raise CorpusError(f"Cannot read {name}: {error.strerror or error}.") from error


def _stdin_text(meter: Meter) -> Iterator[bytes]:
    return plain_newlines(_checked(_stdin_bytes(meter), STANDARD_INPUT))


def _stdin_bytes(meter: Meter) -> Iterator[bytes]:
    if sys.stdin is None or sys.stdin.closed:
        raise CorpusError("Cannot read standard input: it is closed. Name a file.")
    try:
        while chunk := sys.stdin.buffer.read(BLOCK_BYTES):
            yield meter.take(chunk)
    except OSError as error:
        raise CorpusError(f"Cannot read standard input: {error.strerror or error}.") from error


def _checked(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Yield the chunks after a look at the first block of the text."""
    rest = iter(chunks)
    head = b""
    for chunk in rest:
        head += chunk
        if len(head) >= BLOCK_BYTES:
            break
    _refuse_wide(head, name)
    _refuse_binary(head, name)
    yield head.removeprefix(_UTF8_MARK)
    yield from rest


def _refuse_wide(head: bytes, name: str) -> None:
    for mark, encoding in _WIDE_MARKS.items():
        if head.startswith(mark):
            raise CorpusError(
                f"{name} is in {encoding}, not UTF-8. Convert it: "
                f"iconv -f {encoding.removesuffix('LE').removesuffix('BE')} -t UTF-8."
            )


def _refuse_binary(head: bytes, name: str) -> None:
    for mark, meaning in _FOREIGN.items():
        if head.startswith(mark):
            raise CorpusError(f"{name} is not text but {meaning}.")
    place = head.find(b"\0")
    if place >= 0:
        raise CorpusError(
            f"{name} is not text: byte {place} is zero. It is binary, or UTF-16 without a mark "
            "(then convert it: iconv -f UTF-16 -t UTF-8)."
        )
