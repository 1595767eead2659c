"""The command line of the reference results."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from textrep.data import cache_folder
from textrep.errors import TextrepError
from textrep.files import atomic_file
from textrep.parallel import resolve_n_jobs

from .choice import Chooser, mean_of_tasks
from .comparing import comparisons
from .halves import TEST
from .markdown import number
from .page import page
from .plan import CorpusPlan, Plan, Run, read_plan
from .records import Record, scores_of, versions, write_answers
from .store import Store
from .training import Workshop

__all__ = ["main"]

_HERE = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Make what is missing of the results, compare, and write the page; return 1 on an error."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    try:
        plan = read_plan(chosen.plan)
        corpora = [plan.corpus(name) for name in chosen.corpus] or list(plan.corpora)
        only = {plan.model(name).name for name in chosen.only} or {m.name for m in plan.models}
        store = Store(chosen.results, chosen.work or cache_folder() / "reference")
        threads = resolve_n_jobs(chosen.threads, "eval.reference")
        for corpus in [] if chosen.page else corpora:
            _Maker(plan, corpus, store, threads, chosen.again).make(only)
        with atomic_file(chosen.results / "README.md") as temporary:
            temporary.write_text(page(plan, store), "utf-8")
    except TextrepError as error:
        print(f"eval.reference: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("eval.reference: interrupted; the same command goes on", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.reference",
        description="Make the reference results that are not there yet, and the page about them.",
    )
    parser.add_argument("--corpus", action="append", default=[], help="may be repeated; all")
    parser.add_argument(
        "--only", action="append", default=[], metavar="MODEL", help="may be repeated; all"
    )
    parser.add_argument("--again", action="store_true", help="make results that are there, too")
    parser.add_argument("--page", action="store_true", help="write only the page about the results")
    parser.add_argument("--threads", type=int, help="default: all cores")
    parser.add_argument("--plan", type=Path, default=_HERE / "plan.toml", metavar="FILE")
    parser.add_argument("--results", type=Path, default=_HERE.parent / "results", metavar="FOLDER")
    parser.add_argument("--work", type=Path, metavar="FOLDER", help="default: in textrep's cache")
    return parser


class _Maker:
    """Makes the results of one corpus."""

    def __init__(
        self, plan: Plan, corpus: CorpusPlan, store: Store, threads: int, again: bool
    ) -> None:
        self.plan = plan
        self.corpus = corpus
        self.store = store
        self.again = again
        self.chooser = Chooser(plan, store.lookup)
        self.workshop = Workshop(plan, corpus, store.work, threads)
        self.done: set[str] = set()

    def make(self, only: set[str]) -> None:
        """Make the runs of some models, and compare the rows of all."""
        for run in self._wanted(only):
            members = self.chooser.members(self.corpus, run)
            if members is not None and run.stem not in self.done:
                self.done.add(run.stem)
                if self.again or not self._is_current(run, members):
                    self._make(run, members)
        self._compare()

    def _wanted(self, only: set[str]) -> Iterator[Run]:
        """Yield runs, those first that an unfinished table needs most: all defaults, then sweeps.

        What comes later depends on the scores of what came before.
        """
        models = [m for m in self.plan.models_on(self.corpus) if m.name in only]
        yield from (Run(model, {}) for model in models)
        if self.corpus.tuned_on is None:
            for model in models:
                yield from self.chooser.sweep(self.corpus, model)
        for model in models:
            for row in self.chooser.reported(self.corpus):
                if row.runs[0].model is model:
                    yield from row.runs

    def _is_current(self, run: Run, members: Sequence[Run]) -> bool:
        """Say whether the record of a run is there, and of what would be made now."""
        record = self._record(run)
        return (
            record is not None
            and record.corpus["fingerprint"] == self.workshop.corpus.fingerprint
            and record.parameters == self.workshop.parameters(run)
            and record.members == self._made_of(members)
            and set(record.scores[TEST]) == set(self.plan.benchmarks)
        )

    def _made_of(self, members: Sequence[Run]) -> dict[str, dict[str, Any]]:
        return {member.stem: self.workshop.parameters(member) for member in members}

    def _make(self, run: Run, members: list[Run]) -> None:
        started = time.perf_counter()
        trained = self.workshop.train(run, members)
        corpus = self.workshop.corpus
        record = Record(
            model=run.model.name,
            estimator=run.model.estimator,
            changed=dict(run.changed),
            parameters=self.workshop.parameters(run),
            members=self._made_of(members),
            seed=run.seed,
            corpus={
                "name": self.corpus.name,
                "fingerprint": corpus.fingerprint,
                "tokens": corpus.n_tokens,
                "words": len(corpus.vocabulary),
            },
            scores=scores_of(trained.answers),
            seconds={name: round(value, 1) for name, value in trained.seconds.items()},
            threads=self.workshop.n_jobs,
            versions=versions(),
            command=f"python -m eval.reference --corpus {self.corpus.name} --only {run.model.name}",
        )
        write_answers(self.store.answers(self.corpus.name, run), trained.answers, TEST)
        self.store.write(self.corpus.name, run, record)
        mean = mean_of_tasks(record.scores[TEST], self.plan.least_items)
        took = time.perf_counter() - started
        _say(f"{self.corpus.name}: {run.stem}: {number(mean)}, {took:.0f} s")

    def _compare(self) -> None:
        """Compare the rows that are there, of the first seed, unless that is done.

        Tuned rows are compared with one another when no model waits for its own.
        """
        if self.store.comparisons(self.corpus.name):
            return
        first = {row.name: row.runs[0] for row in self.chooser.reported(self.corpus)}
        there = {name: run for name, run in first.items() if self._record(run) is not None}
        answers = {name: self.store.answers(self.corpus.name, run) for name, run in there.items()}
        missing = [there[name].stem for name, path in answers.items() if not path.is_file()]
        if missing:
            names = ", ".join(missing)
            _say(f"{self.corpus.name}: not compared: {self.store.work} lacks answers of {names}")
        if missing or not there:
            return
        defaults = {name: answers[name] for name, run in there.items() if not run.changed}
        tuned = {run.model.name: answers[name] for name, run in there.items()}
        models = [there[name].model for name in defaults]
        rows = {"defaults": defaults}
        made = all(name in there for name, run in first.items() if run.model in models)
        if made and all(self.chooser.tuned(self.corpus, model) for model in models):
            rows["tuned"] = tuned
        pairs = {m: (tuned[m], defaults[m]) for m in defaults if tuned[m] != defaults[m]}
        _say(f"{self.corpus.name}: comparing {len(there)} rows")
        self.store.write_comparisons(self.corpus.name, comparisons(rows, pairs))

    def _record(self, run: Run) -> Record | None:
        return self.store.lookup(self.corpus.name, run)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
