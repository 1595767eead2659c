"""Averages of the weights over the steps of a training."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

__all__ = ["WeightAverage"]


class WeightAverage:
    """An average of weights, which is evaluated in their place.

    Parameters
    ----------
    weights : mapping of str to Tensor
        What is trained.
    kind : {"exponential", "mean"}
        a ← decay · a + (1 − decay) · w after each step; or the mean of w after all steps (Polyak
        and Juditsky 1992; of the last part of a training: Izmailov et al. 2018).
    decay : float
        For ``exponential``.

    References
    ----------
    Polyak and Juditsky 1992, Acceleration of Stochastic Approximation by Averaging, SIAM Journal on
    Control and Optimization 30(4).
    Izmailov, Podoprikhin, Garipov, Vetrov and Wilson 2018, Averaging Weights Leads to Wider Optima
    and Better Generalization, UAI.
    """

    def __init__(self, weights: Mapping[str, Tensor], kind: str, decay: float) -> None:
        self._weights = [weight.detach() for weight in weights.values()]
        self._averages = [weight.clone() for weight in self._weights]
        self._steps = torch.zeros(1, dtype=torch.int64)
        self._kind, self._decay = kind, decay
        self._names = list(weights)

    def tensors(self) -> dict[str, Tensor]:
        """Return what changes, by name."""
        named = dict(zip(self._names, self._averages, strict=True))
        return {**named, "steps": self._steps}

    @torch.no_grad()
    def update(self) -> None:
        """Take the weights in, as they are after a step."""
        self._steps += 1
        steps = int(self._steps)
        share = 1.0 / steps if self._kind == "mean" else 1.0 - self._decay
        if steps == 1:
            share = 1.0  # the first weights are the average, not what they were before
        torch._foreach_lerp_(self._averages, self._weights, share)

    @contextlib.contextmanager
    def in_place(self) -> Iterator[None]:
        """Put the average into the weights inside the block, if there is one yet."""
        if not int(self._steps):
            yield
            return
        kept = [weight.clone() for weight in self._weights]
        torch._foreach_copy_(self._weights, self._averages)
        try:
            yield
        finally:
            torch._foreach_copy_(self._weights, kept)

    def settle(self) -> None:
        """Put the average into the weights for good, if there is one yet."""
        if int(self._steps):
            torch._foreach_copy_(self._weights, self._averages)
