"""Pointwise mutual information from its definition, pair by pair."""

from __future__ import annotations

import math

import numpy as np


def pmi(counts: np.ndarray, *, context_smoothing: float = 1.0, shift: float = 1.0) -> np.ndarray:
    """log(p(w, c) / (p(w) p_a(c))) - log k for each pair with a count, else 0; float64."""
    total = counts.sum()
    seen = [c for c in range(counts.shape[1]) if counts[:, c].sum() > 0]
    mass = sum(float(counts[:, c].sum()) ** context_smoothing for c in seen)
    out = np.zeros(counts.shape)
    for w in range(counts.shape[0]):
        for c in range(counts.shape[1]):
            if counts[w, c] > 0:
                p_pair = counts[w, c] / total
                p_word = counts[w].sum() / total
                p_context = float(counts[:, c].sum()) ** context_smoothing / mass
                out[w, c] = math.log(p_pair / (p_word * p_context)) - math.log(shift)
    return out


def ppmi(counts: np.ndarray, **options: float) -> np.ndarray:
    """The positive part."""
    return np.maximum(pmi(counts, **options), 0.0)
