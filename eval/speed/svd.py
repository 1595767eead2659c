"""Truncated SVD of a PPMI matrix against scikit-learn's randomized_svd, at the same accuracy.

ARPACK's singular values, in float64 and to machine accuracy, are the truth. scikit-learn gets the
fewest power iterations with which each value is within the tolerance, once with its default of ten
additional dimensions and once with half the rank, which is faster. How many those are is found by
the same iteration on all threads, that looks at the values after each step. ARPACK takes minutes on
a large matrix, so its values and the iterations are kept in the cache folder, under the checksum of
the matrix.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .harness import Comparison, Job, PythonSide, Settings, SpeedError, call, measure, say
from .texts import prepare_text

if TYPE_CHECKING:
    import scipy.sparse as sp

__all__ = ["compare"]

_RANK = 300
_WINDOW = 5
_SMOOTHING = 0.75
_TOLERANCE = 0.01
_MOST_ITERATIONS = 128
_OVERSAMPLING = 10  # scikit-learn's default
_WARM_UP_RANK = 8
_WARM_UP_ROWS = 1500  # more than what textrep decomposes as a dense matrix


def compare(settings: Settings, *, rank: int = _RANK) -> Comparison:
    """Measure time and memory; state the largest relative error of each side's values."""
    text = prepare_text(settings)
    folder = settings.work / "ppmi"
    folder.mkdir(exist_ok=True)
    say("  counting and PPMI")
    matrix = call(write_matrix, settings, text=str(text.text8), folder=str(folder))
    rank = min(rank, *(size // 2 for size in matrix["shape"]))
    key = {"folder": str(folder), "rank": rank}
    say("  ARPACK, for the true values (cached)")
    truth = call(true_values, settings, fingerprint=matrix["fingerprint"], **key)
    values, iterations = truth["values"], truth["iterations"]
    sides = [PythonSide("textrep SVD", textrep_svd, {**key, "threads": settings.threads})]
    for oversampling in sorted({_OVERSAMPLING, rank // 2}):
        if str(oversampling) not in iterations:
            say(f"  looking for the fewest iterations with {oversampling} more dimensions (cached)")
            search = {**key, "oversampling": oversampling, "threads": settings.threads}
            found = call(fewest_iterations, settings, **search, truth=truth["cache"])
            iterations[str(oversampling)] = found["iterations"]
            call(remember, settings, path=truth["cache"], iterations=iterations)
        sides.append(_scikit_learn(key, oversampling, iterations[str(oversampling)]))
    measurements = measure(sides, settings)
    errors = {}
    for measurement in measurements:
        errors[measurement.label] = _error(measurement.facts.pop("values"), values)
    notes = [
        *text.notes,
        "Largest relative error of a singular value, ARPACK's (float64) being the truth: "
        + ", ".join(f"{error:.2%} ({label})" for label, error in errors.items())
        + ".",
        "scikit-learn +a, b: a additional dimensions (n_oversamples; its default is 10) and b "
        f"power iterations (n_iter), the fewest with errors of at most {_TOLERANCE:.0%}.",
        f"ARPACK took {truth['seconds']:.0f} s (values only, one run, kept in the cache folder).",
    ]
    facts = {
        "entries": matrix["entries"],
        "rank": rank,
        "errors": errors,
        "truth": "arpack",
        "arpack_seconds": truth["seconds"],
        "n_iter": iterations,
    }
    rows, columns = matrix["shape"]
    title = f"PPMI {rows:,} x {columns:,}, {matrix['entries']:,} entries, rank {rank} ({text.name})"
    return Comparison("svd", title, measurements, "", notes, facts)


def _scikit_learn(key: dict[str, Any], oversampling: int, iterations: int) -> PythonSide:
    arguments = {**key, "oversampling": oversampling, "iterations": iterations}
    return PythonSide(f"scikit-learn +{oversampling}, {iterations}", sklearn_svd, arguments)


def _error(values: Sequence[float], truth: Sequence[float]) -> float:
    return max(abs(value - true) / true for value, true in zip(values, truth, strict=True))


def write_matrix(text: str, folder: str) -> dict[str, Any]:
    """Build the corpus, count, and write the PPMI matrix (in a child)."""
    import numpy as np

    from textrep import PPMI, Corpus

    corpus = Corpus.build(text, tokenizer="text8", min_count=5)
    model = PPMI(window=_WINDOW, context_smoothing=_SMOOTHING).fit(corpus)
    matrix = model.word_vectors_
    digest = hashlib.sha256()
    for name in ("indptr", "indices", "data"):
        array = getattr(matrix, name)
        np.save(Path(folder) / f"{name}.npy", array)
        digest.update(array)
    return {
        "shape": matrix.shape,
        "entries": int(matrix.nnz),
        "fingerprint": digest.hexdigest(),
    }


def _read_matrix(folder: str, rows: int | None = None) -> sp.csr_array:
    """Read the matrix, or the rows and columns of its most frequent words only."""
    import numpy as np
    import scipy.sparse as sp

    names = ("data", "indices", "indptr")
    data, indices, indptr = (np.load(Path(folder) / f"{name}.npy") for name in names)
    matrix = sp.csr_array((data, indices, indptr), shape=(len(indptr) - 1,) * 2)
    return matrix if rows is None else matrix[:rows, :rows]


def textrep_svd(folder: str, rank: int, threads: int) -> Job:
    """Decompose with the default solver and tolerance."""
    from textrep.linalg import truncated_svd

    matrix, little = _read_matrix(folder), _read_matrix(folder, _WARM_UP_ROWS)

    def run() -> dict[str, Any]:
        result = truncated_svd(matrix, rank, tolerance=_TOLERANCE, n_jobs=threads)
        return {"values": result.values.tolist()}

    return Job(lambda: truncated_svd(little, _WARM_UP_RANK, tolerance=1.0, n_jobs=threads), run)


def sklearn_svd(folder: str, rank: int, oversampling: int, iterations: int) -> Job:
    """Decompose with scikit-learn."""
    from sklearn.utils.extmath import randomized_svd

    matrix, little = _read_matrix(folder), _read_matrix(folder, _WARM_UP_ROWS)

    def run() -> dict[str, Any]:
        _, values, _ = randomized_svd(
            matrix, rank, n_oversamples=oversampling, n_iter=iterations, random_state=0
        )
        return {"values": values.tolist()}

    return Job(lambda: randomized_svd(little, _WARM_UP_RANK, n_iter=1, random_state=0), run)


def fewest_iterations(
    folder: str, rank: int, oversampling: int, threads: int, truth: str
) -> dict[str, int]:
    """Return with how few power iterations scikit-learn's values are near enough (in a child).

    The subspace after each is that of scikit-learn, from the same random start; the basis of it is
    orthonormal here and triangular there.

    Raises
    ------
    SpeedError
        There would have to be too many.
    """
    import numpy as np

    from textrep.linalg import SparseOperator

    values = json.loads(Path(truth).read_text("utf-8"))["values"]
    operator = SparseOperator(_read_matrix(folder), threads)
    start = np.random.RandomState(0).normal(size=(operator.shape[1], rank + oversampling))
    contexts = start.astype(np.float32)
    for iterations in range(_MOST_ITERATIONS + 1):
        words = np.linalg.qr(operator.times(contexts)).Q
        contexts, triangle = np.linalg.qr(operator.transposed_times(words))
        found = np.linalg.svd(triangle, compute_uv=False)[:rank]
        if _error(found.tolist(), values) <= _TOLERANCE:
            return {"iterations": iterations}
    raise SpeedError(
        f"scikit-learn's randomized_svd would not come within {_TOLERANCE:.0%} of ARPACK in "
        f"{_MOST_ITERATIONS} power iterations"
    )


def true_values(folder: str, rank: int, fingerprint: str) -> dict[str, Any]:
    """Return ARPACK's values, computed or from the cache, and where they are kept (in a child)."""
    import time

    import numpy as np
    import scipy.sparse.linalg

    from textrep.data import cache_folder

    path = cache_folder() / "speed" / f"svd-{fingerprint[:16]}-{rank}.json"
    if path.is_file():
        return json.loads(path.read_text("utf-8"))
    matrix = _read_matrix(folder).astype(np.float64)
    start = time.perf_counter()
    values = scipy.sparse.linalg.svds(matrix, rank, return_singular_vectors=False, rng=0)
    facts = {
        "values": np.sort(values)[::-1].tolist(),
        "seconds": time.perf_counter() - start,
        "iterations": {},
        "cache": str(path),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(facts), "utf-8")
    return facts


def remember(path: str, iterations: dict[str, int]) -> dict[str, Any]:
    """Add the numbers of power iterations to the cache (in a child)."""
    facts = json.loads(Path(path).read_text("utf-8")) | {"iterations": iterations}
    Path(path).write_text(json.dumps(facts), "utf-8")
    return {}
