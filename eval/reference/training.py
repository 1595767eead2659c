"""Train the models of the plan through the library's public interface, and ask them."""

from __future__ import annotations

import hashlib
import inspect
import json
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import textrep
from textrep.errors import DataError
from textrep.evaluation import evaluate
from textrep.evaluation.outcome import Outcome
from textrep.models.counting import CountingModel
from textrep.models.registry import model_class

from .plan import CorpusPlan, Plan, Run

__all__ = ["Trained", "Workshop"]

_COUNTING = frozenset(inspect.signature(textrep.Cooccurrence).parameters) - {"n_jobs", "memory"}


@dataclass(frozen=True)
class Trained:
    """What a run gave.

    Attributes
    ----------
    answers : dict of str to Outcome
        By benchmark.
    seconds : dict of str to float
        Of training (from counts, where there are counts) and of evaluation.
    """

    answers: dict[str, Outcome]
    seconds: dict[str, float]


class Workshop:
    """One encoded corpus, its counts, and what is trained on it.

    Parameters
    ----------
    plan : Plan
    corpus : CorpusPlan
    folder : Path
        Where the encoded corpus, counts and members of combinations are kept.
    n_jobs : int
        Threads.
    """

    def __init__(self, plan: Plan, corpus: CorpusPlan, folder: Path, n_jobs: int) -> None:
        self.plan = plan
        self.n_jobs = n_jobs
        self._encoding = {
            "inputs": list(corpus.inputs),
            "tokenizer": plan.tokenizer,
            "min_count": plan.min_count,
        }
        self.folder = folder / corpus.name / _digest(self._encoding)

    @cached_property
    def corpus(self) -> textrep.Corpus:
        """The corpus, encoded if it is not there yet."""
        path = self.folder / "corpus"
        if (path / "manifest.json").is_file():
            return textrep.Corpus(path)
        return textrep.Corpus.build(output=path, **self._encoding)

    def parameters(self, run: Run) -> dict[str, Any]:
        """Return the run's parameters, the defaults too, but for seed and threads."""
        parameters = self._estimator(run).get_params()
        return {k: v for k, v in parameters.items() if k not in ("n_jobs", "random_state")}

    def train(self, run: Run, members: list[Run]) -> Trained:
        """Train a model and score it; ``members`` are those of a combination."""
        model = self._estimator(run)
        source = [self._member(member) for member in members] or self._source(model)
        started = time.perf_counter()
        model.fit(source)
        fitted = time.perf_counter()
        report = evaluate(
            {run.model.name: model},
            self.plan.benchmarks,
            restrict_vocabulary=self.plan.analogy_words,
            n_jobs=self.n_jobs,
        )
        if report.missing:
            raise DataError(report.missing[0].reason)
        return Trained(
            {result.benchmark: result.outcome for result in report.results},
            {"training": fitted - started, "evaluation": time.perf_counter() - fitted},
        )

    def _estimator(self, run: Run) -> Any:
        model = model_class(run.model.estimator)(**run.parameters)
        known = model.get_params()
        if "n_jobs" in known:
            model.set_params(n_jobs=self.n_jobs)
        if run.model.seeded and "random_state" in known:
            model.set_params(random_state=run.seed)
        return model

    def _source(self, model: Any) -> Any:
        """Return what a model is trained on: counts, made once for each way of counting."""
        if not isinstance(model, CountingModel) or isinstance(model, textrep.Cooccurrence):
            return self.corpus
        own = model.get_params()
        counting = {name: own[name] for name in sorted(_COUNTING) if name in own}
        defaults = textrep.Cooccurrence().get_params()
        changed = [f"{name}={v}" for name, v in counting.items() if v != defaults[name]]
        path = self.folder / "__".join(["counts", *changed])
        if not path.is_dir():
            textrep.Cooccurrence(**counting, n_jobs=self.n_jobs).fit(self.corpus).save(path)
        return path

    def _member(self, run: Run) -> Path:
        """Return the folder of a trained member, which several combinations use."""
        path = self.folder / "members" / f"{run.stem}-{_digest(self.parameters(run))}"
        if not path.is_dir():
            model = self._estimator(run)
            model.fit(self._source(model)).save(path)
        return path


def _digest(settings: Any) -> str:
    """Return a name for settings, so that what was made with others is not taken for it."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:12]
