"""Exact nearest neighbours against the matrix product that is their floor.

The floor is the bare product of the same sizes, in blocks that fit in memory, on all BLAS threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .harness import Comparison, Job, PythonSide, Settings, measure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["compare"]

_PRODUCT_ROWS = 1024  # queries in a block of the bare product
_WARM_UP_QUERIES = 2000
_N = 10


def compare(
    settings: Settings, *, words: int = 70_000, dim: int = 200, queries: int = 10_000
) -> Comparison:
    """Measure the neighbours of ``queries`` words among ``words`` vectors of ``dim`` numbers."""
    arguments = {"words": words, "dim": dim, "queries": queries}
    sides = [
        PythonSide("textrep neighbors", textrep_neighbors, arguments),
        PythonSide("matrix product (floor)", product, arguments),
    ]
    measurements = measure(sides, settings)
    for measurement in measurements:
        measurement.work = queries
    share = measurements[1].median / measurements[0].median
    title = f"{_N} neighbours of {queries:,} words in {words:,} x {dim}, float32"
    notes = [f"The product alone is {share:.0%} of the time of the neighbours."]
    return Comparison("neighbors", title, measurements, "queries", notes, arguments)


def textrep_neighbors(words: int, dim: int, queries: int) -> Job:
    """Find neighbours by word."""
    from textrep import WordVectors

    names = [f"w{row}" for row in range(words)]
    vectors = WordVectors(names, _random_matrix(words, dim))

    def find(n_queries: int) -> dict[str, Any]:
        return {"queries": len(vectors.neighbors(names[:n_queries], n=_N))}

    return Job(lambda: find(_WARM_UP_QUERIES), lambda: find(queries))


def product(words: int, dim: int, queries: int) -> Job:
    """Multiply blocks of queries with all words."""
    import numpy as np

    matrix = _random_matrix(words, dim)
    scores = np.empty((_PRODUCT_ROWS, words), np.float32)

    def multiply(n_queries: int) -> dict[str, Any]:
        for first in range(0, n_queries, _PRODUCT_ROWS):
            block = matrix[first : min(first + _PRODUCT_ROWS, n_queries)]
            np.matmul(block, matrix.T, out=scores[: len(block)])
        return {"queries": n_queries}

    return Job(lambda: multiply(_WARM_UP_QUERIES), lambda: multiply(queries))


def _random_matrix(words: int, dim: int) -> NDArray[np.float32]:
    import numpy as np

    return np.random.default_rng(1).standard_normal((words, dim), dtype=np.float32)
