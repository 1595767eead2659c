"""Recurrent encoders, trained on a corpus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textrep.checks import check_boolean, check_integer
from textrep.errors import InvalidParameterError
from textrep.models.encoders.base import EncoderModel

if TYPE_CHECKING:
    from textrep.nn import Embedding, Encoder

__all__ = ["RecurrentEncoder"]


@dataclass(kw_only=True, eq=False, repr=False)
class RecurrentEncoder(EncoderModel):
    """Words in context by a recurrent network: RNN, LSTM or GRU.

    A state h_t = f(x_t, h_{t-1}) for each word, from its embedding x_t and the state before it, by
    layers of cells. By default it learns to predict the next word: Σ -log p(w_{t+1} | h_t) is
    lowered, the text being read as one stream whose state goes on from batch to batch.

    Parameters
    ----------
    $parameters
    cell : {"lstm", "gru", "rnn", "rnn-relu"}, default="lstm"
        What a layer consists of.
    units : int, default=200
        Numbers of a state, from 1 up; of each direction.
    layers : int, default=1
        Layers, from 1 up.
    bidirectional : bool, default=False
        Whether each layer also reads backwards; not for a language model.
    layer_norm : bool, default=False
        Whether what a layer gives is normalised.
    recurrent_dropout : float, default=0.0
        Share of the weights between successive states that a batch of training does without; below
        1.
    variational : bool, default=False
        Whether dropout takes the same numbers at all positions of a sequence.

    Attributes
    ----------
    $attributes

    Notes
    -----
    $determinism

    References
    ----------
    Elman 1990, Finding Structure in Time, Cognitive Science 14.
    Hochreiter and Schmidhuber 1997, Long Short-Term Memory, Neural Computation 9.
    Cho, van Merriënboer, Gulcehre, Bahdanau, Bougares, Schwenk and Bengio 2014, Learning Phrase
    Representations using RNN Encoder-Decoder for Statistical Machine Translation, EMNLP.
    Press and Wolf 2017, Using the Output Embedding to Improve Language Models, EACL: tied output.
    Gao, Yao and Chen 2021, SimCSE: Simple Contrastive Learning of Sentence Embeddings, EMNLP.
    """

    cell: str = "lstm"
    units: int = 200
    layers: int = 1
    bidirectional: bool = False
    layer_norm: bool = False
    recurrent_dropout: float = 0.0
    variational: bool = False

    def _check_own(self, name: str) -> None:
        check_boolean("bidirectional", name, self.bidirectional)
        check_boolean("layer_norm", name, self.layer_norm)
        check_boolean("variational", name, self.variational)
        check_integer("units", name, self.units, 1, 65_536)
        check_integer("layers", name, self.layers, 1, 100)
        if self.bidirectional and self.is_causal:
            rule = (
                "False with objective='language-model', which would see the words that it is to "
                "predict; objective='masked' reads both ways"
            )
            raise InvalidParameterError("bidirectional", name, rule, True)

    def make_encoder(self, embedding: Embedding) -> Encoder:
        """Return the encoder above embeddings."""
        from textrep import nn

        return nn.RecurrentEncoder(
            embedding,
            cell=self.cell,
            units=self.units,
            layers=self.layers,
            bidirectional=self.bidirectional,
            layer_norm=self.layer_norm,
            input_dropout=self.dropout,
            hidden_dropout=self.dropout,
            output_dropout=self.dropout,
            recurrent_dropout=self.recurrent_dropout,
            variational=self.variational,
        )
