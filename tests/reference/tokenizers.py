"""The byte tokenizers, a character at a time: the definitions that the fast ones are held to."""

from __future__ import annotations

import unicodedata


def simple(text: str) -> list[str]:
    """A letter or number, then letters, numbers and combining marks; each in lower case.

    Of a character whose lower case is several characters, the first is taken.
    """
    words: list[str] = []
    inside = False
    for character in text:
        category = unicodedata.category(character)[0]
        if category in "LN" and not inside:
            words.append("")
        inside = category in "LN" or (inside and category == "M")
        if inside:
            words[-1] += character.lower()[0]
    return words


def text8(text: str) -> list[str]:
    """Runs of a to z after A to Z became a to z; every other character separates."""
    lower = "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)
    spaced = "".join(c if "a" <= c <= "z" else " " for c in lower)
    return [word for word in spaced.split(" ") if word]


def whitespace(text: str) -> list[str]:
    """What Unicode white space separates, as it is."""
    return text.split()
