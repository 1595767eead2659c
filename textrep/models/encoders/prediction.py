"""How well a language model predicts a text that it was not trained on."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.errors import InputError
from textrep.models.encoders.text import BOUNDARY, FIRST_WORD
from textrep.models.encoders.texts import TextReading

__all__ = ["UNKNOWN", "TextLoss", "TokenLosses", "mean_of_probabilities", "token_losses"]

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


@dataclass(frozen=True)
class TokenLosses:
    """What a language model makes of each word of sentences that follow one another.

    Attributes
    ----------
    losses : ndarray of shape (n_predicted,), float64
        −log p of each known word and of the end of each sentence, in nats.
    offsets : ndarray of shape (n_sentences + 1,), int64
        Where those of each sentence begin, and the last end. A sentence without a word to predict
        has none, and no end either.
    unknown : ndarray of shape (n_sentences,), int64
        Words of each that the model does not know; see `TextLoss`.
    left_out : bool
        Whether they are not predicted.
    basis : str
        Fingerprint of what was predicted and of the vocabulary that it was predicted from. Losses
        compare where it is the same.
    """

    losses: NDArray[np.float64]
    offsets: NDArray[np.int64]
    unknown: NDArray[np.int64]
    left_out: bool
    basis: str

    def mean(self) -> TextLoss:
        """Return the loss of the sentences together."""
        n_unknown = int(self.unknown.sum())
        return TextLoss(float(self.losses.mean()), len(self.losses), n_unknown, self.left_out)


def token_losses(
    losses_of: Callable[[NDArray[np.integer[Any]]], NDArray[np.float64]],
    reading: TextReading,
    sentences: Sequence[str],
    name: str,
) -> TokenLosses:
    """Return the losses of sentences that are read as one stream, as in training.

    Parameters
    ----------
    losses_of : callable
        From a stream, which begins with the boundary, to −log p of each token after the first.
    reading : TextReading
        How the model reads texts.
    sentences : sequence of str
    name : str
        The model, for the error.

    Raises
    ------
    InputError
        There is no word in the sentences that the model knows.
    """
    tokens, offsets = reading.read(list(sentences), unknown=True)
    hidden = tokens == reading.unknown
    unknown_before = np.concatenate([[0], np.cumsum(hidden)])[offsets]
    as_unknown = reading.vocabulary.encode([UNKNOWN])[0]
    left_out = bool(as_unknown < 0 and hidden.any())
    if as_unknown >= 0:
        tokens = np.where(hidden, as_unknown + FIRST_WORD, tokens)
    elif left_out:
        tokens, offsets = tokens[~hidden], offsets - unknown_before
    if len(tokens) == 0:
        raise InputError(f"{name} knows no word of the text: there is nothing to predict.")
    stream = np.insert(tokens, np.unique(offsets), BOUNDARY)
    ends = np.cumsum(np.diff(offsets) > 0)
    return TokenLosses(
        losses_of(stream),
        offsets + np.concatenate([[0], ends]),
        np.diff(unknown_before),
        left_out,
        _fingerprint(reading.vocabulary.words, stream[1:]),
    )


def mean_of_probabilities(found: Mapping[str, TokenLosses]) -> TokenLosses:
    """Return the losses of several models whose probabilities are averaged, −log 1/k Σ p.

    Parameters
    ----------
    found : mapping of str to TokenLosses
        Of each model by its name, on the same sentences; at least one.

    Raises
    ------
    InputError
        Two of the models do not predict the same words of the same vocabulary.
    """
    (first, one), *others = found.items()
    total = -one.losses
    for name, other in others:
        if other.basis != one.basis:
            raise InputError(
                f"{first} and {name} have different vocabularies: probabilities can be averaged "
                "only of models that were trained with the same words and tokenizer."
            )
        total = np.logaddexp(total, -other.losses)
    return replace(one, losses=math.log(len(found)) - total)


def _fingerprint(words: Sequence[str], predicted: NDArray[np.integer[Any]]) -> str:
    """Return the same for the same words, however they are ordered, and the same predictions."""
    ordered = sorted(range(len(words)), key=words.__getitem__)
    ranks = np.full(len(words) + FIRST_WORD, BOUNDARY, np.int64)
    ranks[np.array(ordered) + FIRST_WORD] = np.arange(len(words)) + FIRST_WORD
    digest = hashlib.sha256("\0".join(words[place] for place in ordered).encode())
    digest.update(ranks[predicted].astype("<i8").tobytes())
    return digest.hexdigest()
