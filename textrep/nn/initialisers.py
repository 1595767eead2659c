"""Initial weights by name."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from textrep.checks import check_choice, check_number
from textrep.nn.embeddings import Embedding
from textrep.nn.fused import FusedLinear

__all__ = ["INITIALISERS", "initialise"]

Initialiser = Callable[[Tensor, float, torch.Generator | None], Tensor]

_SMALL = 0.1  # Zaremba, Sutskever and Vinyals 2014 take .1, .05 and .04 for their three sizes


def _glorot(matrix: Tensor, scale: float, generator: torch.Generator | None) -> Tensor:
    return nn.init.xavier_uniform_(matrix, scale, generator=generator)


def _he(matrix: Tensor, scale: float, generator: torch.Generator | None) -> Tensor:
    return nn.init.normal_(
        matrix, std=scale * math.sqrt(2 / matrix[0].numel()), generator=generator
    )


def _lecun(matrix: Tensor, scale: float, generator: torch.Generator | None) -> Tensor:
    return nn.init.normal_(
        matrix, std=scale * math.sqrt(1 / matrix[0].numel()), generator=generator
    )


def _orthogonal(matrix: Tensor, scale: float, generator: torch.Generator | None) -> Tensor:
    return nn.init.orthogonal_(matrix, scale, generator=generator)


def _uniform(matrix: Tensor, scale: float, generator: torch.Generator | None) -> Tensor:
    return nn.init.uniform_(matrix, -scale * _SMALL, scale * _SMALL, generator=generator)


INITIALISERS: dict[str, Initialiser] = {
    "glorot": _glorot,
    "he": _he,
    "lecun": _lecun,
    "orthogonal": _orthogonal,
    "uniform": _uniform,
}
"""What fills a matrix of shape (n_outputs, n_inputs, …), given a scale and a generator."""


def initialise(
    network: nn.Module,
    name: str,
    *,
    scale: float = 1.0,
    generator: torch.Generator | None = None,
) -> None:
    """Draw the weights of a network anew.

    Matrices are drawn as named, n_in and n_out being the numbers of inputs and outputs of the map:

    - glorot: uniform from ±√(6 / (n_in + n_out));
    - he: normal of variance 2 / n_in;
    - lecun: normal of variance 1 / n_in;
    - orthogonal: rows, or columns where there are fewer, that are orthogonal and of length 1;
    - uniform: uniform from ±0.1.

    Matrices that are stacked for speed, the gates of a cell or queries, keys and values, are drawn
    one by one. Biases become 0, but those of the forget gates of LSTMs 1. Vectors of words and
    positions are drawn as `Embedding` says, unless they were given; norms are left alone.

    Parameters
    ----------
    network : Module
        Changed.
    name : {"glorot", "he", "lecun", "orthogonal", "uniform"}
        How.
    scale : float, default=1.0
        Multiplies the numbers of the matrices; above 0.
    generator : torch.Generator, optional
        Where random numbers come from; default: torch's own.

    Raises
    ------
    UnknownNameError
        No initialiser has such a name.
    InvalidParameterError
        The scale is not above 0.

    References
    ----------
    Glorot and Bengio 2010, Understanding the Difficulty of Training Deep Feedforward Neural
    Networks, AISTATS.
    He, Zhang, Ren and Sun 2015, Delving Deep into Rectifiers, ICCV.
    LeCun, Bottou, Orr and Müller 1998, Efficient BackProp.
    Saxe, McClelland and Ganguli 2014, Exact Solutions to the Nonlinear Dynamics of Learning in
    Deep Linear Neural Networks, ICLR.
    Jozefowicz, Zaremba and Sutskever 2015, An Empirical Exploration of Recurrent Network
    Architectures, ICML: biases of forget gates.
    """
    check_choice("name", "initialise", name, INITIALISERS)
    check_number("scale", "initialise", scale, 0.0, above=True)
    fill = INITIALISERS[name]
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, Embedding):
                module.reset(generator)
            elif isinstance(module, nn.Embedding):
                std = 1 / math.sqrt(module.embedding_dim)
                nn.init.normal_(module.weight, std=std, generator=generator)
            elif not isinstance(module, (nn.LayerNorm, nn.BatchNorm1d)):
                for label, parameter in module.named_parameters(recurse=False):
                    if parameter.ndim < 2:
                        _set_bias(module, label, parameter)
                        continue
                    for matrix in _maps(module, parameter):
                        fill(matrix, scale, generator)


def _maps(module: nn.Module, stacked: Tensor) -> tuple[Tensor, ...]:
    """Return the matrices of the linear maps that a parameter stacks."""
    if isinstance(module, nn.RNNBase):
        return tuple(stacked.split(module.hidden_size))
    return tuple(stacked.chunk(module.n_maps if isinstance(module, FusedLinear) else 1))


def _set_bias(module: nn.Module, label: str, bias: Tensor) -> None:
    nn.init.zeros_(bias)
    if isinstance(module, nn.LSTM) and label.startswith("bias_ih"):
        _, forget, _, _ = bias.chunk(4)  # one of two biases: they add up
        nn.init.ones_(forget)
