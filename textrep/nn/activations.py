"""Activations by name."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from textrep.checks import check_choice

__all__ = ["ACTIVATIONS", "activation"]

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": functional.relu,
    "leaky-relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "softplus": functional.softplus,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}
"""Functions of each number of a tensor; all are torch's, with its default slopes."""


def activation(name: str, caller: str) -> Callable[[Tensor], Tensor]:
    """Return the activation of that name.

    Parameters
    ----------
    name : str
        A key of `ACTIVATIONS`.
    caller : str
        Class that has the parameter.

    Raises
    ------
    UnknownNameError
        No activation has such a name.
    """
    check_choice("activation", caller, name, ACTIVATIONS)
    return ACTIVATIONS[name]
