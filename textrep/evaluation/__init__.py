"""Benchmarks run on anything that has words and vectors, and what the scores are worth.

Examples
--------
>>> report = evaluate({"mine": vectors}, suite="words")  # doctest: +SKIP
>>> for line in render(report):  # doctest: +SKIP
...     print(line)
"""

from __future__ import annotations

from textrep.evaluation.development import mean_score
from textrep.evaluation.plateau import BenchmarkPlateau
from textrep.evaluation.protocols import FittedModel, Vectors
from textrep.evaluation.report import Average, Missing, Report, Result
from textrep.evaluation.runner import evaluate
from textrep.evaluation.table import render, to_markdown

__all__ = [
    "Average",
    "BenchmarkPlateau",
    "FittedModel",
    "Missing",
    "Report",
    "Result",
    "Vectors",
    "evaluate",
    "mean_score",
    "render",
    "to_markdown",
]
