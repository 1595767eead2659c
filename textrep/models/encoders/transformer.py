"""Transformer encoders, trained on a corpus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_integer, check_number
from textrep.errors import InputError, InvalidParameterError
from textrep.models.encoders.base import EncoderModel
from textrep.models.encoders.parameters import POOLINGS

if TYPE_CHECKING:
    from textrep.nn import Embedding, Encoder

__all__ = ["TransformerEncoder"]


@dataclass(kw_only=True, eq=False, repr=False)
class TransformerEncoder(EncoderModel):
    """Words in context by self-attention: a state from all words of the text.

    Layers of softmax(Q Kᵀ / √d) V, in several heads, and a feed-forward part. By default it learns
    hidden words from all around them; as a language model, each word from those before it.

    With ``pooling="cls"`` a learned vector stands before each text, and its state is that of the
    text. Objectives of sentences train it; hidden words are predicted without it, so that after
    ``objective="masked"`` it still has to be trained on labels.

    Parameters
    ----------
    $parameters
    heads : int, default=4
        Heads of attention; divides ``dim``, with an even quotient for rotary positions.
    layers : int, default=2
        Layers, 1 to 100.
    positions : {"rotary", "sinusoidal", "learned"}, default="rotary"
        How the order of words is known: by turning queries and keys, by waves or vectors that are
        added. Learned ones are for ``longest`` words.
    norm : {"pre", "post"}, default="pre"
        Whether the input of a part of a layer is normalised, or its output.
    feed_forward : {"gelu", "relu", "swiglu"}, default="gelu"
        The feed-forward part.
    inner : int, optional
        Numbers inside of it; default: four times ``dim``, or 8/3 times for "swiglu".
    attention_dropout : float, default=0.0
        Dropout of attention's probabilities, below 1; slow on the CPU.

    Attributes
    ----------
    $attributes

    Notes
    -----
    $determinism

    As a language model it reads ``bptt`` words at a time and knows none before them.

    References
    ----------
    Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser and Polosukhin 2017, Attention Is All
    You Need, NIPS.
    Devlin, Chang, Lee and Toutanova 2019, BERT: Pre-training of Deep Bidirectional Transformers for
    Language Understanding, NAACL-HLT.
    Gao, Yao and Chen 2021, SimCSE: Simple Contrastive Learning of Sentence Embeddings, EMNLP.
    """

    poolings = (*POOLINGS, "cls")

    objective: str = "masked"
    heads: int = 4
    layers: int = 2
    positions: str = "rotary"
    norm: str = "pre"
    feed_forward: str = "gelu"
    inner: int | None = None
    attention_dropout: float = 0.0

    def _check_own(self, name: str) -> None:
        check_integer("heads", name, self.heads, 1, 4096)
        check_integer("layers", name, self.layers, 1, 100)
        check_number("attention_dropout", name, self.attention_dropout, 0.0, 0.99)
        if self.positions == "learned" and self.is_causal and self.bptt > self.longest:
            rule = f"at most {self.longest}, the longest that learned positions are for"
            raise InvalidParameterError("bptt", name, rule, self.bptt)
        if self.pooling == "cls" and self.is_causal:
            rule = (
                "another with objective='language-model': the first vector would see no word; "
                "objective='masked' and those of sentences have it"
            )
            raise InvalidParameterError("pooling", name, rule, self.pooling)

    def attention(self, text: str) -> tuple[list[str], NDArray[np.float32]]:
        """Return how much each word of a text takes from each.

        Parameters
        ----------
        text : str
            Cut into words as the corpus was; words that it did not have are left out, and what
            comes after the first ``longest`` words.

        Returns
        -------
        words : list of str
            Before them "[CLS]", the learned vector, with ``pooling="cls"``.
        weights : ndarray of shape (layers, heads, n_words, n_words), float32
            Each row sums to 1: the word that attends, then the one that it attends to.

        Raises
        ------
        NotFittedError
            The model has not been trained.
        InputError
            It knows no word of the text.
        """
        from textrep.nn import attention_of

        reading = self.reading()
        (words,) = reading.tokens([text], f"{type(self).__name__}.attention")
        numbers = reading.read([text]).tokens.astype(np.int64)
        if not words:
            raise InputError(f"The model knows no word of {text!r}: give another text.")
        encoder: Any = reading.encoder
        learned = ["[CLS]"] if self.pooling == "cls" else []
        weights = attention_of(encoder, numbers[: self.longest])
        return [*learned, *words[: self.longest]], weights

    def make_encoder(self, embedding: Embedding) -> Encoder:
        """Return the encoder above embeddings."""
        from textrep import nn

        return nn.TransformerEncoder(
            embedding,
            heads=self.heads,
            layers=self.layers,
            positions=self.positions,
            longest=self.longest,
            norm=self.norm,
            feed_forward=self.feed_forward,
            inner=self.inner,
            causal=self.is_causal,
            input_dropout=self.dropout,
            dropout=self.dropout,
            attention_dropout=self.attention_dropout,
            cls=self.pooling == "cls",
        )
