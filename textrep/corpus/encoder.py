"""Text to a stream of word numbers, in parallel, in the order of the text.

Each worker has a word table of its own, so workers never wait for one another; the tables are
merged afterwards. What comes out, once renumbered by the merged vocabulary, does not depend on
which worker had which block.
"""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from textrep.corpus.characters import CharacterTable
from textrep.corpus.sentences import mark_sentences
from textrep.corpus.stream import BlockStream
from textrep.corpus.tokenization import Tokenization, TokenizerProcess, separate_tokens
from textrep.corpus.words import EncodedBlock, WordTable
from textrep.errors import CorpusError
from textrep.kernels.utf8 import first_invalid_utf8
from textrep.parallel import map_in_order
from textrep.progress import track

__all__ = ["EncodedText", "encode_text"]


@dataclass
class EncodedText:
    """A text as word numbers.

    Attributes
    ----------
    stream : BlockStream
        Its blocks, numbered by the workers' tables.
    tables : list of WordTable
        The workers' tables.
    n_bytes : int
        Bytes of text, after decompression.
    invalid_utf8 : int
        Stretches of broken UTF-8, each replaced by U+FFFD.
    sources : list of dict
        Name, size in bytes and sha256 of each input.
    """

    stream: BlockStream
    tables: list[WordTable]
    n_bytes: int = 0
    invalid_utf8: int = 0
    sources: list[dict[str, Any]] = field(default_factory=list)


class _Piece(NamedTuple):
    """A block of text with what the encoder must know of its surroundings."""

    data: bytes
    source: str
    offset: int
    line_start: bool
    ends_document: bool
    pretokenized: bool


class _Worker:
    """Encodes one block at a time."""

    def __init__(
        self,
        tokenization: Tokenization,
        sentences: str,
        errors: str,
        process: TokenizerProcess | None,
    ) -> None:
        self.table = WordTable()
        self.invalid_utf8 = 0
        self._tokenization = tokenization
        self._process = process
        self._sentences = sentences
        self._errors = errors
        self._characters = {
            name: CharacterTable(name) for name in {tokenization.characters, "pretokenized"}
        }

    def encode(self, piece: _Piece) -> EncodedBlock:
        data = self._valid(piece)
        if not piece.pretokenized:
            if self._sentences == "rules":
                data = mark_sentences(data)
            data = self._separated(data)
        characters = "pretokenized" if piece.pretokenized else self._tokenization.characters
        block = self.table.encode(
            data,
            self._characters[characters],
            line_start=piece.line_start,
            lines_end_sentences=piece.pretokenized or self._sentences != "none",
        )
        if not piece.ends_document:
            return block
        end = np.array([len(block.ids)], np.int32)
        return EncodedBlock(block.ids, np.append(block.ends, end), np.append(block.documents, end))

    def _separated(self, data: bytes) -> bytes:
        if self._process is not None:
            return self._process(data)
        tokenizer = self._tokenization.tokenizer
        return data if tokenizer is None else separate_tokens(tokenizer, data)

    def _valid(self, piece: _Piece) -> bytes:
        if piece.data.isascii():
            return piece.data
        position = first_invalid_utf8(np.frombuffer(piece.data, np.uint8))
        if position < 0:
            return piece.data
        if self._errors == "strict":
            raise CorpusError(
                f"{piece.source}: byte {piece.offset + position:,} of the text is not valid UTF-8. "
                "Convert the text to UTF-8, or replace broken bytes with errors='replace'."
            )
        repaired = piece.data.decode("utf-8", "replace").encode()
        replacement = "\N{REPLACEMENT CHARACTER}".encode()
        self.invalid_utf8 += repaired.count(replacement) - piece.data.count(replacement)
        return repaired


def encode_text(
    tokenization: Tokenization, path: Path, *, sentences: str, errors: str, n_jobs: int
) -> EncodedText:
    """Read, tokenise and number every source.

    Parameters
    ----------
    tokenization : Tokenization
        The sources and how they are cut into words.
    path : Path
        File for the stream of word numbers.
    sentences : {"line", "rules", "none"}
        What ends a sentence: a line break; a full stop as told by rules, or a line break; nothing
        but the end of the document.
    errors : {"replace", "strict"}
        What broken UTF-8 does: becomes U+FFFD and is counted, or is an error.
    n_jobs : int
        Threads.

    Raises
    ------
    CorpusError
        A source cannot be read.
    """
    with ExitStack() as stack:
        processes = [
            stack.enter_context(closing(TokenizerProcess(tokenization.name)))
            for _ in range(n_jobs if tokenization.needs_process and n_jobs > 1 else 0)
        ]
        workers = [
            _Worker(tokenization, sentences, errors, processes[number] if processes else None)
            for number in range(n_jobs)
        ]
        idle: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in range(n_jobs):
            idle.put(number)
        text = EncodedText(BlockStream(path), [worker.table for worker in workers])

        def encode(piece: _Piece) -> tuple[int, EncodedBlock]:
            number = idle.get()
            try:
                return number, workers[number].encode(piece)
            finally:
                idle.put(number)

        def abandon() -> None:
            # A block may take a process many seconds; nobody wants what comes of it any more.
            for process in processes:
                process.stop()

        pieces = _pieces(tokenization, text)
        for number, block in map_in_order(encode, pieces, n_jobs, abandon=abandon):
            text.stream.append(block, number)
    text.invalid_utf8 = sum(worker.invalid_utf8 for worker in workers)
    return text


def _pieces(tokenization: Tokenization, text: EncodedText) -> Iterator[_Piece]:
    """Yield the blocks of all sources; record name, size and checksum of each that is done."""
    sizes = [source.bytes for source in tokenization.sources]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    with track("reading", total, "bytes") as task:
        for source in tokenization.sources:
            reading = source.open()
            line_start, offset, reported = True, 0, 0
            for data, ends_document in reading:
                yield _Piece(
                    data, source.name, offset, line_start, ends_document, source.pretokenized
                )
                line_start = ends_document or data.endswith(b"\n")
                offset += len(data)
                task.advance(reading.bytes_read - reported)
                reported = reading.bytes_read
            text.n_bytes += offset
            text.sources.append(
                {"name": source.name, "bytes": reading.bytes_read, "sha256": reading.digest()}
            )
