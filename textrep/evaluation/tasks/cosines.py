"""Cosines of many words with many words, from dense or sparse vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.evaluation.protocols import Vectors

__all__ = ["DECIMALS", "Directions"]

DECIMALS = 12
"""Cosines that are equal to so many decimals are equal: they differ by rounding only."""


class Directions:
    """The vectors of some words at length 1; a zero vector stays zero.

    Sparse vectors stay sparse, whatever their number of columns.

    Parameters
    ----------
    vectors : Vectors
        The model.
    words : sequence of str
        Words of the model, and others if ``unknown`` is "mean".
    unknown : {"error", "mean"}, default="error"
        Whether the mean of all vectors stands for a word that the model lacks.
    """

    def __init__(
        self, vectors: Vectors, words: Sequence[str], unknown: Literal["error", "mean"] = "error"
    ) -> None:
        rows, _ = vectors.lookup(words, unknown)
        self._rows: Any = rows.astype(np.float64)
        squares = self._rows * self._rows
        norms = np.sqrt(np.asarray(squares.sum(axis=1), dtype=np.float64))
        inverse = np.where(np.isfinite(norms), 0.0, np.nan)
        # As for neighbours: a length that float32 cannot hold is no length.
        usable = np.isfinite(norms) & (norms >= np.finfo(np.float32).tiny)
        np.divide(1.0, norms, out=inverse, where=usable)
        if sp.issparse(self._rows):
            self._rows = sp.csr_array(sp.diags_array(inverse) @ self._rows)
        else:
            self._rows *= inverse[:, None]

    def cosines(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the cosine of each word with each other word.

        Parameters
        ----------
        left, right : ndarray of int64
            Positions among the words.

        Returns
        -------
        ndarray of float64, shape (len(left), len(right))
            From -1 to 1; 0 where a vector is zero; not a number where a vector is not finite.
        """
        product = self._rows[left] @ self._rows[right].T
        cosines: NDArray[np.float64] = product.toarray() if sp.issparse(product) else product
        return np.clip(cosines, -1.0, 1.0)
