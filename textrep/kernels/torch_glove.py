"""GloVe on a torch device: weighted least squares on log counts by AdaGrad, a batch at a time.

For each entry X_ij, gradient descent lowers f(X_ij) · (w_i · c_j + b_i + b_j - log X_ij)² / 2
(Pennington, Socher and Manning 2014, GloVe: Global Vectors for Word Representation, EMNLP,
equation 8). The row of a word is (w_i, b_i, 1), that of a context (c_j, 1, b_j), so that their
product is all but the logarithm; the ones have a factor of 0 and stay.
"""

from __future__ import annotations

import torch
from torch import Tensor

from textrep.kernels.torch_rows import add_rows, gather_rows

__all__ = ["train_batch"]


def train_batch(
    rows: Tensor,
    sums: Tensor,
    places: Tensor,
    logs: Tensor,
    weights: Tensor,
    factors: Tensor,
    clip: float,
    ahead: float,
    scale: float,
    start: float,
) -> Tensor:
    """Take one step on a batch of entries, with the gradients at its start.

    With s the clipped gradient of an entry times its factor, and S the sum of the squares before, a
    number of a row moves by scale · s / √(S + ahead · s² + Σ t²), with t those of the other entries
    of the batch that have the same row; all s² are added to S. For one entry at a time that is the
    step of :func:`textrep.kernels.glove.train_tiles`. Without the others' squares, the many entries
    that a frequent word has in the first batches would move it many times too far.

    Parameters
    ----------
    rows : Tensor of shape (n_rows, dim + 2), float32
        Vectors and biases. Changed.
    sums : Tensor of the same shape, float32
        S of each number. Changed.
    places : Tensor of shape (2, n_entries), int64
        The rows of the word and of the context of each entry.
    logs, weights : Tensors of shape (n_entries,), float32
        Logarithm of each entry, and f of it.
    factors : Tensor of shape (2, 1, dim + 2), float32
        What gradients of words and of contexts are multiplied by once they are clipped.
    clip : float
        Larger components of a gradient are set to it.
    ahead, scale, start : float
        How AdaGrad steps, and where S began; see :class:`textrep.sgd.glove.AdaGrad`.

    Returns
    -------
    Tensor of shape (), float64
        Σ f(X) · error² / 2, before the step.
    """
    own = gather_rows(rows, places)
    errors = (own[0] * own[1]).sum(-1) - logs
    slopes = weights * errors
    steps = (slopes.unsqueeze(-1) * own.flip(0)).clamp_(-clip, clip).mul_(factors)
    squares = steps.square()
    add_rows(sums, places, squares, 1.0)
    roots = gather_rows(sums, places).sub_(squares, alpha=1.0 - ahead).clamp_(min=start).sqrt_()
    add_rows(rows, places, steps.div_(roots), -scale)
    return (slopes * errors).sum(dtype=torch.float64) / 2
