"""What word2vec can be told, and what its trainers are given beside a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.context import AVERAGE, CONCATENATION, SKIPGRAM, SUM
from textrep.sgd.schedules import SCHEDULES

__all__ = ["ARCHITECTURES", "CONTEXTS", "DISTANCES", "Lists", "Settings"]

ARCHITECTURES = ("skipgram", "cbow")
DISTANCES = ("kept", "text")
CONTEXTS = {"average": AVERAGE, "sum": SUM, "concatenation": CONCATENATION}
"""How CBOW makes one vector of those of a window."""

_LEAST_RATE = 1e-4  # share of the learning rate that the schedule never goes below, as in word2vec


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
