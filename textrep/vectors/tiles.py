"""Cosines of a few vectors with many, a tile of these at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from textrep.scratch import CACHE_LINE, aligned_rows
from textrep.vectors.rows import Rows

__all__ = ["cosine_tiles", "fitting"]

BLOCK_VALUES = 1 << 24  # most values in any dense block: 64 MiB of float32
_FLOATS_IN_LINE = CACHE_LINE // 4


def fitting(rows: int, width: int) -> int:
    """Return at most ``rows`` rows of ``width`` values that make a block of bounded size."""
    return max(8, min(rows, BLOCK_VALUES // width))


def cosine_tiles(
    candidates: Rows, block: Rows, width: int
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield the cosines of a block of dense rows with the candidates, tile by tile.

    Parameters
    ----------
    candidates, block : Rows
    width : int
        Most candidates of a tile; of dense ones fewer where a tile would be too large.

    Yields
    ------
    first : int
        Its first candidate.
    cosines : float32 array of shape (n_block, n_tile)
        The array is used again for the next tile.
    """
    total, dim = candidates.matrix.shape
    height = block.matrix.shape[0]
    width = min(total, width if candidates.sparse else fitting(width, dim))
    scores = np.empty(height * width, np.float32)
    multiply = _sparse_tile if candidates.sparse else _dense_tile
    product = multiply(candidates, block, width)
    for first in range(0, total, width):
        last = min(first + width, total)
        cosines = scores[: height * (last - first)].reshape(height, last - first)
        product(first, last, cosines)
        yield first, cosines


_Product = Callable[[int, int, NDArray[np.float32]], None]


def _dense_tile(candidates: Rows, block: Rows, width: int) -> _Product:
    """Return what writes the cosines of the block with a tile of dense candidates."""
    unit = block.unit()
    buffer = np.empty((width, unit.shape[1]), np.float32)

    def product(first: int, last: int, cosines: NDArray[np.float32]) -> None:
        np.matmul(unit, candidates.unit_tile(first, last, buffer).T, out=cosines)

    return product


def _sparse_tile(candidates: Rows, block: Rows, width: int) -> _Product:
    """Return the same for sparse candidates: these times the block, turned.

    Its columns are filled up to whole cache lines. Candidates become as long as they should once
    they are multiplied: there are fewer cosines than stored numbers.
    """
    from textrep.kernels.sparse import multiply_rows

    height, dim = block.matrix.shape
    columns = -(-height // _FLOATS_IN_LINE) * _FLOATS_IN_LINE
    turned, out = aligned_rows(dim, columns), aligned_rows(width, columns)
    np.multiply(block.matrix.T, block.inverse, out=turned[:, :height])
    turned[:, height:] = 0.0
    matrix = candidates.matrix

    def product(first: int, last: int, cosines: NDArray[np.float32]) -> None:
        indptr = matrix.indptr[first : last + 1]
        multiply_rows(indptr, matrix.indices, matrix.data, turned, out, 0, last - first)
        np.multiply(out[: last - first, :height].T, candidates.inverse[first:last], out=cosines)

    return product
