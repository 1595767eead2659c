"""What every vector file has in common: opening it, its header, its growing matrix."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from textrep.errors import FormatError
from textrep.files import atomic_file
from textrep.storage.vocabulary import first_repeat
from textrep.vectors import WordVectors

__all__ = [
    "Header",
    "RowCollector",
    "check_header",
    "decode_word",
    "is_packed",
    "parse_header",
    "reading",
    "writing",
]

GZIP_MAGIC = b"\x1f\x8b"
DEFLATE_LIMIT = 1032  # bytes that one byte of a deflate stream can stand for, at most
MOST_HEADER_DIGITS = 15


@contextlib.contextmanager
def reading(path: str | Path) -> Iterator[BinaryIO]:
    """Open a vector file, unpacking gzip (known by its first bytes), as a `FormatError` or well."""
    try:
        with contextlib.ExitStack() as stack:
            raw = stack.enter_context(Path(path).open("rb"))
            packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            raw.seek(0)
            if packed:
                unpacked = stack.enter_context(gzip.GzipFile(fileobj=raw))
                yield cast(BinaryIO, unpacked)
            else:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise FormatError(f"{path} is cut or damaged: its gzip data ends too soon.") from None
    except OSError as error:
        raise FormatError(f"Cannot read {path}: {error.strerror or error}.") from None


@contextlib.contextmanager
def writing(path: str | Path) -> Iterator[BinaryIO]:
    """Open a vector file to write, whole or not at all, packed by gzip if its name ends in .gz."""
    with atomic_file(path) as temporary, temporary.open("wb") as raw:
        if Path(path).suffix == ".gz":
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
                yield cast(BinaryIO, packed)
        else:
            yield raw


def is_packed(path: str | Path) -> bool:
    """Return whether a file is packed by gzip."""
    with Path(path).open("rb") as file:
        return file.read(len(GZIP_MAGIC)) == GZIP_MAGIC


class Header(NamedTuple):
    """The first line of a word2vec file."""

    n_words: int
    dim: int


def parse_header(line: bytes) -> Header | None:
    """Return the header that ``line`` is, or None if it is not two whole numbers."""
    parts = line.split()
    if len(parts) != 2 or not all(p.isdigit() and len(p) <= MOST_HEADER_DIGITS for p in parts):
        return None
    return Header(int(parts[0]), int(parts[1]))


def check_header(path: str | Path, header: Header, bytes_a_value: int) -> None:
    """Check the header against the file's size before anything is allocated.

    Parameters
    ----------
    path : str or Path
    header : Header
    bytes_a_value : int
        Fewest bytes that a value takes in the file.

    Raises
    ------
    FormatError
        No words, no columns, or more of them than the file has room for.
    """
    if header.n_words < 1 or header.dim < 1:
        raise FormatError(f"{path}, line 1: {header.n_words} words of {header.dim} values: empty.")
    size = Path(path).stat().st_size * (DEFLATE_LIMIT if is_packed(path) else 1)
    if header.n_words * header.dim * bytes_a_value > size:
        raise FormatError(
            f"{path} is cut or damaged: line 1 says {header.n_words} words of {header.dim} values, "
            "for which the file is too small."
        )


def decode_word(path: str | Path, word: bytes, where: str) -> str:
    """Return a word's text; ``where`` names its place in an error."""
    if not word:
        raise FormatError(f"{path}, {where}: there is no word before the values.")
    try:
        return word.decode("utf-8")
    except UnicodeDecodeError:
        raise FormatError(f"{path}, {where}: the word {word!r} is not UTF-8.") from None


class RowCollector:
    """Words and rows that arrive in blocks, in one matrix that grows as needed.

    Parameters
    ----------
    path : str or Path
        Named in errors.
    header : Header
        Its ``n_words`` is what is allocated at first.
    place : str
        What a row is called in errors: "line" or "word".
    first_place : int
        The number of the first row in those terms.
    """

    def __init__(self, path: str | Path, header: Header, place: str, first_place: int) -> None:
        self.path = path
        self.words: list[str] = []
        self._matrix = np.empty((header.n_words, header.dim), np.float32)
        self._place, self._first_place = place, first_place

    @property
    def dim(self) -> int:
        """Number of columns."""
        return self._matrix.shape[1]

    def where(self, row: int) -> str:
        """Return how row ``row`` is called in errors."""
        return f"{self._place} {row + self._first_place}"

    def room(self, rows: int) -> NDArray[np.float32]:
        """Return the next ``rows`` rows, to be filled before their words are added."""
        first = len(self.words)
        if first + rows > len(self._matrix):
            capacity = max(first + rows, 2 * len(self._matrix))
            self._matrix.resize((capacity, self._matrix.shape[1]), refcheck=False)
        return self._matrix[first : first + rows]

    def finish(self) -> WordVectors:
        """Return the vectors; `FormatError` if a value is not finite or a word occurs twice."""
        repeat = first_repeat(self.words)
        if repeat is not None:
            word = self.words[repeat]
            raise FormatError(f"{self.path}, {self.where(repeat)}: {word!r} occurs twice.")
        self._matrix.resize((len(self.words), self._matrix.shape[1]), refcheck=False)
        finite = np.isfinite(self._matrix).all(axis=1)
        if not finite.all():
            row = int(np.argmin(finite))
            raise FormatError(
                f"{self.path}, {self.where(row)}: the vector of {self.words[row]!r} holds NaN "
                "or infinity."
            )
        return WordVectors(self.words, self._matrix)
