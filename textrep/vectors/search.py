"""The best candidates of many queries, exactly, without a score matrix in memory.

Queries are taken a block at a time, each block on one thread. Scores are matrix products of the
block with tiles of candidates, small enough to stay in cache; each tile is offered at once to
every query's few best. Those few are then scored again in float64, so that the answer depends
neither on blocks nor on threads.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.errors import UnknownNameError
from textrep.parallel import map_in_order, one_blas_thread, resolve_n_jobs
from textrep.vectors.rows import Rows
from textrep.vectors.tiles import cosine_tiles, fitting

__all__ = ["ANALOGY_METHODS", "Found", "nearest", "solve", "solve_one"]

# Sizes that keep a tile of scores in cache: queries and candidates of a tile of neighbours, then
# different words, candidates and questions of a tile of analogies.
QUERY_ROWS, TILE_ROWS = 512, 2048
GIVEN_WORDS, ANALOGY_TILE_ROWS, QUESTIONS = 2048, 512, 4096
SPARE = 8  # candidates beyond those asked for, so that rounding to float32 costs none its place

# method: (does it multiply; the float64 formula of the cosines with a, b and c)
_Formula = Callable[
    [NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]
]
ANALOGY_METHODS: dict[str, tuple[bool, _Formula]] = {
    "3cosadd": (False, lambda a, b, c: b - a + c),
    "3cosmul": (True, lambda a, b, c: (b + 1) / 2 * ((c + 1) / 2) / ((a + 1) / 2 + 0.001)),
}


class Found(NamedTuple):
    """The best candidates of each query, best first; of equal scores the lower index first.

    Attributes
    ----------
    ids : int64 array of shape (n_queries, n)
        Rows of the candidates; -1 where there are no more.
    scores : float64 array of shape (n_queries, n)
        Their scores; -inf where there are no more.
    """

    ids: NDArray[np.int64]
    scores: NDArray[np.float64]


def nearest(
    candidates: Rows,
    queries: Rows | NDArray[np.int64],
    excluded: NDArray[np.int64],
    n: int,
    n_jobs: int | None = None,
) -> Found:
    """Find the ``n`` rows of highest cosine with each query.

    Parameters
    ----------
    candidates : Rows
        The rows to search.
    queries : Rows or int64 array of shape (n_queries,)
        Dense vectors, or rows of ``candidates``.
    excluded : int64 array of shape (n_queries, n_excluded)
        Rows that a query never returns; -1 for none.
    n : int
        How many; fewer are returned where there are fewer.
    n_jobs : int, optional
        Threads; every core by default. The answer is the same for any number.

    Returns
    -------
    Found
    """
    total = len(excluded)
    height = fitting(QUERY_ROWS, max(n, candidates.matrix.shape[1]))
    spans = [slice(first, min(first + height, total)) for first in range(0, total, height)]

    def search(span: slice) -> Found:
        block = _rows_of(candidates, queries, span)
        return _nearest_block(candidates, block, excluded[span], n)

    return _run(search, spans, n, n_jobs)


def solve(
    candidates: Rows, questions: NDArray[np.int64], method: str, n: int, n_jobs: int | None = None
) -> Found:
    """Find the ``n`` rows that answer each analogy best; the given words are never an answer.

    Questions share words, so a block of questions costs one cosine for each *different* word and
    candidate; the questions then combine them.

    Parameters
    ----------
    candidates : Rows
        The rows to search.
    questions : int64 array of shape (n_questions, 3)
        Rows of a, b and c: a is to b as c is to the answer.
    method : {"3cosadd", "3cosmul"}
        How the three cosines make a score.
    n, n_jobs
        As in `nearest`.

    Returns
    -------
    Found

    Raises
    ------
    UnknownNameError
        No such method.
    """
    _check_method(method)
    limit = fitting(GIVEN_WORDS, candidates.matrix.shape[1])
    spans = _spans_sharing_words(questions, limit, fitting(QUESTIONS, n))

    def search(span: slice) -> Found:
        return _solve_block(candidates, questions[span], method, n)

    return _run(search, spans, n, n_jobs)


def solve_one(
    candidates: Rows, given: Rows, excluded: NDArray[np.int64], method: str, n: int
) -> Found:
    """Find the ``n`` rows that answer one analogy of any three vectors best; see `solve`.

    Parameters
    ----------
    candidates : Rows
        The rows to search.
    given : Rows
        The vectors of a, b and c, dense.
    excluded : int64 array of shape (3,)
        Rows that are never an answer; -1 for none.
    method, n
        As in `solve`.

    Returns
    -------
    Found
        Of one query.
    """
    _check_method(method)
    return _answers(candidates, given, np.arange(3)[None, :], excluded[None, :], method, n)


def _check_method(method: str) -> None:
    if method not in ANALOGY_METHODS:
        raise UnknownNameError("analogy method", method, ANALOGY_METHODS)


def _run(
    search: Callable[[slice], Found], spans: Sequence[slice], n: int, n_jobs: int | None
) -> Found:
    threads = min(resolve_n_jobs(n_jobs, "neighbors"), len(spans))
    quiet = one_blas_thread() if threads > 1 else contextlib.nullcontext()
    with quiet:
        parts = list(map_in_order(search, spans, max(1, threads)))
    if not parts:
        return Found(np.empty((0, n), np.int64), np.empty((0, n)))
    return Found(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _rows_of(candidates: Rows, queries: Rows | NDArray[np.int64], span: slice) -> Rows:
    if isinstance(queries, Rows):
        return Rows(queries.matrix[span], queries.norms[span], queries.inverse[span])
    return candidates.take(queries[span])


def _nearest_block(candidates: Rows, block: Rows, excluded: NDArray[np.int64], n: int) -> Found:
    from textrep.kernels.topk import offer_scores

    best_scores, best_ids = _empty_heaps(candidates, len(excluded), n)
    for first, cosines in cosine_tiles(candidates, block, TILE_ROWS):
        offer_scores(cosines, first, excluded, best_scores, best_ids)
    exact = _exact_cosines(candidates, block, np.arange(len(excluded)), best_ids)
    return _in_order(best_ids, exact, n)


def _solve_block(candidates: Rows, questions: NDArray[np.int64], method: str, n: int) -> Found:
    words, local = np.unique(questions, return_inverse=True)
    block = candidates.take(words)
    return _answers(candidates, block, local.reshape(questions.shape), questions, method, n)


def _answers(
    candidates: Rows,
    block: Rows,
    local: NDArray[np.int64],
    excluded: NDArray[np.int64],
    method: str,
    n: int,
) -> Found:
    """Answer questions whose words are the rows ``local`` of ``block``."""
    from textrep.kernels.topk import offer_analogies

    multiply, formula = ANALOGY_METHODS[method]
    best_scores, best_ids = _empty_heaps(candidates, len(local), n)
    for first, cosines in cosine_tiles(candidates, block, ANALOGY_TILE_ROWS):
        offer_analogies(cosines, local, multiply, first, excluded, best_scores, best_ids)
    with_given = [_exact_cosines(candidates, block, local[:, i], best_ids) for i in range(3)]
    return _in_order(best_ids, formula(*with_given), n)


def _empty_heaps(
    candidates: Rows, queries: int, n: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    k = min(n + SPARE, candidates.matrix.shape[0])
    return np.full((queries, k), -np.inf, np.float32), np.full((queries, k), -1, np.int64)


def _exact_cosines(
    candidates: Rows, block: Rows, rows: NDArray[np.int64], ids: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Cosines in float64 of ``block[rows]`` with the candidates ``ids``; 0 with a zero vector."""
    from textrep.kernels.topk import pair_dots, sparse_pair_dots

    rows = np.ascontiguousarray(rows, np.int64)
    cosines = np.empty(ids.shape)
    matrix = candidates.matrix
    if candidates.sparse:
        parts = (matrix.indptr, matrix.indices, matrix.data)
        sparse_pair_dots(block.matrix, rows, *parts, ids, cosines)
    else:
        pair_dots(block.matrix, rows, matrix, ids, cosines)
    usable = (block.inverse[rows] > 0)[:, None] & (candidates.inverse[ids] > 0)
    lengths = block.norms[rows][:, None] * candidates.norms[ids]
    np.divide(cosines, lengths, out=cosines, where=usable)
    cosines[~usable] = 0.0
    return np.clip(cosines, -1.0, 1.0, out=cosines)


def _in_order(ids: NDArray[np.int64], scores: NDArray[np.float64], n: int) -> Found:
    scores = np.where(ids >= 0, scores, -np.inf)
    order = np.lexsort((ids, -scores), axis=-1)[:, :n]
    found = Found(np.take_along_axis(ids, order, 1), np.take_along_axis(scores, order, 1))
    missing = n - order.shape[1]
    if missing <= 0:
        return found
    return Found(
        np.pad(found.ids, ((0, 0), (0, missing)), constant_values=-1),
        np.pad(found.scores, ((0, 0), (0, missing)), constant_values=-np.inf),
    )


def _spans_sharing_words(questions: NDArray[np.int64], limit: int, most: int) -> list[slice]:
    """Cut the questions into runs of at most ``limit`` different words and ``most`` questions."""
    spans = []
    first = 0
    words: set[int] = set()
    for at, given in enumerate(questions.tolist()):
        new = {word for word in given if word not in words}
        if at > first and (at - first == most or len(words) + len(new) > limit):
            spans.append(slice(first, at))
            first = at
            words = set()
        words.update(given)
    if first < len(questions):
        spans.append(slice(first, len(questions)))
    return spans
