"""Products of a few rows with a few others, four by four, where everything stays in cache.

All operands are rows of one array, so that a loop has one pointer and compiles to full-width vector
code. Which rows they are is given by numbers that the compiler cannot know: where it knew them, it
took the rows for overlapping and fell back to one number at a time (five times slower).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import fast_kernel

__all__ = ["add_outer", "add_row_outer", "dot_row", "dot_rows"]

Floats = NDArray[np.float32]


@fast_kernel
def dot_rows(rows: Floats, x: int, n_x: int, y: int, n_y: int, out: Floats) -> None:
    """Write ``out[i, k] = rows[x + i] · rows[y + k]``.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, width), float32
        The operands.
    x, n_x, y, n_y : int
        First row and number of rows of each side; the numbers are multiples of four.
    out : ndarray with at least ``n_x`` rows and ``n_y`` columns, float32
        Changed.
    """
    width = rows.shape[1]
    for i in range(0, n_x, 4):
        for k in range(0, n_y, 4):
            a, b = x + i, y + k
            zero = np.float32(0)
            s00 = s01 = s02 = s03 = s10 = s11 = s12 = s13 = zero
            s20 = s21 = s22 = s23 = s30 = s31 = s32 = s33 = zero
            for j in range(width):
                a0, a1, a2, a3 = rows[a, j], rows[a + 1, j], rows[a + 2, j], rows[a + 3, j]
                b0, b1, b2, b3 = rows[b, j], rows[b + 1, j], rows[b + 2, j], rows[b + 3, j]
                s00 += a0 * b0
                s01 += a0 * b1
                s02 += a0 * b2
                s03 += a0 * b3
                s10 += a1 * b0
                s11 += a1 * b1
                s12 += a1 * b2
                s13 += a1 * b3
                s20 += a2 * b0
                s21 += a2 * b1
                s22 += a2 * b2
                s23 += a2 * b3
                s30 += a3 * b0
                s31 += a3 * b1
                s32 += a3 * b2
                s33 += a3 * b3
            out[i, k], out[i, k + 1], out[i, k + 2], out[i, k + 3] = s00, s01, s02, s03
            out[i + 1, k], out[i + 1, k + 1], out[i + 1, k + 2], out[i + 1, k + 3] = (
                s10, s11, s12, s13,
            )  # fmt: skip
            out[i + 2, k], out[i + 2, k + 1], out[i + 2, k + 2], out[i + 2, k + 3] = (
                s20, s21, s22, s23,
            )  # fmt: skip
            out[i + 3, k], out[i + 3, k + 1], out[i + 3, k + 2], out[i + 3, k + 3] = (
                s30, s31, s32, s33,
            )  # fmt: skip


@fast_kernel
def add_outer(
    rows: Floats, x: int, n_x: int, y: int, n_y: int, to_x: int, to_y: int, weights: Floats
) -> None:
    """Add ``Σ_k weights[i, k] · rows[y + k]`` to ``rows[to_x + i]``, and the like for y.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, width), float32
        Operands and sums; the four ranges of rows do not overlap. Changed.
    x, n_x, y, n_y : int
        First row and number of rows of each side; the numbers are multiples of four.
    to_x, to_y : int
        First row of the sums of each side.
    weights : ndarray with at least ``n_x`` rows and ``n_y`` columns, float32
        What each pair of rows adds to the other's sum.
    """
    width = rows.shape[1]
    for i in range(0, n_x, 4):
        for k in range(0, n_y, 4):
            a, b, c, d = x + i, y + k, to_x + i, to_y + k
            g00, g01, g02, g03 = (
                weights[i, k], weights[i, k + 1], weights[i, k + 2], weights[i, k + 3],
            )  # fmt: skip
            g10, g11, g12, g13 = (
                weights[i + 1, k], weights[i + 1, k + 1], weights[i + 1, k + 2],
                weights[i + 1, k + 3],
            )  # fmt: skip
            g20, g21, g22, g23 = (
                weights[i + 2, k], weights[i + 2, k + 1], weights[i + 2, k + 2],
                weights[i + 2, k + 3],
            )  # fmt: skip
            g30, g31, g32, g33 = (
                weights[i + 3, k], weights[i + 3, k + 1], weights[i + 3, k + 2],
                weights[i + 3, k + 3],
            )  # fmt: skip
            for j in range(width):
                a0, a1, a2, a3 = rows[a, j], rows[a + 1, j], rows[a + 2, j], rows[a + 3, j]
                b0, b1, b2, b3 = rows[b, j], rows[b + 1, j], rows[b + 2, j], rows[b + 3, j]
                rows[c, j] += g00 * b0 + g01 * b1 + g02 * b2 + g03 * b3
                rows[c + 1, j] += g10 * b0 + g11 * b1 + g12 * b2 + g13 * b3
                rows[c + 2, j] += g20 * b0 + g21 * b1 + g22 * b2 + g23 * b3
                rows[c + 3, j] += g30 * b0 + g31 * b1 + g32 * b2 + g33 * b3
                rows[d, j] += g00 * a0 + g10 * a1 + g20 * a2 + g30 * a3
                rows[d + 1, j] += g01 * a0 + g11 * a1 + g21 * a2 + g31 * a3
                rows[d + 2, j] += g02 * a0 + g12 * a1 + g22 * a2 + g32 * a3
                rows[d + 3, j] += g03 * a0 + g13 * a1 + g23 * a2 + g33 * a3


@fast_kernel
def dot_row(rows: Floats, x: int, n_x: int, y: int, out: Floats) -> None:
    """Write ``out[i] = rows[x + i] · rows[y]`` for ``i`` up to ``n_x``, rounded up to four."""
    width = rows.shape[1]
    for i in range(0, n_x, 4):
        a = x + i
        s0 = s1 = s2 = s3 = np.float32(0)
        for j in range(width):
            b = rows[y, j]
            s0 += rows[a, j] * b
            s1 += rows[a + 1, j] * b
            s2 += rows[a + 2, j] * b
            s3 += rows[a + 3, j] * b
        out[i], out[i + 1], out[i + 2], out[i + 3] = s0, s1, s2, s3


@fast_kernel
def add_row_outer(
    rows: Floats, x: int, n_x: int, y: int, to_x: int, to_y: int, weights: Floats
) -> None:
    """Like :func:`add_outer` for one row ``y``; ``weights`` beyond ``n_x`` are zero up to four."""
    width = rows.shape[1]
    for i in range(0, n_x, 4):
        a, c = x + i, to_x + i
        g0, g1, g2, g3 = weights[i], weights[i + 1], weights[i + 2], weights[i + 3]
        for j in range(width):
            b = rows[y, j]
            rows[to_y, j] += (
                g0 * rows[a, j] + g1 * rows[a + 1, j] + (g2 * rows[a + 2, j] + g3 * rows[a + 3, j])
            )
            rows[c, j] += g0 * b
            rows[c + 1, j] += g1 * b
            rows[c + 2, j] += g2 * b
            rows[c + 3, j] += g3 * b
