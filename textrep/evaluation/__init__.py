"""Benchmarks run on anything that has words and vectors, and what the scores are worth.

Examples
--------
>>> report = evaluate({"mine": vectors}, suite="words")  # doctest: +SKIP
>>> for line in render(report):  # doctest: +SKIP
...     print(line)
"""

from __future__ import annotations

from textrep.evaluation.asked import TEXT_TASKS
from textrep.evaluation.details import render_mistakes, render_seeds, render_slices
from textrep.evaluation.development import mean_score
from textrep.evaluation.differences import Comparison, Difference
from textrep.evaluation.methods import compare_methods
from textrep.evaluation.mistakes import Disagreement, Mistake, disagreements, mistakes
from textrep.evaluation.plateau import BenchmarkPlateau
from textrep.evaluation.protocols import (
    Adapting,
    Encoder,
    FittedModel,
    TokenEncoder,
    Trainable,
    Vectors,
)
from textrep.evaluation.report import Average, Missing, Report
from textrep.evaluation.result import Result
from textrep.evaluation.runner import evaluate, named_recipes
from textrep.evaluation.seeds import SeedSpread, spread_over_seeds
from textrep.evaluation.slices import By, Slice, slices
from textrep.evaluation.table import render, to_markdown
from textrep.evaluation.tasks.classification import CLASSIFIERS, FINETUNED

__all__ = [
    "CLASSIFIERS",
    "FINETUNED",
    "TEXT_TASKS",
    "Adapting",
    "Average",
    "BenchmarkPlateau",
    "By",
    "Comparison",
    "Difference",
    "Disagreement",
    "Encoder",
    "FittedModel",
    "Missing",
    "Mistake",
    "Report",
    "Result",
    "SeedSpread",
    "Slice",
    "TokenEncoder",
    "Trainable",
    "Vectors",
    "compare_methods",
    "disagreements",
    "evaluate",
    "mean_score",
    "mistakes",
    "named_recipes",
    "render",
    "render_mistakes",
    "render_seeds",
    "render_slices",
    "slices",
    "spread_over_seeds",
    "to_markdown",
]
