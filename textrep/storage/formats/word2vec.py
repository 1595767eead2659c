"""word2vec's vector files, text and binary; GloVe's and fastText's text files are of its kind.

Text: a header line ``n_words dim`` (which GloVe leaves out), then a line a word: the word and its
values, separated by single spaces. Lines are read from the right, so words may hold spaces.

Binary: the same header line, then for each word the word, a space, ``dim`` little-endian float32
numbers, and a line feed (which some programs leave out).

References
----------
Mikolov et al. 2013, the program ``word2vec.c`` published with "Distributed Representations of
Words and Phrases and their Compositionality".
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from textrep.errors import FormatError
from textrep.storage.formats.files import (
    Header,
    RowCollector,
    check_header,
    decode_word,
    parse_header,
    reading,
    writing,
)
from textrep.storage.formats.lines import collect_lines, formatted, line_blocks, trailing_numbers
from textrep.vectors import WordVectors

__all__ = ["read_binary", "read_text", "write_binary", "write_text"]

BLOCK_BYTES = 1 << 24
BLOCK_VALUES = 1 << 20  # values formatted together
LONGEST_WORD = 1 << 16  # bytes; more without a space is not a word2vec file


def read_text(path: str | Path) -> WordVectors:
    """Read a text file, with or without a header, packed by gzip or not.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    WordVectors
        Values as float32.

    Raises
    ------
    FormatError
        With the line: too few or too many values, a value that is no finite number, a word that
        is not UTF-8, is missing, or occurs twice, or a header that does not fit.
    """
    with reading(path) as file:
        first = file.readline(BLOCK_BYTES)
        header = parse_header(first)
        if header is not None:
            check_header(path, header, bytes_a_value=2)
            collector = RowCollector(path, header, "line", 2)
            blocks = line_blocks(file, b"")
        else:
            dim = trailing_numbers(first)
            if dim == 0:
                raise FormatError(f"{path}, line 1: expected a header or a word and its values.")
            collector = RowCollector(path, Header(1, dim), "line", 1)
            blocks = line_blocks(file, first)
        for block in blocks:
            collect_lines(collector, block)
    found = len(collector.words)
    if header is not None and found != header.n_words:
        raise FormatError(
            f"{path} is cut, or its header is wrong: line 1 says {header.n_words} words, "
            f"{found} follow."
        )
    return collector.finish()


def write_text(vectors: WordVectors, path: str | Path, *, header: bool = True) -> None:
    """Write a text file; reading it gives back the same float32 values.

    Parameters
    ----------
    vectors : WordVectors
        Dense.
    path : str or Path
        Packed by gzip if it ends in ``.gz``.
    header : bool, default=True
        Whether to write the first line; GloVe's files have none.

    Raises
    ------
    FormatError
        The vectors are sparse, or a word is empty, holds a line break, is no Unicode text, or
        ends in a space and a decimal number, so that it could not be read back.
    """
    words = [_text_word(word) for word in vectors.words]
    matrix = _dense(vectors)
    height = max(1, BLOCK_VALUES // vectors.dim)
    with writing(path) as file:
        if header:
            file.write(_header_line(vectors))
        for first in range(0, len(words), height):
            for word, numbers in zip(
                words[first : first + height],
                formatted(matrix[first : first + height]),
                strict=True,
            ):
                file.write(word + numbers + b"\n")


def _text_word(word: str) -> bytes:
    encoded = _encoded(word)
    last = encoded.replace(b"\t", b" ").replace(b"\r", b" ").rpartition(b" ")
    if last[1] and b"." in last[2] and trailing_numbers(b"w " + last[2]):
        raise FormatError(f"Cannot write the word {word!r}: its end would be read as a value.")
    return encoded


def read_binary(path: str | Path) -> WordVectors:
    """Read a binary file, packed by gzip or not.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    WordVectors

    Raises
    ------
    FormatError
        No header, a header that does not fit, or with the word's number: the file ends too soon,
        a word is not UTF-8, is missing or occurs twice, or a value is not finite.
    """
    with reading(path) as file:
        header = parse_header(file.readline(BLOCK_BYTES))
        if header is None:
            raise FormatError(f"{path}, line 1: expected the number of words and of values.")
        check_header(path, header, bytes_a_value=4)
        collector = RowCollector(path, header, "word", 1)
        values = collector.room(header.n_words)
        for row, (word, numbers) in enumerate(_records(file, path, header)):
            values[row] = np.frombuffer(numbers, "<f4")
            collector.words.append(decode_word(path, word, collector.where(row)))
    return collector.finish()


def _records(file: BinaryIO, path: str | Path, header: Header) -> Iterator[tuple[bytes, bytes]]:
    """Yield each word and the bytes of its values."""
    width = 4 * header.dim
    buffer, at = b"", 0
    for row in range(header.n_words):
        space = buffer.find(b" ", at)
        while space < 0 or space + 1 + width > len(buffer):
            chunk = file.read(BLOCK_BYTES)
            buffer, at = buffer[at:] + chunk, 0
            space = buffer.find(b" ", 0, LONGEST_WORD)
            if not chunk or (space < 0 and len(buffer) > LONGEST_WORD):
                raise FormatError(
                    f"{path}, word {row + 1}: the file is cut or damaged; line 1 says "
                    f"{header.n_words} words of {header.dim} values."
                )
        end = space + 1 + width
        yield buffer[at:space].removeprefix(b"\n"), buffer[space + 1 : end]
        at = end
    if (buffer[at:] + file.read(LONGEST_WORD)).strip():
        raise FormatError(f"{path}: more follows than the {header.n_words} words of line 1.")


def write_binary(vectors: WordVectors, path: str | Path) -> None:
    """Write a binary file as word2vec does, bit for bit.

    Parameters
    ----------
    vectors : WordVectors
        Dense.
    path : str or Path
        Packed by gzip if it ends in ``.gz``.

    Raises
    ------
    FormatError
        The vectors are sparse, or a word is empty, holds a space or a line break, or is no
        Unicode text.
    """
    words = [_encoded(word) for word in vectors.words]
    for word in vectors.words:
        if " " in word:
            raise FormatError(
                f"Cannot write the word {word!r}: a word of a binary file holds no space. "
                "Write text instead."
            )
    matrix = _dense(vectors)
    with writing(path) as file:
        file.write(_header_line(vectors))
        for word_bytes, row in zip(words, matrix, strict=True):
            file.write(b"%b %b\n" % (word_bytes, row.astype("<f4").tobytes()))


def _header_line(vectors: WordVectors) -> bytes:
    return f"{len(vectors)} {vectors.dim}\n".encode("ascii")


def _encoded(word: str) -> bytes:
    if not word or "\n" in word:
        what = "it holds a line break" if word else "it is empty"
        raise FormatError(f"Cannot write the word {word!r}: {what}.")
    try:
        return word.encode("utf-8")
    except UnicodeEncodeError:
        raise FormatError(f"Cannot write the word {word!r}: it is no Unicode text.") from None


def _dense(vectors: WordVectors) -> NDArray[np.float32]:
    if vectors.is_sparse:
        raise FormatError(
            f"Cannot write {vectors!r} as a vector file: it is sparse. Save it as a model folder, "
            "or reduce it, for example with SVD."
        )
    matrix: NDArray[np.float32] = vectors.matrix
    return matrix
