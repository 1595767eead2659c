"""A trainer small enough to know what it does, and ways to run it."""

from __future__ import annotations

import numpy as np

from textrep.sgd.trainer import Measured
from textrep.training import Identity, run

WORDS = ["a", "b", "c"]
IDENTITY = Identity("Toy", {"dim": 2, "rate": 0.1}, "f00d" * 16)


class Toy:
    """Each part changes the vectors by what they were, the epoch and the part: order matters."""

    unit = "tokens"

    def __init__(self, n_parts=5, held_out=None, before=None):
        self.n_parts = n_parts
        self.work = 10 * n_parts
        self.matrix = np.ones((3, 2), np.float32)
        self.steps = np.zeros((), np.int64)
        self.trained = []
        self.slices = []
        self.losses = held_out
        self.before = before or (lambda epoch, part: None)

    def train(self, epoch, parts):
        self.slices.append(len(parts))
        for part in parts:
            self.before(epoch, part)
            noise = np.random.default_rng([epoch, part]).normal(size=(3, 2))
            self.matrix += 0.1 * np.tanh(3 * self.matrix) + noise.astype(np.float32)
            self.steps += 1
            self.trained.append((epoch, part))
            yield Measured(10, 3, float(np.abs(self.matrix).sum(dtype=np.float64)), 7)

    def rate(self, epoch, part):
        return 0.5 / (1 + epoch + part / self.n_parts)

    def held_out(self):
        if self.losses is None:
            return None
        return Measured(5, 2, 2 * self.losses[len(self.trained) // self.n_parts - 1])

    def arrays(self):
        return {"matrix": self.matrix, "steps": self.steps}

    def vectors(self):
        return self.matrix


def train(trainer, epochs=2, **options):
    return run(trainer, epochs, words=WORDS, identity=IDENTITY, **options)


def stop_after(calls):
    """A callback that stops at the time it is called for the ``calls``-th time."""
    left = [calls]

    def callback(state):
        left[0] -= 1
        return "enough" if left[0] == 0 else None

    return callback


def timeless(history):
    """The history without what a clock has measured."""
    clocked = ("seconds", "_per_second")
    return [
        {key: value for key, value in row.items() if not key.endswith(clocked)} for row in history
    ]
