"""Tagged sentences of corpora as NLTK packs them: Brown, and a sample of the Penn Treebank."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from textrep.errors import DataError

__all__ = ["TaggedSentence", "tagged_sentences"]


class TaggedSentence(NamedTuple):
    """A sentence, cut into words by hand, with a tag a word."""

    file: str
    words: tuple[str, ...]
    tags: tuple[str, ...]


def tagged_sentences(data: bytes, path: Path) -> Iterator[TaggedSentence]:
    """Yield the sentences of a tagged corpus, file by file in the order of the files' names.

    Parameters
    ----------
    data : bytes
        The archive.
    path : Path
        Where it is from, ``brown.zip`` or ``treebank.zip``. The trees of the treebank are read,
        whose empty elements (traces and the like) are annotation and no words.

    Raises
    ------
    DataError
        The archive is of another corpus, or damaged.
    """
    if path.name not in _LAYOUTS:
        raise DataError(f"{path} must be one of {', '.join(_LAYOUTS)}.")
    pattern, split = _LAYOUTS[path.name]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in sorted(filter(pattern.fullmatch, archive.namelist())):
                for leaves in split(archive.read(name).decode("utf-8")):
                    words, tags = zip(*leaves, strict=True)
                    yield TaggedSentence(Path(name).stem, words, tags)
    except (UnicodeDecodeError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DataError(f"Cannot read {path}: {error}. Put the whole file there.") from None


Leaves = list[tuple[str, str]]

_LEAF = re.compile(r"\(([^\s()]+) ([^\s()]+)\)")
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LCB-": "{", "-RCB-": "}", "-LSB-": "[", "-RSB-": "]"}


def _brown(text: str) -> Iterator[Leaves]:
    """Split lines of word/tag; a word may hold a slash, a tag does not."""
    for line in text.split("\n"):
        pairs = [pair.rpartition("/") for pair in line.split()]
        if pairs:
            yield [(word, tag) for word, _, tag in pairs]


def _treebank(text: str) -> Iterator[Leaves]:
    """Take the leaves of trees, each of which begins at the beginning of a line."""
    for tree in re.split(r"^(?=\()", text, flags=re.MULTILINE):
        leaves = [
            (_BRACKETS.get(word, word), tag) for tag, word in _LEAF.findall(tree) if tag != "-NONE-"
        ]
        if leaves:
            yield leaves


_LAYOUTS: dict[str, tuple[re.Pattern[str], Callable[[str], Iterator[Leaves]]]] = {
    "brown.zip": (re.compile(r"brown/c[a-r]\d\d"), _brown),
    "treebank.zip": (re.compile(r"treebank/combined/wsj_\d+\.mrg"), _treebank),
}
