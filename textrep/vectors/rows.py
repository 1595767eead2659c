"""The rows of a matrix, dense or sparse, under one roof.

A dense matrix may be a read-only memory map of any size: every pass over it works on blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.errors import InvalidParameterError

__all__ = ["Matrix", "Rows", "as_matrix", "csr_of", "is_sparse", "row_blocks"]

BLOCK_VALUES = 1 << 22  # values in a block of rows: 16 MiB of float32

# NDArray[np.float32] or scipy.sparse.csr_array, which has no types of its own.
Matrix = Any


def is_sparse(matrix: Matrix) -> bool:
    """Return whether ``matrix`` is a sparse array."""
    return bool(sp.issparse(matrix))


def csr_of(
    data: NDArray[Any], indices: NDArray[Any], indptr: NDArray[Any], shape: tuple[int, int]
) -> Any:
    """Return a CSR array of just these arrays.

    SciPy's constructor copies views of much larger memory maps, and the columns wherever the row
    limits take more bits.
    """
    matrix = sp.csr_array(shape, dtype=data.dtype)
    matrix.data, matrix.indices, matrix.indptr = data, indices, indptr
    return matrix


def as_matrix(matrix: Any, caller: str) -> Matrix:
    """Return ``matrix`` as read-only float32, in C order or as canonical CSR.

    Parameters
    ----------
    matrix : array-like or sparse array of shape (n_words, dim)
        Numbers. A float32 array in C order and a canonical float32 CSR array are not copied.
    caller : str
        Named in the errors.

    Returns
    -------
    ndarray or csr_array of shape (n_words, dim), float32
        The caller's own array stays writeable; it must not be written to.

    Raises
    ------
    InvalidParameterError
        Not two-dimensional, no columns, or not numbers.
    """
    rule = "a matrix of numbers of shape (n_words, dim) with dim at least 1"
    if not is_sparse(matrix):
        matrix = np.asarray(matrix)
    if matrix.ndim != 2 or matrix.shape[1] == 0:
        raise InvalidParameterError("matrix", caller, rule, f"shape {matrix.shape}")
    if matrix.dtype.kind not in "fiub":
        raise InvalidParameterError("matrix", caller, rule, f"dtype {matrix.dtype}")
    with np.errstate(over="ignore"):  # what does not fit float32 is reported as infinite later
        if is_sparse(matrix):
            return _canonical(matrix.tocsr().astype(np.float32, copy=False))
        dense = np.ascontiguousarray(matrix, dtype=np.float32).view(np.ndarray)
    return _read_only(dense)


def _canonical(matrix: Any) -> Any:
    if not matrix.has_canonical_format:
        matrix = matrix.copy()
        matrix.sum_duplicates()
    parts = (_read_only(matrix.data), _read_only(matrix.indices), _read_only(matrix.indptr))
    shared = csr_of(*parts, matrix.shape)
    shared.has_canonical_format = True
    return shared


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view


def row_blocks(matrix: Matrix) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield a dense matrix as (first row, block of rows), about 16 MiB a block."""
    height = max(1, BLOCK_VALUES // matrix.shape[1])
    for first in range(0, matrix.shape[0], height):
        yield first, matrix[first : first + height]


@dataclass(frozen=True)
class Rows:
    """A matrix with the lengths of its rows.

    Attributes
    ----------
    matrix : ndarray or csr_array of shape (n, dim), float32
    norms : float64 array of shape (n,)
        Euclidean length of each row.
    inverse : float32 array of shape (n,)
        1 / norm; 0 for a row whose norm is below the smallest normal float32, which counts as
        a zero vector.
    """

    matrix: Matrix
    norms: NDArray[np.float64]
    inverse: NDArray[np.float32]

    @classmethod
    def of(cls, matrix: Matrix) -> Rows:
        """Measure the rows of ``matrix``; a row that is not finite has a norm that is not."""
        norms = np.sqrt(_squared_norms(matrix))
        inverse = np.zeros(len(norms), np.float32)
        np.divide(1.0, norms, out=inverse, where=norms >= np.finfo(np.float32).tiny)
        return cls(matrix, norms, inverse)

    @property
    def sparse(self) -> bool:
        """Whether the matrix is sparse."""
        return is_sparse(self.matrix)

    def dense(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the rows ``ids`` as a new dense array of shape (len(ids), dim)."""
        rows: NDArray[np.float32] = self.matrix[ids].toarray() if self.sparse else self.matrix[ids]
        return rows

    def take(self, ids: NDArray[np.int64]) -> Rows:
        """Return the rows ``ids``, dense."""
        return Rows(self.dense(ids), self.norms[ids], self.inverse[ids])

    def unit(self) -> NDArray[np.float32]:
        """Return every row at length 1 (zero vectors stay zero); dense matrices only."""
        scaled: NDArray[np.float32] = self.matrix * self.inverse[:, None]
        return scaled

    def unit_tile(self, first: int, last: int, buffer: NDArray[np.float32] | None = None) -> Matrix:
        """Return the rows from ``first`` to before ``last`` at length 1, of the matrix's kind.

        A dense tile is written into the first rows of ``buffer`` where one is given.
        """
        inverse = self.inverse[first:last]
        if not self.sparse:
            out = None if buffer is None else buffer[: last - first]
            return np.multiply(self.matrix[first:last], inverse[:, None], out=out)
        indptr = self.matrix.indptr[first : last + 1]
        stored = slice(indptr[0], indptr[-1])
        data = self.matrix.data[stored] * np.repeat(inverse, np.diff(indptr))
        parts = (data, self.matrix.indices[stored], indptr - indptr[0])
        return sp.csr_array(parts, shape=(last - first, self.matrix.shape[1]))


def _squared_norms(matrix: Matrix) -> NDArray[np.float64]:
    squares = np.zeros(matrix.shape[0])
    if is_sparse(matrix):
        stored = matrix.data.astype(np.float64) ** 2
        filled = np.flatnonzero(np.diff(matrix.indptr))
        squares[filled] = np.add.reduceat(stored, matrix.indptr[filled]) if len(filled) else 0.0
        return squares
    for first, block in row_blocks(matrix):
        wide = block.astype(np.float64)
        squares[first : first + len(block)] = np.einsum("ij,ij->i", wide, wide)
    return squares
