"""What keeps weights small."""

from __future__ import annotations

from collections.abc import Iterable

from torch import nn

__all__ = ["add_l1"]


def add_l1(weights: Iterable[nn.Parameter], strength: float) -> None:
    """Add the gradient of λ · Σ|w| to those of the matrices among the weights.

    Parameters
    ----------
    weights : iterable of Parameter
        Those without a gradient are left alone.
    strength : float
        λ, per step as the mean loss of an example is.
    """
    for weight in weights:
        if weight.grad is not None and weight.ndim > 1:
            weight.grad.add_(weight.detach().sign(), alpha=strength)
