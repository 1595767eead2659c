"""word2vec on the processor: what its kernels train, and on which parts of a text."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.kernels import hierarchical, negatives, softmax
from textrep.kernels.context import AVERAGE, CONCATENATION, SKIPGRAM, SUM
from textrep.kernels.gather import Inputs
from textrep.kernels.random import key_of
from textrep.kernels.text import Text, sample_text
from textrep.parallel import map_in_order, one_blas_thread
from textrep.sgd.noise import NoiseTable
from textrep.sgd.schedules import SCHEDULES
from textrep.sgd.stretches import Stretch, Stretches
from textrep.sgd.subsampling import keep_probabilities
from textrep.sgd.trainer import Measured
from textrep.sgd.trees import TREES
from textrep.sgd.vectors import aligned, initial_vectors
from textrep.vectors.subwords import means

__all__ = [
    "ARCHITECTURES",
    "CONTEXTS",
    "DISTANCES",
    "OBJECTIVES",
    "Lists",
    "Settings",
    "Word2VecTrainer",
]

ARCHITECTURES = ("skipgram", "cbow")
DISTANCES = ("kept", "text")
CONTEXTS = {"average": AVERAGE, "sum": SUM, "concatenation": CONCATENATION}
"""How CBOW makes one vector of those of a window."""

_LEAST_RATE = 1e-4  # share of the learning rate that the schedule never goes below, as in word2vec
_HELD_OUT = -1  # the epoch whose random numbers held-out text is measured with

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Settings:
    """How word2vec is trained; see :class:`textrep.Word2Vec` for what each means."""

    dim: int
    architecture: str
    context: str
    exact_gradient: bool
    objective: str
    margin: float
    tree: str
    window: int
    dynamic_window: bool
    distances: str
    negative: int
    ns_exponent: float
    subsample: float
    holdout: float
    epochs: int
    learning_rate: float
    schedule: str
    random_state: int
    add_context: bool
    n_jobs: int

    @property
    def how(self) -> int:
        """The number by which kernels know architecture and context."""
        return SKIPGRAM if self.architecture == "skipgram" else CONTEXTS[self.context]

    @property
    def places(self) -> int:
        """How many vectors of contexts a hidden vector holds one after the other."""
        return 2 * self.window if self.how == CONCATENATION else 1

    def rate(self, done: float) -> float:
        """Return the learning rate after a share of the training."""
        return self.learning_rate * max(SCHEDULES[self.schedule](done), _LEAST_RATE)


class Lists(NamedTuple):
    """A list of numbers for each word, one after the other; none at all where both are empty.

    Attributes
    ----------
    offsets : ndarray of shape (n_words + 1,) or (0,), int64
        Where the list of each word begins.
    items : ndarray, int32
        The numbers.
    """

    offsets: NDArray[np.int64] = np.empty(0, np.int64)
    items: NDArray[np.int32] = np.empty(0, np.int32)


class Word2VecTrainer:
    """The vectors of word2vec and everything that they are trained with.

    Parameters
    ----------
    settings : Settings
        How to train.
    tokens : ndarray of shape (n_tokens,), int32
        The text.
    sentence_offsets : ndarray of shape (n_sentences + 1,), int64
        Where its sentences begin and the last ends.
    counts : ndarray of shape (n_words,), int64
        How often each word occurs.
    parts : Lists, optional
        For each word the rows of the input matrix whose mean is its vector.
    seen : Lists, optional
        For each word those, in ascending order, that are no negatives of it.

    Attributes
    ----------
    inputs : ndarray of shape (n_rows, width), float32
        Input vectors, in aligned rows: ``dim`` numbers and zeros. Trained.
    outputs : ndarray of shape (n_words, width), float32
        Vectors of predicted words, or of the tree's nodes; as many times the width of ``inputs`` as
        contexts are concatenated. Trained.
    """

    unit = "tokens"

    def __init__(
        self,
        settings: Settings,
        tokens: NDArray[np.int32],
        sentence_offsets: NDArray[np.int64],
        counts: NDArray[np.int64],
        parts: Lists | None = None,
        seen: Lists | None = None,
    ) -> None:
        self._settings, self._tokens = settings, tokens
        self._stretches = Stretches(sentence_offsets)
        self.work, self.n_parts = len(tokens), len(self._stretches)
        self._keep = keep_probabilities(counts, settings.subsample)
        self._parts = Lists() if parts is None else parts
        n_rows = max(len(counts), 1 + int(self._parts.items.max(initial=-1)))
        self.inputs = initial_vectors(n_rows, settings.dim, settings.random_state)
        objective = OBJECTIVES[settings.objective](settings, counts, seen or Lists())
        self._train_text = objective.train_text
        width = self.inputs.shape[1] * settings.places
        self._outputs = aligned(len(counts) + objective.n_spare, width)
        self.outputs = self._outputs[: len(counts)]
        shape = objective.scratch_shape
        self._buffers = _Buffers(self._stretches.longest, shape, self.outputs, self.inputs)

    def train(self, epoch: int, parts: range) -> Iterator[Measured]:
        """Train on these stretches of the text; yield the sums of each, in order."""
        stretches = (self._stretches[number] for number in parts)
        with one_blas_thread():
            yield from map_in_order(
                lambda stretch: self._run(stretch, epoch, self._rate(epoch, stretch.number)),
                stretches,
                self._settings.n_jobs,
                64,
            )

    def rate(self, epoch: int, part: int) -> float:
        """Return the learning rate at the start of a part."""
        return self._rate(epoch, part)

    def held_out(self) -> Measured | None:
        """Return the loss on the sentences that are held out; None if ``holdout`` is 0."""
        if self._settings.holdout == 0.0:
            return None
        parts = (self._stretches[number] for number in range(self.n_parts))
        with one_blas_thread():
            measured = list(
                map_in_order(
                    lambda stretch: self._run(stretch, _HELD_OUT, 0.0, held_out=True),
                    parts,
                    self._settings.n_jobs,
                    64,
                )
            )
        return Measured(*(sum(column) for column in zip(*measured, strict=True)))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the two matrices that training changes."""
        return {"inputs": self.inputs, "outputs": self.outputs}

    def vectors(self) -> Floats:
        """Return the vectors of the words as they are now."""
        dim, (offsets, items) = self._settings.dim, self._parts
        vectors: Floats = self.inputs[:, :dim]
        if len(offsets) > 0:
            vectors = means(vectors, offsets, items, self._settings.n_jobs)
        return vectors + self.outputs[:, :dim] if self._settings.add_context else vectors

    def _rate(self, epoch: int, part: int) -> float:
        begun = self._stretches[part].begin / max(1, len(self._tokens))
        return self._settings.rate((epoch + begun) / self._settings.epochs)

    def _run(
        self, stretch: Stretch, epoch: int, rate: float, *, held_out: bool = False
    ) -> Measured:
        """Train on one stretch, on whatever thread this is; at a rate of 0, only measure."""
        settings, buffers = self._settings, self._buffers
        seed = np.uint64(settings.random_state)
        key = np.uint64(key_of(seed, epoch))
        sentence_key = np.uint64(key_of(~seed, 0))
        tokens = int(self._stretches.offsets[stretch.last]) - stretch.begin
        kept = sample_text(
            self._tokens, self._stretches.offsets, stretch.first, stretch.last, self._keep,
            settings.window, settings.dynamic_window, settings.distances == "text",
            held_out, int(settings.holdout * 2**32), key, sentence_key, buffers.text,
        )  # fmt: skip
        inputs = Inputs(self.inputs, *self._parts)
        drawing_key = np.uint64(key_of(~key, stretch.number))
        loss, pairs = self._train_text(
            buffers.text, kept, inputs, self._outputs, np.float32(rate), drawing_key,
            buffers.scratch,
        )  # fmt: skip
        return Measured(tokens, pairs, loss, kept)


class _Buffers(threading.local):
    """What each thread writes to: sampled text and scratch rows."""

    def __init__(
        self, longest: int, shape: tuple[int, int], outputs: Floats, inputs: Floats
    ) -> None:
        n_rows, n_slots = shape
        self.text = Text(*(np.empty(longest, np.int32) for _ in Text._fields))
        self.scratch = negatives.Scratch(
            aligned(n_rows, outputs.shape[1]), aligned(n_slots, inputs.shape[1])
        )


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
    noise = negatives.Noise(table.keep, table.other, *seen)
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
