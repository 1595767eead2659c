"""The encoded corpus: read once, train everything from it.

A folder of five files::

    manifest.json    what it was made from and how, and what was counted
    vocabulary.tsv   the words and their counts, most frequent first
    tokens.npy       int32, one number a token
    sentences.npy    int64, where each sentence begins in tokens, and where the last ends
    documents.npy    int64, where each document begins in sentences, and where the last ends

The arrays are memory maps: opening a corpus costs nothing, and models read numbers, not strings.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.corpus.arrays import map_array
from textrep.corpus.manifest import (
    DOCUMENTS,
    SENTENCES,
    TOKENIZER,
    TOKENS,
    VOCABULARY,
    Manifest,
)
from textrep.corpus.readers.python import Texts
from textrep.corpus.vocabulary import Vocabulary
from textrep.errors import CorpusError

__all__ = ["Corpus"]


class Corpus:
    """A text as numbers on disk.

    Use :meth:`open` for a folder that ``textrep corpus build`` wrote and :meth:`build` for text.

    Attributes
    ----------
    path : Path
        The folder.
    manifest : Manifest
        What the corpus was made from, how, and what was counted.
    vocabulary : Vocabulary
        Its words and their counts.
    tokens : ndarray of shape (n_tokens,), int32
        The text as word numbers; a read-only memory map.
    sentence_offsets : ndarray of shape (n_sentences + 1,), int64
        Sentence ``i`` is ``tokens[sentence_offsets[i]:sentence_offsets[i + 1]]``.
    document_offsets : ndarray of shape (n_documents + 1,), int64
        Document ``i`` is made of the sentences ``document_offsets[i]`` up to, not including,
        ``document_offsets[i + 1]``.

    Examples
    --------
    >>> corpus = Corpus.build([["a", "cat", "sat"], ["a", "cat", "ran"]], min_count=1)
    >>> corpus
    Corpus(6 tokens, 4 words, 2 sentences, 1 documents)
    >>> corpus.vocabulary.words
    ['a', 'cat', 'ran', 'sat']
    >>> list(corpus.sentences())
    [['a', 'cat', 'sat'], ['a', 'cat', 'ran']]
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.manifest = Manifest.read_from(self.path)
        kept = self.manifest.kept
        self.vocabulary = Vocabulary.read(self.path / VOCABULARY)
        if len(self.vocabulary) != kept["types"]:
            raise CorpusError(
                f"{self.path / VOCABULARY} holds {len(self.vocabulary):,} words, the manifest "
                f"names {kept['types']:,}. Build the corpus again."
            )
        self.tokens: NDArray[np.int32] = map_array(self.path / TOKENS, np.int32, kept["tokens"])
        self.sentence_offsets: NDArray[np.int64] = map_array(
            self.path / SENTENCES, np.int64, kept["sentences"] + 1
        )
        self.document_offsets: NDArray[np.int64] = map_array(
            self.path / DOCUMENTS, np.int64, kept["documents"] + 1
        )
        self._check_sums()

    @classmethod
    def open(cls, path: str | Path) -> Corpus:
        """Open an encoded corpus.

        Raises
        ------
        CorpusError
            The folder is no encoded corpus, or it is damaged.
        """
        return cls(path)

    @classmethod
    def build(cls, inputs: Any, output: str | Path | None = None, **options: Any) -> Corpus:
        """Encode text; see :func:`textrep.corpus.build.build` for inputs and options.

        Without ``output`` the corpus is in a temporary folder that lives as long as this object.
        """
        from textrep.corpus.build import build

        if output is not None:
            build(inputs, output, **options)
            return cls(output)
        temporary = Path(tempfile.mkdtemp(prefix="textrep-"))
        try:
            build(inputs, temporary / "corpus", **options)
            corpus = cls(temporary / "corpus")
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        weakref.finalize(corpus, shutil.rmtree, temporary, ignore_errors=True)
        return corpus

    @classmethod
    def from_texts(cls, texts: Any, output: str | Path | None = None, **options: Any) -> Corpus:
        """Encode texts that are in memory: the corpus of a file with an empty line between them.

        To :meth:`build` a string is the name of a file wherever it may be one; here it is a text.

        Parameters
        ----------
        texts : iterable of str
            Each a document; line breaks end sentences. None stands for no text. Of lists of words,
            each a sentence, :meth:`build` makes a corpus.
        output : str or Path, optional
            As for :meth:`build`.
        **options
            As for :meth:`build`.

        Raises
        ------
        CorpusError
            It is something else, can be read only once, or is empty.
        VocabularyError
            No word is left in the vocabulary.
        UsageError
            An option is unknown or out of its range.

        Examples
        --------
        >>> Corpus.from_texts(["cat", "dog", "cat"], min_count=1)
        Corpus(3 tokens, 2 words, 3 sentences, 3 documents)
        """
        return cls.build(Texts(texts), output, **options)

    def tokenizer_json(self) -> str | None:
        """Return the tokenizer that cut the text into subwords, as JSON; None if none did."""
        path = self.path / TOKENIZER
        return path.read_text(encoding="utf-8") if path.is_file() else None

    @property
    def n_tokens(self) -> int:
        """Tokens in the corpus."""
        return len(self.tokens)

    @property
    def n_sentences(self) -> int:
        """Sentences with at least one token."""
        return len(self.sentence_offsets) - 1

    @property
    def n_documents(self) -> int:
        """Documents with at least one token."""
        return len(self.document_offsets) - 1

    @property
    def fingerprint(self) -> str:
        """A checksum of the content: equal for equal corpora."""
        return self.manifest.fingerprint

    def __repr__(self) -> str:
        return (
            f"Corpus({self.n_tokens:,} tokens, {len(self.vocabulary):,} words, "
            f"{self.n_sentences:,} sentences, {self.n_documents:,} documents)"
        )

    def sentences(self) -> Iterator[list[str]]:
        """Yield each sentence as a list of words."""
        words = self.vocabulary.words
        for begin, end in zip(self.sentence_offsets[:-1], self.sentence_offsets[1:], strict=True):
            yield [words[number] for number in self.tokens[begin:end].tolist()]

    def _check_sums(self) -> None:
        """Raise CorpusError unless the files agree about how much there is."""
        ends = (
            (VOCABULARY, int(self.vocabulary.counts.sum()), self.n_tokens, "tokens"),
            (SENTENCES, int(self.sentence_offsets[-1]), self.n_tokens, "tokens"),
            (DOCUMENTS, int(self.document_offsets[-1]), self.n_sentences, "sentences"),
        )
        for name, found, expected, unit in ends:
            if found != expected:
                raise CorpusError(
                    f"{self.path / name} accounts for {found:,} {unit}, the corpus has "
                    f"{expected:,}. Build the corpus again."
                )

    def verify(self) -> None:
        """Compare every file with its checksum; reads the whole corpus.

        Raises
        ------
        CorpusError
            A file was altered since it was written.
        """
        content: dict[str, Any] = {
            VOCABULARY: (self.path / VOCABULARY).read_bytes(),
            TOKENS: self.tokens.data,
            SENTENCES: self.sentence_offsets.data,
            DOCUMENTS: self.document_offsets.data,
        }
        checksums = dict(self.manifest.checksums)
        if "sha256" in self.manifest.tokenizer:
            checksums[TOKENIZER] = self.manifest.tokenizer["sha256"]
            path = self.path / TOKENIZER
            content[TOKENIZER] = path.read_bytes() if path.is_file() else b""
        for name, data in content.items():
            if hashlib.sha256(data).hexdigest() != checksums.get(name):
                raise CorpusError(f"{self.path / name} was altered: build the corpus again.")
