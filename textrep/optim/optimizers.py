"""Optimizers by name, and the momentum schedule of Sutskever et al."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["OPTIMIZERS", "MaxProp", "make_optimizer", "set_rate", "sutskever_momentum"]


class MaxProp(torch.optim.Optimizer):
    """RMSprop with the largest of the recent gradients in place of their mean square.

    v ← max(β · v, |g|); w ← w − η · g / (v + ε). It is Adamax without momentum, so without a
    correction of its bias: v is not pulled towards the zero that it begins with.

    Parameters
    ----------
    params : iterable
        As for every optimizer of torch.
    lr : float, default=0.001
        η.
    beta : float, default=0.999
        β, from 0, below 1.
    eps : float, default=1e-8
        ε.
    weight_decay : float, default=0.0
        λ of the gradient λ · w that is added to g.

    References
    ----------
    Kingma and Ba 2015, Adam: A Method for Stochastic Optimization, ICLR, section 7.1, for the
    maximum norm. The rule without momentum, and its name, are those of the lecture "MaxProp and
    Adamax" in the deep learning course of IIT Madras; there is no paper of its own.
    """

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        *,
        beta: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "beta": beta, "eps": eps, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Take a step; see torch's optimizers."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._step(weight, group)
        return loss

    def _step(self, weight: Tensor, group: dict[str, Any]) -> None:
        state = self.state[weight]
        if not state:
            state["norm"] = torch.zeros_like(weight)
        gradient, norm = weight.grad, state["norm"]
        if group["weight_decay"]:
            gradient = gradient.add(weight, alpha=group["weight_decay"])
        torch.maximum(norm.mul_(group["beta"]), gradient.abs(), out=norm)
        weight.addcdiv_(gradient, norm + group["eps"], value=-group["lr"])


Maker = Callable[[Any, float, float], Any]

OPTIMIZERS: dict[str, Maker] = {
    "sgd": lambda weights, lr, _m: torch.optim.SGD(weights, lr, fused=True),
    "momentum": lambda weights, lr, m: torch.optim.SGD(weights, lr, m, fused=True),
    "nesterov": lambda weights, lr, m: torch.optim.SGD(weights, lr, m, nesterov=m > 0, fused=True),
    "adagrad": lambda weights, lr, _m: torch.optim.Adagrad(weights, lr),
    "rmsprop": lambda weights, lr, _m: torch.optim.RMSprop(weights, lr),
    "adadelta": lambda weights, lr, _m: torch.optim.Adadelta(weights, lr),
    "adam": lambda weights, lr, m: torch.optim.Adam(weights, lr, (m, 0.999), fused=True),
    "adamw": lambda weights, lr, m: torch.optim.AdamW(weights, lr, (m, 0.999), fused=True),
    "adamax": lambda weights, lr, m: torch.optim.Adamax(weights, lr, (m, 0.999)),
    "nadam": lambda weights, lr, m: torch.optim.NAdam(weights, lr, (m, 0.999)),
    "maxprop": lambda weights, lr, _m: MaxProp(weights, lr),
}
"""What makes each optimizer out of groups of weights, a learning rate, and a momentum, which is β₁
of Adam and its kind. All but MaxProp are torch's."""

_FIRST = {"mu_product": 1.0}  # what a state begins with where it is not 0


def make_optimizer(
    name: str,
    weights: Iterable[nn.Parameter],
    learning_rate: float,
    *,
    momentum: float = 0.9,
    weight_decay: float = 0.0,
) -> Any:
    """Return an optimizer whose state is all there before its first step.

    Parameters
    ----------
    name : str
        A key of ``OPTIMIZERS``.
    weights : iterable of Parameter
        What is trained. Only matrices decay, not biases and the like.
    learning_rate : float
        The first.
    momentum : float, default=0.9
        For those that have it.
    weight_decay : float, default=0.0
        λ: for ``adamw`` the weights lose the share λ · rate in each step, for the others λ · w is
        added to the gradient (L2).

    Returns
    -------
    torch.optim.Optimizer
    """
    trained = list(weights)
    matrices = [weight for weight in trained if weight.ndim > 1]
    others = [weight for weight in trained if weight.ndim <= 1]
    groups = [
        {"params": group, "weight_decay": decay}
        for group, decay in ((matrices, weight_decay), (others, 0.0))
        if group
    ]
    optimizer = OPTIMIZERS[name](groups, learning_rate, momentum)
    _begin(optimizer)
    return optimizer


def _begin(optimizer: Any) -> None:
    """Make the state that torch would make at the first step, so that it can be filled in."""
    rates = [group["lr"] for group in optimizer.param_groups]
    for group in optimizer.param_groups:
        group["lr"] = 0.0
        for weight in group["params"]:
            weight.grad = torch.zeros_like(weight)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    for state in optimizer.state.values():
        for key, value in state.items():
            if isinstance(value, Tensor):
                value.fill_(_FIRST.get(key, 0.0))
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate


def set_rate(optimizer: Any, rate: float, momentum: float | None = None) -> None:
    """Set the learning rate of the next step, and its momentum if one is given."""
    for group in optimizer.param_groups:
        group["lr"] = rate
        if momentum is not None:
            group["momentum"] = momentum


def sutskever_momentum(step: int, most: float) -> float:
    """Return the momentum of a step: min(1 − 2^(−1 − log₂(⌊t / 250⌋ + 1)), most).

    The power is 1 / (2 · (⌊t / 250⌋ + 1)).

    Parameters
    ----------
    step : int
        t; the first is 0.
    most : float
        Momentum at the end: 0.9 to 0.999 in the paper.

    References
    ----------
    Sutskever, Martens, Dahl and Hinton 2013, On the Importance of Initialization and Momentum in
    Deep Learning, ICML, equation 5.

    Examples
    --------
    >>> [sutskever_momentum(step, 0.99) for step in (0, 250, 750, 10**6)]
    [0.5, 0.75, 0.875, 0.99]
    """
    return min(1.0 - 0.5 / (step // 250 + 1), most)
