"""Words and vectors by plain loops in float64: slow, short, and right by inspection."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


class PlainVectors:
    """What the evaluation asks of a model, one word at a time."""

    def __init__(self, table: dict[str, Sequence[float]], counts: Sequence[int] | None = None):
        self.table = {word: [float(x) for x in row] for word, row in table.items()}
        self.words = list(table)
        self.index = {word: i for i, word in enumerate(self.words)}
        self.counts = None if counts is None else np.array(counts)

    def __len__(self):
        return len(self.words)

    def __contains__(self, word):
        return word in self.table

    def similarities(self, words1, words2, unknown="error"):
        return np.array(
            [
                cosine(self._row(one, unknown), self._row(two, unknown))
                for one, two in zip(words1, words2, strict=True)
            ]
        )

    def lookup(self, words, unknown="error"):
        rows = [self._row(word, unknown) for word in words]
        return np.array(rows), np.array([word in self.table for word in words])

    def _row(self, word, unknown):
        if unknown == "mean" and word not in self.table:
            rows = list(self.table.values())
            return [sum(column) / len(rows) for column in zip(*rows, strict=True)]
        return self.table[word]

    def solve_analogies(self, a, b, c, method="3cosadd", n=1, n_jobs=None):
        answers = []
        for given in zip(a, b, c, strict=True):
            ranked = sorted(
                (word for word in range(len(self.words)) if word not in given),
                key=lambda word: -self._analogy_score(word, given, method),
            )
            answers.append((ranked + [-1] * n)[:n])
        return np.array(answers)

    def _analogy_score(self, word, given, method):
        to_a, to_b, to_c = (
            cosine(self.table[self.words[word]], self.table[self.words[i]]) for i in given
        )
        if method == "3cosadd":
            return to_b - to_a + to_c
        return (to_b + 1) / 2 * ((to_c + 1) / 2) / ((to_a + 1) / 2 + 0.001)

    def subset(self, words):
        counts = None if self.counts is None else [self.counts[self.index[w]] for w in words]
        return PlainVectors({word: self.table[word] for word in words}, counts)


def cosine(x, y):
    dot = sum(a * b for a, b in zip(x, y, strict=True))
    lengths = math.sqrt(sum(a * a for a in x)) * math.sqrt(sum(b * b for b in y))
    return dot / lengths if lengths else 0.0
