"""How well a language model predicts a text that it was not trained on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from textrep.errors import InputError, UsageError
from textrep.models.encoders.text import BOUNDARY, FIRST_WORD
from textrep.models.encoders.texts import TextEncoding

if TYPE_CHECKING:
    from textrep.optim.network import Network

__all__ = ["UNKNOWN", "TextLoss", "text_loss"]

UNKNOWN = "<unk>"
"""The word for words that are not known, where a vocabulary has it."""


@dataclass(frozen=True)
class TextLoss:
    """What a language model makes of a text.

    Attributes
    ----------
    loss : float
        Mean of −log p of what was predicted, in nats.
    n_predicted : int
        What that is: each known word, and the end of each sentence.
    n_unknown : int
        Words that the model does not know. With "<unk>" in its vocabulary they are predicted as
        that; without, they are left out, and the loss is not comparable with that of a model that
        knows them.
    left_out : bool
        Whether they are.
    """

    loss: float
    n_predicted: int
    n_unknown: int
    left_out: bool

    @property
    def perplexity(self) -> float:
        """E to the loss: out of how many words, all as likely, one would have to guess."""
        return math.exp(min(self.loss, 700.0))

    @property
    def bits(self) -> float:
        """The loss in bits; of a model of characters, bits a character."""
        return self.loss / math.log(2)


def text_loss(
    network: Network, reading: TextEncoding, sentences: Sequence[str], bptt: int, name: str
) -> TextLoss:
    """Return the loss of sentences that are read as one stream, as in training.

    Parameters
    ----------
    network : Network
        A language model, as it is to be used.
    reading : TextEncoding
        How it reads texts.
    sentences : sequence of str
    bptt : int
        Words that are read at once; the state goes on, where the encoder has one.
    name : str
        The model, for the error.

    Raises
    ------
    InputError
        There is no word in the sentences that the model knows.
    """
    read = reading.read(list(sentences), unknown=True)
    tokens, offsets = read.tokens, read.offsets
    hidden = tokens == reading.unknown
    as_unknown = reading.vocabulary.encode([UNKNOWN])[0]
    left_out = bool(as_unknown < 0 and hidden.any())
    if as_unknown >= 0:
        tokens = np.where(hidden, as_unknown + FIRST_WORD, tokens)
    elif left_out:
        kept = np.concatenate([[0], np.cumsum(~hidden)])
        tokens, offsets = tokens[~hidden], kept[offsets]
    offsets = offsets[np.append(True, np.diff(offsets) > 0)]  # no sentence without a word
    if len(tokens) == 0:
        raise InputError(f"{name} knows no word of the text: there is nothing to predict.")
    total, n = _streamed(network, np.insert(tokens, offsets, BOUNDARY), bptt)
    return TextLoss(total / n, n, int(hidden.sum()), left_out)


def _streamed(network: Network, stream: NDArray[np.integer[Any]], bptt: int) -> tuple[float, int]:
    """Return the sum of the losses of what follows the first token, and how many they are."""
    import torch

    head = network.head
    if head is None:
        raise UsageError("A network without a head predicts no words.")
    device = next(network.parameters()).device
    tokens = torch.from_numpy(stream.astype(np.int64)).to(device)
    total, state = 0.0, None
    with torch.no_grad():
        for begin in range(0, len(tokens) - 1, bptt):
            targets = tokens[begin + 1 : begin + 1 + bptt]
            lengths = torch.tensor([len(targets)])
            encoded = network(tokens[None, begin : begin + len(targets)], lengths, state)
            state = encoded.state
            chances = head(encoded.layers[-1][0]).double()
            total -= float(chances.gather(1, targets[:, None]).sum())
    return total, len(tokens) - 1
