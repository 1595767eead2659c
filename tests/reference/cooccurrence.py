"""Co-occurrence counts from their definition, one pair of positions at a time, in fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

Stretch = Sequence[int]  # word numbers that a window may run over


def weight(kind: str, distance: int, size: int) -> Fraction:
    """What a context at ``distance`` counts in a window of ``size`` tokens a side."""
    if kind == "flat":
        return Fraction(1)
    if kind == "harmonic":
        return Fraction(1, distance)
    # word2vec shortens each window to b, drawn from 1..size: the share of draws that reach it.
    return Fraction(sum(1 for b in range(1, size + 1) if distance <= b), size)


def cooccurrence(
    stretches: Sequence[Stretch],
    n_words: int,
    n_contexts: int,
    *,
    size: int,
    weights: str,
    side: str,
    context_of: Sequence[int],
) -> list[list[Fraction]]:
    """X[w][c]: the sum of the weights of the pairs (w, c) in a stretch, at most ``size`` apart."""
    x = [[Fraction(0)] * n_contexts for _ in range(n_words)]
    for stretch in stretches:
        for i, word in enumerate(stretch):
            for j, other in enumerate(stretch):
                before, after = j < i, j > i
                wanted = {"both": before or after, "left": before, "right": after}[side]
                column = context_of[other]
                if wanted and abs(i - j) <= size and column >= 0:
                    x[word][column] += weight(weights, abs(i - j), size)
    return x


def as_floats(x: Sequence[Sequence[Fraction]], cap: float = np.inf) -> np.ndarray:
    """Return the float64 nearest to each count, at most ``cap``."""
    return np.array([[min(float(value), cap) for value in row] for row in x]).reshape(
        len(x), len(x[0]) if x else 0
    )
