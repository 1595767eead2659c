"""What keeps weights small, and inputs uncertain."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from textrep.checks import check_number

__all__ = ["InputNoise", "add_l1"]


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


class InputNoise(nn.Module):
    """Adds noise from a normal distribution to its input while training.

    Parameters
    ----------
    deviation : float
        Standard deviation, 0 or more.

    References
    ----------
    Bishop 1995, Training with Noise is Equivalent to Tikhonov Regularization, Neural Computation
    7(1).
    """

    def __init__(self, deviation: float) -> None:
        super().__init__()
        check_number("deviation", "InputNoise", deviation, 0.0)
        self.deviation = deviation

    def forward(self, inputs: Tensor) -> Tensor:
        """Return the inputs, of any shape, with noise."""
        if not self.training or not self.deviation:
            return inputs
        return inputs + self.deviation * torch.randn_like(inputs)
