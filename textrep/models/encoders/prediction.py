"""How well a language model predicts a text that it was not trained on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from textrep.errors import InputError
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
    from textrep.optim.prediction import mean_loss

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
    stream = np.insert(tokens, offsets, BOUNDARY)
    loss = mean_loss(network, stream, bptt)
    return TextLoss(loss, len(stream) - 1, int(hidden.sum()), left_out)
