"""Tagged sentences of corpora as NLTK packs them: Brown, and a sample of the Penn Treebank."""

from __future__ import annotations

import fnmatch
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from textrep.errors import DataError

__all__ = [
    "TaggedSentence",
    "mapped_tags",
    "split_by_documents",
    "tag_map",
    "tagged_sentences",
]


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


def tag_map(data: bytes, path: Path, member: str) -> dict[str, str]:
    """Return what each tag of one tag set becomes in another.

    Parameters
    ----------
    data : bytes
        A zip archive, as NLTK packs the maps of Petrov, Das and McDonald 2012, A Universal
        Part-of-Speech Tagset, LREC.
    path : Path
        Where it is from.
    member : str
        The map in it: a tag, a tab and another tag on each line.

    Raises
    ------
    DataError
        The archive is damaged, has no such file, or a line is no pair of tags.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            lines = archive.read(member).decode("utf-8").split("\n")
    except KeyError:
        raise DataError(f"{path} has no {member!r}. Put the whole file there.") from None
    except (UnicodeDecodeError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DataError(f"Cannot read {path}: {error}. Put the whole file there.") from None
    become: dict[str, str] = {}
    for pair in (line.split() for line in lines if line.strip()):
        if len(pair) != 2:
            raise DataError(f"{path}: {member} must have a tag, a tab and its other on each line.")
        become[pair[0]] = pair[1]
    return become


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


def mapped_tags(tags: Sequence[str], become: Mapping[str, str], path: Path) -> list[str]:
    """Return tags of sentences, separated by blanks, as others.

    Parameters
    ----------
    tags : sequence of str
    become : mapping of str to str
        As `tag_map` returns it; of a tag in lower case, what its upper case becomes.
    path : Path
        Where that is from.

    Raises
    ------
    DataError
        A tag has no other.
    """
    try:
        return [" ".join(become[tag.upper()] for tag in line.split()) for line in tags]
    except KeyError as error:
        raise DataError(f"{path} does not say what the tag {error} becomes.") from None


def split_by_documents(
    columns: Mapping[str, Sequence[str]], split: Mapping[str, Sequence[str]], path: Path
) -> dict[str, list[str]]:
    """Return the rows whose documents a split names, with the "part" of each.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        ``document`` among them.
    split : mapping of str to sequence of str
        Names or patterns of the documents of each part.
    path : Path
        Where the rows are from.

    Raises
    ------
    DataError
        A pattern is of no document, or a document is in two parts.
    """
    part_of: dict[str, str] = {}
    names = list(dict.fromkeys(columns["document"]))
    for part, patterns in split.items():
        for pattern in patterns:
            found = fnmatch.filter(names, pattern)
            if not found:
                raise DataError(f"{path} has no document {pattern!r}, which is to {part}.")
            for name in found:
                if part_of.setdefault(name, part) != part:
                    raise DataError(f"The document {name!r} of {path} is in two parts.")
    kept = [row for row, name in enumerate(columns["document"]) if name in part_of]
    chosen = {role: [values[row] for row in kept] for role, values in columns.items()}
    return chosen | {"part": [part_of[name] for name in chosen["document"]]}
