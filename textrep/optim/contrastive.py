"""Sentences that find their partners."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 -- the field's name for it
from torch import Tensor

from textrep.checks import check_choice, check_number
from textrep.errors import UsageError
from textrep.optim.batches import Batch
from textrep.optim.network import Network
from textrep.optim.objectives import Loss, labels_of

__all__ = ["Contrastive"]


@dataclass(frozen=True)
class Contrastive:
    """Each sentence finds its partner among those of the batch (InfoNCE).

    −log exp(cos(u_i, v_i) / τ) / Σ_j exp(cos(u_i, v_j) / τ), u and v the pooled vectors of a
    sentence and of its partner, after the head if the network has one, which then gives vectors.

    Parameters
    ----------
    partner : {"itself", "neighbour"}, default="itself"
        The same sentence under another dropout mask (Gao et al. 2021); or the one that follows,
        for batches with ``neighbours``.
    temperature : float, default=0.05
        τ, above 0.

    Notes
    -----
    The negatives of a sentence are those of its batch, also where gradients are accumulated or
    processes share a step; but not one of the same words, such as the sentence itself, which is the
    partner of the one before it.

    References
    ----------
    Gao, Yao and Chen 2021, SimCSE: Simple Contrastive Learning of Sentence Embeddings, EMNLP.
    van den Oord, Li and Vinyals 2018, Representation Learning with Contrastive Predictive Coding,
    arXiv 1807.03748.
    """

    partner: str = "itself"
    temperature: float = 0.05

    def __post_init__(self) -> None:
        check_choice("partner", "Contrastive", self.partner, ("itself", "neighbour"))
        check_number("temperature", "Contrastive", self.temperature, 0.0, above=True)

    def prepare(self, batch: Batch) -> Batch:
        """Put the partners of sentences behind them."""
        if self.partner == "neighbour":
            n, odd = divmod(len(batch.tokens), 2)
            if odd:
                raise UsageError("Neighbouring sentences come in pairs: give neighbours=True.")
            return replace(batch, labels=torch.arange(n))
        return replace(
            batch,
            tokens=batch.tokens.repeat(2, 1),
            lengths=batch.lengths.repeat(2),
            labels=torch.arange(len(batch.tokens)),
        )

    def loss(self, network: Network, batch: Batch, state: Any = None) -> Loss:
        """Return the loss of a batch that was prepared."""
        vectors = network.vectors(batch.tokens, batch.lengths)
        if network.head is not None:
            vectors = network.head(vectors)
        first, second = F.normalize(vectors.float(), dim=1).chunk(2)
        labels = labels_of(batch)
        similarities = first @ second.T / self.temperature
        similarities = similarities.masked_fill(_same(batch), -torch.inf)
        total = F.cross_entropy(similarities, labels, reduction="sum")
        correct = None if network.training else (similarities.argmax(1) == labels).sum()
        return Loss(total, len(labels), correct, state)

    def metrics(self, loss: float, accuracy: float) -> dict[str, float]:
        """Return the share of sentences that are nearest to their partner."""
        return {"accuracy": accuracy}


def _same(batch: Batch) -> Tensor:
    """Return which others' partners have the words of a sentence, shape (n, n), bool."""
    tokens, others = batch.tokens.chunk(2)
    lengths, other_lengths = batch.lengths.to(tokens.device).chunk(2)
    real = torch.arange(tokens.shape[1], device=tokens.device) < lengths[:, None]
    equal = (tokens[:, None] == others) | ~real[:, None]
    same = equal.all(2) & (lengths[:, None] == other_lengths)
    return same.fill_diagonal_(False)
