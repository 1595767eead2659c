"""How well a network predicts what it is not trained on."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from textrep.errors import UsageError
from textrep.optim.network import Network

__all__ = ["losses_of"]


@torch.no_grad()
def losses_of(network: Network, stream: NDArray[np.integer[Any]], bptt: int) -> NDArray[np.float64]:
    """Return −log p of each token of a text after the first, in nats.

    Parameters
    ----------
    network : Network
        A language model, as it is to be used.
    stream : ndarray of shape (n_tokens,), int
        At least two.
    bptt : int
        Tokens that are read at once; the state goes on, where the encoder has one.

    Returns
    -------
    ndarray of shape (n_tokens - 1,), float64

    Raises
    ------
    UsageError
        The network has no head.
    """
    if network.head is None:
        raise UsageError("A network without a head predicts no words: give head.")
    tokens = torch.from_numpy(stream.astype(np.int64)).to(next(network.parameters()).device)
    losses = np.empty(len(tokens) - 1)
    state = None
    for begin in range(0, len(losses), bptt):
        targets = tokens[begin + 1 : begin + 1 + bptt]
        lengths = torch.tensor([len(targets)])
        encoded = network(tokens[None, begin : begin + len(targets)], lengths, state)
        state = encoded.state
        found = network.head.losses(encoded.layers[-1][0], targets)
        losses[begin : begin + len(targets)] = found.double().cpu().numpy()
    return losses
