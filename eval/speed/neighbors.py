"""How far exact neighbours are from the matrix product that is their floor.

Prints one JSON line: seconds of `WordVectors.neighbors`, seconds of the bare product of the same
sizes (in blocks, on all BLAS threads), and their ratio; medians of runs in turn, since machines
are noisy. Run it with `python eval/speed/neighbors.py`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable

import numpy as np

from textrep.vectors import WordVectors

PRODUCT_ROWS = 1024  # queries in a block of the bare product


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=70_000, help="words to search")
    parser.add_argument("--dim", type=int, default=200, help="columns")
    parser.add_argument("--queries", type=int, default=10_000, help="words to find neighbours of")
    parser.add_argument("--n", type=int, default=10, help="neighbours a word")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each")
    arguments = parser.parse_args()

    generator = np.random.default_rng(1)
    matrix = generator.standard_normal((arguments.words, arguments.dim), dtype=np.float32)
    names = [f"w{row}" for row in range(arguments.words)]
    vectors = WordVectors(names, matrix)
    queries = names[: arguments.queries]
    scores = np.empty((PRODUCT_ROWS, arguments.words), np.float32)

    def product() -> None:
        for first in range(0, len(queries), PRODUCT_ROWS):
            block = matrix[first : min(first + PRODUCT_ROWS, len(queries))]
            np.matmul(block, matrix.T, out=scores[: len(block)])

    def neighbors() -> None:
        vectors.neighbors(queries, n=arguments.n)

    vectors.neighbors(queries[:2000], n=arguments.n)  # compiles and warms up
    times: dict[Callable[[], None], list[float]] = {product: [], neighbors: []}
    for _ in range(arguments.repeats):
        for run, seconds in times.items():
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
    ours, floor = statistics.median(times[neighbors]), statistics.median(times[product])
    result = {
        "benchmark": "neighbors",
        "words": arguments.words,
        "dim": arguments.dim,
        "queries": len(queries),
        "n": arguments.n,
        "seconds": round(ours, 3),
        "product_seconds": round(floor, 3),
        "ratio": round(ours / floor, 3),
        "repeats": arguments.repeats,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
