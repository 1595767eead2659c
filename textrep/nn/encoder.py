"""What every encoder of sequences is, and the simplest of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor, nn

from textrep.checks import check_number
from textrep.errors import InvalidParameterError
from textrep.nn.dropout import SequenceDropout
from textrep.nn.embeddings import Embedding
from textrep.nn.padding import Padding

__all__ = ["Encoded", "Encoder", "MeanEncoder", "State", "check_dropouts"]

State = tuple[Tensor, ...]
"""What goes on from one batch to the next: tensors of shape (batch, …)."""


class Encoded(NamedTuple):
    """What an encoder makes of a batch.

    Attributes
    ----------
    layers : list of Tensor of shape (batch, time, width of the layer)
        The embeddings, then what each layer gives; the last is the output. Zeros at padding.
    state : tuple of Tensor of shape (batch, …), or None
        With what the encoder may go on where this batch ends. None where it carries nothing.
    cls : list of Tensor of shape (batch, width of the layer), or None
        The same layers of the learned vector that stands before each text, if one does. Zeros of an
        empty text.
    """

    layers: list[Tensor]
    state: State | None
    cls: list[Tensor] | None = None

    @property
    def output(self) -> Tensor:
        """The last layer, of shape (batch, time, width)."""
        return self.layers[-1]


class Encoder(nn.Module, ABC):
    """A vector for each token, from the tokens around it.

    What stands at padded positions changes nothing, and neither do the other rows of the batch.

    Parameters
    ----------
    embedding : Embedding
        The vectors of tokens.
    widths : list of int
        Numbers of a vector of each layer above the embeddings.
    input_dropout : float, default=0.0
        Dropout of the numbers of embeddings, from 0 to below 1.
    variational : bool, default=False
        Whether dropout takes the same numbers at all positions of a sequence.
    cls : bool, default=False
        Whether a learned vector stands before each text, as the token [CLS] of BERT does. Its
        states are those of the text; they are given apart from those of the tokens.

    Attributes
    ----------
    widths : list of int
        Numbers of a vector of each layer, the embeddings first.
    width : int
        Numbers of an output vector: the last of them.
    pooling : str
        How the vectors of a text's tokens become one where nobody says otherwise; see
        `textrep.nn.pooling`.
    """

    pooling = "mean"

    def __init__(
        self,
        embedding: Embedding,
        widths: list[int],
        *,
        input_dropout: float = 0.0,
        variational: bool = False,
        cls: bool = False,
    ) -> None:
        super().__init__()
        check_dropouts(type(self).__name__, input_dropout=input_dropout)
        self.embedding = embedding
        self.widths = [embedding.width, *widths]
        self.width = self.widths[-1]
        self.input_dropout = SequenceDropout(input_dropout, variational=variational)
        self.cls = nn.Embedding(1, embedding.width) if cls else None

    def forward(self, tokens: Tensor, lengths: Tensor, state: State | None = None) -> Encoded:
        """Encode a batch.

        Parameters
        ----------
        tokens : Tensor of shape (batch, time), int64
            Rows are padded at their ends, with any token.
        lengths : Tensor of shape (batch,), int64
            Tokens of each row, from 0 to ``time``. Best left on the CPU.
        state : tuple of Tensor, optional
            That of an earlier batch whose rows these rows continue.

        Returns
        -------
        Encoded

        Raises
        ------
        InvalidParameterError
            The shapes do not fit, a length or a token is out of range, or a state is given to an
            encoder that carries none.
        """
        padding = Padding.of(tokens, lengths, type(self).__name__)
        embedded = padding.clear(self.input_dropout(self.embedding(tokens)))
        if self.cls is None:
            layers, after = self._encode(embedded, padding, state)
            return Encoded([embedded, *layers], after)
        first = self.cls.weight.expand(len(tokens), 1, -1)
        embedded = torch.cat([first.to(embedded.dtype), embedded], 1)
        above, after = self._encode(embedded, padding.shifted(), state)
        layers = [embedded, *above]
        empty = (padding.lengths == 0).to(embedded.device).unsqueeze(1)
        texts = [layer[:, 0].masked_fill(empty, 0.0) for layer in layers]
        return Encoded([layer[:, 1:] for layer in layers], after, texts)

    @abstractmethod
    def _encode(
        self, embedded: Tensor, padding: Padding, state: State | None
    ) -> tuple[list[Tensor], State | None]:
        """Return the layers above the embeddings, and the state after them."""

    def _refuse(self, state: State | None) -> None:
        """Raise InvalidParameterError if there is a state."""
        if state is not None:
            rule = "None: it carries nothing from batch to batch"
            raise InvalidParameterError("state", type(self).__name__, rule, "a state")


class MeanEncoder(Encoder):
    """The embeddings alone: the baseline that every other encoder has to beat.

    Parameters
    ----------
    embedding : Embedding
        The vectors of tokens.
    input_dropout : float, default=0.0
        Dropout of their numbers, from 0 to below 1.
    """

    def __init__(self, embedding: Embedding, *, input_dropout: float = 0.0) -> None:
        super().__init__(embedding, [], input_dropout=input_dropout)

    def _encode(
        self, embedded: Tensor, padding: Padding, state: State | None
    ) -> tuple[list[Tensor], State | None]:
        del embedded, padding
        self._refuse(state)
        return [], None


def check_dropouts(caller: str, **rates: float) -> None:
    """Raise InvalidParameterError unless all rates are from 0 to 0.99."""
    for name, rate in rates.items():
        check_number(name, caller, rate, 0.0, 0.99)
