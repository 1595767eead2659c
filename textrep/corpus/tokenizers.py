"""Tokenizers by name.

Three *byte tokenizers* (``simple``, ``text8``, ``whitespace``) run inside the encoder's kernel and
are only named here. A *text tokenizer* is Python: it turns lines into lists of tokens. A *subword
tokenizer* is learnt from the text first, by the tokenizers library, and is a text tokenizer then.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from importlib.metadata import version
from typing import Literal, Protocol

from textrep.corpus.sentences import split_sentences
from textrep.corpus.subword import SUBWORD_TOKENIZERS, SubwordTokenizer, train_subword
from textrep.errors import UnknownNameError

__all__ = [
    "BYTE_TOKENIZERS",
    "SUBWORD_TOKENIZERS",
    "TOKENIZERS",
    "CharTokenizer",
    "NltkTokenizer",
    "SubwordTokenizer",
    "TextTokenizer",
    "describe_byte_tokenizer",
    "text_tokenizer",
    "tokenizer_kind",
    "train_subword",
]

TOKENIZERS = {
    "simple": "runs of letters, digits and combining marks of any script, in lower case",
    "text8": "runs of a to z after lower-casing; everything else separates",
    "whitespace": "what white space separates, as it is",
    "char": "single characters; a run of white space is one space",
    "nltk:treebank": "Penn Treebank conventions: do n't, it 's, punctuation apart",
    "nltk:tweet": "words, emoticons, hashtags, handles and addresses of social media",
    "bpe": "subwords: byte-pair encoding over bytes, learnt from the text",
    "unigram": "subwords: a unigram language model, learnt from the text",
    "wordpiece": "subwords: WordPiece, learnt from the text",
}
"""Name and description of every tokenizer; besides, the path of a ``tokenizer.json`` is one."""

BYTE_TOKENIZERS = ("simple", "text8", "whitespace")

_SPACE = re.compile(r"[\s\x00-\x1f]+")


class TextTokenizer(Protocol):
    """Turns lines of text into tokens.

    No token is empty or has a line break or the character U+001F in it. Calls from several threads
    at once are fine.
    """

    @property
    def name(self) -> str:
        """The name in `TOKENIZERS`, or the path of the file."""

    def tokenize_lines(self, lines: list[str]) -> list[list[str]]:
        """Return the tokens of each line."""

    def describe(self) -> dict[str, object]:
        """Return what fixes the result, for the corpus's manifest: name, parameters, versions."""


def tokenizer_kind(name: str) -> Literal["bytes", "text", "subword"]:
    """Return what kind of tokenizer a name means.

    Parameters
    ----------
    name : str
        A key of `TOKENIZERS`, or the path of a ``tokenizer.json``.

    Returns
    -------
    str
        "bytes": the encoder's kernel tokenizes; "subword": it has to be trained, see
        `train_subword`; "text": `text_tokenizer` has it.

    Raises
    ------
    UnknownNameError
        There is no such tokenizer.
    """
    if name in BYTE_TOKENIZERS:
        return "bytes"
    if name in SUBWORD_TOKENIZERS:
        return "subword"
    if name in TOKENIZERS or name.endswith(".json"):
        return "text"
    hint = "The path of a tokenizer.json will do too."
    raise UnknownNameError("tokenizer", name, TOKENIZERS, hint)


def text_tokenizer(name: str) -> TextTokenizer:
    """Return a tokenizer that is ready to use.

    Parameters
    ----------
    name : str
        "char", "nltk:treebank", "nltk:tweet", or the path of a ``tokenizer.json``.

    Raises
    ------
    UnknownNameError
        There is no such tokenizer, or it is one of the bytes or has to be trained.
    CorpusError
        The file is missing or is not a tokenizer.
    """
    if name in _TEXT_TOKENIZERS:
        return _TEXT_TOKENIZERS[name]()
    if name.endswith(".json"):
        return SubwordTokenizer.from_file(name)
    raise UnknownNameError("text tokenizer", name, _TEXT_TOKENIZERS)


def describe_byte_tokenizer(name: str) -> dict[str, object]:
    """Return what fixes the result of a byte tokenizer, for the corpus's manifest."""
    if name == "text8":
        return {"name": name}
    return {"name": name, "unicode": unicodedata.unidata_version}


class CharTokenizer:
    """Each character (code point) is a token; a run of white space or controls is one space.

    A line of nothing else has no tokens.
    """

    name = "char"

    def tokenize_lines(self, lines: list[str]) -> list[list[str]]:
        """Return the characters of each line."""
        spaced = (_SPACE.sub(" ", line) for line in lines)
        return [list(line) if line != " " else [] for line in spaced]

    def describe(self) -> dict[str, object]:
        """Return the name."""
        return {"name": self.name}


class NltkTokenizer:
    """One of NLTK's word tokenizers; neither needs data.

    Parameters
    ----------
    name : {"nltk:treebank", "nltk:tweet"}
        The Treebank tokenizer expects single sentences, so each line is split into sentences by
        `textrep.corpus.sentences` first; its lists of tokens are joined again.
    """

    def __init__(self, name: str) -> None:
        from nltk.tokenize import NLTKWordTokenizer, TweetTokenizer

        self.name = name
        self._splits = name == "nltk:treebank"
        self._tokenizer = NLTKWordTokenizer() if self._splits else TweetTokenizer()

    def tokenize_lines(self, lines: list[str]) -> list[list[str]]:
        """Return the tokens of each line."""
        tokenize: Callable[[str], list[str]] = self._tokenizer.tokenize
        if not self._splits:
            return [tokenize(_SPACE.sub(" ", line)) for line in lines]
        return [
            [token for sentence in split_sentences(line) for token in tokenize(sentence)]
            for line in (_SPACE.sub(" ", line) for line in lines)
        ]

    def describe(self) -> dict[str, object]:
        """Return the name and NLTK's version."""
        return {"name": self.name, "nltk": version("nltk")}


_TEXT_TOKENIZERS: dict[str, Callable[[], TextTokenizer]] = {
    "char": CharTokenizer,
    "nltk:treebank": lambda: NltkTokenizer("nltk:treebank"),
    "nltk:tweet": lambda: NltkTokenizer("nltk:tweet"),
}
