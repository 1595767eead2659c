"""A growing table of words, and the encoding of text blocks with it."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from textrep.corpus.characters import CharacterTable
from textrep.kernels import encode as k
from textrep.kernels.words import insert_words, rebuild_slots

__all__ = ["EncodedBlock", "WordTable"]

T = TypeVar("T", bound=np.generic)


class EncodedBlock(NamedTuple):
    """A stretch of text as word numbers.

    Attributes
    ----------
    ids : ndarray of shape (n_tokens,), int32
        Word numbers in the table that encoded it.
    ends : ndarray of shape (n_sentences,), int32
        How many tokens of the block come before each sentence end.
    documents : ndarray of shape (n_documents,), int32
        How many tokens of the block come before each document end.
    """

    ids: NDArray[np.int32]
    ends: NDArray[np.int32]
    documents: NDArray[np.int32]


class WordTable:
    """Words with their numbers, in order of first appearance, and their counts.

    Parameters
    ----------
    n_words : int, default=16384
        Words to make room for at first, at least 1; the table grows by itself.

    Notes
    -----
    A table belongs to one thread at a time. It takes about 40 bytes a distinct word.
    """

    def __init__(self, n_words: int = 1 << 14) -> None:
        self.n_words = 0
        self.used = 0
        self._starts = np.zeros(n_words + 1, np.int64)
        self._counts = np.zeros(n_words, np.int64)
        self._slots = _empty_slots(n_words)
        self._arena = np.zeros(16 * n_words, np.uint8)

    @property
    def counts(self) -> NDArray[np.int64]:
        """Occurrences of each word: ndarray of shape (n_words,), int64."""
        return self._counts[: self.n_words]

    def word(self, number: int) -> bytes:
        """Return word ``number`` as UTF-8."""
        return self._arena[self._starts[number] : self._starts[number + 1]].tobytes()

    def words(self, numbers: NDArray[np.int64]) -> list[bytes]:
        """Return the words with these numbers as UTF-8."""
        arena = self._arena[: self.used].tobytes()
        first, last = self._starts[numbers].tolist(), self._starts[numbers + 1].tolist()
        return [arena[i:j] for i, j in zip(first, last, strict=True)]

    def encode(
        self, data: bytes, table: CharacterTable, *, line_start: bool, lines_end_sentences: bool
    ) -> EncodedBlock:
        """Turn valid UTF-8 text into word numbers, adding new words to the table.

        Parameters
        ----------
        data : bytes
            The text.
        table : CharacterTable
            What separates words and how they are spelt. Filled as the text needs it, so it belongs
            to one thread at a time, too.
        line_start : bool
            Whether the text begins at the start of a line.
        lines_end_sentences : bool
            Whether a line break ends a sentence; if not, only an empty line does.

        Returns
        -------
        EncodedBlock
        """
        text = np.frombuffer(data, np.uint8)
        ids, ends, documents = (np.empty(len(data) // 2 + 2, np.int32) for _ in range(3))
        state = np.zeros(k.STATE_SIZE, np.int64)
        state[k.WORDS], state[k.USED] = self.n_words, self.used
        state[k.BLANK], state[k.UNICODE] = line_start, table.unicode
        state[k.LINES_END_SENTENCES] = lines_end_sentences
        while True:
            status = k.encode_bytes(
                text, table.byte_map, table.page_of, table.pages,
                self._slots, self._starts, self._counts, self._arena,
                ids, ends, documents, state,
            )  # fmt: skip
            self.n_words, self.used = int(state[k.WORDS]), int(state[k.USED])
            if status == k.DONE:
                break
            if status == k.GROW_WORDS:
                self._reserve_words(2 * len(self._counts))
            elif status == k.GROW_ARENA:
                self._reserve_bytes(2 * len(self._arena))
            else:
                table.fill(status)
        return EncodedBlock(
            ids[: state[k.IDS]].copy(),
            ends[: state[k.ENDS]].copy(),
            documents[: state[k.DOCUMENTS]].copy(),
        )

    def merge(self, other: WordTable) -> NDArray[np.int32]:
        """Add the words and counts of ``other``.

        Returns
        -------
        ndarray of shape (other.n_words,), int32
            The number that each of its words has in this table.
        """
        total = self.n_words + other.n_words
        if total > len(self._counts):
            self._reserve_words(total)
        if self.used + other.used > len(self._arena):
            self._reserve_bytes(self.used + other.used)
        numbers = np.empty(other.n_words, np.int32)
        self.n_words = insert_words(
            other._starts[: other.n_words + 1], other.counts, other._arena,
            self._slots, self._starts, self._counts, self._arena, self.n_words, numbers,
        )  # fmt: skip
        self.used = int(self._starts[self.n_words])
        return numbers

    def trimmed(self) -> WordTable:
        """Return a copy without the room to grow, to be sent somewhere and merged there."""
        table = WordTable(1)
        table._starts = self._starts[: self.n_words + 1].copy()
        table._counts = self._counts[: self.n_words].copy()
        table._arena = self._arena[: max(1, self.used)].copy()
        table.n_words, table.used = self.n_words, self.used
        return table

    def add(self, words: list[bytes]) -> NDArray[np.int32]:
        """Add words that have not been counted yet; return the number of each."""
        other = WordTable(max(1, len(words)))
        lengths = [len(word) for word in words]
        other._starts[1 : len(words) + 1] = np.cumsum(lengths)
        other._arena = np.frombuffer(b"".join(words) or b"\0", np.uint8).copy()
        other.n_words, other.used = len(words), sum(lengths)
        return self.merge(other)

    def _reserve_words(self, n_words: int) -> None:
        self._starts = _grown(self._starts, n_words + 1)
        self._counts = _grown(self._counts, n_words)
        self._slots = _empty_slots(n_words)
        rebuild_slots(self._slots, self._starts, self._arena, self.n_words)

    def _reserve_bytes(self, n_bytes: int) -> None:
        self._arena = _grown(self._arena, n_bytes)


def _empty_slots(n_words: int) -> NDArray[np.uint64]:
    """Return a hash table, at most a quarter full with ``n_words``; its size is a power of two."""
    return np.zeros(1 << (4 * n_words - 1).bit_length(), np.uint64)


def _grown(array: NDArray[T], size: int) -> NDArray[T]:
    larger: NDArray[T] = np.zeros(size, array.dtype)
    larger[: len(array)] = array
    return larger
