r"""What every reader produces: blocks of UTF-8 bytes, cut at places that depend on the text alone.

A *source* is one thing to read (a file, a Python list). Opening it gives a *stream* of *blocks* of
about four mebibytes. In a block ``\n`` ends a sentence or line and an empty line ends a document.
Bytes that are not UTF-8 are still there: the encoder has the policy for them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from textrep.errors import CorpusError

__all__ = [
    "BLOCK_BYTES",
    "UNIT_SEPARATOR",
    "Block",
    "Meter",
    "Source",
    "Stream",
    "batch_documents",
    "cut_blocks",
    "plain_newlines",
]

BLOCK_BYTES = 4 * 2**20
"""The size of a block in bytes; only a word that goes on across it makes a block longer."""

LONGEST_STRETCH = 256 * 2**20
"""Text without one white space for so many bytes is refused: it would have to be held in memory."""

UNIT_SEPARATOR = "\x1f"
"""Between the tokens of text that comes in tokens (ASCII's "unit separator")."""

_WHITE_SPACE = b" \t\n\r\v\f"


class Block(NamedTuple):
    r"""A stretch of a source.

    Attributes
    ----------
    data : bytes
        UTF-8 text. It ends with ``\n`` unless its last sentence goes on in the next block or the
        document ends with it.
    ends_document : bool
        Whether a document ends with the block.
    """

    data: bytes
    ends_document: bool


class Meter:
    """Counts and hashes what is read.

    Attributes
    ----------
    bytes_read : int
        Bytes so far; of a compressed file, compressed bytes.
    """

    def __init__(self) -> None:
        self.bytes_read = 0
        self._hash = hashlib.sha256()

    def take(self, data: bytes) -> bytes:
        """Count and hash ``data``, and return it."""
        self.bytes_read += len(data)
        self._hash.update(data)
        return data

    def take_block(self, block: Block) -> Block:
        """Count and hash a block of a source that has no file, and return it."""
        self.take(block.data)
        if block.ends_document:
            self._hash.update(b"\n\n")
        return block

    def hexdigest(self) -> str:
        """Return the SHA-256 of what was taken, in hexadecimal."""
        return self._hash.hexdigest()


class Stream(Iterator[Block]):
    """The blocks of one source, in order, read as they are asked for.

    Parameters
    ----------
    name : str
        The source's name, for errors.
    blocks : callable
        Given a meter, returns the blocks and tells the meter what it reads.

    Attributes
    ----------
    refuses_empty : bool
        Whether a source without a single block is an error; set it before reading.

    Raises
    ------
    CorpusError
        While it is read: the source is empty, cut, damaged, …; the error names the source.
    """

    def __init__(self, name: str, blocks: Callable[[Meter], Iterator[Block]]) -> None:
        self.name = name
        self._meter = Meter()
        self._blocks = blocks(self._meter)
        self._exhausted = False
        self._empty = True
        self.refuses_empty = False

    def __next__(self) -> Block:
        try:
            block = next(self._blocks)
        except StopIteration:
            self._exhausted = True
            if self._empty and self.refuses_empty:
                raise CorpusError(f"{self.name} is empty: there is no text to read.") from None
            raise
        self._empty = False
        return block

    @property
    def bytes_read(self) -> int:
        """How many of the source's own bytes were read so far."""
        return self._meter.bytes_read

    def digest(self) -> str:
        """Return the SHA-256 of the source, in hexadecimal, once it was read to its end.

        Returns
        -------
        str
            Of a file, the checksum of its own (compressed) bytes; of anything else, of the UTF-8
            text that it gave.

        Raises
        ------
        CorpusError
            Blocks are left to read.
        """
        if not self._exhausted:
            raise CorpusError(f"{self.name} has no checksum yet: it was not read to its end.")
        return self._meter.hexdigest()

    def close(self) -> None:
        """Release the file; the stream ends."""
        close = getattr(self._blocks, "close", None)
        if close is not None:
            close()


@dataclass(frozen=True)
class Source:
    r"""One thing to read.

    Parameters
    ----------
    name : str
        A path as the caller wrote it, ``nltk:brown``, ``standard input``, …
    open : callable
        Returns a new `Stream` from the start.
    bytes : int or None
        Size of the file, None where there is no file of a known size.
    pretokenized : bool, default=False
        Whether the tokens are given: ``\x1f`` stands between them, ``\n`` after each sentence.
    reopenable : bool, default=True
        False for standard input and pipes, which can be read once.
    """

    name: str
    open: Callable[[], Stream]
    bytes: int | None
    pretokenized: bool = False
    reopenable: bool = True


def plain_newlines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    r"""Yield the text with every ``\r\n`` turned into ``\n``, wherever the chunks are cut."""
    held = b""
    for chunk in chunks:
        text = held + chunk if held else chunk
        held = b""
        if text.endswith(b"\r"):
            text, held = text[:-1], b"\r"
        yield text.replace(b"\r\n", b"\n") if b"\r" in text else text
    if held:
        yield held


def cut_blocks(
    chunks: Iterable[bytes],
    *,
    name: str = "the text",
    limit: int = BLOCK_BYTES,
    inside: bytes = _WHITE_SPACE,
) -> Iterator[Block]:
    r"""Cut one document's or file's text into blocks.

    A block is the longest stretch of at most ``limit`` bytes that ends after a ``\n``; without a
    ``\n``, after one of the bytes ``inside``; without any, it is extended to the first of them.
    What is left at the end is the last block. So the places depend on the text alone, never on
    how it was read, and no word is ever cut. A block starts with ``\n`` only where the one before
    it ends with ``\n``, so an empty line is still seen to be empty.

    Parameters
    ----------
    chunks : iterable of bytes
        The text in pieces of any size.
    name : str
        Named in the error.
    limit : int, default=BLOCK_BYTES
        Bytes of a block.
    inside : bytes
        The bytes after which a line may be cut: ASCII white space, or the token separator.

    Yields
    ------
    Block
        Nothing for an empty text; ``ends_document`` is true for the last block only.

    Raises
    ------
    CorpusError
        256 MiB of text without a place to cut.
    """
    place = re.compile(b"[\n" + re.escape(inside) + b"]")
    pieces: list[bytes] = []
    size = 0
    waiting = False  # the pieces hold more than a block, but no place to cut
    for chunk in chunks:
        pieces.append(chunk)
        size += len(chunk)
        if size <= limit or (waiting and not place.search(chunk) and size <= LONGEST_STRETCH):
            continue
        text = b"".join(pieces)
        start = 0
        end = _cut(text, start, limit, inside, place)
        while end:
            yield Block(text[start:end], False)
            start = end
            end = _cut(text, start, limit, inside, place)
        pieces = [text[start:]]
        size = len(text) - start
        waiting = size > limit and not place.search(text, start)
        if size > LONGEST_STRETCH:
            raise CorpusError(
                f"{name} has {LONGEST_STRETCH >> 20} MiB without white space, so it has no words "
                "to count. If it is text, break it into lines first."
            )
    text = b"".join(pieces)
    if text:
        yield Block(text, True)


def _cut(text: bytes, start: int, limit: int, inside: bytes, place: re.Pattern[bytes]) -> int:
    """Return where the block from ``start`` ends, or 0 if that cannot be said yet."""
    stop = start + limit
    if len(text) <= stop:
        return 0
    end = text.rfind(b"\n", start, stop) + 1
    if end:
        return end
    end = max(text.rfind(byte, start, stop) for byte in inside) + 1
    if not end:
        match = place.search(text, stop)
        end = match.end() if match else len(text)
    if text[end : end + 1] == b"\n" and text[end - 1 : end] != b"\n":
        end += 1
    return end if end < len(text) else 0


def batch_documents(
    documents: Iterable[bytes], *, name: str = "the text", limit: int = BLOCK_BYTES
) -> Iterator[Block]:
    r"""Gather documents into blocks, with an empty line between them.

    Parameters
    ----------
    documents : iterable of bytes
        Each one document; one that holds empty lines counts as several. Empty ones are left out.
    name : str
        Named in errors.
    limit : int, default=BLOCK_BYTES
        Bytes of a block. A longer document is cut as `cut_blocks` does.

    Yields
    ------
    Block
        Every one ends a document, except the first ones of a document that had to be cut.
    """
    batch: list[bytes] = []
    size = 0
    for document in documents:
        text = document.replace(b"\r\n", b"\n") if b"\r" in document else document
        if not text:
            continue
        if batch and size + len(text) > limit:
            yield Block(b"\n\n".join(batch), True)
            batch, size = [], 0
        if len(text) > limit:
            yield from cut_blocks([text], name=name, limit=limit)
        else:
            batch.append(text)
            size += len(text) + 2
    if batch:
        yield Block(b"\n\n".join(batch), True)
