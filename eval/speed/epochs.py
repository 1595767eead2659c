"""An epoch of a language model by two sides: what their comparisons have in common."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .harness import Comparison, Job, PythonSide, Settings, measure
from .treebank import as_streams, read_treebank

if TYPE_CHECKING:
    import torch

    from textrep.models.encoders.base import EncoderModel

__all__ = ["compare_epochs", "plain_job", "textrep_job"]


def compare_epochs(
    settings: Settings,
    name: str,
    model: str,
    sides: Mapping[str, Callable[..., Job]],
    *,
    tokens: int,
    weights: str = "",
) -> Comparison:
    """Measure time and memory of the same steps; state the perplexity of each side on their text.

    Parameters
    ----------
    settings : Settings
    name : str
        The comparison's.
    model : str
        What is trained, for the title.
    sides : mapping of str to callable
        For each label a function of ``corpus`` and ``threads``, of the top of a module.
    tokens : int
        About so many words are read.
    weights : str
        How else the weights that they begin with differ.
    """
    text = read_treebank(settings, tokens)
    arguments = {"corpus": str(text.corpus), "threads": settings.threads}
    measurements = measure(
        [PythonSide(label, train, arguments) for label, train in sides.items()], settings
    )
    for measurement in measurements:
        measurement.work = text.tokens
    said = ", ".join(f"{m.facts['perplexity']:.1f} ({m.label})" for m in measurements)
    begin = f"They begin with other weights{weights}."
    notes = [*text.notes, f"Perplexity of the text while it was read: {said}. {begin}"]
    title = f"{model}, {text.tokens:,} tokens ({text.name})"
    return Comparison(name, title, measurements, "tokens", notes)


def textrep_job(make: Callable[[], EncoderModel], corpus: str, threads: int) -> Job:
    """Train a model for its one epoch (in a child)."""
    import torch

    from textrep import Corpus

    torch.set_num_threads(threads)

    def run() -> dict[str, Any]:
        (epoch,) = make().fit(Corpus.open(corpus)).history_
        return {"perplexity": math.exp(epoch["loss"])}

    little = ["a few words that are trained on, again and again"] * 20
    return Job(lambda: make().fit(little), run)


def plain_job(
    train: Callable[[torch.Tensor, int], dict[str, Any]],
    corpus: str,
    threads: int,
    *,
    streams: int,
    bptt: int,
) -> Job:
    """Train by a loop over streams of words (in a child); two steps of it warm up."""
    import torch

    torch.set_num_threads(threads)
    text, n_words = as_streams(corpus, streams)
    return Job(lambda: train(text[: 2 * bptt], n_words), lambda: train(text, n_words))
