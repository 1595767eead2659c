"""Vectors of texts and of their words by a trained encoder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_choice
from textrep.corpus import Vocabulary
from textrep.corpus.bags import TextReader
from textrep.corpus.subword import SUBWORD_TOKENIZERS, SubwordTokenizer
from textrep.corpus.texts import as_texts, as_words, blocks_of, is_split
from textrep.errors import InputError, InvalidParameterError
from textrep.models.encoders.text import FIRST_WORD, cut

if TYPE_CHECKING:
    from textrep.nn import Encoder

__all__ = ["ReadTexts", "ReadWords", "TextEncoding", "TextReading"]

_SIF = 1e-3  # a of the weights a / (a + p(w))


class ReadTexts(NamedTuple):
    """Texts as an encoder reads them.

    Attributes
    ----------
    tokens : ndarray of shape (n_tokens,), int
        Their words, as the encoder numbers them; one text after the other.
    offsets : ndarray of shape (n_texts + 1,), int64
        Where each begins, and the last ends.
    """

    tokens: NDArray[np.integer[Any]]
    offsets: NDArray[np.int64]


class ReadWords(NamedTuple):
    """Sentences whose words are given, as an encoder reads them.

    Attributes
    ----------
    read : ReadTexts
        Their tokens.
    firsts : ndarray of shape (n_words,), int64
        The token of each word that its state is taken from.
    known : ndarray of shape (n_words,), bool
        Whether the encoder knows the word: all pieces of it that its tokenizer keeps.
    """

    read: ReadTexts
    firsts: NDArray[np.int64]
    known: NDArray[np.bool_]


@dataclass(frozen=True)
class TextReading:
    """How texts become the numbers that a model reads.

    Attributes
    ----------
    vocabulary : Vocabulary
        The words that it knows; they are numbered as `textrep.models.encoders.text` says.
    trained_with : mapping
        The tokenizer that cut its corpus, as the corpus describes it.
    tokenizer : str or None
        The same as JSON, if it cuts words into subwords.
    """

    vocabulary: Vocabulary
    trained_with: Mapping[str, Any]
    tokenizer: str | None

    @property
    def unknown(self) -> int:
        """The number of a hidden word, which comes after all others."""
        return len(self.vocabulary) + FIRST_WORD

    def read(self, texts: list[str], *, unknown: bool = False) -> ReadTexts:
        """Return the words of texts as numbers.

        Parameters
        ----------
        texts : list of str
        unknown : bool, default=False
            Whether words that are not known are there, as the number of a hidden word; they are
            left out otherwise.

        Raises
        ------
        InputError
            The tokenizer of the model is missing.
        """
        bag = self._reader.bag(texts)
        words = self.vocabulary.encode(bag.words)[bag.places]
        if unknown:
            words = np.where(words < 0, self.unknown - FIRST_WORD, words)
        known = words >= 0
        lengths = np.bincount(bag.texts[known], minlength=bag.n_texts)
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return ReadTexts(words[known] + FIRST_WORD, offsets)

    @cached_property
    def _reader(self) -> TextReader:
        name = str(self.trained_with.get("name", "tokenizer.json"))
        if self.tokenizer is None:
            if name in SUBWORD_TOKENIZERS:
                raise InputError(
                    f"The model lacks the {name} tokenizer that cut its corpus: copy the corpus's "
                    "tokenizer.json into the model's folder."
                )
            return TextReader(None, self.trained_with)
        return TextReader(SubwordTokenizer(self.tokenizer, name), self.trained_with)


@dataclass(frozen=True)
class TextEncoding(TextReading):
    """An encoder, and how texts become what it reads.

    Attributes
    ----------
    encoder : Encoder
        It numbers words as `textrep.models.encoders.text` says.
    longest : int
        Texts are read in pieces of at most so many words.
    """

    encoder: Encoder
    longest: int

    def read_words(self, sentences: list[list[str]]) -> ReadWords:
        """Return the words of sentences as numbers: of each word at least one.

        Words that are not known are there, as the number of a hidden word.
        """
        words = [word for sentence in sentences for word in sentence]
        read = self.read(words, unknown=True)
        pieces = np.diff(read.offsets)
        sizes = np.maximum(pieces, 1)  # a word that the tokenizer drops is an unknown one
        ends = np.concatenate([[0], np.cumsum(sizes)])
        tokens = np.full(ends[-1], self.unknown, np.int64)
        tokens[np.arange(len(read.tokens)) + np.repeat(ends[:-1] - read.offsets[:-1], pieces)] = (
            read.tokens
        )
        begins = np.concatenate([[0], np.cumsum([len(sentence) for sentence in sentences])])
        known = np.ones(len(words), np.bool_)
        known[np.repeat(np.arange(len(words)), sizes)[tokens == self.unknown]] = False
        return ReadWords(ReadTexts(tokens, ends[begins.astype(np.int64)]), ends[:-1], known)

    def encode(self, texts: Any, pooling: str, layer: int, caller: str) -> NDArray[np.float32]:
        """Return a vector for each text; see `EncoderModel.encode`.

        Parameters
        ----------
        texts : iterable of str
        pooling : {"mean", "max", "last", "first", "weighted", "cls"}
        layer : int
        caller : str
            Named in errors.

        Returns
        -------
        ndarray of shape (n_texts, width of the layer), float32
        """
        self.check(pooling, layer, caller)
        given = as_texts(texts, f"{caller}.encode")
        parts = [self._encoded(part, pooling, layer) for _, part in blocks_of(given)]
        return np.concatenate(parts or [self._encoded([], pooling, layer)])

    def encode_tokens(self, texts: Any, layer: int, caller: str) -> list[NDArray[np.float32]]:
        """Return the vectors of each text's words; see `EncoderModel.encode_tokens`.

        Parameters
        ----------
        texts : iterable of str, or list of lists of words
        layer : int
        caller : str
            Named in errors.

        Returns
        -------
        list of ndarray of shape (n_words of the text, width of the layer), float32
        """
        self.check("mean", layer, caller)
        if is_split(texts):
            return self._encoded_words(as_words(texts, f"{caller}.encode_tokens"), layer)
        given = as_texts(texts, f"{caller}.encode_tokens")
        found: list[NDArray[np.float32]] = []
        for _, part in blocks_of(given):
            read = self.read(part)
            found += np.split(self.states(read, layer), read.offsets[1:-1])
        return found

    def tokens(self, texts: Any, caller: str) -> list[list[str]]:
        """Return the words of each text that are known; see `EncoderModel.tokens`."""
        found: list[list[str]] = []
        for _, part in blocks_of(as_texts(texts, f"{caller}.tokens")):
            numbers, offsets = self.read(part)
            words = [self.vocabulary.words[number] for number in numbers - FIRST_WORD]
            found += [words[begin:end] for begin, end in pairwise(offsets)]
        return found

    def states(self, read: ReadTexts, layer: int = -1) -> NDArray[np.float32]:
        """Return a vector for each token of texts, shape (n_tokens, width of the layer)."""
        from textrep.nn import encode_tokens

        pieces, _ = cut(read.offsets, self.longest)
        return encode_tokens(self.encoder, read.tokens, pieces, layer=layer)

    def check(self, pooling: str, layer: int, caller: str) -> None:
        """Raise InvalidParameterError unless the encoder has such a layer and pooling."""
        from textrep.nn import POOLINGS

        has_cls = self.encoder.cls is not None
        if pooling == "cls" and not has_cls:
            rule = f"{', '.join(POOLINGS)}: this model was not trained with pooling='cls'"
            raise InvalidParameterError("pooling", f"{caller}.encode", rule, pooling)
        check_choice("pooling", f"{caller}.encode", pooling, [*POOLINGS, *["cls"] * has_cls])
        n_layers = len(self.encoder.widths)
        if not -n_layers <= layer < n_layers:
            rule = f"from {-n_layers} to {n_layers - 1}, the layers of the encoder"
            raise InvalidParameterError("layer", f"{caller}.encode", rule, layer)

    def _encoded_words(self, sentences: list[list[str]], layer: int) -> list[NDArray[np.float32]]:
        """Return the states of the words of sentences, from the first piece of each."""
        found = self.read_words(sentences)
        states = self.states(found.read, layer)[found.firsts]
        return np.split(states, np.cumsum([len(sentence) for sentence in sentences])[:-1])

    def _encoded(self, texts: list[str], pooling: str, layer: int) -> NDArray[np.float32]:
        """Return the vectors of some texts, pooled from those of their pieces."""
        from textrep.nn import encode_texts

        tokens, offsets = self.read(texts)
        weights = self._weights()[tokens - FIRST_WORD] if pooling == "weighted" else None
        pieces, firsts = cut(offsets, self.longest)
        vectors = encode_texts(
            self.encoder, tokens, pieces, pooling=pooling, layer=layer, weights=weights
        )
        if len(firsts) == len(vectors):
            return vectors
        shares = np.ones(len(tokens)) if weights is None else weights
        return _joined(vectors, firsts, _sums(shares, pieces), pooling)

    def _weights(self) -> NDArray[np.float64]:
        """Return SIF's weight of each word, shape (n_words,)."""
        counts = self.vocabulary.counts
        weights: NDArray[np.float64] = _SIF / (_SIF + counts / max(1, int(counts.sum())))
        return weights


def _sums(values: NDArray[np.float64], offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the sum of the values of each piece."""
    before = np.concatenate([[0.0], np.cumsum(values)])
    sums: NDArray[np.float64] = before[offsets[1:]] - before[offsets[:-1]]
    return sums


def _joined(
    vectors: NDArray[np.float32],
    firsts: NDArray[np.int64],
    shares: NDArray[np.float64],
    pooling: str,
) -> NDArray[np.float32]:
    """Return the vectors of texts from those of their pieces.

    Parameters
    ----------
    vectors : ndarray of shape (n_pieces, width), float32
    firsts : ndarray of shape (n_texts,), int64
        The first piece of each text.
    shares : ndarray of shape (n_pieces,), float64
        What a piece counts in a mean.
    pooling : str
    """
    if pooling == "max":
        return np.maximum.reduceat(vectors, firsts)
    if pooling in ("first", "last"):
        lasts = np.append(firsts[1:], len(vectors)) - 1
        return vectors[firsts if pooling == "first" else lasts]
    sums = np.add.reduceat(vectors * shares[:, None], firsts)
    totals = np.add.reduceat(shares, firsts)[:, None]
    means = np.divide(sums, totals, out=np.zeros_like(sums), where=totals > 0)
    return means.astype(np.float32)
