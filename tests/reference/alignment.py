"""The best rotation of one set of vectors onto another, found without the SVD of their product."""

from __future__ import annotations

import numpy as np


def best_rotation(a: np.ndarray, b: np.ndarray, steps: int = 5000) -> np.ndarray:
    """Return the orthogonal R of the least ‖a R - b‖, by Newton's iteration for the polar factor.

    The minimiser is the orthogonal polar factor of a.T b, the limit of X ← (X + X^-T) / 2 (Higham
    1986, Computing the Polar Decomposition, equation 3.1).
    """
    x = a.T @ b
    for _ in range(steps):
        nearer = (x + np.linalg.inv(x).T) / 2
        if np.abs(nearer - x).max() < 1e-14:
            return nearer
        x = nearer
    return x
