"""Recurrent encoders: each state from the token and the state before."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from textrep.checks import check_choice, check_integer
from textrep.errors import InvalidParameterError
from textrep.nn.dropout import SequenceDropout, call_with_dropped_weights
from textrep.nn.embeddings import Embedding
from textrep.nn.encoder import Encoder, State, check_dropouts
from textrep.nn.padding import Padding

__all__ = ["CELLS", "RecurrentEncoder"]

CELLS: dict[str, tuple[type[nn.RNNBase], dict[str, str]]] = {
    "rnn": (nn.RNN, {"nonlinearity": "tanh"}),
    "rnn-relu": (nn.RNN, {"nonlinearity": "relu"}),
    "lstm": (nn.LSTM, {}),
    "gru": (nn.GRU, {}),
}


class RecurrentEncoder(Encoder):
    """Layers of recurrent cells.

    With the input x_t and the state h_{t-1}, the simple cell is h_t = tanh(W x_t + b + U h_{t-1}
    + c), or the same with max(0, ·). The others are torch's LSTM and GRU.

    Parameters
    ----------
    embedding : Embedding
        The vectors of tokens.
    cell : {"lstm", "gru", "rnn", "rnn-relu"}, default="lstm"
        What a layer consists of.
    units : int, default=200
        Numbers of a state, from 1 up; of each direction.
    layers : int, default=1
        Layers, from 1 up.
    last_units : int, optional
        Numbers of a state of the last layer; default: ``units``. An output that is tied to the
        embeddings takes the embeddings' width here.
    bidirectional : bool, default=False
        Whether each layer also reads backwards; both states are concatenated. Such an encoder
        carries no state.
    layer_norm : bool, default=False
        Whether what a layer gives is normalised.
    input_dropout, hidden_dropout, output_dropout : float, default=0.0
        Dropout of the embeddings, of what one layer gives to the next, and of the output.
    recurrent_dropout : float, default=0.0
        Dropout of the weights U between successive states, drawn once a batch.
    variational : bool, default=False
        Whether the first three take the same numbers at all positions of a sequence.

    Notes
    -----
    torch's fused kernels hold the states of a layer from its first to its last position: dropout of
    h_{t-1} itself (Gal and Ghahramani 2016) cannot reach them. Dropout of U can.

    Sequences of different lengths are run with their padding, backwards from their own ends, and
    what comes of padding is dropped. Where they are of about one length, two hundred units are
    trained on the CPU in half of the time of torch's packed sequences. Such a batch ends at no one
    place: the state after it is None.

    The reset gate of the GRU multiplies U h + c, as in cuDNN, where the paper's multiplies h.

    References
    ----------
    Elman 1990, Finding Structure in Time, Cognitive Science 14.
    Hochreiter and Schmidhuber 1997, Long Short-Term Memory, Neural Computation 9.
    Cho, van Merriënboer, Gulcehre, Bahdanau, Bougares, Schwenk and Bengio 2014, Learning Phrase
    Representations using RNN Encoder-Decoder for Statistical Machine Translation, EMNLP.
    Merity, Keskar and Socher 2018, Regularizing and Optimizing LSTM Language Models, ICLR: dropout
    of recurrent weights.
    """

    def __init__(
        self,
        embedding: Embedding,
        *,
        cell: str = "lstm",
        units: int = 200,
        layers: int = 1,
        last_units: int | None = None,
        bidirectional: bool = False,
        layer_norm: bool = False,
        input_dropout: float = 0.0,
        hidden_dropout: float = 0.0,
        output_dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        variational: bool = False,
    ) -> None:
        caller = type(self).__name__
        check_choice("cell", caller, cell, CELLS)
        check_integer("units", caller, units, 1)
        check_integer("layers", caller, layers, 1)
        last_units = units if last_units is None else last_units
        check_integer("last_units", caller, last_units, 1)
        check_dropouts(
            caller, hidden_dropout=hidden_dropout, output_dropout=output_dropout,
            recurrent_dropout=recurrent_dropout,
        )  # fmt: skip
        directions = 2 if bidirectional else 1
        widths = [directions * units] * (layers - 1) + [directions * last_units]
        super().__init__(embedding, widths, input_dropout=input_dropout, variational=variational)
        self.blocks = nn.ModuleList(
            _Layer(cell, n_inputs, n_outputs // directions, directions, recurrent_dropout)
            for n_inputs, n_outputs in pairwise(self.widths)
        )
        self.norms = nn.ModuleList(
            nn.LayerNorm(width) if layer_norm else nn.Identity() for width in widths
        )
        self.dropouts = nn.ModuleList(
            SequenceDropout(rate, variational=variational)
            for rate in [hidden_dropout] * (layers - 1) + [output_dropout]
        )
        self.bidirectional = bidirectional
        self._n_tensors = 2 if cell == "lstm" else 1  # of the state of a layer

    def _encode(
        self, embedded: Tensor, padding: Padding, state: State | None
    ) -> tuple[list[Tensor], State | None]:
        if self.bidirectional:
            self._refuse(state)
        layers: list[Tensor] = [embedded]
        after: list[Tensor] = []
        for before, cells, norm, dropout in zip(
            self._by_layer(state, len(embedded)),
            self.blocks,
            self.norms,
            self.dropouts,
            strict=True,
        ):
            states, last = cells(layers[-1], padding, before)
            layers.append(padding.clear(dropout(norm(states))))
            after.extend(last)
        carries = padding.real is None and not self.bidirectional
        return layers[1:], tuple(after) if carries else None

    def _by_layer(self, state: State | None, batch: int) -> list[State | None]:
        """Return the state of each layer."""
        if state is None:
            return [None] * len(self.blocks)
        n = self._n_tensors
        expected = [(batch, width) for width in self.widths[1:] for _ in range(n)]
        shapes = [tuple(tensor.shape) for tensor in state]
        if shapes != expected:
            rule = f"that of a batch before, tensors of shapes {expected}"
            raise InvalidParameterError("state", type(self).__name__, rule, shapes)
        return [state[first : first + n] for first in range(0, len(state), n)]


class _Layer(nn.Module):
    """The cells of a layer: one that reads forwards, and maybe one that reads backwards."""

    def __init__(
        self, name: str, n_inputs: int, units: int, directions: int, recurrent_dropout: float
    ) -> None:
        super().__init__()
        kind, options = CELLS[name]
        self.forwards = kind(n_inputs, units, batch_first=True, **options)
        self.backwards = None
        if directions == 2:
            self.backwards = kind(n_inputs, units, batch_first=True, **options)
        self.recurrent_dropout = recurrent_dropout

    def forward(
        self, inputs: Tensor, padding: Padding, before: State | None
    ) -> tuple[Tensor, State]:
        """Return the states at all positions, and that of ``forwards`` after the last."""
        states, last = self._run(self.forwards, inputs, before)
        if self.backwards is not None:
            mirrored, _ = self._run(self.backwards, padding.reverse(inputs), None)
            states = torch.cat([states, padding.reverse(mirrored)], -1)
        return states, last

    def _run(self, cell: nn.RNNBase, inputs: Tensor, before: State | None) -> tuple[Tensor, State]:
        """Return the states of a cell at all positions, and after the last."""
        given: Any = None
        if before is not None:
            tensors = tuple(tensor.unsqueeze(0) for tensor in before)
            given = tensors if len(tensors) == 2 else tensors[0]
        if self.training and self.recurrent_dropout:
            states, last = call_with_dropped_weights(
                cell, "weight_hh", self.recurrent_dropout, inputs, given
            )
        else:
            states, last = cell(inputs, given)
        tensors = last if isinstance(last, tuple) else (last,)
        return states, tuple(tensor[0] for tensor in tensors)
