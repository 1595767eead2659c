"""The k best of a stream of score tiles, and the exact dot products that settle their order.

A tile holds the scores of some queries against a run of consecutive candidates. Each query keeps
its ``k`` best so far in a heap whose root is the worst of them; a chunk of ``CHUNK`` scores is
looked at one by one only if any of them beats that root, which one vector comparison tells.
Candidates come in ascending order, so a later one replaces an earlier one only if it is better:
of equal scores the lower index stays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import fast_kernel, kernel

__all__ = ["offer_analogies", "offer_scores", "pair_dots", "sparse_pair_dots"]

CHUNK = 64  # float32: four 512-bit vectors, unrolled completely by LLVM
EPSILON = 0.001  # of 3CosMul (Levy and Goldberg 2014, equation 4)


@kernel
def offer_scores(
    scores: NDArray[np.float32],
    first: int,
    excluded: NDArray[np.int64],
    best_scores: NDArray[np.float32],
    best_ids: NDArray[np.int64],
) -> None:
    """Offer a tile of scores to each query's k best.

    Parameters
    ----------
    scores : float32 array of shape (n_queries, n_tile), C order
        Score of each query with the candidates ``first`` … ``first + n_tile - 1``.
    first : int
        Index of the tile's first candidate; tiles must come in ascending order.
    excluded : int64 array of shape (n_queries, n_excluded)
        Candidates that a query never returns; -1 excludes nothing.
    best_scores : float32 array of shape (n_queries, k), changed
        A heap for each query, root (worst) first. Starts as -inf.
    best_ids : int64 array of shape (n_queries, k), changed
        Candidates of those scores. Starts as -1.
    """
    for query in range(scores.shape[0]):
        _offer_row(scores[query], first, excluded[query], best_scores[query], best_ids[query])


@kernel
def offer_analogies(
    cosines: NDArray[np.float32],
    questions: NDArray[np.int64],
    multiply: bool,
    first: int,
    excluded: NDArray[np.int64],
    best_scores: NDArray[np.float32],
    best_ids: NDArray[np.int64],
) -> None:
    """Offer a tile of analogy scores, made from cosines with the given words.

    3CosAdd: cos(x, b) - cos(x, a) + cos(x, c).
    3CosMul: s(x, b) · s(x, c) / (s(x, a) + .001), where s = (cos + 1) / 2.

    Parameters
    ----------
    cosines : float32 array of shape (n_given, n_tile), C order
        Cosine of each given word with the candidates ``first`` … ``first + n_tile - 1``.
    questions : int64 array of shape (n_questions, 3)
        Rows of ``cosines`` of a, b and c.
    multiply : bool
        Whether to score by 3CosMul.
    first, excluded, best_scores, best_ids
        As in `offer_scores`, for each question; ``best_scores`` and ``best_ids`` are changed.
    """
    n_tile = cosines.shape[1]
    row = np.empty(n_tile, np.float32)
    half, one, epsilon = np.float32(0.5), np.float32(1.0), np.float32(EPSILON)
    for question in range(questions.shape[0]):
        a = cosines[questions[question, 0]]
        b = cosines[questions[question, 1]]
        c = cosines[questions[question, 2]]
        if multiply:
            for j in range(n_tile):
                above = (half * (b[j] + one)) * (half * (c[j] + one))
                row[j] = above / (half * (a[j] + one) + epsilon)
        else:
            for j in range(n_tile):
                row[j] = b[j] - a[j] + c[j]
        _offer_row(row, first, excluded[question], best_scores[question], best_ids[question])


@kernel
def _offer_row(
    row: NDArray[np.float32],
    first: int,
    excluded: NDArray[np.int64],
    heap: NDArray[np.float32],
    ids: NDArray[np.int64],
) -> None:
    whole = row.shape[0] - row.shape[0] % CHUNK
    for start in range(0, whole, CHUNK):
        chunk = row[start : start + CHUNK]
        root = heap[0]
        better = np.int32(0)
        for j in range(CHUNK):
            better |= np.int32(chunk[j] > root)
        if better != 0:
            _offer_each(chunk, first + start, excluded, heap, ids)
    _offer_each(row[whole:], first + whole, excluded, heap, ids)


@kernel
def _offer_each(
    chunk: NDArray[np.float32],
    first: int,
    excluded: NDArray[np.int64],
    heap: NDArray[np.float32],
    ids: NDArray[np.int64],
) -> None:
    for j in range(chunk.shape[0]):
        if chunk[j] > heap[0]:
            candidate = first + j
            allowed = True
            for e in range(excluded.shape[0]):
                allowed = allowed and excluded[e] != candidate
            if allowed:
                _replace_root(chunk[j], candidate, heap, ids)


@kernel
def _replace_root(
    score: np.float32, candidate: int, heap: NDArray[np.float32], ids: NDArray[np.int64]
) -> None:
    k = heap.shape[0]
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= k:
            break
        right = child + 1
        if right < k and _worse(heap[right], ids[right], heap[child], ids[child]):
            child = right
        if not _worse(heap[child], ids[child], score, candidate):
            break
        heap[hole] = heap[child]
        ids[hole] = ids[child]
        hole = child
    heap[hole] = score
    ids[hole] = candidate


@kernel
def _worse(score: np.float32, candidate: int, other: np.float32, other_candidate: int) -> bool:
    return bool(score < other or (score == other and candidate > other_candidate))


@fast_kernel
def pair_dots(
    left: NDArray[np.float32],
    rows: NDArray[np.int64],
    matrix: NDArray[np.float32],
    ids: NDArray[np.int64],
    dots: NDArray[np.float64],
) -> None:
    """Dot products of chosen pairs of rows, summed in float64.

    Parameters
    ----------
    left : float32 array of shape (n_left, dim), C order
    rows : int64 array of shape (n_queries,)
        Row of ``left`` for each query.
    matrix : float32 array of shape (n, dim), C order
    ids : int64 array of shape (n_queries, k)
        Rows of ``matrix`` for each query; -1 gives 0.
    dots : float64 array of shape (n_queries, k), changed
        ``dots[q, i] = left[rows[q]] · matrix[ids[q, i]]``.
    """
    for query in range(ids.shape[0]):
        query_row = left[rows[query]]
        for i in range(ids.shape[1]):
            total = 0.0
            if ids[query, i] >= 0:
                candidate = matrix[ids[query, i]]
                for j in range(candidate.shape[0]):
                    total += np.float64(query_row[j]) * np.float64(candidate[j])
            dots[query, i] = total


@fast_kernel
def sparse_pair_dots(
    left: NDArray[np.float32],
    rows: NDArray[np.int64],
    indptr: NDArray[np.int64],
    indices: NDArray[np.int64],
    data: NDArray[np.float32],
    ids: NDArray[np.int64],
    dots: NDArray[np.float64],
) -> None:
    """As `pair_dots`, for a matrix in CSR form.

    Parameters
    ----------
    left : float32 array of shape (n_left, dim), C order
    rows : int64 array of shape (n_queries,)
    indptr, indices : int32 or int64 arrays of shape (n + 1,) and (n_stored,)
    data : float32 array of shape (n_stored,)
    ids : int64 array of shape (n_queries, k)
    dots : float64 array of shape (n_queries, k), changed
    """
    for query in range(ids.shape[0]):
        query_row = left[rows[query]]
        for i in range(ids.shape[1]):
            total = 0.0
            if ids[query, i] >= 0:
                for at in range(indptr[ids[query, i]], indptr[ids[query, i] + 1]):
                    total += np.float64(query_row[indices[at]]) * np.float64(data[at])
            dots[query, i] = total
