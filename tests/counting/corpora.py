"""Encoded corpora that exist only in memory, for tests that need thousands of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from textrep.corpus import Vocabulary


@dataclass
class MemoryCorpus:
    """What counting reads of a corpus: documents of sentences of word numbers."""

    documents: list[list[list[int]]]
    n_words: int
    path: Path = Path("memory")
    tokens: np.ndarray = field(init=False)
    sentence_offsets: np.ndarray = field(init=False)
    document_offsets: np.ndarray = field(init=False)
    vocabulary: Vocabulary = field(init=False)

    def __post_init__(self):
        sentences = [sentence for document in self.documents for sentence in document]
        self.tokens = np.array([word for sentence in sentences for word in sentence], np.int32)
        self.sentence_offsets = self._offsets([len(sentence) for sentence in sentences])
        self.document_offsets = self._offsets([len(document) for document in self.documents])
        counts = np.bincount(self.tokens, minlength=self.n_words)
        self.vocabulary = Vocabulary([f"w{i}" for i in range(self.n_words)], counts)

    @staticmethod
    def _offsets(lengths):
        return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)

    @property
    def n_tokens(self):
        return len(self.tokens)

    def stretches(self, boundary):
        """The text between boundaries."""
        if boundary == "sentence":
            return [sentence for document in self.documents for sentence in document]
        if boundary == "document":
            return [[w for sentence in document for w in sentence] for document in self.documents]
        return [self.tokens.tolist()]
