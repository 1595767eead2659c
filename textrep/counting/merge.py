"""The sum of two matrices of counts over different words, as exact as counting."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from textrep.counting import rows as r
from textrep.kernels.sums import CountPart, sum_rows
from textrep.parallel import resolve_n_jobs

__all__ = ["CountPart", "add_counts"]


def add_counts(
    one: CountPart,
    other: CountPart,
    n_contexts: int,
    scale: float,
    *,
    memory: int | None = None,
    n_jobs: int | None = None,
) -> sp.csr_array:
    """Add counts as the whole numbers that they were made from.

    Parameters
    ----------
    one, other : CountPart
        The counts, and where their rows and columns are in the sum; both name as many rows.
    n_contexts : int
        Columns of the sum.
    scale : float
        What a weight of 1 is in whole numbers; see :meth:`Window.whole_weights`.
    memory : int, optional
        As for :func:`count_cooccurrences`.
    n_jobs : int, optional
        Threads; default: every core.

    Returns
    -------
    csr_array of shape (n_words, n_contexts), float64
        What counting both texts in one pass gives, byte for byte, as long as whole numbers stay
        below 2^53; the same for any number of threads and any ``memory``.
    """
    r.check_memory(memory, "add_counts")
    threads = resolve_n_jobs(n_jobs, "add_counts")
    bounds = np.zeros(len(one.rows), np.int64)
    for part in (one, other):
        there = part.rows >= 0
        bounds[there] += np.diff(part.indptr)[part.rows[there]]
    bounds = np.minimum(bounds, n_contexts)

    def add(block: tuple[int, int], buffer: r.Buffer) -> r.Rows:
        first, last = block
        row_ends = np.empty(last - first, np.int64)
        n = sum_rows(
            one, other, first, scale, buffer.sums, buffer.seen, buffer.indices, buffer.values,
            row_ends,
        )  # fmt: skip
        return r.Rows(buffer, n, row_ends)

    buffers = r.Buffers(n_contexts, int(bounds.max(initial=0)), threads)
    blocks = buffers.fill(add, r.split(bounds, r.BLOCK_ENTRIES))
    most = int(bounds.sum())
    in_memory = memory is None and r.fits_memory(most)
    return r.collect(blocks, (len(bounds), n_contexts), most if in_memory else None, "adding")
