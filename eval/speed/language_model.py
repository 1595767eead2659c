"""An LSTM language model against the plain PyTorch loop: same network, batches and optimizer.

The plain side is what a person writes from the documentation: torch's embedding, LSTM and linear
layer, its cross entropy, clipping, and steps of stochastic gradient descent; the state is carried
from batch to batch. The text is the first 210,000 words of the Penn Treebank if it is at hand, else
of the text that all comparisons use; the 10,000 most frequent words are predicted.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .harness import Comparison, Job, PythonSide, Settings, call, measure
from .texts import prepare_text

if TYPE_CHECKING:
    import torch

__all__ = ["compare"]

_TREEBANK = "ptb"
_WORDS, _TOKENS = 9_999, 210_000
_UNITS, _LAYERS, _DROPOUT = 200, 2, 0.2
_STREAMS, _BPTT, _RATE, _CLIP, _RANGE = 20, 35, 20.0, 0.25, 0.1


def compare(settings: Settings) -> Comparison:
    """Measure time and memory of the same steps; state the perplexity of both on their text."""
    corpus, cut = settings.work / "read", settings.work / "cut.txt"
    if settings.corpus is None and call(has_treebank, settings)["found"]:
        settings = replace(settings, corpus=_TREEBANK)
    text = prepare_text(settings)
    made = call(
        encode, settings, text=str(text.raw), cut=str(cut), output=str(corpus), tokens=_TOKENS
    )
    arguments = {"corpus": str(corpus), "threads": settings.threads}
    measurements = measure(
        [
            PythonSide("textrep", textrep_train, arguments),
            PythonSide("plain PyTorch", plain_train, arguments),
        ],
        settings,
    )
    for measurement in measurements:
        measurement.work = made["tokens"]
    said = ", ".join(f"{m.facts['perplexity']:.1f} ({m.label})" for m in measurements)
    notes = [
        *text.notes,
        f"Perplexity of the text while it was read: {said}. They begin with other weights: "
        "textrep opens forget gates, torch does not.",
    ]
    title = (
        f"LSTM language model, {_LAYERS} x {_UNITS}, tied, {_STREAMS} x {_BPTT} words a step, "
        f"{made['tokens']:,} tokens ({text.name})"
    )
    return Comparison("lstm", title, measurements, "tokens", notes)


def has_treebank() -> dict[str, Any]:
    """Return whether the Penn Treebank is at hand (in a child)."""
    from textrep.data import locate
    from textrep.recipes import corpus_recipe

    return {"found": locate(corpus_recipe(_TREEBANK)) is not None}


def encode(text: str, cut: str, output: str, tokens: int) -> dict[str, Any]:
    """Write the first lines of a text, and encode them (in a child)."""
    from textrep import Corpus

    seen = 0
    with Path(text).open(encoding="utf-8") as lines, Path(cut).open("w", encoding="utf-8") as file:
        for line in lines:
            seen += len(line.split())
            if seen > tokens:
                break
            file.write(line)
    corpus = Corpus.build(cut, output, tokenizer="whitespace", min_count=1, max_size=_WORDS)
    return {"tokens": corpus.n_tokens + corpus.n_sentences}


def textrep_train(corpus: str, threads: int) -> Job:
    """Train an epoch with RecurrentEncoder."""
    import torch

    from textrep import Corpus, RecurrentEncoder

    torch.set_num_threads(threads)

    def model() -> RecurrentEncoder:
        return RecurrentEncoder(
            dim=_UNITS, units=_UNITS, layers=_LAYERS, dropout=_DROPOUT, bptt=_BPTT, epochs=1,
            batch_tokens=_STREAMS * _BPTT, optimizer="sgd", learning_rate=_RATE, clip_norm=_CLIP,
            initialiser="uniform",
        )  # fmt: skip

    def run() -> dict[str, Any]:
        (epoch,) = model().fit(Corpus.open(corpus)).history_
        return {"perplexity": math.exp(epoch["loss"])}

    little = ["a few words that are trained on, again and again"] * 20
    return Job(lambda: model().fit(little), run)


def plain_train(corpus: str, threads: int) -> Job:
    """Train an epoch with a loop of torch's own parts."""
    import numpy as np
    import torch

    from textrep import Corpus

    torch.set_num_threads(threads)
    encoded = Corpus.open(corpus)
    tokens = np.insert(encoded.tokens + 1, encoded.sentence_offsets, 0).astype(np.int64)
    length = len(tokens) // _STREAMS
    streams = torch.from_numpy(tokens[: length * _STREAMS]).view(_STREAMS, length).t().contiguous()
    n_words = len(encoded.vocabulary) + 1
    return Job(
        lambda: _plain_epoch(streams[: 2 * _BPTT], n_words), lambda: _plain_epoch(streams, n_words)
    )


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
