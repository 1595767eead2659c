"""Encoded text on its way to a corpus: blocks of word numbers in a file, in the order of the text.

Blocks are held on disk, so a text of any length passes through bounded memory. A pass over the
stream (renumbering, joining phrases) reads one stream and writes another.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from textrep.corpus.words import EncodedBlock

__all__ = ["BlockStream"]

_COPIED = 1 << 20  # bytes at a time


class _Entry(NamedTuple):
    table: int
    tokens: int
    sentences: int
    documents: int


class BlockStream:
    """Blocks in a file.

    Parameters
    ----------
    path : Path
        The file; deleted by :meth:`remove`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries: list[_Entry] = []
        path.write_bytes(b"")

    def append(self, block: EncodedBlock, table: int = 0) -> None:
        """Add a block whose words are numbered by table number ``table``."""
        # Opened for each block, which is large, so that an error leaves no open file behind.
        with self.path.open("ab") as file:
            for part in block:
                file.write(part.data)
        self._entries.append(_Entry(table, len(block.ids), len(block.ends), len(block.documents)))

    def extend(self, other: BlockStream, first_table: int) -> None:
        """Add all blocks of another stream, whose table 0 is our table ``first_table``."""
        with other.path.open("rb") as source, self.path.open("ab") as file:
            shutil.copyfileobj(source, file, _COPIED)
        self._entries += [
            entry._replace(table=entry.table + first_table) for entry in other._entries
        ]

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def n_tokens(self) -> int:
        """Tokens in all blocks."""
        return sum(entry.tokens for entry in self._entries)

    def __iter__(self) -> Iterator[tuple[int, EncodedBlock]]:
        """Yield the number of the word table and a copy of each block."""
        with self.path.open("rb") as file:
            for table, *sizes in self._entries:
                parts = [np.fromfile(file, np.int32, size) for size in sizes]
                yield table, EncodedBlock(*parts)

    def remove(self) -> None:
        """Delete the file."""
        self.path.unlink()
