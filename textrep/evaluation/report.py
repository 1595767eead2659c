"""The result of an evaluation: every score with its coverage, interval and origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from textrep.evaluation.outcome import INTERVALS, Outcome
from textrep.evaluation.statistics import CONFIDENCE, Estimate

__all__ = ["Average", "Missing", "Report", "Result"]


@dataclass(frozen=True)
class Result:
    """One model on one benchmark.

    Attributes
    ----------
    benchmark, task, model : str
        Names.
    outcome : Outcome
        Item-level predictions, metric, policy, secondary scores, ties and categories.
    on_covered : Estimate
        Score of the items that the model covers.
    on_all : Estimate
        Score of all items, those not covered filled as the policy says. "skip" says nothing
        of them: they are filled as by "zero".
    on_shared : Estimate
        Score of the items that every model of the report covers.
    seconds : float
        Time it took.
    sha256 : str
        Of the table that the questions came from.
    citation : str
        Whom to cite for the benchmark.
    human_ceiling : float or None
        What people reach, where it was measured.
    """

    benchmark: str
    task: str
    model: str
    outcome: Outcome
    on_covered: Estimate
    on_all: Estimate
    on_shared: Estimate
    seconds: float = 0.0
    sha256: str = ""
    citation: str = ""
    human_ceiling: float | None = None

    @property
    def metric(self) -> str:
        """Name of the primary metric."""
        return self.outcome.metric

    @property
    def oov(self) -> str:
        """The policy for unknown words that was applied."""
        return self.outcome.oov

    @property
    def estimate(self) -> Estimate:
        """The score under the policy: of the covered items with "skip", else of all."""
        return self.on_covered if self.oov == "skip" else self.on_all

    @property
    def score(self) -> float | None:
        """The primary score under the policy; None where ``estimate.reason`` says why not."""
        return self.estimate.value

    @property
    def n_items(self) -> int:
        """Number of items in the benchmark."""
        return len(self.outcome.items.covered)

    @property
    def n_covered(self) -> int:
        """Number of items whose words the model has."""
        return int(self.outcome.items.covered.sum())

    @property
    def n_composed(self) -> int:
        """Number of items that are not covered, but answered with composed vectors."""
        composed = self.outcome.items.composed
        return 0 if composed is None else int(composed.sum())

    @property
    def coverage(self) -> float:
        """Share of the items that are covered, 0 to 1."""
        return self.n_covered / self.n_items if self.n_items else 0.0

    def to_dict(self, items: bool = False) -> dict[str, Any]:
        """Return everything for JSON; the item-level predictions only if asked for."""
        outcome = self.outcome
        result: dict[str, Any] = {
            "benchmark": self.benchmark,
            "task": self.task,
            "model": self.model,
            "metric": self.metric,
            "score": self.score,
            "interval": [self.estimate.low, self.estimate.high],
            "interval_method": INTERVALS[self.metric],
            "reason": self.estimate.reason,
            "oov": self.oov,
            "n_items": self.n_items,
            "n_covered": self.n_covered,
            "n_composed": self.n_composed,
            "coverage": self.coverage,
            "on_covered": self.on_covered.to_dict(),
            "on_all": self.on_all.to_dict(),
            "on_shared": self.on_shared.to_dict(),
            "secondary": dict(outcome.secondary),
            "ties": outcome.ties,
            "categories": {name: asdict(part) for name, part in outcome.categories.items()},
            "options": dict(outcome.options),
            "human_ceiling": self.human_ceiling,
            "seconds": self.seconds,
            "sha256": self.sha256,
            "citation": self.citation,
        }
        if items:
            answers = outcome.items
            result["items"] = {
                "covered": answers.covered.tolist(),
                # A model with damaged vectors may say NaN, which JSON does not know.
                "values": [float(v) if np.isfinite(v) else None for v in answers.values],
                "gold": None if answers.gold is None else answers.gold.tolist(),
                "groups": None if answers.groups is None else answers.groups.tolist(),
                "clusters": None if answers.clusters is None else answers.clusters.tolist(),
                "composed": None if answers.composed is None else answers.composed.tolist(),
            }
        return result


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
    """

    task: str
    benchmarks: tuple[str, ...]
    scores: dict[str, float | None]
    shared: dict[str, float | None]


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
    """

    models: tuple[str, ...]
    results: tuple[Result, ...]
    missing: tuple[Missing, ...] = field(default=())

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

    def averages(self) -> tuple[Average, ...]:
        """Return the macro mean of each task over the benchmarks that every model has scores on."""
        averages = []
        for task in self.tasks:
            names = dict.fromkeys(r.benchmark for r in self.results if r.task == task)
            complete = tuple(
                name for name in names if all(r.score is not None for r in self.of(name))
            )
            rows = [self.of(name) for name in complete]
            scores, shared = {}, {}
            for place, model in enumerate(self.models):
                scores[model] = _mean([row[place].score for row in rows])
                shared[model] = _mean([row[place].on_shared.value for row in rows])
            averages.append(Average(task, complete, scores, shared))
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
            "averages": [asdict(average) for average in self.averages()],
            "missing": [asdict(missing) for missing in self.missing],
        }


def _mean(values: Sequence[float | None]) -> float | None:
    """Return the mean, None where there is nothing or one value is absent."""
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known and len(known) == len(values) else None
