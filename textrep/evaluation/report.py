"""The result of an evaluation: scores of models on benchmarks, and what they tell apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from textrep.evaluation.comparison import compare
from textrep.evaluation.differences import Comparison
from textrep.evaluation.frequency import Frequencies
from textrep.evaluation.result import Result
from textrep.evaluation.statistics import CONFIDENCE
from textrep.evaluation.wording import Wording, wording

__all__ = ["Average", "Missing", "Report"]


@dataclass(frozen=True)
class Missing:
    """A benchmark that was asked for and could not be run, and why."""

    benchmark: str
    reason: str


@dataclass(frozen=True)
class Average:
    """Mean of the scores of one task's benchmarks, each counting the same.

    Attributes
    ----------
    task : str
        Name of the task.
    benchmarks : tuple of str
        Those on which every model has a score; the mean is over them.
    scores : dict of str to float or None
        The mean of each model; None where there is no such benchmark.
    shared : dict of str to float or None
        The mean of the scores on the items that all models cover; None where one of these
        benchmarks has no such score.
    averaged : bool
        Whether a mean says anything; perplexities of different texts are not on one scale.
    """

    task: str
    benchmarks: tuple[str, ...]
    scores: dict[str, float | None]
    shared: dict[str, float | None]
    averaged: bool = True


@dataclass(frozen=True)
class Report:
    """Scores of models on benchmarks.

    Attributes
    ----------
    models : tuple of str
        In the order given.
    results : tuple of Result
        Benchmark by benchmark in the order of the suite, model by model.
    missing : tuple of Missing
        Benchmarks that could not be run.
    tables : mapping of str to mapping of str to sequence of str
        The columns of each benchmark that was run, keyed by role.
    frequencies : Frequencies or None
        The ranks of words in the vocabulary that most models share; None where no model was asked
        for words.
    """

    models: tuple[str, ...]
    results: tuple[Result, ...]
    missing: tuple[Missing, ...] = field(default=())
    tables: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict, repr=False)
    frequencies: Frequencies | None = field(default=None, repr=False)

    @property
    def benchmarks(self) -> tuple[str, ...]:
        """Names of the benchmarks that were run, in order."""
        return tuple(dict.fromkeys(result.benchmark for result in self.results))

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the tasks that were run, in order."""
        return tuple(dict.fromkeys(result.task for result in self.results))

    def of(self, benchmark: str) -> tuple[Result, ...]:
        """Return the results of one benchmark, in the order of ``models``."""
        return tuple(result for result in self.results if result.benchmark == benchmark)

    def wording(self, benchmark: str) -> Wording:
        """Return the items of a benchmark as people read them, in the order of its answers."""
        if benchmark not in self._wordings:
            task = self.of(benchmark)[0].task
            self._wordings[benchmark] = wording(task, self.tables[benchmark])
        return self._wordings[benchmark]

    @cached_property
    def _wordings(self) -> dict[str, Wording]:
        return {}

    @cached_property
    def comparisons(self) -> dict[str, Comparison]:
        """What each benchmark tells apart, by its name; none where no model has a score.

        Made when it is first asked for: thousands of resamples of every benchmark.
        """
        found = {name: compare(self.of(name)) for name in self.benchmarks}
        return {name: compared for name, compared in found.items() if compared is not None}

    def averages(self) -> tuple[Average, ...]:
        """Return the macro mean of each task over the benchmarks that every model has scores on."""
        averages = []
        for task in self.tasks:
            names = dict.fromkeys(r.benchmark for r in self.results if r.task == task)
            complete = tuple(
                name for name in names if all(r.score is not None for r in self.of(name))
            )
            averaged = not any(r.lower_is_better for name in names for r in self.of(name))
            rows = [self.of(name) for name in complete]
            scores, shared = {}, {}
            for place, model in enumerate(self.models):
                scores[model] = _mean([row[place].score for row in rows])
                shared[model] = _mean([row[place].on_shared.value for row in rows])
            averages.append(Average(task, complete, scores, shared, averaged))
        return tuple(averages)

    def rows(self) -> list[dict[str, Any]]:
        """Return one flat row a result, for a data frame or a CSV file."""
        return [
            {
                "benchmark": result.benchmark,
                "task": result.task,
                "model": result.model,
                "metric": result.metric,
                "score": result.score,
                "low": result.estimate.low,
                "high": result.estimate.high,
                "score_covered": result.on_covered.value,
                "score_all": result.on_all.value,
                "score_shared": result.on_shared.value,
                "n_items": result.n_items,
                "n_covered": result.n_covered,
                "n_composed": result.n_composed,
                "n_shared": result.on_shared.n,
                "coverage": result.coverage,
                "oov": result.oov,
                "ties": result.outcome.ties,
                "seconds": result.seconds,
                "reason": result.estimate.reason,
            }
            for result in self.results
        ]

    def to_dict(self, items: bool = False) -> dict[str, Any]:
        """Return the report for JSON.

        Parameters
        ----------
        items : bool, default=False
            Whether to add every model's answer to every item.

        Returns
        -------
        dict
            Of strings, numbers, booleans, lists, dicts and None; never NaN or infinity.
        """
        return {
            "models": list(self.models),
            "confidence": CONFIDENCE,
            "results": [result.to_dict(items) for result in self.results],
            "comparisons": [compared.to_dict() for compared in self.comparisons.values()],
            "averages": [asdict(average) for average in self.averages()],
            "missing": [asdict(missing) for missing in self.missing],
        }


def _mean(values: Sequence[float | None]) -> float | None:
    """Return the mean, None where there is nothing or one value is absent."""
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known and len(known) == len(values) else None
