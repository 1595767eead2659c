"""An LSTM language model against the plain PyTorch loop: same network, batches and optimizer.

The plain side is what a person writes from the documentation: torch's embedding, LSTM and linear
layer, its cross entropy, clipping, and steps of stochastic gradient descent; the state is carried
from batch to batch. The text is the first 210,000 words of the Penn Treebank if it is at hand, else
of the text that all comparisons use; the 10,000 most frequent words are predicted.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .epochs import compare_epochs, plain_job, textrep_job
from .harness import Comparison, Job, Settings

if TYPE_CHECKING:
    import torch

__all__ = ["compare"]

_TOKENS = 210_000
_UNITS, _LAYERS, _DROPOUT = 200, 2, 0.2
_STREAMS, _BPTT, _RATE, _CLIP, _RANGE = 20, 35, 20.0, 0.25, 0.1


def compare(settings: Settings) -> Comparison:
    """Measure time and memory of the same steps; state the perplexity of both on their text."""
    model = f"LSTM language model, {_LAYERS} x {_UNITS}, tied, {_STREAMS} x {_BPTT} words a step"
    sides = {"textrep": textrep_train, "plain PyTorch": plain_train}
    weights = ": textrep opens forget gates, torch does not"
    return compare_epochs(settings, "lstm", model, sides, tokens=_TOKENS, weights=weights)


def textrep_train(corpus: str, threads: int) -> Job:
    """Train an epoch with RecurrentEncoder."""
    from textrep import RecurrentEncoder

    def make() -> RecurrentEncoder:
        return RecurrentEncoder(
            dim=_UNITS, units=_UNITS, layers=_LAYERS, dropout=_DROPOUT, bptt=_BPTT, epochs=1,
            batch_tokens=_STREAMS * _BPTT, optimizer="sgd", learning_rate=_RATE, clip_norm=_CLIP,
            initialiser="uniform",
        )  # fmt: skip

    return textrep_job(make, corpus, threads)


def plain_train(corpus: str, threads: int) -> Job:
    """Train an epoch with a loop of torch's own parts."""
    return plain_job(_plain_epoch, corpus, threads, streams=_STREAMS, bptt=_BPTT)


def _plain_epoch(streams: torch.Tensor, n_words: int) -> dict[str, Any]:
    import torch
    from torch import nn

    torch.manual_seed(0)
    embedding, dropout = nn.Embedding(n_words, _UNITS), nn.Dropout(_DROPOUT)
    lstm = nn.LSTM(_UNITS, _UNITS, _LAYERS, dropout=_DROPOUT)
    decoder = nn.Linear(_UNITS, n_words)
    decoder.weight = embedding.weight
    nn.init.uniform_(embedding.weight, -_RANGE, _RANGE)
    nn.init.zeros_(decoder.bias)
    weights = [embedding.weight, decoder.bias, *lstm.parameters()]
    optimizer = torch.optim.SGD(weights, _RATE)
    state, total, predicted = None, 0.0, 0
    for begin in range(0, len(streams) - 1, _BPTT):
        labels = streams[begin + 1 : begin + 1 + _BPTT]
        inputs = streams[begin : begin + len(labels)]
        state = None if state is None else tuple(tensor.detach() for tensor in state)
        states, state = lstm(dropout(embedding(inputs)), state)
        loss = nn.functional.cross_entropy(
            decoder(dropout(states)).view(-1, n_words), labels.reshape(-1)
        )
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(weights, _CLIP)
        optimizer.step()
        total += loss.item() * labels.numel()
        predicted += labels.numel()
    return {"perplexity": math.exp(total / predicted)}
