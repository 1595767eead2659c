"""Dropout of states, and of the weights of fused layers."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

__all__ = ["SequenceDropout", "call_with_dropped_weights"]


class SequenceDropout(nn.Module):
    """Dropout of states of shape (batch, time, width).

    Parameters
    ----------
    rate : float
        Share of the numbers that become 0 in training; the others are divided by 1 - rate.
    variational : bool, default=False
        Whether a sequence loses the same numbers at all its positions.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, Dropout: A Simple Way to
    Prevent Neural Networks from Overfitting, JMLR 15.
    Gal and Ghahramani 2016, A Theoretically Grounded Application of Dropout in Recurrent Neural
    Networks, NIPS.
    """

    def __init__(self, rate: float, *, variational: bool = False) -> None:
        super().__init__()
        self.rate = rate
        self.variational = variational

    def forward(self, states: Tensor) -> Tensor:
        """Return the states, in training with some numbers at 0."""
        if not self.training or not self.rate:
            return states
        if not self.variational:
            return functional.dropout(states, self.rate)
        return states * functional.dropout(states.new_ones(states[:, :1].shape), self.rate)


def call_with_dropped_weights(module: nn.Module, prefix: str, rate: float, *given: object) -> Any:
    """Call a module with some of its weights at 0, drawn anew for this call.

    Parameters
    ----------
    module : Module
        A fused layer, whose inner states dropout cannot reach.
    prefix : str
        What the names of the weights begin with.
    rate : float
        Share of these weights that become 0; the others are divided by 1 - rate.
    *given : object
        What the module is called with.

    Returns
    -------
    Any
        What the module returns.

    References
    ----------
    Wan, Zeiler, Zhang, LeCun and Fergus 2013, Regularization of Neural Networks using DropConnect,
    ICML.
    """
    dropped = {
        name: functional.dropout(weight, rate)
        for name, weight in module.named_parameters()
        if name.startswith(prefix)
    }
    return functional_call(module, dropped, given)
