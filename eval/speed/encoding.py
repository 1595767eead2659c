"""Vectors of sentences by an encoder against a padded loop: same weights, same sentences.

The plain side is what a person writes first: sentences are cut at spaces and looked up in a
dictionary, 64 in the order of the file are padded to the longest, and the states of real words are
averaged. It calls the same network, so its vectors are the same.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .harness import Comparison, Job, PythonSide, Settings, call, measure
from .treebank import read_treebank

__all__ = ["compare", "recurrent", "transformer"]

_TOKENS, _SENTENCES, _ROWS = 300_000, 10_000, 64


def compare(settings: Settings, kind: str) -> Comparison:
    """Measure the time of 10,000 sentences; state how far the vectors are from each other."""
    text = read_treebank(settings, _TOKENS)
    model, folder = settings.work / kind, settings.work / f"{kind}-vectors"
    folder.mkdir()
    made = call(train, settings, kind=kind, corpus=str(text.corpus), output=str(model))
    arguments = {"lines": str(text.lines), "model": str(model), "threads": settings.threads}
    sides: list[tuple[str, Callable[..., Job]]] = [
        ("textrep", textrep_encode),
        ("padded loop", plain_encode),
    ]
    outputs = [str(folder / f"{place}.npy") for place in range(len(sides))]
    measurements = measure(
        [
            PythonSide(label, job, {**arguments, "output": output})
            for (label, job), output in zip(sides, outputs, strict=True)
        ],
        settings,
    )
    for measurement in measurements:
        measurement.work = measurement.facts["sentences"]
    apart = call(largest_difference, settings, first=outputs[0], second=outputs[1])["difference"]
    notes = [*text.notes, f"The vectors differ by at most {apart:.1g} of the longest."]
    sentences = measurements[0].facts["sentences"]
    title = f"vectors of {sentences:,} sentences ({text.name}), {made['what']}"
    return Comparison(f"encode-{kind}", title, measurements, "sentences", notes)


recurrent = functools.partial(compare, kind="recurrent")
transformer = functools.partial(compare, kind="transformer")


def train(kind: str, corpus: str, output: str) -> dict[str, Any]:
    """Write a model trained for a second (in a child): what it knows does not change its speed."""
    from textrep import Corpus, RecurrentEncoder, TimeBudget, TransformerEncoder

    model: Any
    if kind == "recurrent":
        model = RecurrentEncoder(objective="sentences", units=200, layers=2, bidirectional=True)
        what = "LSTM, 2 x 200, both ways"
    else:
        model = TransformerEncoder(objective="sentences", dim=200, layers=2)
        what = "transformer, 2 x 200"
    model.fit(Corpus.open(corpus), callbacks=[TimeBudget(1)])
    model.save(output)
    return {"what": what}


def textrep_encode(lines: str, model: str, threads: int, output: str) -> Job:
    """Encode with `encode`."""
    import numpy as np
    import torch

    torch.set_num_threads(threads)
    texts, encoder = _read(lines), _encoder(model)

    def run() -> dict[str, Any]:
        np.save(output, encoder.encode(texts, pooling="mean"))
        return {"sentences": len(texts)}

    return Job(lambda: encoder.encode(texts[:_ROWS]), run)


def plain_encode(lines: str, model: str, threads: int, output: str) -> Job:
    """Encode by a padded loop."""
    import numpy as np
    import torch
    from torch.nn.utils.rnn import pad_sequence

    torch.set_num_threads(threads)
    texts, reading = _read(lines), _encoder(model).reading()
    words = reading.vocabulary.words
    numbers = dict(zip(words, reading.read([" ".join(words)]).tokens.tolist(), strict=True))
    network = reading.encoder.eval()

    def encoded(batch: list[str]) -> torch.Tensor:
        rows = [
            torch.tensor([numbers[word] for word in text.split() if word in numbers])
            for text in batch
        ]
        lengths = torch.tensor([len(row) for row in rows])
        with torch.no_grad():
            states = network(pad_sequence(rows, batch_first=True), lengths).layers[-1]
        real = torch.arange(states.shape[1]) < lengths[:, None]
        return (states * real[..., None]).sum(1) / lengths[:, None]

    def run() -> dict[str, Any]:
        parts = [encoded(texts[begin : begin + _ROWS]) for begin in range(0, len(texts), _ROWS)]
        np.save(output, torch.cat(parts).numpy())
        return {"sentences": len(texts)}

    return Job(lambda: encoded(texts[:_ROWS]), run)


def largest_difference(first: str, second: str) -> dict[str, Any]:
    """Return the largest difference, as a share of the longest vector's length (in a child)."""
    import numpy as np

    a, b = np.load(first), np.load(second)
    return {"difference": float(np.abs(a - b).max() / np.linalg.norm(a, axis=1).max())}


def _encoder(model: str) -> Any:
    from textrep.models import load_model

    return load_model(model)


def _read(lines: str) -> list[str]:
    with Path(lines).open(encoding="utf-8") as file:
        return [line.rstrip("\n") for line, _ in zip(file, range(_SENTENCES), strict=False)]
