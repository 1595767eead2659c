"""Convolutional encoders: each state from a window of tokens."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from textrep.checks import check_choice, check_integer
from textrep.errors import InvalidParameterError
from textrep.nn.activations import activation
from textrep.nn.dropout import SequenceDropout
from textrep.nn.embeddings import Embedding
from textrep.nn.encoder import Encoder, State, check_dropouts
from textrep.nn.padding import Padding
from textrep.nn.pooling import POOLINGS

__all__ = ["NORMS", "ConvEncoder"]

NORMS = ("none", "batch", "layer")


class ConvEncoder(Encoder):
    """Layers of convolutions over time, of one or several widths side by side.

    Convolution k of a layer gives at position t, with inputs x that are 0 outside of the text and
    a = (k - 1) // 2 (or k - 1 if causal), f(b + Σ_{i<k} W_i x_{t-a+i}).

    Parameters
    ----------
    embedding : Embedding
        The vectors of tokens.
    widths : sequence of int, default=(3,)
        Tokens that the convolutions of a layer see, each from 1 up.
    channels : int, default=200
        Numbers that each of them gives at a position, from 1 up.
    layers : int, default=1
        Layers, from 1 up.
    activation : str, default="relu"
        f; a name of `textrep.nn.ACTIVATIONS`.
    norm : {"none", "batch", "layer"}, default="none"
        What is normalised before f: nothing, each number over the real tokens of the batch, or the
        numbers of each token.
    pooling : {"max", "mean", "last", "first"}, default="max"
        How the vectors of a text's tokens become one where nobody says otherwise.
    causal : bool, default=False
        Whether windows end at the position itself, as a language model needs it.
    input_dropout, dropout : float, default=0.0
        Dropout of the embeddings and of what a layer gives.

    References
    ----------
    Collobert, Weston, Bottou, Karlen, Kavukcuoglu and Kuksa 2011, Natural Language Processing
    (Almost) from Scratch, JMLR 12.
    Kim 2014, Convolutional Neural Networks for Sentence Classification, EMNLP.
    """

    def __init__(
        self,
        embedding: Embedding,
        *,
        widths: Sequence[int] = (3,),
        channels: int = 200,
        layers: int = 1,
        activation: str = "relu",
        norm: str = "none",
        pooling: str = "max",
        causal: bool = False,
        input_dropout: float = 0.0,
        dropout: float = 0.0,
    ) -> None:
        caller = type(self).__name__
        if not widths:
            raise InvalidParameterError("widths", caller, "at least one width", widths)
        for width in widths:
            check_integer("widths", caller, width, 1)
        check_integer("channels", caller, channels, 1)
        check_integer("layers", caller, layers, 1)
        check_choice("pooling", caller, pooling, [name for name in POOLINGS if name != "weighted"])
        check_dropouts(caller, dropout=dropout)
        super().__init__(embedding, [channels * len(widths)] * layers, input_dropout=input_dropout)
        self.pooling = pooling
        self.blocks = nn.ModuleList(
            _Block(n_inputs, channels, widths, activation, norm, causal)
            for n_inputs in self.widths[:-1]
        )
        self.dropout = SequenceDropout(dropout)

    def _encode(
        self, embedded: Tensor, padding: Padding, state: State | None
    ) -> tuple[list[Tensor], State | None]:
        self._refuse(state)
        layers = [embedded]
        for block in self.blocks:
            layers.append(padding.clear(self.dropout(block(layers[-1], padding))))
        return layers[1:], None


class _Block(nn.Module):
    """A layer: convolutions side by side, a normalisation and an activation."""

    def __init__(
        self,
        n_inputs: int,
        channels: int,
        widths: Sequence[int],
        name: str,
        norm: str,
        causal: bool,
    ) -> None:
        super().__init__()
        check_choice("norm", "ConvEncoder", norm, NORMS)
        self.convolutions = nn.ModuleList(nn.Conv1d(n_inputs, channels, width) for width in widths)
        n_outputs = channels * len(widths)
        kinds = {"none": nn.Identity, "batch": nn.BatchNorm1d, "layer": nn.LayerNorm}
        self.norm = kinds[norm](n_outputs)
        self.activation = activation(name, "ConvEncoder")
        self.causal = causal

    def forward(self, inputs: Tensor, padding: Padding) -> Tensor:
        """Return states of shape (batch, time, n_outputs); what is at padding is undefined."""
        channels_first = inputs.mT
        states = torch.cat(
            [self._convolve(convolution, channels_first) for convolution in self.convolutions], 1
        )
        return self.activation(self._normalise(states.mT, padding))

    def _convolve(self, convolution: nn.Conv1d, inputs: Tensor) -> Tensor:
        (width,) = convolution.kernel_size
        left = width - 1 if self.causal else (width - 1) // 2
        return convolution(functional.pad(inputs, (left, width - 1 - left)))

    def _normalise(self, states: Tensor, padding: Padding) -> Tensor:
        if not isinstance(self.norm, nn.BatchNorm1d):
            return self.norm(states)
        if padding.real is None:
            return self.norm(states.flatten(0, 1)).view_as(states)
        # Padding must not count in the means and variances of the batch.
        normalised = torch.zeros_like(states)
        normalised[padding.real] = self.norm(states[padding.real])
        return normalised
