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
from textrep.sgd.vectors import aligned, initial_vectors

__all__ = ["ADAGRADS", "OUTPUTS", "WEIGHTINGS", "AdaGrad", "GloVeSettings", "GloVeTrainer"]

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


class GloVeTrainer:
    """Vectors and biases whose sums approximate the logarithms of counts.

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

    Attributes
    ----------
    rows : ndarray of shape (n_words + n_contexts, 2 · width), float32
        The vectors of words, then of contexts, in the order of the tiles; each followed by its sums
        of squared gradients.
    biases : ndarray of shape (n_words + n_contexts, 2), float32
        Each bias and its sum of squared gradients.
    is_symmetric : bool
        Whether the counts are.
    """

    unit = "entries"

    def __init__(self, counts: Any, settings: GloVeSettings, n_jobs: int) -> None:
        n_words, n_contexts = counts.shape
        self._n_words, self._settings, self._n_jobs = n_words, settings, n_jobs
        vectors = initial_vectors(n_words + n_contexts, settings.dim, settings.random_state)
        self._width = vectors.shape[1]
        block = max(16, _TILE_BYTES // (16 * self._width))
        self._tiles = Tiles(counts, block=block, seed=settings.random_state, n_jobs=n_jobs)
        self.is_symmetric = self._tiles.is_symmetric
        self.work, self.n_parts = len(self._tiles), self._tiles.n_rounds
        adagrad = ADAGRADS[settings.adagrad](settings.learning_rate)
        self._rule = np.array([*adagrad[:4], settings.clip], np.float32)
        self._exponent = WEIGHTINGS[settings.weighting](settings.alpha)
        self.rows = aligned(len(vectors), 2 * self._width)
        self.rows[:, : self._width] = vectors
        self.rows[:, self._width :] = adagrad.start
        self.biases = np.zeros((len(vectors), 2), np.float32)
        self.biases[:, 1] = adagrad.start

    def train(self, epoch: int, parts: range) -> Iterator[Measured]:
        """Train on these rounds; the loss is half the weighted squared error before each step."""
        order = self._tiles.order(epoch)
        losses = np.zeros(self.n_parts)
        n_chunks = _CHUNKS * self._n_jobs if self._n_jobs > 1 else 1
        entries = 0

        def chunks(number: int) -> list[NDArray[np.int64]]:
            nonlocal entries
            tiles = self._tiles.round(order, number)
            entries = int((tiles[:, 3] - tiles[:, 2]).sum())
            losses[:] = 0.0
            return [np.ascontiguousarray(tiles[first::n_chunks]) for first in range(n_chunks)]

        def train(tiles: NDArray[np.int64]) -> None:
            k.train_tiles(
                tiles, self._tiles.places, self._tiles.logs, self._exponent,
                np.log(self._settings.x_max), self._rule, self.rows, self.biases, losses,
            )  # fmt: skip

        for _ in run_rounds(train, map(chunks, parts), self._n_jobs):
            yield Measured(entries, entries, float(losses.sum()))

    def rate(self, _epoch: int, _part: int) -> float:
        """Return the learning rate, which AdaGrad divides by what it has summed up."""
        return float(self._settings.learning_rate)

    def held_out(self) -> None:
        """Return None: nothing is held out."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return vectors and biases, with their sums of squared gradients."""
        return {"rows": self.rows, "biases": self.biases}

    def vectors(self) -> Floats:
        """Return the word vectors as they are now, of shape (n_words, dim)."""
        words = self.rows[self._tiles.rows, : self._settings.dim]
        contexts = self.context_vectors()
        return OUTPUTS[self._settings.vectors](words, contexts)

    def context_vectors(self) -> Floats:
        """Return the context vectors as they are now, of shape (n_contexts, dim)."""
        return self.rows[self._n_words + self._tiles.columns, : self._settings.dim]

    def word_biases(self) -> Floats:
        """Return the biases of words as they are now, of shape (n_words,)."""
        biases: Floats = self.biases[self._tiles.rows, 0]
        return biases

    def context_biases(self) -> Floats:
        """Return the biases of contexts as they are now, of shape (n_contexts,)."""
        biases: Floats = self.biases[self._n_words + self._tiles.columns, 0]
        return biases
