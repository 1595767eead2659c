"""Products of a few rows with a few others, four by four, where everything stays in cache."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import step
from textrep.kernels.simd import ADD_TILES, DOT_TILES

__all__ = ["add_outer", "add_row_outer", "dot_row", "dot_rows"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]

_dot_4x4, _dot_2x4, _dot_1x4 = DOT_TILES[4, 4], DOT_TILES[2, 4], DOT_TILES[1, 4]
_dot_1x2, _dot_1x1 = DOT_TILES[1, 2], DOT_TILES[1, 1]
_add_4x4, _add_2x4, _add_1x4 = ADD_TILES[4, 4], ADD_TILES[2, 4], ADD_TILES[1, 4]
_add_1x2, _add_1x1 = ADD_TILES[1, 2], ADD_TILES[1, 1]


@step
def dot_rows(
    width: int,
    x_rows: Floats,
    xs: Integers,
    n_x: int,
    y_rows: Floats,
    ys: Integers,
    n_y: int,
    out: Floats,
) -> None:
    """Write ``out[i, k] = x_rows[xs[i]] · y_rows[ys[k]]``.

    Parameters
    ----------
    width : int
        Numbers in a row, a multiple of 16.
    x_rows, y_rows : ndarrays of shape (n_rows * width,), float32
        Rows, one after the other; both may be the same array.
    xs, ys : ndarrays, int32
        Numbers of rows.
    n_x, n_y : int
        How many of them; ``n_y`` is a multiple of four.
    out : ndarray with at least ``n_x`` rows and ``n_y`` columns, float32
        Changed.
    """
    i = 0
    while i + 4 <= n_x:
        for k in range(0, n_y, 4):
            _dot_4x4(width, x_rows, xs, i, y_rows, ys, k, out)
        i += 4
    if i + 2 <= n_x:
        for k in range(0, n_y, 4):
            _dot_2x4(width, x_rows, xs, i, y_rows, ys, k, out)
        i += 2
    if i < n_x:
        for k in range(0, n_y, 4):
            _dot_1x4(width, x_rows, xs, i, y_rows, ys, k, out)


@step
def add_outer(
    width: int,
    x_rows: Floats,
    xs: Integers,
    n_x: int,
    to_x: int,
    y_rows: Floats,
    ys: Integers,
    n_y: int,
    to_y: int,
    weights: Floats,
) -> None:
    """Add ``Σ_k weights[i, k] · y_rows[ys[k]]`` to row ``xs[i] + to_x``, and the like for y.

    Parameters
    ----------
    width, x_rows, xs, n_x, y_rows, ys, n_y :
        As for :func:`dot_rows`. The rows ``xs + to_x`` and ``ys + to_y`` are changed.
    to_x, to_y : int
        How many rows after an operand its sum is. At 0 the operand itself changes: rows of x are
        taken four at a time, then two, then one, and see what those before them have changed.
    weights : ndarray with at least ``n_x`` rows and ``n_y`` columns, float32
        What each pair of rows adds to the other's sum.
    """
    i = 0
    while i + 4 <= n_x:
        for k in range(0, n_y, 4):
            _add_4x4(width, x_rows, xs, i, to_x, y_rows, ys, k, to_y, weights)
        i += 4
    if i + 2 <= n_x:
        for k in range(0, n_y, 4):
            _add_2x4(width, x_rows, xs, i, to_x, y_rows, ys, k, to_y, weights)
        i += 2
    if i < n_x:
        for k in range(0, n_y, 4):
            _add_1x4(width, x_rows, xs, i, to_x, y_rows, ys, k, to_y, weights)


@step
def dot_row(
    width: int,
    x_rows: Floats,
    xs: Integers,
    i: int,
    y_rows: Floats,
    ys: Integers,
    n_y: int,
    out: Floats,
) -> None:
    """Like :func:`dot_rows` for the one row ``xs[i]`` and any ``n_y``; writes ``out[i]``."""
    k = 0
    while k + 4 <= n_y:
        _dot_1x4(width, x_rows, xs, i, y_rows, ys, k, out)
        k += 4
    if k + 2 <= n_y:
        _dot_1x2(width, x_rows, xs, i, y_rows, ys, k, out)
        k += 2
    if k < n_y:
        _dot_1x1(width, x_rows, xs, i, y_rows, ys, k, out)


@step
def add_row_outer(
    width: int,
    x_rows: Floats,
    xs: Integers,
    i: int,
    to_x: int,
    y_rows: Floats,
    ys: Integers,
    n_y: int,
    to_y: int,
    weights: Floats,
) -> None:
    """Like :func:`add_outer` for the one row ``xs[i]`` and any ``n_y``; reads ``weights[i]``."""
    k = 0
    while k + 4 <= n_y:
        _add_1x4(width, x_rows, xs, i, to_x, y_rows, ys, k, to_y, weights)
        k += 4
    if k + 2 <= n_y:
        _add_1x2(width, x_rows, xs, i, to_x, y_rows, ys, k, to_y, weights)
        k += 2
    if k < n_y:
        _add_1x1(width, x_rows, xs, i, to_x, y_rows, ys, k, to_y, weights)
