"""Vectors of texts by a trained encoder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_choice
from textrep.corpus import Vocabulary
from textrep.corpus.bags import TextReader
from textrep.corpus.subword import SUBWORD_TOKENIZERS, SubwordTokenizer
from textrep.corpus.texts import as_texts, blocks_of
from textrep.errors import InputError
from textrep.models.encoders.text import FIRST_WORD, cut

if TYPE_CHECKING:
    from textrep.nn import Encoder

__all__ = ["TextEncoding"]

_SIF = 1e-3  # a of the weights a / (a + p(w))


@dataclass(frozen=True)
class TextEncoding:
    """An encoder, and how texts become what it reads.

    Attributes
    ----------
    encoder : Encoder
        It numbers words as `textrep.models.encoders.text` says.
    vocabulary : Vocabulary
        The words that it knows.
    trained_with : mapping
        The tokenizer that cut its corpus, as the corpus describes it.
    tokenizer : str or None
        The same as JSON, if it cuts words into subwords.
    longest : int
        Texts are read in pieces of at most so many words.
    """

    encoder: Encoder
    vocabulary: Vocabulary
    trained_with: Mapping[str, Any]
    tokenizer: str | None
    longest: int

    def encode(self, texts: Any, pooling: str, layer: int, caller: str) -> NDArray[np.float32]:
        """Return a vector for each text; see `EncoderModel.encode`.

        Parameters
        ----------
        texts : iterable of str
        pooling : {"mean", "max", "last", "first", "weighted"}
        layer : int
        caller : str
            Named in errors.

        Returns
        -------
        ndarray of shape (n_texts, width of the layer), float32
        """
        from textrep.nn import POOLINGS

        check_choice("pooling", f"{caller}.encode", pooling, POOLINGS)
        given, reader = as_texts(texts, f"{caller}.encode"), self._reader()
        parts = [self._encoded(reader, part, pooling, layer) for _, part in blocks_of(given)]
        return np.concatenate(parts or [self._encoded(reader, [], pooling, layer)])

    def tokens(self, text: str) -> tuple[list[str], NDArray[np.int64]]:
        """Return the known words of a text in order, and their numbers as the encoder has them."""
        bag = self._reader().bag([text])
        words = self.vocabulary.encode(bag.words)[bag.places]
        known = words >= 0
        numbers = words[known].astype(np.int64) + FIRST_WORD
        return [bag.words[place] for place in bag.places[known]], numbers

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

    def _encoded(
        self, reader: TextReader, texts: list[str], pooling: str, layer: int
    ) -> NDArray[np.float32]:
        """Return the vectors of some texts, pooled from those of their pieces."""
        from textrep.nn import encode_texts

        bag = reader.bag(texts)
        words = self.vocabulary.encode(bag.words)[bag.places]
        known = words >= 0
        lengths = np.bincount(bag.texts[known], minlength=bag.n_texts)
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        tokens = words[known] + FIRST_WORD
        weights = self._weights()[words[known]] if pooling == "weighted" else None
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
