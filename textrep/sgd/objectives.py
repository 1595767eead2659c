"""What word2vec's kernels lower, by name, and what each of them needs beside the vectors."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.kernels import hierarchical, negatives, softmax
from textrep.kernels.gather import Inputs
from textrep.kernels.pairs import Noise
from textrep.kernels.text import Text
from textrep.sgd.noise import NoiseTable
from textrep.sgd.trees import TREES
from textrep.sgd.word2vec_settings import Lists, Settings

__all__ = ["OBJECTIVES", "Objective"]

Floats = NDArray[np.float32]

TrainText = Callable[
    [Text, int, Inputs, Floats, np.float32, np.uint64, negatives.Scratch], tuple[float, int]
]
"""Trains on sampled text: its words, how many, vectors, rate, key and scratch; loss and pairs."""


class Objective(NamedTuple):
    """How to train on a text.

    Attributes
    ----------
    train_text : callable
        Trains on one.
    scratch_shape : tuple of int
        Rows and slots of the scratch that it takes.
    n_spare : int
        Rows that it takes after the vectors of outputs.
    """

    train_text: TrainText
    scratch_shape: tuple[int, int]
    n_spare: int = 0


def _negatives(settings: Settings, counts: NDArray[np.int64], seen: Lists) -> Objective:
    table = NoiseTable.from_counts(counts, settings.ns_exponent)
    noise = Noise(table.keep, table.other, *seen)
    margin = np.float32(settings.margin if settings.objective == "margin" else 0.0)

    def train(
        text: Text, n: int, inputs: Inputs, outputs: Floats, rate: np.float32, key: np.uint64,
        scratch: negatives.Scratch,
    ) -> tuple[float, int]:  # fmt: skip
        return negatives.train_negatives(
            text, n, settings.window, settings.how, settings.exact_gradient, inputs, outputs,
            noise, settings.negative, margin, rate, key, scratch,
        )  # fmt: skip

    return Objective(train, negatives.scratch_shape(settings.window))


def _hierarchical(settings: Settings, counts: NDArray[np.int64], _seen: Lists) -> Objective:
    paths, n_threads = TREES[settings.tree](counts, settings.random_state), settings.n_jobs
    n_own = min(hierarchical.OWN, len(counts)) if n_threads > 1 else 0
    free: SimpleQueue[int] = SimpleQueue()  # where there are rows for a thread's copies of nodes
    for thread in range(n_threads):
        free.put(len(counts) + thread * 2 * n_own)

    def train(
        text: Text, n: int, inputs: Inputs, outputs: Floats, rate: np.float32, _key: np.uint64,
        scratch: negatives.Scratch,
    ) -> tuple[float, int]:  # fmt: skip
        row = free.get()
        try:
            return hierarchical.train_hierarchical(
                text, n, settings.window, settings.how, settings.exact_gradient, inputs, outputs,
                paths, hierarchical.Own(n_own, row, np.float32(1 / n_threads)), rate, scratch,
            )  # fmt: skip
        finally:
            free.put(row)

    shape = hierarchical.scratch_shape(settings.window)
    return Objective(train, shape, n_spare=n_threads * 2 * n_own)


def _softmax(settings: Settings, _counts: NDArray[np.int64], _seen: Lists) -> Objective:
    def train(
        text: Text, n: int, inputs: Inputs, outputs: Floats, rate: np.float32, _key: np.uint64,
        scratch: negatives.Scratch,
    ) -> tuple[float, int]:  # fmt: skip
        return softmax.train_softmax(
            text, n, settings.window, settings.how, settings.exact_gradient, inputs, outputs,
            rate, scratch,
        )  # fmt: skip

    return Objective(train, softmax.scratch_shape(settings.window))


OBJECTIVES: dict[str, Callable[[Settings, NDArray[np.int64], Lists], Objective]] = {
    "negative-sampling": _negatives,
    "hierarchical-softmax": _hierarchical,
    "softmax": _softmax,
    "margin": _negatives,
}
"""Objectives by name: functions that prepare what the words' counts decide."""
