"""Encoders that the tests of text benchmarks ask."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp


class Letters:
    """Counts of letters: texts without any have zeros."""

    def __init__(self, letters="abcd"):
        self.letters = letters
        self.asked = []

    def encode(self, texts):
        self.asked += texts
        rows = [[text.count(letter) for letter in self.letters] for text in texts]
        return np.array(rows, np.float32).reshape(len(texts), len(self.letters))


class Tuned(Letters):
    """Letters that are trained on: each label has the letters of its texts."""

    def __init__(self, letters="abcd"):
        super().__init__(letters)
        self.seen = []

    def classifier(self):
        return OfLetters(self)


class OfLetters:
    """The nearest mean of a label; keeps with its encoder which texts it has learnt from."""

    def __init__(self, encoder):
        self.encoder = encoder

    def fit(self, X, y):
        self.encoder.seen.append(list(X))
        rows, labels = Letters(self.encoder.letters).encode(X), np.array(y)
        self.classes_ = np.unique(labels)
        self.means = np.stack([rows[labels == label].mean(axis=0) for label in self.classes_])

    def predict_proba(self, X):
        scores = Letters(self.encoder.letters).encode(X) @ self.means.T
        return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


class SparseLetters(Letters):
    """The same, sparse."""

    def encode(self, texts):
        return sp.csr_array(super().encode(texts))


class Adapting(Letters):
    """Takes the mean of the texts that it is adapted to from every text with letters."""

    def __init__(self, letters="abcd", mean=None, log=None):
        super().__init__(letters)
        self.mean, self.adapted = mean, [] if log is None else log

    def adapted_to(self, texts):
        self.adapted.append(list(texts))
        return Adapting(self.letters, Letters(self.letters).encode(texts).mean(axis=0))

    def encode(self, texts):
        if self.mean is None:
            raise RuntimeError("asked before it was adapted")
        rows = super().encode(texts)
        return np.where(rows.any(axis=1, keepdims=True), rows - self.mean, 0)
