"""Singular values by one-sided Jacobi rotations, which share no code with LAPACK or ARPACK."""

from __future__ import annotations

import numpy as np


def jacobi_svd(a: np.ndarray, sweeps: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return U, the singular values (largest first) and V of a matrix with rows >= columns.

    Pairs of columns are rotated until all are orthogonal; their lengths are the singular values
    (Golub and Van Loan, Matrix Computations, section 8.6.3). U has zero columns for values of 0.
    """
    work, v = a.astype(np.float64).copy(), np.eye(a.shape[1])
    for _ in range(sweeps):
        rotated = False
        for p in range(a.shape[1] - 1):
            for q in range(p + 1, a.shape[1]):
                x, y = work[:, p], work[:, q]
                along = x @ y
                if abs(along) <= 1e-15 * np.sqrt((x @ x) * (y @ y)):
                    continue
                rotated = True
                zeta = (y @ y - x @ x) / (2 * along)
                t = (1.0 if zeta >= 0 else -1.0) / (abs(zeta) + np.hypot(1.0, zeta))
                cosine = 1 / np.hypot(1.0, t)
                sine = cosine * t
                for matrix in (work, v):
                    left, right = matrix[:, p].copy(), matrix[:, q].copy()
                    matrix[:, p] = cosine * left - sine * right
                    matrix[:, q] = sine * left + cosine * right
        if not rotated:
            break
    values = np.linalg.norm(work, axis=0)
    order = np.argsort(-values, kind="stable")
    values, work, v = values[order], work[:, order], v[:, order]
    return np.where(values > 0, work / np.where(values > 0, values, 1), 0.0), values, v
