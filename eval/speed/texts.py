"""The text that the sides read: as it is, and in the form of text8."""

from __future__ import annotations

import functools
import re
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .harness import Settings, call

__all__ = ["Text", "prepare_text"]

_PREFERRED, _EMBEDDED = "general-en", "miniworld"
_LETTERS = (string.ascii_letters + "\n").encode()
_TO_TEXT8 = bytes(ord(chr(b).lower()) if b in _LETTERS else 32 for b in range(256))


@dataclass(frozen=True)
class Text:
    """A text in two files.

    Attributes
    ----------
    name : str
        The corpus.
    raw : Path
        The text as it is, not compressed.
    text8 : Path
        Lower-cased, whatever is not a to z replaced by one space, lines kept.
    tokens : int
        Words in ``text8``.
    notes : tuple of str
        What the reader should know.
    """

    name: str
    raw: Path
    text8: Path
    tokens: int
    notes: tuple[str, ...]


@functools.cache
def prepare_text(settings: Settings) -> Text:
    """Return the text to measure on; it is written when it is first asked for.

    Raises
    ------
    SpeedError
        The corpus that the settings name cannot be read.
    """
    raw, text8 = settings.work / "raw.txt", settings.work / "text8.txt"
    facts = call(write_text, settings, corpus=settings.corpus, raw=str(raw), text8=str(text8))
    notes: tuple[str, ...] = ()
    if facts["name"] == _EMBEDDED and settings.corpus is None:
        notes = (
            f"{_PREFERRED} was not found under TEXTREP_DATA or --data, so this is miniworld, an "
            "embedded synthetic text: small and unlike real text. Its ratios do not carry over.",
        )
    return Text(facts["name"], raw, text8, facts["tokens"], notes)


def write_text(corpus: str | None, raw: str, text8: str) -> dict[str, Any]:
    """Write both forms of a corpus (in a child); return its name and number of words."""
    from textrep.corpus.readers import UNIT_SEPARATOR, sources
    from textrep.data import locate
    from textrep.recipes import corpus_recipe

    name = corpus
    if name is None:
        name = _EMBEDDED if locate(corpus_recipe(_PREFERRED)) is None else _PREFERRED
    tokens = 0
    with open(raw, "wb") as raw_file, open(text8, "wb") as text8_file:
        for source in sources(str(name)):
            for data, ends_document in source.open():
                text = data.replace(UNIT_SEPARATOR.encode(), b" ") + (
                    b"\n" if ends_document else b""
                )
                raw_file.write(text)
                plain = re.sub(rb" ?\n ?", b"\n", re.sub(rb" +", b" ", text.translate(_TO_TEXT8)))
                text8_file.write(plain)
                tokens += len(plain.split())
    return {"name": Path(name).name, "tokens": tokens}
