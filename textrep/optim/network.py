"""An encoder with what is put on top of it to train it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from torch import Tensor, nn

from textrep.errors import UsageError

__all__ = ["EncodedLike", "Network"]

Pool = Callable[[Any, Tensor], Tensor]


class EncodedLike(Protocol):
    """What an encoder returns.

    Attributes
    ----------
    layers : sequence of Tensor of shape (batch, time, width)
        The states of each layer; the last are the output.
    state : object
        What the encoder goes on from with the next batch of a stream: a tensor, or nested tuples of
        tensors; None if it carries none.
    """

    @property
    def layers(self) -> Any:
        """The states of each layer."""

    @property
    def state(self) -> Any:
        """What is carried to the next batch."""


class Network(nn.Module):
    """An encoder, a head, and a pooling.

    Parameters
    ----------
    encoder : Module
        ``encoder(tokens, lengths, state)`` returns what :class:`EncodedLike` says.
    head : Module, optional
        From states of shape (n, width) to scores of shape (n, n_classes), log-probabilities up to a
        constant. If it has a method ``losses(states, targets, smoothing)``, training lowers what
        that gives, of shape (n,): a head that need not score all classes has one.
    pool : callable, optional
        From what the encoder returns, and lengths, to vectors of shape (batch, width).
    """

    def __init__(
        self, encoder: nn.Module, head: nn.Module | None = None, pool: Pool | None = None
    ) -> None:
        super().__init__()
        self.encoder, self.head, self.pool = encoder, head, pool

    def forward(self, tokens: Tensor, lengths: Tensor, state: Any = None) -> EncodedLike:
        """Encode; see the encoder."""
        encoded: EncodedLike = self.encoder(tokens, lengths, state)
        return encoded

    def vectors(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """Return the pooled vectors of sequences, of shape (batch, width).

        Raises
        ------
        UsageError
            The network has no pooling.
        """
        if self.pool is None:
            raise UsageError("A network without a pooling has no vectors of texts: give pool.")
        return self.pool(self.encoder(tokens, lengths), lengths.to(tokens.device))
