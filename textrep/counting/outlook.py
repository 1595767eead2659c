"""What is known of a text before anything is trained on it, from a sample of its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.corpus import Corpus, as_corpus
from textrep.corpus.readers import sources
from textrep.corpus.source import encoded_folder
from textrep.corpus.text_sample import sample_text
from textrep.counting.growth import extrapolate, marks_of
from textrep.progress import SilentReporter, reporting_to

__all__ = ["Outlook", "outlook_of"]

_SAMPLE_TOKENS = 1 << 20
_SEED = 0


def outlook_of(source: Any) -> Outlook:
    """Return the outlook of whatever a model is trained on; of a long text only a part is read.

    Parameters
    ----------
    source : Corpus, str, Path or iterable
        As for :func:`textrep.corpus.as_corpus`.

    Raises
    ------
    CorpusError
        It cannot be read.
    """
    if isinstance(source, str | Path) and encoded_folder(source) is None:
        sample = sample_text(sources(source))
        if sample is not None and sample.of_bytes > sample.n_bytes:
            with reporting_to(SilentReporter()):
                corpus = Corpus.build(sample.texts, min_count=1)
            read = corpus.manifest.read["tokens"]
            return Outlook.of_sample(corpus, round(read * sample.of_bytes / sample.n_bytes))
    return Outlook.of(as_corpus(source))


@dataclass(frozen=True)
class Outlook:
    """What a text will be as a corpus.

    Attributes
    ----------
    n_tokens : int
        Tokens of the vocabulary's words.
    n_words : int
        Words of the vocabulary.
    n_read : int
        Tokens of the text, with those that the vocabulary leaves out.
    n_sentences : int
        Sentences.
    row_bytes : float
        Bytes of a line of ``vocabulary.tsv``, on average.
    estimated : bool
        Whether these are estimates; if not, the text is encoded and they are known.
    words : sequence of str
        The words of the sample.
    tokens : ndarray of shape (n_sampled,), int32
        Sentences of the text in random order, as numbers of ``words``. Where the outlook is
        estimated, words that the vocabulary will leave out are among them.
    offsets : ndarray of shape (n_sampled_sentences + 1,), int64
        Where these sentences begin, and where the last ends.
    """

    n_tokens: int
    n_words: int
    n_read: int
    n_sentences: int
    row_bytes: float
    estimated: bool
    words: Sequence[str]
    tokens: NDArray[np.int32]
    offsets: NDArray[np.int64]

    @property
    def coverage(self) -> float:
        """Share of the text's tokens whose words the vocabulary has."""
        return self.n_tokens / max(1, self.n_read)

    @classmethod
    def of(cls, corpus: Corpus) -> Outlook:
        """Return the outlook of an encoded corpus, with about a million of its tokens."""
        manifest = corpus.manifest
        tokens, offsets = _shuffled_sentences(corpus, _SAMPLE_TOKENS)
        return cls(
            n_tokens=corpus.n_tokens,
            n_words=len(corpus.vocabulary),
            n_read=manifest.read["tokens"] - manifest.joined,
            n_sentences=corpus.n_sentences,
            row_bytes=len(corpus.vocabulary.to_tsv()) / len(corpus.vocabulary),
            estimated=False,
            words=corpus.vocabulary.words,
            tokens=tokens,
            offsets=offsets,
        )

    @classmethod
    def of_sample(cls, sample: Corpus, n_read: int, min_count: int = 5) -> Outlook:
        """Return the outlook of a text of which only a sample was encoded.

        Parameters
        ----------
        sample : Corpus
            A part of the text, built with ``min_count=1``.
        n_read : int
            Tokens of the whole text.
        min_count : int, default=5
            Words that occur less often in the whole text are left out of the vocabulary.

        Notes
        -----
        The number of different words grows with the text by the mean power that it grows by within
        the sample. The share of them that reaches ``min_count``, and how many tokens those make
        that do not, are taken to stay what they are in the sample.
        """
        tokens, offsets = _shuffled_sentences(sample, sample.n_tokens)
        marks = marks_of(len(offsets) - 1)
        firsts = np.sort(np.unique(tokens, return_index=True)[1])
        seen = np.searchsorted(firsts, offsets[marks])
        growth = extrapolate(offsets[marks], seen, n_read, bend=False) / len(firsts)
        counts = sample.vocabulary.counts
        frequent = counts >= min_count
        dropped = min(float(counts[~frequent].sum()) * growth, 0.9 * n_read)
        longer = n_read / max(1, sample.n_tokens)
        digits = np.log10(longer)  # that counts gain
        return cls(
            n_tokens=round(n_read - dropped),
            n_words=max(1, round(float(frequent.sum()) * growth)),
            n_read=n_read,
            n_sentences=round(sample.n_sentences * longer),
            row_bytes=len(sample.vocabulary.to_tsv()) / len(sample.vocabulary) + digits,
            estimated=True,
            words=sample.vocabulary.words,
            tokens=tokens,
            offsets=offsets,
        )

    def excerpt(self, n_tokens: int) -> Corpus:
        """Return sentences of the sample, with about so many tokens in all, as a corpus."""
        last = max(1, int(np.searchsorted(self.offsets, n_tokens, side="right")) - 1)
        words = np.array(self.words, object)
        text = [words[part].tolist() for part in np.split(self.tokens, self.offsets[1:last])[:last]]
        text[-1] = text[-1][: self.offsets[last] - self.offsets[last - 1]]
        with reporting_to(SilentReporter()):
            return Corpus.build(text, min_count=1)


def _shuffled_sentences(corpus: Corpus, most: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return sentences in random order, until they have ``most`` tokens, and their offsets."""
    order = np.random.default_rng(_SEED).permutation(corpus.n_sentences)
    begins = corpus.sentence_offsets[order]
    lengths = corpus.sentence_offsets[order + 1] - begins
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    n = max(1, int(np.searchsorted(offsets, most, side="right")) - 1)
    tokens = np.concatenate(
        [
            corpus.tokens[begin : begin + length]
            for begin, length in zip(begins[:n].tolist(), lengths[:n].tolist(), strict=True)
        ]
    )
    return tokens, offsets[: n + 1].astype(np.int64)
