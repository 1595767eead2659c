"""GloVe in plain NumPy, an entry at a time, written from the papers' equations."""

from __future__ import annotations

import numpy as np


def weight(x, x_max, alpha):
    """Equation 9 of Pennington, Socher and Manning 2014."""
    return (x / x_max) ** alpha if x < x_max else 1.0


def cost(w, c, b, d, x, x_max, alpha):
    """Half of one term of their equation 8."""
    return weight(x, x_max, alpha) * (w @ c + b + d - np.log(x)) ** 2 / 2


class Plain:
    """Vectors, biases, and what each AdaGrad remembers of them, in float64.

    Parameters
    ----------
    words, contexts : ndarrays of shape (n, dim)
        The first vectors; biases begin at 0.
    """

    def __init__(self, words, contexts, adagrad, rate, clip, x_max, alpha):
        self.is_stanford = adagrad == "stanford"
        first = 1.0 if self.is_stanford else 1e-8
        self.values = [
            words.astype(np.float64), contexts.astype(np.float64),
            np.zeros(len(words)), np.zeros(len(contexts)),
        ]  # fmt: skip
        self.sums = [np.full(value.shape, first) for value in self.values]
        self.step = {"stanford": self.stanford, "published": self.published}[adagrad]
        self.rate, self.clip, self.x_max, self.alpha = rate, clip, x_max, alpha

    def train(self, i, j, x):
        """Take a step on one entry; return its cost before."""
        w, c, b, d = (value[at] for value, at in zip(self.values, (i, j, i, j), strict=True))
        before = cost(w, c, b, d, x, self.x_max, self.alpha)
        slope = weight(x, self.x_max, self.alpha) * (w @ c + b + d - np.log(x))
        gradients = [slope * c, slope * w, slope, slope]
        for n, (at, gradient) in enumerate(zip((i, j, i, j), gradients, strict=True)):
            clipped = np.clip(gradient, -self.clip, self.clip)
            self.values[n][at] -= self.step(n, at, clipped)
        return before

    def train_together(self, batch):
        """Take a step on entries (i, j, x) with gradients at its start; return their cost before.

        In the denominator of each are the squares of the others with the same word or context.
        """
        loss, steps = 0.0, []
        for i, j, x in batch:
            w, c, b, d = (value[at] for value, at in zip(self.values, (i, j, i, j), strict=True))
            loss += cost(w, c, b, d, x, self.x_max, self.alpha)
            slope = weight(x, self.x_max, self.alpha) * (w @ c + b + d - np.log(x))
            gradients = [slope * c, slope * w, slope, slope]
            for n, (at, gradient) in enumerate(zip((i, j, i, j), gradients, strict=True)):
                clipped = np.clip(gradient, -self.clip, self.clip)
                scaled = self.rate if self.is_stanford and n < 2 else 1.0
                steps.append((n, at, scaled * clipped))
        moves = [np.zeros_like(value) for value in self.values]
        for number, (n, at, step) in enumerate(steps):
            others = sum(
                other**2
                for place, (m, row, other) in enumerate(steps)
                if (m, row) == (n, at) and place != number
            )
            own = 0.0 if self.is_stanford else step**2
            length = 1.0 if self.is_stanford else self.rate
            moves[n][at] += length * step / np.sqrt(self.sums[n][at] + own + others)
        for n, at, step in steps:
            self.sums[n][at] += step**2
        for value, move in zip(self.values, moves, strict=True):
            value -= move
        return loss

    def published(self, n, at, gradient):
        """Duchi, Hazan and Singer 2011: the sum includes this gradient."""
        self.sums[n][at] += gradient**2
        return self.rate * gradient / np.sqrt(self.sums[n][at])

    def stanford(self, n, at, gradient):
        """Stanford's: the step itself is squared and summed, after it was taken; biases differ."""
        is_bias = n >= 2
        step = gradient if is_bias else self.rate * gradient
        root = np.sqrt(self.sums[n][at])
        self.sums[n][at] += step**2
        return step / root
