"""What happens to a word that has no vector: one named policy, everywhere.

========== ==================================================================================
"error"    an error that suggests the nearest word
"skip"     the word is left out (a pair with such a word has no similarity: not a number)
"zero"     its vector is zero, its similarity with anything 0
"mean"     its vector is the mean of all vectors
"subwords" its vector is composed from its n-grams; an error where there are no vectors of any
========== ==================================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.errors import UnknownNameError
from textrep.vectors.rows import Matrix, is_sparse, row_blocks

__all__ = ["POLICIES", "check_policy", "column_means", "fill_unknown"]


def column_means(matrix: Matrix) -> NDArray[np.float64]:
    """Return the mean row of a matrix, summed in float64, shape (dim,)."""
    total: NDArray[np.float64] = np.zeros(matrix.shape[1])
    if is_sparse(matrix):
        np.add.at(total, matrix.indices, matrix.data)
    else:
        for _, block in row_blocks(matrix):
            total += block.sum(axis=0, dtype=np.float64)
    mean: NDArray[np.float64] = total / matrix.shape[0]
    return mean


def _no_filling(matrix: Matrix) -> None:
    return None


def _zero(matrix: Matrix) -> NDArray[np.float32]:
    return np.zeros(matrix.shape[1], np.float32)


def _mean(matrix: Matrix) -> NDArray[np.float32]:
    return column_means(matrix).astype(np.float32)


# policy: the vector of an unknown word, or None where it gets none
POLICIES: dict[str, Callable[[Matrix], NDArray[np.float32] | None]] = {
    "error": _no_filling,
    "skip": _no_filling,
    "zero": _zero,
    "mean": _mean,
    "subwords": _no_filling,
}


def check_policy(unknown: str) -> str:
    """Return ``unknown`` if it names a policy, else raise `UnknownNameError`."""
    if unknown not in POLICIES:
        raise UnknownNameError("unknown-word policy", unknown, POLICIES)
    return unknown


def fill_unknown(matrix: Matrix, ids: NDArray[np.int64], unknown: str) -> Any:
    """Return the rows ``ids`` of ``matrix``, with the policy applied where an id is -1.

    Parameters
    ----------
    matrix : ndarray or csr_array of shape (n, dim)
    ids : int64 array of shape (m,)
        Rows; -1 for an unknown word.
    unknown : str
        A policy, not "subwords", which needs the words.

    Returns
    -------
    ndarray or csr_array of shape (m, dim), or of fewer rows under "skip"
    """
    covered = ids >= 0
    filling = POLICIES[unknown](matrix)
    if filling is None or covered.all():
        return matrix[ids[covered]]
    if not is_sparse(matrix):
        rows = matrix[ids]
        rows[~covered] = filling
        return rows
    known = matrix[ids[covered]]
    extended = sp.vstack([known, sp.csr_array(filling[None, :])], format="csr")
    return extended[np.where(covered, np.cumsum(covered) - 1, known.shape[0])]
