"""The loss of a softmax over many classes, and its gradient, in one pass over the scores."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable

from textrep.nn.linear import product

__all__ = ["cross_entropy"]

_SCORES_AT_ONCE = 2**21  # 8 MiB of them: they stay in a cache from the product to the gradient


def cross_entropy(
    states: Tensor, weight: Tensor, bias: Tensor | None, targets: Tensor, smoothing: float = 0.0
) -> Tensor:
    """Return −log softmax(W h + b) of the true classes.

    With p = softmax(W h + b), and y the true class as a vector of 0 and 1, the gradient of a loss
    with respect to the scores is p − y. It is left where the scores were: a matrix of n × n_classes
    is written once, and read once for each of the products that need it.

    Parameters
    ----------
    states : Tensor of shape (n, width)
        h.
    weight : Tensor of shape (n_classes, width)
        W.
    bias : Tensor of shape (n_classes,) or None
        b.
    targets : Tensor of shape (n,), int64
        The true classes.
    smoothing : float, default=0.0
        Share of y that all classes have in equal parts.

    Returns
    -------
    Tensor of shape (n,)
        In nats.
    """
    if torch.is_autocast_enabled(states.device.type):
        low = torch.get_autocast_dtype(states.device.type)
        states, weight = states.to(low), weight.to(low)
        bias = None if bias is None else bias.to(low)
    with torch.autocast(states.device.type, enabled=False):
        losses: Tensor = _CrossEntropy.apply(states, weight, bias, targets, smoothing)
    return losses


class _CrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: FunctionCtx,
        states: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        targets: Tensor,
        smoothing: float,
    ) -> Tensor:
        n, n_classes = len(states), len(weight)
        precise = states.dtype if states.dtype == torch.float64 else torch.float32
        losses = states.new_empty(n, dtype=precise)
        errors = states.new_empty(n, n_classes) if any(ctx.needs_input_grad) else None
        at_once = max(1, _SCORES_AT_ONCE // n_classes)
        for first in range(0, n, at_once):
            rows = slice(first, first + at_once)
            wanted = targets[rows, None]
            scores = product(states[rows], weight, bias).to(precise)
            true = scores.gather(1, wanted).squeeze(1)
            if smoothing:
                true = (1 - smoothing) * true + smoothing * scores.mean(1)
            peak = scores.amax(1)
            place = scores if errors is None or errors.dtype != precise else errors[rows]
            chances = torch.softmax(scores, 1, out=place)
            # The largest probability is e to the largest score, over what all are divided by.
            losses[rows] = peak - chances.amax(1).log() - true
            if errors is not None:
                chances.scatter_add_(1, wanted, chances.new_full(wanted.shape, smoothing - 1))
                if smoothing:
                    chances.sub_(smoothing / n_classes)
                if place is scores:
                    errors[rows] = chances
        ctx.save_for_backward(states, weight, errors)
        return losses

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        states, weight, errors = ctx.saved_tensors
        of_states = of_weight = of_bias = None
        gradient = gradient.to(states.dtype)
        if ctx.needs_input_grad[0]:
            of_states = product(errors, weight.t()).mul_(gradient[:, None])
        if ctx.needs_input_grad[1]:
            scaled = states * gradient[:, None]
            of_weight = product(scaled.t(), errors.t()).t()
        if ctx.needs_input_grad[2]:
            of_bias = gradient @ errors
        return of_states, of_weight, of_bias, None, None
