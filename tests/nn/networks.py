"""Small encoders, and batches for them."""

from __future__ import annotations

import torch

from textrep.nn import (
    ConvEncoder,
    MeanEncoder,
    RecurrentEncoder,
    TransformerEncoder,
    WordEmbedding,
)

N_WORDS, WIDTH = 11, 8
LENGTHS = [5, 7, 1, 4]

ENCODERS = {
    "mean": lambda e: MeanEncoder(e),
    "rnn": lambda e: RecurrentEncoder(e, cell="rnn", units=6),
    "lstm": lambda e: RecurrentEncoder(e, cell="lstm", units=6, layers=2, last_units=4),
    "gru": lambda e: RecurrentEncoder(e, cell="gru", units=6, layers=2, layer_norm=True),
    "bidirectional": lambda e: RecurrentEncoder(e, units=3, layers=2, bidirectional=True),
    "conv": lambda e: ConvEncoder(e, widths=(2, 3), channels=4, layers=2, activation="tanh"),
    "conv-norm": lambda e: ConvEncoder(e, channels=4, norm="layer", causal=True),
    "conv-batch": lambda e: ConvEncoder(e, channels=4, norm="batch", activation="tanh"),
    "rotary": lambda e: TransformerEncoder(e, heads=2, inner=5),
    "sinusoidal": lambda e: TransformerEncoder(
        e, heads=2, inner=5, positions="sinusoidal", norm="post", feed_forward="relu"
    ),
    "cls": lambda e: TransformerEncoder(e, heads=2, inner=5, cls=True),
    "learned": lambda e: TransformerEncoder(
        e, heads=4, positions="learned", longest=9, feed_forward="swiglu", causal=True
    ),
}


def encoder_of(name: str):
    """An encoder by name, in float64 and without dropout."""
    return ENCODERS[name](WordEmbedding(N_WORDS, WIDTH)).double().eval()


def batch_of(lengths=LENGTHS, time=None, seed=0):
    """Tokens, padded with 0, and their lengths."""
    generator = torch.Generator().manual_seed(seed)
    time = max(lengths) if time is None else time
    tokens = torch.zeros(len(lengths), time, dtype=torch.int64)
    for row, length in enumerate(lengths):
        tokens[row, :length] = torch.randint(N_WORDS, (length,), generator=generator)
    return tokens, torch.tensor(lengths)
