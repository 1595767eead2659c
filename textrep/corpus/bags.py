"""How often each text has each word: texts cut by the tokenizer that the vectors know."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.corpus.characters import CharacterTable
from textrep.corpus.tokenizers import (
    SubwordTokenizer,
    TextTokenizer,
    text_tokenizer,
    tokenizer_kind,
)
from textrep.corpus.words import WordTable
from textrep.errors import FormatError, UsageError

__all__ = ["DEFAULT_TOKENIZER", "Bag", "TextReader"]

DEFAULT_TOKENIZER = "simple"
"""Where nothing is known of how the words of the vectors were cut."""

_MARK = "a"  # a word by every rule


class Bag(NamedTuple):
    """The words of some texts.

    Attributes
    ----------
    words : list of str
        Distinct.
    texts, places : ndarrays of shape (n_tokens,), int64
        Which text each token is in, and which word it is.
    n_texts : int
        Number of texts; those without words included.
    """

    words: list[str]
    texts: NDArray[np.int64]
    places: NDArray[np.int64]
    n_texts: int

    def counts(self, columns: NDArray[np.int64], n_columns: int) -> sp.csr_array:
        """Count the words as columns of a matrix.

        Parameters
        ----------
        columns : ndarray of shape (n_words,), int64
            Column of each word; -1 for a word that is left out.
        n_columns : int

        Returns
        -------
        csr_array of shape (n_texts, n_columns), float64
            Sorted columns, each once a row.
        """
        found = columns[self.places]
        kept = found >= 0
        entries = (np.ones(int(kept.sum())), (self.texts[kept], found[kept]))
        matrix = sp.coo_array(entries, shape=(self.n_texts, n_columns)).tocsr()
        matrix.sum_duplicates()
        return matrix


class TextReader:
    """Cuts texts into words.

    Parameters
    ----------
    tokenizer : str, Path or TextTokenizer, optional
        A name of ``textrep.corpus.tokenizers.TOKENIZERS`` that needs no training, the path of a
        ``tokenizer.json``, or a tokenizer. Default: the one that ``trained_with`` names, else
        "simple".
    trained_with : mapping
        The tokenizer that cut the text which the vectors are from, as a corpus describes it.

    Raises
    ------
    UnknownNameError
        There is no such tokenizer.
    UsageError
        It has to be trained, or was trained on the vectors' corpus and is not at hand.
    FormatError
        A ``tokenizer.json`` is not the one that the vectors were trained with.
    CorpusError
        The file is missing or is not a tokenizer.
    """

    def __init__(
        self,
        tokenizer: str | Path | TextTokenizer | None = None,
        trained_with: Mapping[str, Any] | None = None,
    ) -> None:
        known = dict(trained_with or {})
        self._tokenizer: TextTokenizer | None = None
        if tokenizer is not None and not isinstance(tokenizer, str | Path):
            self.name, self._tokenizer = tokenizer.name, tokenizer
            _check_same(tokenizer, known)
            return
        self.name = str(tokenizer) if tokenizer is not None else _usual(known)
        kind = tokenizer_kind(self.name)
        if kind == "subword":
            raise UsageError(
                f"{self.name} subwords are cut by a tokenizer that was trained: name its file, "
                "tokenizer=CORPUS/tokenizer.json."
            )
        if kind == "text":
            self._tokenizer = text_tokenizer(self.name)
            _check_same(self._tokenizer, known)

    def bag(self, texts: list[str]) -> Bag:
        """Cut texts into words; a text without a word is an empty one."""
        if self._tokenizer is None:
            return _compiled(self.name, texts)
        return _tokenized(self._tokenizer, texts)


def _usual(known: Mapping[str, Any]) -> str:
    """Return the tokenizer that the vectors know; tokens that were given came without spaces."""
    name = str(known.get("name", DEFAULT_TOKENIZER))
    return "whitespace" if name == "pretokenized" else name


def _check_same(tokenizer: TextTokenizer, known: Mapping[str, Any]) -> None:
    """Refuse a file of subwords whose numbers and spelling are not those of the vectors."""
    expected = known.get("sha256")
    if not isinstance(tokenizer, SubwordTokenizer) or expected is None:
        return
    if tokenizer.describe()["sha256"] != expected:
        raise FormatError(
            f"{tokenizer.name} is not the tokenizer that the vectors were trained with (its sha256 "
            f"is not {str(expected)[:12]}…): take the tokenizer.json of their corpus."
        )


def _compiled(name: str, texts: list[str]) -> Bag:
    """Cut texts by a rule for characters.

    Each text becomes a line with a word put before it, so that texts without words have a place.
    """
    lines = "".join(f"{_MARK} {_one_line(text)}\n" for text in texts)
    table = WordTable()
    block = table.encode(
        lines.encode("utf-8", "replace"),
        CharacterTable(name),
        line_start=True,
        lines_end_sentences=True,
    )
    lengths = np.diff(block.ends, prepend=0)
    marks = block.ends - lengths
    return Bag(
        [word.decode() for word in table.words(np.arange(table.n_words))],
        np.repeat(np.arange(len(texts)), lengths - 1),
        np.delete(block.ids, marks).astype(np.int64),
        len(texts),
    )


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


def _tokenized(tokenizer: TextTokenizer, texts: list[str]) -> Bag:
    """Cut texts by a tokenizer in Python, line by line as a corpus is."""
    lines = [text.encode("utf-8", "replace").decode().split("\n") for text in texts]
    tokens = iter(tokenizer.tokenize_lines([line for part in lines for line in part]))
    index: dict[str, int] = {}
    places: list[int] = []
    lengths = np.zeros(len(texts), np.int64)
    for number, part in enumerate(lines):
        before = len(places)
        for _ in part:
            places += [index.setdefault(token, len(index)) for token in next(tokens)]
        lengths[number] = len(places) - before
    found = np.array(places, np.int64)
    return Bag(list(index), np.repeat(np.arange(len(texts)), lengths), found, len(texts))
