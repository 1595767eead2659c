"""Networks whose weights are drawn from a seed, or come from arrays and go there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from textrep.optim.stepper import seed_torch

__all__ = ["drawn_from", "load_weights", "sizes_of", "weightless", "weights_of"]


@contextlib.contextmanager
def drawn_from(seed: int) -> Iterator[None]:
    """Let random numbers of the block depend on a seed alone, and leave those after it as they are.

    Parameters
    ----------
    seed : int
        0 or more.
    """
    with torch.random.fork_rng([]):
        seed_torch(seed)
        yield


@contextlib.contextmanager
def weightless() -> Iterator[None]:
    """Let networks that are made in the block have sizes and no weights: they take no memory."""
    with torch.device("meta"):
        yield


def sizes_of(network: nn.Module) -> dict[str, tuple[int, ...]]:
    """Return the shape of everything that a network keeps, by name."""
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}


def weights_of(network: nn.Module) -> dict[str, NDArray[Any]]:
    """Return everything that a network keeps, by name; of one on the CPU not copied."""
    return {name: tensor.detach().cpu().numpy() for name, tensor in network.state_dict().items()}


def load_weights(network: nn.Module, weights: Mapping[str, NDArray[Any]]) -> None:
    """Copy arrays of the names and shapes of :func:`sizes_of` into a network."""
    network.load_state_dict({name: torch.from_numpy(np.array(w)) for name, w in weights.items()})
