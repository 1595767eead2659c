"""What is learnt from a batch: the sum of its losses, and how many examples they are of.

An objective prepares a batch on the CPU, where it draws what is random, and then takes the loss of
it on the device. Both use torch's global random numbers, which a trainer keys to the batch.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

import torch
import torch.nn.functional as F  # noqa: N812 -- the field's name for it
from torch import Tensor

from textrep.checks import check_choice, check_integer, check_number
from textrep.errors import TrainingError, UsageError
from textrep.optim.batches import IGNORED, Batch
from textrep.optim.network import Network

__all__ = [
    "CausalLanguageModel",
    "Classification",
    "Loss",
    "MaskedLanguageModel",
    "Objective",
    "Tagging",
    "labels_of",
]


class Loss(NamedTuple):
    """The loss of a batch.

    Attributes
    ----------
    total : Tensor of shape (), float
        Sum of the losses of the examples.
    examples : int
        How many there are.
    correct : Tensor of shape (), int64, or None
        How many are predicted right; None while the network is trained.
    state : object
        What the encoder carries to the next batch of the stream.
    """

    total: Tensor
    examples: int
    correct: Tensor | None = None
    state: Any = None


class Objective(Protocol):
    """What is learnt from a batch."""

    def prepare(self, batch: Batch) -> Batch:
        """Return the batch, on the CPU, with what is to be predicted as its labels."""

    def loss(self, network: Network, batch: Batch, state: Any = None) -> Loss:
        """Return the loss of a batch that was prepared, wherever it now is."""

    def metrics(self, loss: float, accuracy: float) -> dict[str, float]:
        """Return what is said of held-out data, from its mean loss and share of right answers."""


class _TokenPrediction:
    """Predictions from the states of tokens: −log p(label | state), summed.

    Parameters
    ----------
    label_smoothing : float, default=0.0
        Share of each example's loss, 0 to 1, that all labels have in equal parts while training.
    """

    def __init__(self, label_smoothing: float = 0.0) -> None:
        check_number("label_smoothing", type(self).__name__, label_smoothing, 0.0, 1.0)
        self._smoothing = label_smoothing

    def loss(self, network: Network, batch: Batch, state: Any = None) -> Loss:
        """Return the loss of a batch that was prepared."""
        encoded = network(batch.tokens, batch.lengths, state)
        states = encoded.layers[-1].flatten(0, 1)
        if batch.at is not None:
            states = states.index_select(0, batch.at)
        return _predicted(network, states, labels_of(batch), self._smoothing, encoded.state)

    def metrics(self, loss: float, accuracy: float) -> dict[str, float]:
        """Return the accuracy."""
        return {"accuracy": accuracy}


class CausalLanguageModel(_TokenPrediction):
    """Each token predicts the next one: Σ −log p(w_{t+1} | w_1 … w_t).

    The encoder must not see what follows a token.

    Parameters
    ----------
    unit : {"words", "characters"}, default="words"
        What tokens are: ``perplexity`` is reported of words, e to the mean loss;
        ``bits_per_character`` of characters, the mean loss over log 2.
    label_smoothing : float, default=0.0
        Share of each example's loss, 0 to 1, that all labels have in equal parts while training.
    """

    def __init__(self, unit: str = "words", label_smoothing: float = 0.0) -> None:
        check_choice("unit", "CausalLanguageModel", unit, ("words", "characters"))
        super().__init__(label_smoothing)
        self._unit = unit

    def prepare(self, batch: Batch) -> Batch:
        """Label each token with the next, unless the batch is of a stream and has the labels."""
        if batch.labels is not None and batch.stream is not None:
            return replace(batch, labels=batch.labels.flatten())
        labels = torch.full_like(batch.tokens, IGNORED)
        labels[:, :-1] = batch.tokens[:, 1:]
        labels[torch.arange(labels.shape[1]) >= batch.lengths[:, None] - 1] = IGNORED
        return _labelled(batch, labels)

    def metrics(self, loss: float, accuracy: float) -> dict[str, float]:
        """Return perplexity or bits per character, and the accuracy."""
        if self._unit == "characters":
            return {"bits_per_character": loss / math.log(2), "accuracy": accuracy}
        return {"perplexity": math.exp(min(loss, 700.0)), "accuracy": accuracy}


class MaskedLanguageModel(_TokenPrediction):
    """Hidden tokens are predicted from all that are around them.

    A share of the tokens is drawn. Of them, 80% become the mask, 10% any word, 10% stay as they
    are; the loss is of all of them (Devlin et al. 2019, section 3.1).

    Parameters
    ----------
    mask_token : int
        The number of the mask.
    n_words : int
        How many words there are to replace a word with: those of the lowest numbers.
    share : float, default=0.15
        Of the tokens, above 0 up to 1. At least one of a batch is drawn.
    label_smoothing : float, default=0.0
        Share of each example's loss, 0 to 1, that all labels have in equal parts while training.

    References
    ----------
    Devlin, Chang, Lee and Toutanova 2019, BERT: Pre-training of Deep Bidirectional Transformers for
    Language Understanding, NAACL-HLT.
    """

    def __init__(
        self, mask_token: int, n_words: int, share: float = 0.15, label_smoothing: float = 0.0
    ) -> None:
        check_integer("mask_token", "MaskedLanguageModel", mask_token, 0)
        check_integer("n_words", "MaskedLanguageModel", n_words, 1)
        check_number("share", "MaskedLanguageModel", share, 0.0, 1.0, above=True)
        super().__init__(label_smoothing)
        self._mask, self._n_words, self._share = mask_token, n_words, share

    def prepare(self, batch: Batch) -> Batch:
        """Hide tokens, and label them with what they were."""
        tokens = batch.tokens
        chance = torch.rand(tokens.shape)
        chance[torch.arange(tokens.shape[1]) >= batch.lengths[:, None]] = 2.0  # padding
        drawn = chance < self._share
        if not drawn.any():
            drawn = chance == chance.min()
        labels = torch.where(drawn, tokens, IGNORED)
        fate = torch.rand(tokens.shape)
        hidden = torch.where(drawn & (fate < 0.8), self._mask, tokens)
        others = torch.randint(self._n_words, tokens.shape)
        hidden = torch.where(drawn & (fate >= 0.9), others, hidden)
        return _labelled(replace(batch, tokens=hidden), labels)

    def metrics(self, loss: float, accuracy: float) -> dict[str, float]:
        """Return the perplexity of hidden words, and how many are predicted."""
        return {"masked_perplexity": math.exp(min(loss, 700.0)), "accuracy": accuracy}


class Tagging(_TokenPrediction):
    """Each token has a label: Σ −log p(tag | state).

    Parameters
    ----------
    label_smoothing : float, default=0.0
        Share of each example's loss, 0 to 1, that all labels have in equal parts while training.
    """

    def prepare(self, batch: Batch) -> Batch:
        """Leave out padding, and tokens whose label is ``IGNORED``."""
        labels = batch.labels
        if labels is None or labels.shape != batch.tokens.shape:
            raise TrainingError("Tagging needs a label for each token: give labels of tokens.")
        return _labelled(batch, labels)


class Classification:
    """Each sequence has a label: Σ −log p(class | pooled states).

    Parameters
    ----------
    label_smoothing : float, default=0.0
        Share of each example's loss, 0 to 1, that all labels have in equal parts while training.
    """

    def __init__(self, label_smoothing: float = 0.0) -> None:
        check_number("label_smoothing", "Classification", label_smoothing, 0.0, 1.0)
        self._smoothing = label_smoothing

    def prepare(self, batch: Batch) -> Batch:
        """Return the batch as it is."""
        if batch.labels is None or batch.labels.ndim != 1:
            raise TrainingError("Classification needs a label for each text: give labels of texts.")
        return batch

    def loss(self, network: Network, batch: Batch, state: Any = None) -> Loss:
        """Return the loss of a batch."""
        vectors = network.vectors(batch.tokens, batch.lengths)
        return _predicted(network, vectors, labels_of(batch), self._smoothing, state)

    def metrics(self, loss: float, accuracy: float) -> dict[str, float]:
        """Return the accuracy."""
        return {"accuracy": accuracy}


def labels_of(batch: Batch) -> Tensor:
    """Return the labels of a batch that was prepared.

    Raises
    ------
    UsageError
        It was not.
    """
    if batch.labels is None:
        raise UsageError("The batch has no labels: prepare it with its objective.")
    return batch.labels


def _labelled(batch: Batch, labels: Tensor) -> Batch:
    """Return the batch with the labels, of shape (batch, time), that are not ignored."""
    flat = labels.flatten()
    at = (flat != IGNORED).nonzero().flatten()
    return replace(batch, labels=flat[at], at=at)


def _predicted(
    network: Network, states: Tensor, labels: Tensor, smoothing: float, state: Any
) -> Loss:
    """Return the loss of labels given the states that the head predicts them from."""
    head = network.head
    if head is None:
        raise UsageError("A network without a head predicts no labels: give head.")
    if network.training and hasattr(head, "losses"):
        return Loss(head.losses(states, labels, smoothing).sum(), len(labels), None, state)
    scores = head(states)
    smoothing = smoothing if network.training else 0.0
    total = F.cross_entropy(scores, labels, reduction="sum", label_smoothing=smoothing)
    correct = None if network.training else (scores.argmax(1) == labels).sum()
    return Loss(total, len(labels), correct, state)
