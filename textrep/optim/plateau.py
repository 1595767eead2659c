"""Halving the learning rate where the held-out loss no longer falls."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

__all__ = ["HalveOnPlateau"]


class HalveOnPlateau:
    """Returns a training to its best epoch, and halves its learning rate, after one that is worse.

    Parameters
    ----------
    tensors : mapping of str to Tensor
        Everything that the training changes. A copy of the best is kept.
    """

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._current = {name: tensor.detach() for name, tensor in tensors.items()}
        self._best = {name: tensor.clone() for name, tensor in self._current.items()}
        self._state = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64)

    @property
    def factor(self) -> float:
        """What the learning rate is multiplied by."""
        return float(self._state[0])

    def tensors(self) -> dict[str, Tensor]:
        """Return what changes, by name: the factor, the lowest loss, the epochs seen; the best."""
        return {**{f"best.{name}": best for name, best in self._best.items()}, "state": self._state}

    def see(self, loss: float) -> bool:
        """Look at the held-out loss of an epoch.

        Returns
        -------
        bool
            Whether it is the lowest; otherwise the tensors are now those of the epoch where it was.
        """
        seen = int(self._state[2])
        self._state[2] += 1
        if not seen or loss < float(self._state[1]):
            self._state[1] = loss
            _copy(self._current, self._best)
            return True
        self._state[0] /= 2
        _copy(self._best, self._current)
        return False


def _copy(source: Mapping[str, Tensor], target: Mapping[str, Tensor]) -> None:
    for name, tensor in target.items():
        tensor.copy_(source[name])
