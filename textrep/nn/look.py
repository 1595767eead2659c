"""What a transformer attends to, as an array to look at."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from textrep.nn.transformer import TransformerEncoder

__all__ = ["attention_of"]


def attention_of(encoder: TransformerEncoder, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return how much each token of a text takes from each.

    Parameters
    ----------
    encoder : TransformerEncoder
        Nothing is dropped out, whatever its mode.
    tokens : ndarray of shape (time,), int64
        At least one.

    Returns
    -------
    ndarray of shape (layers, heads, time, time), float32
        Each row sums to 1: the token that attends, then the one that it attends to.
    """
    device = next(encoder.parameters()).device
    batch = torch.as_tensor(tokens[None], device=device)
    training = encoder.training
    encoder.eval()
    try:
        with torch.no_grad():
            layers = encoder.attention(batch, torch.tensor([len(tokens)]))
    finally:
        encoder.train(training)
    weights: NDArray[np.float32] = torch.cat(layers).float().cpu().numpy()
    return weights
