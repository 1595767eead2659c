"""Vectors of many texts, in batches without needless padding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from textrep.checks import check_integer
from textrep.errors import InvalidParameterError
from textrep.nn.encoder import Encoded, Encoder
from textrep.nn.padding import real_positions
from textrep.nn.pooling import pool_texts

__all__ = [
    "BATCH_TOKENS",
    "EncodedBatch",
    "encode_batches",
    "encode_texts",
    "encode_tokens",
    "sorted_batches",
]

BATCH_TOKENS = 4096


class EncodedBatch(NamedTuple):
    """Some of the texts, encoded.

    Attributes
    ----------
    rows : ndarray of shape (batch,), int64
        Which texts they are.
    places : ndarray of shape (batch, time), int64
        Where each token stands in the array of all; at padding that of another.
    lengths : Tensor of shape (batch,), int64
        Tokens of each text.
    encoded : Encoded
        What the encoder made of them.
    """

    rows: NDArray[np.int64]
    places: NDArray[np.int64]
    lengths: Tensor
    encoded: Encoded


def sorted_batches(lengths: NDArray[np.int64], batch_tokens: int) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of batches of texts of about one length, the longest first.

    Parameters
    ----------
    lengths : ndarray of shape (n_texts,), int64
        Tokens of each text.
    batch_tokens : int
        Most positions of a batch, padding included; a text that is longer makes one of its own.

    Yields
    ------
    ndarray of shape (batch,), int64

    Examples
    --------
    >>> [rows.tolist() for rows in sorted_batches(np.array([2, 9, 3, 2, 3]), 6)]
    [[1], [2, 4], [0, 3]]
    """
    order = np.argsort(-lengths, kind="stable")
    first = 0
    while first < len(order):
        most = max(1, batch_tokens // max(1, int(lengths[order[first]])))
        yield order[first : first + most]
        first += most


def encode_batches(
    encoder: Encoder,
    tokens: NDArray[np.integer],
    offsets: NDArray[np.int64],
    *,
    batch_tokens: int = BATCH_TOKENS,
) -> Iterator[EncodedBatch]:
    """Yield all texts, encoded without dropout and gradients; the longest come first.

    Parameters
    ----------
    encoder : Encoder
        On its device.
    tokens : int array of shape (n_tokens,)
        The texts' tokens, one text after the other.
    offsets : int64 array of shape (n_texts + 1,)
        Where each begins.
    batch_tokens : int, default=4096
        Most positions of a batch, from 1 up. A longer text makes a batch of its own.

    Yields
    ------
    EncodedBatch
    """
    check_integer("batch_tokens", "encode_batches", batch_tokens, 1)
    device = encoder.embedding.weight.device
    sizes = np.diff(offsets)
    training = encoder.training
    encoder.eval()
    try:
        for rows in sorted_batches(sizes, batch_tokens):
            lengths = sizes[rows]
            time = max(1, int(lengths[0]))
            places = offsets[rows, None] + np.arange(time)
            np.minimum(places, len(tokens) - 1, out=places)
            batch = tokens[places] if len(tokens) else np.zeros_like(places)
            padded = torch.from_numpy(batch.astype(np.int64)).to(device)
            with torch.inference_mode():
                encoded = encoder(padded, torch.from_numpy(lengths))
            yield EncodedBatch(rows, places, torch.from_numpy(lengths), encoded)
    finally:
        encoder.train(training)


def encode_texts(
    encoder: Encoder,
    tokens: NDArray[np.integer],
    offsets: NDArray[np.int64],
    *,
    pooling: str | None = None,
    layer: int = -1,
    weights: NDArray[np.floating] | None = None,
    batch_tokens: int = BATCH_TOKENS,
) -> NDArray[np.float32]:
    """Return a vector for each text.

    Parameters
    ----------
    encoder, tokens, offsets, batch_tokens :
        As for `encode_batches`.
    pooling : {"mean", "max", "last", "first", "weighted", "cls"}, optional
        How the vectors of tokens become one; default: the encoder's own.
    layer : int, default=-1
        Of which layer they are: 0 the embeddings, -1 the output.
    weights : array of shape (n_tokens,), optional
        Weight of each token, for "weighted".

    Returns
    -------
    ndarray of shape (n_texts, width of the layer), float32
        Zeros for a text without tokens.
    """
    if weights is not None and weights.shape != tokens.shape:
        rule = f"one for each of {len(tokens)} tokens"
        raise InvalidParameterError("weights", "encode_texts", rule, weights.shape)
    width = _width_of(encoder, layer, "encode_texts")
    vectors = np.empty((len(offsets) - 1, width), np.float32)
    for batch in encode_batches(encoder, tokens, offsets, batch_tokens=batch_tokens):
        of_tokens = None
        if weights is not None:
            of_tokens = torch.from_numpy(weights[batch.places]).to(batch.encoded.layers[layer])
        pooled = pool_texts(
            batch.encoded, batch.lengths, pooling or encoder.pooling, layer, of_tokens
        )
        vectors[batch.rows] = pooled.float().cpu().numpy()  # NumPy has no bfloat16
    return vectors


def encode_tokens(
    encoder: Encoder,
    tokens: NDArray[np.integer],
    offsets: NDArray[np.int64],
    *,
    layer: int = -1,
    batch_tokens: int = BATCH_TOKENS,
) -> NDArray[np.float32]:
    """Return a vector for each token, from the text that it is in.

    Parameters
    ----------
    encoder, tokens, offsets, batch_tokens :
        As for `encode_batches`. Every token is in a text: the first begins at 0, the last ends at
        ``n_tokens``.
    layer : int, default=-1
        Of which layer they are: 0 the embeddings, -1 the output.

    Returns
    -------
    ndarray of shape (n_tokens, width of the layer), float32
    """
    vectors = np.empty((len(tokens), _width_of(encoder, layer, "encode_tokens")), np.float32)
    for batch in encode_batches(encoder, tokens, offsets, batch_tokens=batch_tokens):
        states = batch.encoded.layers[layer]
        real = real_positions(batch.lengths, states.shape[1])
        vectors[batch.places[real.numpy()]] = states[real.to(states.device)].float().cpu().numpy()
    return vectors


def _width_of(encoder: Encoder, layer: int, caller: str) -> int:
    """Return the numbers of a vector of a layer, if there is such a layer."""
    widths = encoder.widths
    if not -len(widths) <= layer < len(widths):
        rule = f"from {-len(widths)} to {len(widths) - 1}, the layers of the encoder"
        raise InvalidParameterError("layer", caller, rule, layer)
    return widths[layer]
