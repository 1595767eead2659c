"""The words of a corpus, their numbers and their counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from textrep.errors import CorpusError, UnknownNameError

__all__ = ["Vocabulary"]

_HEADER = "word\tcount"
_COUNT = re.compile("[0-9]{1,18}")  # what 64 bits hold


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Words in order of their numbers: most frequent first, equally frequent ones by code point.

    Parameters
    ----------
    words : sequence of str
        The words.
    counts : ndarray of shape (n_words,), int64
        Occurrences in the corpus.

    Examples
    --------
    >>> vocabulary = Vocabulary(["the", "cat"], np.array([7, 2]))
    >>> vocabulary.encode(["cat", "dog"]).tolist()
    [1, -1]
    """

    words: Sequence[str]
    counts: NDArray[np.int64]

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each word."""
        return {word: number for number, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.index

    def __repr__(self) -> str:
        shown = ", ".join(repr(word) for word in self.words[:3])
        return f"Vocabulary({len(self):,} words: {shown}{', …' if len(self) > 3 else ''})"

    def number(self, word: str) -> int:
        """Return the number of ``word``.

        Raises
        ------
        UnknownNameError
            The word is not in the vocabulary; names the nearest that is.
        """
        try:
            return self.index[word]
        except KeyError:
            raise UnknownNameError("word", word, self.words) from None

    def encode(self, words: Iterable[str]) -> NDArray[np.int32]:
        """Return the number of each word, -1 for words that are not in the vocabulary."""
        return np.fromiter((self.index.get(word, -1) for word in words), np.int32)

    def joined(self, other: Vocabulary) -> Vocabulary:
        """Return the words of both, with the sums of their counts, in the order of those.

        Examples
        --------
        >>> one = Vocabulary(["the", "cat"], np.array([7, 2]))
        >>> one.joined(Vocabulary(["dog", "the"], np.array([3, 1])))
        Vocabulary(3 words: 'the', 'dog', 'cat')
        """
        totals = dict(zip(self.words, self.counts.tolist(), strict=True))
        for word, count in zip(other.words, other.counts.tolist(), strict=True):
            totals[word] = totals.get(word, 0) + count
        words = sorted(totals, key=lambda word: (-totals[word], word))
        return Vocabulary(words, np.array([totals[word] for word in words], np.int64))

    def to_tsv(self) -> bytes:
        """Return the vocabulary as ``word<TAB>count`` lines below a header, in UTF-8."""
        rows = zip(self.words, self.counts.tolist(), strict=True)
        return "\n".join([_HEADER, *(f"{word}\t{count}" for word, count in rows), ""]).encode()

    @classmethod
    def read(cls, path: str | Path) -> Vocabulary:
        """Read what :meth:`to_tsv` returned from a file.

        Raises
        ------
        CorpusError
            The file is missing or damaged; names the line.
        """
        try:
            lines = Path(path).read_bytes().decode("utf-8").split("\n")
        except FileNotFoundError:
            raise CorpusError(f"{path} is missing: build the corpus again.") from None
        except OSError as error:
            raise CorpusError(f"Cannot read {path}: {error.strerror}.") from None
        except UnicodeDecodeError as error:
            raise CorpusError(f"{path} is damaged: {error}. Build the corpus again.") from None
        if lines[0] != _HEADER or lines[-1] != "":
            raise CorpusError(f"{path} is cut short or no vocabulary: build the corpus again.")
        words, counts = [], []
        for row, line in enumerate(lines[1:-1], start=2):
            word, tab, count = line.rpartition("\t")
            if not tab or not word or not _COUNT.fullmatch(count):
                raise CorpusError(f"{path}, line {row}: expected a word, a tab and a count.")
            words.append(word)
            counts.append(int(count))
        vocabulary = cls(words, np.array(counts, np.int64))
        if len(vocabulary.index) != len(words):
            raise CorpusError(f"{path} is damaged: a word is there twice. Build the corpus again.")
        return vocabulary
