"""Which runs there are to make, and which parameters the development half chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from textrep import recipes

from .halves import DEVELOPMENT
from .markdown import mean
from .plan import CorpusPlan, ModelPlan, Plan, Run
from .records import Half, Record

__all__ = ["Chooser", "Reported", "mean_of_tasks", "mean_on_all", "task_means"]

Scores = Mapping[str, Half]


def task_means(scores: Scores, least: int) -> dict[str, float | None]:
    """Return the mean of each task's benchmarks, each counting the same.

    Parameters
    ----------
    scores : mapping of str to Half
        By benchmark.
    least : int
        A benchmark with fewer covered items is left out, and so is a task without any other.

    Returns
    -------
    dict of str to float or None
        None where a model has no score in spite of enough items: its cosines are all the same.
    """
    values: dict[str, list[float | None]] = {}
    for benchmark, half in scores.items():
        if half.covered >= least:
            values.setdefault(recipes.benchmark_recipe(benchmark).task, []).append(half.score)
    return {task: mean(found) for task, found in values.items()}


def mean_of_tasks(scores: Scores, least: int) -> float | None:
    """Return the mean of :func:`task_means`, each task counting the same; None if one is None."""
    return mean(list(task_means(scores, least).values()))


def mean_on_all(scores: Scores) -> float:
    """Return the mean of the tasks on all items; a correlation that is not defined counts as 0."""
    values: dict[str, list[float]] = {}
    for benchmark, half in scores.items():
        task = recipes.benchmark_recipe(benchmark).task
        values.setdefault(task, []).append(half.on_all or 0.0)
    means = [sum(found) / len(found) for found in values.values()]
    return sum(means) / len(means)


@dataclass(frozen=True)
class Reported:
    """A row of the tables: runs that differ in nothing but the seed."""

    name: str
    runs: tuple[Run, ...]


class Chooser:
    """Runs of a plan, as far as the results that are there tell which.

    Parameters
    ----------
    plan : Plan
    lookup : callable
        Returns the record of a run on the corpus of a name, None if it has not been made.
    """

    def __init__(self, plan: Plan, lookup: Callable[[str, Run], Record | None]) -> None:
        self.plan = plan
        self._lookup = lookup

    def sweep(self, corpus: CorpusPlan, model: ModelPlan) -> Iterator[Run]:
        """Yield the runs with one parameter changed, the defaults first, and then the combination.

        The combination has the best value of each parameter, and is there as soon as all the
        others have been made, if it differs from them.
        """
        singles = [Run(model, changed) for changed in model.variants()]
        yield from singles
        best = self._best_values(corpus, singles)
        if best is not None and len(best) > 1:
            yield Run(model, best)

    def tuned(self, corpus: CorpusPlan, model: ModelPlan) -> Run | None:
        """Return the run with the best mean of the development half; None if it is not known yet.

        That of the corpus that ``tuned_on`` names, where there is one. Of equals it is the first.
        """
        if corpus.tuned_on is not None:
            return self.tuned(self.plan.corpus(corpus.tuned_on), model)
        runs = list(self.sweep(corpus, model))
        scores = [self._development(corpus, run) for run in runs]
        if len(runs) == 1:
            return runs[0]
        if any(score is None for score in scores):
            return None
        return runs[max(range(len(runs)), key=lambda place: (scores[place] or 0.0, -place))]

    def reported(self, corpus: CorpusPlan) -> list[Reported]:
        """Return the rows of a corpus that are known: each model's defaults, then tuned."""
        rows = []
        for model in self.plan.models_on(corpus):
            rows.append(self._row(corpus, model, model.name, Run(model, {})))
            tuned = self.tuned(corpus, model)
            if tuned is not None and tuned.changed:
                rows.append(self._row(corpus, model, f"{model.name} (tuned)", tuned))
        return rows

    def members(self, corpus: CorpusPlan, run: Run) -> list[Run] | None:
        """Return what a run puts together: tuned members of its seed; None if not known yet."""
        found = []
        for name in run.model.members:
            tuned = self.tuned(corpus, self.plan.model(name))
            if tuned is None:
                return None
            found.append(Run(tuned.model, tuned.changed, run.seed if tuned.model.seeded else 0))
        return found

    def _row(self, corpus: CorpusPlan, model: ModelPlan, name: str, run: Run) -> Reported:
        seeds = range(corpus.seeds if model.seeded else 1)
        return Reported(name, tuple(Run(model, run.changed, seed) for seed in seeds))

    def _best_values(self, corpus: CorpusPlan, singles: list[Run]) -> dict[str, Any] | None:
        """Return the values that are better than the default, the best of each parameter."""
        base = self._development(corpus, singles[0])
        if base is None:
            return None
        best: dict[str, tuple[float, Any]] = {}
        for run in singles[1:]:
            score = self._development(corpus, run)
            if score is None:
                return None
            ((name, value),) = run.changed.items()
            if score > best.get(name, (base, None))[0]:
                best[name] = (score, value)
        return {name: value for name, (_, value) in best.items()}

    def _development(self, corpus: CorpusPlan, run: Run) -> float | None:
        record = self._lookup(corpus.name, run)
        if record is None:
            return None
        return mean_of_tasks(record.scores[DEVELOPMENT], self.plan.least_items)
