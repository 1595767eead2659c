"""Which characters make words: the tables of the tokenizers that run as compiled code.

See :mod:`textrep.kernels.encode` for the meaning of the entries.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["SEPARATOR", "CharacterTable"]

PAGE = 256
N_PAGES = 0x110000 // PAGE
SEPARATOR = b"\x1f"  # between the words of text that is already tokenised


def _simple(character: str) -> int:
    """Letters and digits make words, marks continue them, all in lower case."""
    kind = unicodedata.category(character)[0]
    if kind in "LN":
        return ord(character.lower()[0])
    return -ord(character) if kind == "M" else 0


def _text8(character: str) -> int:
    """Only a to z make words, all in lower case."""
    return ord(character.lower()) if "a" <= character <= "z" or "A" <= character <= "Z" else 0


def _whitespace(character: str) -> int:
    """Everything but white space makes words, unchanged. NUL, which is 0, separates too."""
    return 0 if character.isspace() else ord(character)


def _pretokenized(character: str) -> int:
    """Everything but the separator and the line end makes words, unchanged."""
    return 0 if character in "\x1f\n" else ord(character)


# rule, and whether characters beyond ASCII must be decoded (if not, all their bytes are alike)
_RULES: dict[str, tuple[Callable[[str], int], bool]] = {
    "simple": (_simple, True),
    "text8": (_text8, False),
    "whitespace": (_whitespace, True),
    "pretokenized": (_pretokenized, False),
}


class CharacterTable:
    """The character table of a tokenizer, filled page by page as texts need it.

    Parameters
    ----------
    name : {"simple", "text8", "whitespace", "pretokenized"}
        Which rule the table follows.

    Attributes
    ----------
    byte_map : ndarray of shape (256,), uint8
        What each byte becomes.
    page_of : ndarray of shape (4352,), int32
        Row of ``pages`` for each run of 256 code points; -1 if not filled.
    pages : ndarray of shape (n_pages, 256), int32
        What each code point becomes.
    unicode : bool
        Whether bytes from 128 up must be decoded.
    """

    def __init__(self, name: str) -> None:
        self._rule, self.unicode = _RULES[name]
        self.byte_map: NDArray[np.uint8] = np.zeros(256, np.uint8)
        self.byte_map[:128] = [self._rule(chr(byte)) for byte in range(128)]
        if name == "pretokenized":
            self.byte_map[128:] = np.arange(128, 256)
        self.page_of: NDArray[np.int32] = np.full(N_PAGES, -1, np.int32)
        self.pages: NDArray[np.int32] = np.zeros((0, PAGE), np.int32)

    def fill(self, page: int) -> None:
        """Compute the entries of code points ``256 * page`` and following."""
        points = range(page * PAGE, (page + 1) * PAGE)
        surrogates = range(0xD800, 0xE000)
        row = [0 if point in surrogates else self._rule(chr(point)) for point in points]
        self.pages = np.vstack([self.pages, np.array([row], np.int32)])
        self.page_of[page] = len(self.pages) - 1
