"""Matrices made from matrices: the same words, other vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.errors import InputError, InvalidParameterError
from textrep.vectors.rows import Matrix, Rows, is_sparse, row_blocks
from textrep.vectors.unknown import column_means

__all__ = ["all_but_the_top", "centered", "normalized"]


def normalized(rows: Rows) -> Matrix:
    """Return the rows at length 1; zero vectors stay zero."""
    if rows.sparse:
        return rows.unit_tile(0, rows.matrix.shape[0])
    return rows.unit()


def centered(matrix: Matrix) -> NDArray[np.float32]:
    """Return a dense matrix minus its mean row."""
    _require_dense(matrix, "centered")
    mean = column_means(matrix)
    result = np.empty(matrix.shape, np.float32)
    for first, block in row_blocks(matrix):
        result[first : first + len(block)] = block - mean
    return result


def all_but_the_top(matrix: Matrix, n_components: int | None) -> NDArray[np.float32]:
    """Return a dense matrix minus its mean row and its first principal components.

    Parameters
    ----------
    matrix : float32 array of shape (n, dim)
    n_components : int or None
        Components removed, from 0 to dim - 1. None: dim // 100, at least 1.

    Returns
    -------
    float32 array of shape (n, dim)

    Raises
    ------
    InvalidParameterError
        ``n_components`` is out of its range.
    InputError
        The matrix is sparse.

    Notes
    -----
    The parts that are removed are those of the *centred* vectors, so the result has mean zero and
    nothing along the removed directions.

    References
    ----------
    Mu and Viswanath 2018, "All-but-the-Top: Simple and Effective Postprocessing for Word
    Representations", algorithm 1.
    """
    _require_dense(matrix, "all_but_the_top")
    dim = matrix.shape[1]
    if n_components is None:
        n_components = min(max(1, dim // 100), dim - 1)
    if not 0 <= n_components < dim:
        raise InvalidParameterError(
            "n_components", "all_but_the_top", f"between 0 and dim - 1 = {dim - 1}", n_components
        )
    result = centered(matrix)
    scatter = np.zeros((dim, dim))
    for _, block in row_blocks(result):
        wide = block.astype(np.float64)
        scatter += wide.T @ wide
    directions = np.linalg.eigh(scatter).eigenvectors[:, dim - n_components :]
    for _, block in row_blocks(result):
        block -= (block @ directions) @ directions.T
    return result


def _require_dense(matrix: Matrix, name: str) -> None:
    if is_sparse(matrix):
        rows, dim = matrix.shape
        raise InputError(
            f"Cannot apply {name} to sparse vectors: the result would be a dense matrix of "
            f"{rows} rows and {dim} columns. Reduce them first, for example with SVD."
        )
