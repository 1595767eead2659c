"""What trainers on a torch device share: tensors that the host may look at, and full memories."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from textrep.errors import DeviceError

__all__ = ["LentTensors", "explaining_memory", "on_host"]


@contextlib.contextmanager
def explaining_memory(device: torch.device, batch: int, dim: int) -> Iterator[None]:
    """Turn torch's account of a full memory into advice.

    Parameters
    ----------
    device : torch.device
        Where it may be full.
    batch, dim : int
        What was asked for as ``batch_size`` and ``dim``.
    """
    try:
        yield
    except torch.OutOfMemoryError as error:
        advice = f"batch_size={max(32, batch // 4)}" if batch > 32 else "a lower dim"
        raise DeviceError(
            f"The memory of {device} is too small for batch_size={batch} and dim={dim}: try "
            f"{advice}."
        ) from error


def on_host(tensor: Tensor) -> NDArray[np.float32]:
    """Return a copy of a tensor on the host."""
    array: NDArray[np.float32] = tensor.cpu().numpy().copy()
    return array


class LentTensors:
    """Tensors on a device that are lent to the host as arrays, and taken back as these are then.

    Parameters
    ----------
    tensors : mapping of str to Tensor
        Those that training changes, by name. Changed by :meth:`take_back`.
    """

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._tensors = dict(tensors)
        self._lent: dict[str, NDArray[Any]] = {}

    def lend(self) -> dict[str, NDArray[Any]]:
        """Return copies on the host, by name; what is written into them is taken back."""
        self.take_back()
        self._lent = {name: on_host(tensor) for name, tensor in self._tensors.items()}
        return dict(self._lent)

    def take_back(self) -> None:
        """Give the tensors the values of the arrays that were lent last, if there are any."""
        for name, array in self._lent.items():
            self._tensors[name].copy_(torch.from_numpy(array))
        self._lent = {}
