"""GloVe's vectors under training."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.kernels import glove as k
from textrep.parallel import run_rounds
from textrep.sgd.tiles import Tiles
from textrep.sgd.trainer import Measured
from textrep.sgd.vectors import aligned, initial_vectors, row_width

__all__ = [
    "ADAGRADS",
    "OUTPUTS",
    "WEIGHTINGS",
    "AdaGrad",
    "GloVeSettings",
    "GloVeTrainer",
    "GloVeVectors",
    "tiles_of",
    "train_rounds",
]

_TILE_BYTES = 1 << 21  # vectors and sums of the words and contexts of a tile
_CHUNKS = 4  # of a round for each thread, so that they end at about the same time

Floats = NDArray[np.float32]


class AdaGrad(NamedTuple):
    """How far a step goes, and what sum of squared gradients it begins with.

    With gradient g, s = factor · g and S the sum of the s² before, the step is
    scale · s / √(S + ahead · s²).

    Attributes
    ----------
    factor, bias_factor : float
        For vectors, and for biases.
    ahead : float
        1 if the sum includes the gradient of the step itself, 0 if it does not.
    scale : float
        Of the step.
    start : float
        The first S.
    """

    factor: float
    bias_factor: float
    ahead: float
    scale: float
    start: float


ADAGRADS: dict[str, Callable[[float], AdaGrad]] = {
    "stanford": lambda rate: AdaGrad(rate, 1.0, 0.0, 1.0, 1.0),
    "published": lambda rate: AdaGrad(1.0, 1.0, 1.0, rate, 1e-8),
}
"""AdaGrad for a learning rate: as Stanford's program has it, and as Duchi, Hazan and Singer do."""

WEIGHTINGS: dict[str, Callable[[float], float]] = {
    "power": lambda alpha: alpha,
    "none": lambda _alpha: 0.0,
}
"""The exponent of the weight of an entry, min(1, (X / x_max)^exponent)."""

OUTPUTS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "sum": lambda words, contexts: words + contexts,
    "word": lambda words, _contexts: words,
    "context": lambda _words, contexts: contexts,
}
"""The vectors of words, from both matrices."""


@dataclass(frozen=True)
class GloVeSettings:
    """What :class:`textrep.models.glove.GloVe` was asked for; its parameters of these names."""

    dim: int
    x_max: float
    alpha: float
    weighting: str
    adagrad: str
    learning_rate: float
    clip: float
    vectors: str
    random_state: int


class GloVeVectors:
    """Vectors and biases whose sums approximate the logarithms of counts: all but the training.

    Parameters
    ----------
    n_words : int
        Words; the other lines are contexts.
    lines : ndarray of shape (n_words + n_contexts,), int64
        Where each word, then each context, stands in the arrays.
    settings : GloVeSettings
        How to train.

    Attributes
    ----------
    settings
        The same.
    rows : ndarray of shape (n_words + n_contexts, 2 · width), float32
        The vectors of words, then of contexts, by their lines; each followed by its sums of squared
        gradients.
    biases : ndarray of shape (n_words + n_contexts, 2), float32
        Each bias and its sum of squared gradients.
    """

    unit = "entries"

    def __init__(self, n_words: int, lines: NDArray[np.int64], settings: GloVeSettings) -> None:
        self.settings = settings
        self._word_lines, self._context_lines = lines[:n_words], lines[n_words:]
        start = ADAGRADS[settings.adagrad](settings.learning_rate).start
        vectors = initial_vectors(len(lines), settings.dim, settings.random_state)
        width = vectors.shape[1]
        self.rows = aligned(len(lines), 2 * width)
        self.rows[lines, :width] = vectors
        self.rows[:, width:] = start
        self.biases = np.zeros((len(lines), 2), np.float32)
        self.biases[:, 1] = start

    def rate(self, _epoch: int, _part: int) -> float:
        """Return the learning rate, which AdaGrad divides by what it has summed up."""
        return float(self.settings.learning_rate)

    def held_out(self) -> None:
        """Return None: nothing is held out."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return vectors and biases, with their sums of squared gradients."""
        return {"rows": self.rows, "biases": self.biases}

    def vectors(self) -> Floats:
        """Return the word vectors as they are now, of shape (n_words, dim)."""
        words = self.rows[self._word_lines, : self.settings.dim]
        return OUTPUTS[self.settings.vectors](words, self.context_vectors())

    def context_vectors(self) -> Floats:
        """Return the context vectors as they are now, of shape (n_contexts, dim)."""
        return self.rows[self._context_lines, : self.settings.dim]

    def word_biases(self) -> Floats:
        """Return the biases of words as they are now, of shape (n_words,)."""
        biases: Floats = self.biases[self._word_lines, 0]
        return biases

    def context_biases(self) -> Floats:
        """Return the biases of contexts as they are now, of shape (n_contexts,)."""
        biases: Floats = self.biases[self._context_lines, 0]
        return biases


class GloVeTrainer(GloVeVectors):
    """Vectors and biases, and the counts that they are trained on.

    It is a :class:`textrep.sgd.trainer.Trainer`; its parts are the rounds of an epoch. What it
    learns does not depend on the number of threads.

    Parameters
    ----------
    counts : csr_array of shape (n_words, n_contexts), float64
        Positive and finite; at least one.
    settings : GloVeSettings
        How to train.
    n_jobs : int
        Threads.
    on_disk : bool, default=False
        Whether the entries are in temporary files; see :class:`textrep.sgd.tiles.Tiles`.

    Attributes
    ----------
    settings, rows, biases
        See :class:`GloVeVectors`; the lines are those of the tiles.
    is_symmetric : bool
        Whether the counts are.
    """

    def __init__(
        self, counts: Any, settings: GloVeSettings, n_jobs: int, *, on_disk: bool = False
    ) -> None:
        self._tiles = tiles_of(counts, settings, n_jobs, on_disk=on_disk)
        self._n_jobs = n_jobs
        super().__init__(counts.shape[0], self._tiles.lines, settings)
        self.is_symmetric = self._tiles.is_symmetric
        self.work, self.n_parts = len(self._tiles), self._tiles.n_rounds

    def train(self, epoch: int, parts: range) -> Iterator[Measured]:
        """Train on these rounds; the loss is half the weighted squared error before each step."""
        return train_rounds(
            self._tiles, self.settings, self.rows, self.biases, epoch, parts, self._n_jobs
        )


def tiles_of(counts: Any, settings: GloVeSettings, n_jobs: int, *, on_disk: bool = False) -> Tiles:
    """Return counts in tiles whose vectors stay in the cache.

    Raises
    ------
    FormatError
        An entry is not positive or not finite, or in a column that is not there.
    InputError
        The disk is full.
    """
    block = max(16, _TILE_BYTES // (16 * row_width(settings.dim)))
    seed = settings.random_state
    return Tiles(counts, block=block, seed=seed, n_jobs=n_jobs, on_disk=on_disk)


def train_rounds(
    tiles: Tiles,
    settings: GloVeSettings,
    rows: Floats,
    biases: Floats,
    epoch: int,
    parts: range,
    n_jobs: int,
) -> Iterator[Measured]:
    """Train on some rounds of an epoch; yield the sums of each.

    Parameters
    ----------
    tiles : Tiles
        The counts.
    settings : GloVeSettings
        How to train.
    rows, biases : ndarrays of float32
        As :class:`GloVeVectors` has them, by the lines of the tiles. Changed.
    epoch : int
        The first is 0.
    parts : range
        Which rounds.
    n_jobs : int
        Threads; nothing depends on it.
    """
    adagrad = ADAGRADS[settings.adagrad](settings.learning_rate)
    rule = np.array([*adagrad[:4], settings.clip], np.float32)
    exponent, log_x_max = WEIGHTINGS[settings.weighting](settings.alpha), np.log(settings.x_max)
    order = tiles.order(epoch)
    losses = np.zeros(tiles.n_rounds)
    n_chunks = _CHUNKS * n_jobs if n_jobs > 1 else 1
    entries = 0

    def chunks(number: int) -> list[NDArray[np.int64]]:
        nonlocal entries
        table = tiles.round(order, number)
        entries = int((table[:, 3] - table[:, 2]).sum())
        losses[:] = 0.0
        return [np.ascontiguousarray(table[first::n_chunks]) for first in range(n_chunks)]

    def train(table: NDArray[np.int64]) -> None:
        k.train_tiles(
            table, tiles.places, tiles.logs, exponent, log_x_max, rule, rows, biases, losses
        )

    for _ in run_rounds(train, map(chunks, parts), n_jobs):
        yield Measured(entries, entries, float(losses.sum()))
