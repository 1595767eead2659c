"""What stands above an encoder that learns from labels."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from textrep.nn import initialise
from textrep.optim.weights import drawn_from

__all__ = ["LabelHead"]


class LabelHead(nn.Module):
    """Scores of labels, W h + b, of which some numbers of h are dropped in training.

    Parameters
    ----------
    width : int
        Numbers of h, the vector of a text or of a word.
    n_labels : int
        Classes or tags.
    dropout : float
        Share of the numbers, from 0 to below 1.
    seed : int
        W is drawn from it.
    """

    def __init__(self, width: int, n_labels: int, dropout: float, seed: int) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        with drawn_from(seed):
            self.linear = nn.Linear(width, n_labels)
            initialise(self.linear, "glorot")

    def forward(self, vectors: Tensor) -> Tensor:
        """Return scores of shape (n, n_labels) for vectors of shape (n, width)."""
        scores: Tensor = self.linear(self.dropout(vectors))
        return scores

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probabilities of the labels, shape (n, n_labels), for vectors (n, width)."""
        with torch.inference_mode():
            scores = self(torch.from_numpy(vectors).to(self.linear.weight.device))
            shares: NDArray[np.float64] = scores.double().softmax(1).cpu().numpy()
        return shares
