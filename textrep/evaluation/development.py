"""One number for vectors on a development benchmark, to choose between them by."""

from __future__ import annotations

from textrep.errors import DataError
from textrep.evaluation.protocols import Vectors
from textrep.evaluation.runner import evaluate
from textrep.progress import SilentReporter, reporting_to

__all__ = ["mean_score"]


def mean_score(vectors: Vectors, suite: str) -> float:
    """Return the mean of the primary scores on the benchmarks of a suite.

    Parameters
    ----------
    vectors : Vectors
        Words and vectors.
    suite : str
        Name of a suite or of a benchmark.

    Returns
    -------
    float
        Each benchmark under the policy for unknown words that its recipe names.

    Raises
    ------
    UnknownNameError
        There is no suite or benchmark of that name.
    DataError
        The data of a benchmark are not at hand, or the vectors have too few of its words.
    """
    with reporting_to(SilentReporter()):
        report = evaluate({"vectors": vectors}, suite, margins=False)
    if report.missing:
        raise DataError(
            f"Cannot choose by {report.missing[0].benchmark}: {report.missing[0].reason}"
        )
    scores = []
    for result in report.results:
        if result.score is None:
            raise DataError(
                f"The words have no score on {result.benchmark}: {result.estimate.reason}. "
                "Choose another benchmark."
            )
        scores.append(result.score)
    return sum(scores) / len(scores)
