"""One vector for a text, from those of its tokens."""

from __future__ import annotations

import torch
from torch import Tensor

from textrep.checks import check_choice
from textrep.errors import InvalidParameterError
from textrep.nn.encoder import Encoded
from textrep.nn.padding import real_positions

__all__ = ["POOLINGS", "pool", "pool_texts"]

POOLINGS = ("mean", "max", "last", "first", "weighted")
"""Of states. The vectors of texts may also be those that an encoder has of itself: "cls"."""


def pool(states: Tensor, lengths: Tensor, pooling: str, weights: Tensor | None = None) -> Tensor:
    """Return one vector for each text of a batch, from its real positions alone.

    Parameters
    ----------
    states : Tensor of shape (batch, time, width)
        What stands at padded positions must be finite and does not matter.
    lengths : Tensor of shape (batch,), int64
        Tokens of each text, from 0 to ``time``.
    pooling : {"mean", "max", "last", "first", "weighted"}
        The mean; the largest of each number; the vector of the last token, as for a recurrent
        encoder that reads forwards; of the first, as for a [CLS] token; or Σ w_t h_t / Σ w_t.
    weights : Tensor of shape (batch, time), optional
        w of "weighted", not negative: those of SIF, say. Refused with any other pooling.

    Returns
    -------
    Tensor of shape (batch, width)
        Zeros for an empty text, and for one whose weights are all 0.

    Raises
    ------
    UnknownNameError
        No pooling has such a name.
    InvalidParameterError
        Weights are missing, or there are some where none are needed.
    """
    check_choice("pooling", "pool", pooling, POOLINGS)
    if (weights is None) == (pooling == "weighted"):
        given = None if weights is None else "weights"
        rule = 'given with pooling="weighted", and None with any other'
        raise InvalidParameterError("weights", "pool", rule, given)
    lengths = lengths.to(states.device)
    if pooling == "max":
        padded = ~real_positions(lengths, states.shape[1]).unsqueeze(-1)
        largest = states.masked_fill(padded, -torch.inf).amax(1)
        return largest.masked_fill((lengths == 0).unsqueeze(1), 0.0)
    if pooling in ("first", "last"):
        places = torch.zeros_like(lengths) if pooling == "first" else (lengths - 1).clamp(min=0)
        chosen = states[torch.arange(len(states), device=states.device), places]
        return chosen.masked_fill((lengths == 0).unsqueeze(1), 0.0)
    shares = real_positions(lengths, states.shape[1]).to(states.dtype)
    if weights is not None:
        shares = shares * weights
    totals = shares.sum(1, keepdim=True)
    shares = shares / torch.where(totals > 0, totals, 1.0)
    return (shares.unsqueeze(1) @ states).squeeze(1)


def pool_texts(
    encoded: Encoded,
    lengths: Tensor,
    pooling: str,
    layer: int = -1,
    weights: Tensor | None = None,
) -> Tensor:
    """Return one vector for each text of a batch that was encoded.

    Parameters
    ----------
    encoded : Encoded
        What the encoder made of the batch.
    lengths : Tensor of shape (batch,), int64
        Tokens of each text.
    pooling : {"mean", "max", "last", "first", "weighted", "cls"}
        As for `pool`; or the state of the learned vector that stands before the text.
    layer : int, default=-1
        Of which layer they are: 0 the embeddings, -1 the output.
    weights : Tensor of shape (batch, time), optional
        As for `pool`.

    Returns
    -------
    Tensor of shape (batch, width of the layer)

    Raises
    ------
    UnknownNameError
        No pooling has such a name.
    InvalidParameterError
        Weights are missing or needless, or the encoder has no such vector.
    """
    if pooling != "cls":
        return pool(encoded.layers[layer], lengths, pooling, weights)
    if encoded.cls is None:
        rule = "another: the encoder was made without a learned vector before each text"
        raise InvalidParameterError("pooling", "pool_texts", rule, pooling)
    return encoded.cls[layer]
