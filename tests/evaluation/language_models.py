"""Language models that are small enough to be computed by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from textrep.errors import UsageError


@dataclass(frozen=True)
class Losses:
    losses: np.ndarray
    offsets: np.ndarray
    unknown: np.ndarray
    left_out: bool
    basis: str


class Unigrams:
    """Each word by its own probability, whatever comes before it; "" is the end of a sentence."""

    def __init__(self, chances, unknown=None):
        self.chances, self.unknown = chances, unknown

    def token_losses(self, sentences):
        losses, offsets, unknown = [], [0], []
        for sentence in sentences:
            words = sentence.split()
            known = [word for word in words if word in self.chances]
            if self.unknown:
                known = [word if word in self.chances else self.unknown for word in words]
            unknown.append(sum(word not in self.chances for word in words))
            losses += [-math.log(self.chances[word]) for word in [*known, ""] if known]
            offsets.append(len(losses))
        left_out = self.unknown is None and any(unknown)
        basis = f"{sorted(self.chances)} {offsets} {self.unknown}"
        return Losses(np.array(losses), np.array(offsets), np.array(unknown), left_out, basis)


class Masked:
    """Has the method of a language model, and is none."""

    def token_losses(self, sentences):
        raise UsageError("Masked was trained with objective='masked'.")


class Noisy:
    """A uniform model whose losses have noise of a sentence and of a document."""

    def __init__(self, seed, shift=0.0, per_document=0.0, size=10):
        self.seed, self.shift, self.per_document, self.size = seed, shift, per_document, size

    def token_losses(self, sentences):
        random = np.random.default_rng(self.seed)
        n, length = len(sentences), 4
        documents = random.normal(0, self.per_document, -(-n // self.size))
        means = 3 + self.shift + np.repeat(documents, self.size)[:n] + random.normal(0, 0.2, n)
        return Losses(
            np.repeat(means, length), np.arange(n + 1) * length, np.zeros(n, int), False, "same"
        )
