"""How well a network predicts what it is not trained on."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from textrep.errors import UsageError
from textrep.optim.network import Network

__all__ = ["mean_loss"]


@torch.no_grad()
def mean_loss(network: Network, stream: NDArray[np.integer[Any]], bptt: int) -> float:
    """Return the mean of −log p of each token of a text after the first, in nats.

    Parameters
    ----------
    network : Network
        A language model, as it is to be used.
    stream : ndarray of shape (n_tokens,), int
        At least two.
    bptt : int
        Tokens that are read at once; the state goes on, where the encoder has one.

    Raises
    ------
    UsageError
        The network has no head.
    """
    if network.head is None:
        raise UsageError("A network without a head predicts no words: give head.")
    tokens = torch.from_numpy(stream.astype(np.int64)).to(next(network.parameters()).device)
    total, state = 0.0, None
    for begin in range(0, len(tokens) - 1, bptt):
        targets = tokens[begin + 1 : begin + 1 + bptt]
        lengths = torch.tensor([len(targets)])
        encoded = network(tokens[None, begin : begin + len(targets)], lengths, state)
        state = encoded.state
        chances = network.head(encoded.layers[-1][0]).double()
        total -= float(chances.gather(1, targets[:, None]).sum())
    return total / (len(tokens) - 1)
