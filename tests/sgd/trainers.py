"""A trainer whose every step can be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.sgd.trainer import Measured


class Walk:
    """Part p adds rate · (p + 1) to rows p and p + 1 of a matrix, and 1 to its first bias.

    Parameters
    ----------
    n_parts : int
        Parts of an epoch, of ten units each.
    """

    unit = "steps"

    def __init__(self, n_parts: int) -> None:
        self.n_parts, self.work = n_parts, 10 * n_parts
        self.matrix = np.zeros((n_parts + 1, 3), np.float32)
        self.bias = np.zeros(2, np.float32)

    def train(self, epoch: int, parts: range) -> Iterator[Measured]:
        for part in parts:
            self.matrix[part : part + 2] += np.float32(self.rate(epoch, part) * (part + 1))
            self.bias[0] += 1
            yield Measured(10, part + 1, 2.0 * part, 1)

    def rate(self, epoch: int, part: int) -> float:
        return 1.0 / (1 + epoch) + part

    def held_out(self) -> Measured:
        return Measured(0, 1, float(self.matrix.sum()))

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {"matrix": self.matrix, "bias": self.bias}

    def vectors(self) -> NDArray[np.float32]:
        return self.matrix
