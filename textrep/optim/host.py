"""Tensors as arrays that whoever resumes a training can fill in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

__all__ = ["HostArrays"]


class HostArrays:
    """The arrays of tensors, wherever those are.

    Parameters
    ----------
    tensors : mapping of str to Tensor
        Those on the CPU share their memory with the arrays. Of others copies are handed out, which
        :meth:`take_back` returns.
    """

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._tensors = {name: tensor.detach() for name, tensor in tensors.items()}
        self._copies: dict[str, Tensor] = {}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays, by name."""
        self.take_back()
        self._copies = {
            name: tensor.cpu()
            for name, tensor in self._tensors.items()
            if tensor.device.type != "cpu"
        }
        return {name: tensor.numpy() for name, tensor in (self._tensors | self._copies).items()}

    def take_back(self) -> None:
        """Let what was written into the arrays count."""
        with torch.no_grad():
            for name, copy in self._copies.items():
                self._tensors[name].copy_(copy)
        self._copies = {}
