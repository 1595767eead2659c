"""What a training loop drives: a trainer of parts of an epoch, and what it measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Measured", "Trainer", "total"]


class Measured(NamedTuple):
    """Sums over what was trained.

    Attributes
    ----------
    work : int
        Units of work done: tokens read, or entries of a matrix.
    examples : int
        What the loss is a mean over: pairs, predictions, entries.
    loss : float
        Sum over the examples.
    kept : int
        Tokens left after subsampling; 0 where nothing is subsampled.
    """

    work: int
    examples: int
    loss: float
    kept: int = 0


def total(measured: Sequence[Measured]) -> Measured:
    """Return the sums over all of what was trained; at least one."""
    return Measured(*map(sum, zip(*measured, strict=True)))


class Trainer(Protocol):
    """Vectors under training, and how to train them on a part of the data.

    Attributes
    ----------
    unit : str
        What ``work`` counts, in the plural.
    work : int
        Units in an epoch.
    n_parts : int
        Pieces that an epoch is cut into; it depends on the data alone, not on the threads.
    """

    unit: str
    work: int
    n_parts: int

    def train(self, epoch: int, parts: range) -> Iterator[Measured]:
        """Train on these parts of the epoch; yield the sums of each, in order."""

    def rate(self, epoch: int, part: int) -> float:
        """Return the learning rate at the start of a part."""

    def held_out(self) -> Measured | None:
        """Return the loss on what was held out of training, None where nothing was."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that training changes, by name; whoever resumes fills it in place."""

    def vectors(self) -> NDArray[np.float32]:
        """Return the word vectors as they are now, of shape (n_words, dim)."""
