"""A transformer language model against `torch.nn.TransformerEncoder`: same network and batches.

The plain side is torch's layers, pre-norm and GELU, with sinusoidal positions, tied embeddings,
torch's cross entropy and AdamW. Dropout of attention's probabilities, which textrep has off by
default, is taken out of torch's layers, too: with it they are slower.
"""

from __future__ import annotations

import math
from typing import Any

from .epochs import compare_epochs, plain_job, textrep_job
from .harness import Comparison, Job, Settings

__all__ = ["compare"]

_TOKENS = 110_000
_WIDTH, _HEADS, _LAYERS, _DROPOUT = 200, 4, 2, 0.2
_STREAMS, _BPTT, _RATE, _CLIP = 16, 70, 0.002, 1.0


def compare(settings: Settings) -> Comparison:
    """Measure time and memory of the same steps; state the perplexity of both on their text."""
    model = f"transformer language model, {_LAYERS} x {_WIDTH}, tied, {_STREAMS} x {_BPTT} words"
    sides = {"textrep": textrep_train, "nn.TransformerEncoder": plain_train}
    return compare_epochs(settings, "transformer", f"{model} a step", sides, tokens=_TOKENS)


def textrep_train(corpus: str, threads: int) -> Job:
    """Train an epoch with TransformerEncoder."""
    from textrep import TransformerEncoder

    def make() -> TransformerEncoder:
        return TransformerEncoder(
            objective="language-model", dim=_WIDTH, heads=_HEADS, layers=_LAYERS, dropout=_DROPOUT,
            positions="sinusoidal", bptt=_BPTT, batch_tokens=_STREAMS * _BPTT, epochs=1,
            optimizer="adamw", learning_rate=_RATE, clip_norm=_CLIP, initialiser="uniform",
        )  # fmt: skip

    return textrep_job(make, corpus, threads)


def plain_train(corpus: str, threads: int) -> Job:
    """Train an epoch with a loop of torch's own layers."""
    return plain_job(_plain_epoch, corpus, threads, streams=_STREAMS, bptt=_BPTT)


def _plain_epoch(streams: Any, n_words: int) -> dict[str, Any]:
    import torch
    from torch import nn

    torch.manual_seed(0)
    embedding, dropout = nn.Embedding(n_words, _WIDTH), nn.Dropout(_DROPOUT)
    layer = nn.TransformerEncoderLayer(
        _WIDTH, _HEADS, 4 * _WIDTH, _DROPOUT, "gelu", batch_first=True, norm_first=True
    )
    layer.self_attn.dropout = 0.0
    network = nn.TransformerEncoder(
        layer, _LAYERS, norm=nn.LayerNorm(_WIDTH), enable_nested_tensor=False
    )
    decoder = nn.Linear(_WIDTH, n_words)
    decoder.weight = embedding.weight
    nn.init.uniform_(embedding.weight, -0.1, 0.1)
    nn.init.zeros_(decoder.bias)
    angles = torch.arange(_BPTT)[:, None] / 10_000 ** (torch.arange(0, _WIDTH, 2) / _WIDTH)
    waves = torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
    weights = [embedding.weight, decoder.bias, *network.parameters()]
    optimizer = torch.optim.AdamW(weights, _RATE)
    total, predicted = 0.0, 0
    for begin in range(0, len(streams) - 1, _BPTT):
        labels = streams[begin + 1 : begin + 1 + _BPTT].t()
        inputs = streams[begin : begin + labels.shape[1]].t()
        mask = nn.Transformer.generate_square_subsequent_mask(labels.shape[1])
        states = network(
            dropout(embedding(inputs) + waves[: labels.shape[1]]), mask=mask, is_causal=True
        )
        loss = nn.functional.cross_entropy(
            decoder(dropout(states)).reshape(-1, n_words), labels.reshape(-1)
        )
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(weights, _CLIP)
        optimizer.step()
        total += loss.item() * labels.numel()
        predicted += labels.numel()
    return {"perplexity": math.exp(total / predicted)}
