"""Vectors of words from the states that an encoder has for them in context."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from textrep.nn.encode import BATCH_TOKENS, encode_batches
from textrep.nn.encoder import Encoder
from textrep.nn.padding import real_positions

__all__ = ["add_states"]


def add_states(
    encoder: Encoder,
    tokens: NDArray[np.integer],
    offsets: NDArray[np.int64],
    chosen: NDArray[np.bool_],
    sums: NDArray[np.float32],
    n_added: NDArray[np.int64],
    *,
    batch_tokens: int = BATCH_TOKENS,
) -> None:
    """Add the output of chosen tokens to the sums of their words.

    Parameters
    ----------
    encoder : Encoder
        On its device.
    tokens : int array of shape (n_tokens,)
        The texts' tokens, one text after the other.
    offsets : int64 array of shape (n_texts + 1,)
        Where each begins.
    chosen : bool array of shape (n_tokens,)
        Which tokens are added.
    sums : ndarray of shape (n_words, width), float32
        Changed.
    n_added : ndarray of shape (n_words,), int64
        How many tokens were added to each sum. Changed.
    batch_tokens : int, default=4096
        Most positions of a batch, from 1 up. A longer text makes a batch of its own.
    """
    totals = torch.from_numpy(sums)
    for batch in encode_batches(encoder, tokens, offsets, batch_tokens=batch_tokens):
        output = batch.encoded.output
        taken = real_positions(batch.lengths, output.shape[1]).numpy() & chosen[batch.places]
        words = tokens[batch.places[taken]].astype(np.int64)
        states = output[torch.from_numpy(taken).to(output.device)].float().cpu()
        totals.index_add_(0, torch.from_numpy(words), states)
        n_added += np.bincount(words, minlength=len(n_added))
