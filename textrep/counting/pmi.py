"""Pointwise mutual information of word and context, from their counts.

References
----------
Church and Hanks 1990, Word Association Norms, Mutual Information, and Lexicography, CL 16(1).
Levy, Goldberg and Dagan 2015, Improving Distributional Similarity with Lessons Learned from Word
Embeddings, TACL 3, sections 2.1 and 3.2.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.kernels import pmi as k
from textrep.parallel import even_rows, map_in_order, run_all
from textrep.scratch import scratch_array

__all__ = ["PARTS", "pmi", "pmi_factors", "pmi_rows"]

PARTS = 32  # stretches of rows; fixed, so that sums do not depend on the number of threads


def pmi(
    counts: sp.csr_array,
    *,
    positive: bool,
    context_smoothing: float = 1.0,
    shift: float = 1.0,
    on_disk: bool = False,
    n_jobs: int = 1,
) -> sp.csr_array:
    """Return log(p(w, c) / (p(w) · p(c))) - log(shift) for each pair that was seen.

    Parameters
    ----------
    counts : csr_array of shape (n_words, n_contexts), float64
        Positive counts.
    positive : bool
        Whether to leave out the pairs whose value is not above 0 (PPMI). Pairs that were not seen
        have no entry, which stands for 0, in any case.
    context_smoothing : float
        α of p(c) = #(c)^α / Σ #(c')^α; below 1 it makes rare contexts less surprising.
    shift : float
        k of the shifted PMI, which skip-gram with k negative samples factorises.
    on_disk : bool
        Whether the result is in temporary files, which are memory-mapped. In memory there are then
        only vectors of a number a word and a context, n_jobs + 2 of these a context.
    n_jobs : int
        Threads; the result does not depend on it.

    Returns
    -------
    csr_array of shape (n_words, n_contexts), float32

    Raises
    ------
    InputError
        The disk is full.
    """
    parts = even_rows(counts.indptr, PARTS)
    factors = pmi_factors(*_sums(counts, parts, n_jobs), context_smoothing, shift)
    return pmi_rows(counts, *factors, positive=positive, on_disk=on_disk, n_jobs=n_jobs)


def pmi_factors(
    words: NDArray[np.float64],
    contexts: NDArray[np.float64],
    context_smoothing: float,
    shift: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what a count is multiplied by for its row, and for its column.

    The product is p(w, c) / (p(w) · p(c)) / shift.

    Parameters
    ----------
    words, contexts : ndarrays of shapes (n_words,) and (n_contexts,), float64
        Sums of the rows and of the columns.
    context_smoothing, shift : float
        As for :func:`pmi`.
    """
    # Contexts that never occur have no share, not even with α = 0, where 0**0 would give them one.
    smoothed = np.where(contexts > 0, contexts**context_smoothing, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):  # where nothing was counted
        row_factor = np.where(words > 0, 1.0 / (words * shift), 0.0)
        column_factor = np.where(smoothed > 0, smoothed.sum() / smoothed, 0.0)
    return row_factor, column_factor


def pmi_rows(
    counts: sp.csr_array,
    row_factor: NDArray[np.float64],
    column_factor: NDArray[np.float64],
    *,
    positive: bool,
    on_disk: bool = False,
    n_jobs: int = 1,
) -> sp.csr_array:
    """Return the PMI of all rows, or of a stretch of them with their part of ``row_factor``."""
    parts = even_rows(counts.indptr, PARTS)
    arrays = (counts.indptr, counts.indices, counts.data, row_factor, column_factor)
    kept = np.diff(counts.indptr).astype(np.int64)

    def count(rows: tuple[int, int]) -> None:
        k.count_positive(*arrays, rows[0], kept[rows[0] : rows[1]])

    if positive:
        run_all(count, parts, n_jobs)
    indptr = np.concatenate([[0], np.cumsum(kept)])
    size = (int(indptr[-1]),)
    indices = scratch_array(size, np.int32, on_disk=on_disk)
    data = scratch_array(size, np.float32, on_disk=on_disk)

    def write(rows: tuple[int, int]) -> None:
        k.write_pmi(*arrays, *rows, positive, int(indptr[rows[0]]), indices, data)

    run_all(write, parts, n_jobs)
    matrix = sp.csr_array(counts.shape, dtype=np.float32)
    matrix.indptr = indptr.astype(counts.indptr.dtype)
    matrix.indices, matrix.data = indices, data
    matrix.has_sorted_indices = matrix.has_canonical_format = True
    return matrix


def _sums(
    counts: sp.csr_array, parts: list[tuple[int, int]], n_jobs: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the sums of rows and of columns."""
    words = np.zeros(counts.shape[0])

    def add(rows: tuple[int, int]) -> NDArray[np.float64]:
        first, last = rows
        k.row_sums(counts.indptr, counts.data, first, words[first:last])
        contexts = np.zeros(counts.shape[1])
        k.column_sums(counts.indptr, counts.indices, counts.data, first, last, contexts)
        return contexts

    contexts = np.zeros(counts.shape[1])
    for part in map_in_order(add, parts, n_jobs):
        contexts += part
    return words, contexts
