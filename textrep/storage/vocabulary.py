"""``vocabulary.tsv`` of a model folder: a word a line, with its count where counts are known.

The count stands behind the *last* tab of its line, so a word may hold tabs, but no line break.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from textrep.errors import FormatError

__all__ = ["first_repeat", "read_vocabulary", "vocabulary_text"]

WITH_COUNTS = "word\tcount"
WITHOUT_COUNTS = "word"


def first_repeat(words: Sequence[str]) -> int | None:
    """Return the position of the first word that has occurred before, or None."""
    if len(set(words)) == len(words):
        return None
    seen: set[str] = set()
    for at, word in enumerate(words):
        if word in seen:
            return at
        seen.add(word)
    return None


def vocabulary_text(words: Sequence[str], counts: NDArray[np.int64] | None) -> bytes:
    """Return the file's bytes.

    Parameters
    ----------
    words : sequence of str
    counts : int64 array of shape (n_words,), or None

    Raises
    ------
    FormatError
        A word holds a line break or is no Unicode text, or the numbers of words and counts differ.
    """
    if counts is not None and len(counts) != len(words):
        raise FormatError(f"Cannot write {len(words)} words with {len(counts)} counts.")
    for word in words:
        if "\n" in word:
            raise FormatError(f"Cannot write the word {word!r}: it holds a line break.")
    if counts is None:
        lines = [WITHOUT_COUNTS, *words]
    else:
        pairs = zip(words, counts.tolist(), strict=True)
        lines = [WITH_COUNTS, *(f"{word}\t{count}" for word, count in pairs)]
    try:
        return ("\n".join(lines) + "\n").encode("utf-8")
    except UnicodeEncodeError as error:
        part = error.object[error.start : error.end]
        raise FormatError(f"Cannot write a word that holds {part!r}: no Unicode text.") from None


def read_vocabulary(file: Path) -> tuple[list[str], NDArray[np.int64] | None]:
    """Read the words and, where there are any, their counts.

    Raises
    ------
    FormatError
        The file is missing, cut, not UTF-8, holds a word twice or a count that is no number.
    """
    if not file.is_file():
        raise FormatError(f"{file} is missing: the model was not saved completely. Save it again.")
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(f"{file} is damaged: byte {error.start} is not UTF-8.") from None
    header, *words = text.split("\n")
    if not words or words.pop() != "" or header not in (WITHOUT_COUNTS, WITH_COUNTS):
        raise FormatError(f"{file} is cut, or does not begin with the line 'word<TAB>count'.")
    counts = _split_counts(file, words) if header == WITH_COUNTS else None
    repeat = first_repeat(words)
    if repeat is not None:
        raise FormatError(f"{file}, line {repeat + 2}: the word {words[repeat]!r} occurs twice.")
    return words, counts


def _split_counts(file: Path, lines: list[str]) -> NDArray[np.int64]:
    """Turn lines into words, in place, and return the counts."""
    counts = np.empty(len(lines), np.int64)
    for row, line in enumerate(lines):
        word, tab, count = line.rpartition("\t")
        if not tab or not (count.isascii() and count.isdigit() and len(count) < 19):
            raise FormatError(f"{file}, line {row + 2}: expected a word, a tab and a count.")
        lines[row] = word
        counts[row] = int(count)
    return counts
