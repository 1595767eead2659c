"""Texts and their labels, from files of records."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from textrep.corpus.readers.python import encode_text
from textrep.corpus.readers.records import read_records
from textrep.errors import CorpusError

__all__ = ["LabelledTexts", "labelled_texts"]


class LabelledTexts(NamedTuple):
    """Texts, and a label of each: a string; of JSON lines also a whole number or a truth value."""

    texts: list[str]
    labels: list[str | int]


def labelled_texts(path: Path, text: str = "text", label: str = "label") -> LabelledTexts:
    """Read texts with labels into memory.

    Parameters
    ----------
    path : Path
        CSV, TSV or JSON lines, by its suffix, compressed or not.
    text, label : str
        The fields that hold them.

    Raises
    ------
    CorpusError
        The file cannot be read or has no records, or a record lacks a text or a label.
    """
    found = LabelledTexts([], [])
    for number, (words, name) in read_records(path, [text, label]):
        if not isinstance(words, str):
            raise CorpusError(f"{path}:{number}: the field {text!r} must be a text. Got {words!r}.")
        if not isinstance(name, str | int) or name == "":
            rule = "a label: a text, a whole number, true or false"
            raise CorpusError(f"{path}:{number}: the field {label!r} must be {rule}. Got {name!r}.")
        found.texts.append(encode_text(words).decode("utf-8", "replace"))
        found.labels.append(name)
    if not found.texts:
        raise CorpusError(f"{path} has no records: there is nothing to learn from.")
    return found
