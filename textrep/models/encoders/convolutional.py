"""Convolutional encoders, trained on a corpus."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textrep.checks import check_integer
from textrep.errors import InvalidParameterError
from textrep.models.encoders.base import EncoderModel

if TYPE_CHECKING:
    from textrep.nn import Embedding, Encoder

__all__ = ["ConvEncoder"]

_WIDTHS = re.compile(r"[1-9]\d{0,2}(,[1-9]\d{0,2})*")


@dataclass(kw_only=True, eq=False, repr=False)
class ConvEncoder(EncoderModel):
    """Words in context by convolutions: a state from a window of words around each.

    Convolution k of a layer gives h_t = f(b + Σ_{i<k} W_i x_{t-a+i}) from the embeddings or states
    x in a window of k words, which ends at t itself for a language model and is centred otherwise.

    Parameters
    ----------
    $parameters
    widths : str, default="3"
        Words that the convolutions of a layer see, side by side, as in "3,4,5"; each from 1 to 999.
    channels : int, default=200
        Numbers that each of them gives at a word, 1 to 65,536.
    layers : int, default=1
        Layers, 1 to 100.
    activation : {"relu", "leaky-relu", "elu", "selu", "gelu", "silu", "softplus", "tanh", \
            "sigmoid"}, default="relu"
        f.
    norm : {"none", "batch", "layer"}, default="none"
        What is normalised before f: nothing, each number over the words of a batch, or the numbers
        of each word.

    Attributes
    ----------
    $attributes

    Notes
    -----
    $determinism

    References
    ----------
    Collobert, Weston, Bottou, Karlen, Kavukcuoglu and Kuksa 2011, Natural Language Processing
    (Almost) from Scratch, JMLR 12.
    Kim 2014, Convolutional Neural Networks for Sentence Classification, EMNLP.
    Gao, Yao and Chen 2021, SimCSE: Simple Contrastive Learning of Sentence Embeddings, EMNLP.
    """

    objective: str = "masked"
    pooling: str = "max"
    widths: str = "3"
    channels: int = 200
    layers: int = 1
    activation: str = "relu"
    norm: str = "none"

    def _check_own(self, name: str) -> None:
        if not isinstance(self.widths, str) or not _WIDTHS.fullmatch(self.widths):
            rule = 'numbers from 1 to 999 with commas between them, as in "3,4,5"'
            raise InvalidParameterError("widths", name, rule, self.widths)
        check_integer("channels", name, self.channels, 1, 65_536)
        check_integer("layers", name, self.layers, 1, 100)

    def make_encoder(self, embedding: Embedding) -> Encoder:
        """Return the encoder above embeddings."""
        from textrep import nn

        return nn.ConvEncoder(
            embedding,
            widths=[int(width) for width in self.widths.split(",")],
            channels=self.channels,
            layers=self.layers,
            activation=self.activation,
            norm=self.norm,
            pooling=self.pooling,
            causal=self.is_causal,
            input_dropout=self.dropout,
            dropout=self.dropout,
        )
