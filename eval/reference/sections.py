"""What the page says of one corpus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from textrep import recipes

from .choice import Chooser, Reported, mean_of_tasks, mean_on_all, task_means
from .halves import DEVELOPMENT, TEST
from .markdown import mean, number, settings, spread, table
from .plan import CorpusPlan, ModelPlan, Plan, Run
from .records import Record
from .store import Store

__all__ = ["Sections"]

_TITLES = {"synonym": "synonyms", "analogy": "analogies", "categorization": "categories"}


class Sections:
    """The tables of one corpus.

    Parameters
    ----------
    plan : Plan
    store : Store
    chooser : Chooser
        Of the same plan and store.
    corpus : CorpusPlan
    """

    def __init__(self, plan: Plan, store: Store, chooser: Chooser, corpus: CorpusPlan) -> None:
        self.plan = plan
        self.chooser = chooser
        self.corpus = corpus
        self._store = store
        self._compared = store.comparisons(corpus.name)
        self._tasks = tuple(
            dict.fromkeys(recipes.benchmark_recipe(name).task for name in plan.benchmarks)
        )

    def rows(self) -> list[Reported]:
        """Return the rows whose first run has been made."""
        return [row for row in self.chooser.reported(self.corpus) if self._record(row.runs[0])]

    def missing(self) -> list[str]:
        """Return what has not been made: rows, seeds of them, and what is not tuned yet."""
        gaps = []
        for row in self.chooser.reported(self.corpus):
            n_made, n_runs = len(self._records(row)), len(row.runs)
            if n_made < n_runs:
                seeds = f" ({n_runs - n_made} of {n_runs} seeds)" if n_made else ""
                gaps.append(f"{row.name}{seeds}")
        models = self.plan.models_on(self.corpus)
        untuned = [m.name for m in models if self.chooser.tuned(self.corpus, m) is None]
        if untuned:
            gaps.append(f"the choice of parameters for {', '.join(untuned)}")
        if not self._compared:
            gaps.append("comparisons")
        return gaps

    def n_tokens(self) -> int:
        """Return the number of tokens."""
        return int(self._any_record().corpus["tokens"])

    def n_words(self) -> int:
        """Return the number of words."""
        return int(self._any_record().corpus["words"])

    def coverage(self) -> float:
        """Return the mean over the benchmarks of the share of items that are covered."""
        halves = self._any_record().scores[TEST].values()
        shares = [half.covered / half.items for half in halves]
        return sum(shares) / len(shares)

    def mean(self, name: str, *, on_all: bool = False) -> str:
        """Return the mean of the tasks of a row, "" if there is no such row."""
        scores = [
            record.scores[TEST]
            for row in self.rows()
            if row.name == name
            for record in self._records(row)
        ]
        if not scores:
            return ""
        least = self.plan.least_items
        return number(
            mean([mean_on_all(one) if on_all else mean_of_tasks(one, least) for one in scores])
        )

    def lines(self) -> list[str]:
        """Return the section."""
        title = f"## {self.corpus.name}: {self.n_tokens():,} tokens, {self.n_words():,} words"
        return [
            *(title, "", *self._scores(), ""),
            *self._choices(),
            *self._told_apart(),
            *self._by_benchmark(),
            *self._sweeps(),
        ]

    def _scores(self) -> list[str]:
        head = ["", *self._titles(), "mean", "seeds"]
        rows = []
        for row in self.rows():
            records = self._records(row)
            tasks = [task_means(record.scores[TEST], self.plan.least_items) for record in records]
            cells = [number(mean([found.get(task) for found in tasks])) for task in self._tasks]
            means = spread([self._mean(record) for record in records])
            rows.append([row.name, *cells, means, str(len(records))])
        return table(head, rows)

    def _titles(self) -> list[str]:
        return [_TITLES.get(task, task) for task in self._tasks]

    def _choices(self) -> list[str]:
        """Say which parameters the tuned rows have."""
        tuned = [row for row in self.rows() if row.runs[0].changed]
        if not tuned:
            return []
        where = f" on {self.corpus.tuned_on}" if self.corpus.tuned_on else ""
        texts = [f"{row.runs[0].model.name} {settings(row.runs[0].changed)}" for row in tuned]
        return [f"Tuned{where}: {'; '.join(texts)}.", ""]

    def _group(self) -> str:
        """Return which rows are compared: the tuned ones, if all models are tuned."""
        return "tuned" if "tuned" in self._compared else "defaults"

    def _told_apart(self) -> list[str]:
        """Return on how many benchmarks each model is better than each other one."""
        found: Mapping[str, Any] = self._compared.get(self._group(), {})
        if not found:
            return []
        models = [m.name for m in self.plan.models_on(self.corpus) if self._record(Run(m, {}))]
        wins = {
            one: {
                other: sum(other in told["better"].get(one, ()) for told in found.values())
                for other in models
            }
            for one in models
        }
        rows = [
            [one, *("" if one == other else str(wins[one][other]) for other in models)]
            for one in models
        ]
        what = "tuned" if self._group() == "tuned" else "default"
        note = (
            f"On how many of the {len(found)} benchmarks is the model of the row better than that "
            f"of the column, with {what} parameters (first seed), by paired tests on the items of "
            "the test half: Williams' t for correlations, McNemar's for right answers, and a "
            "bootstrap that draws items with a word in common together; the larger p, at 5%, "
            "Holm-corrected for the pairs of models."
        )
        return [
            *("### Which differences are real", "", *table(["", *models], rows), "", note, ""),
            *self._tuning_told_apart(),
        ]

    def _tuning_told_apart(self) -> list[str]:
        texts = [
            f"{model} on {len(told['better'])}, worse on {len(told['worse'])}"
            for model, told in self._compared.get("tuning", {}).items()
        ]
        if not texts:
            return []
        return [f"By the same tests, tuning made better: {'; '.join(texts)}.", ""]

    def _by_benchmark(self) -> list[str]:
        """Return the scores of each benchmark, and which are not told apart from the best."""
        found: Mapping[str, Any] = self._compared.get(self._group(), {})
        if not found:
            return []
        tuned = self._group() == "tuned"
        chosen = {  # a model's tuned row comes after its defaults, and takes their place
            row.runs[0].model.name: self._records(row)[0].scores[TEST]
            for row in self.rows()
            if tuned or not row.runs[0].changed
        }
        rows = []
        for benchmark, told in found.items():
            cells = [
                number(scores[benchmark].score) + ("*" if model in told["best"] else "")
                for model, scores in chosen.items()
            ]
            rows.append([benchmark, str(told["items"]), *cells, number(told["detectable"])])
        note = (
            "The same rows (first seed); * best, or not told apart from the best. The last column "
            "is the difference of two models that a benchmark would find 4 times in 5."
        )
        head = ["", "items", *chosen, "finds"]
        return ["### Benchmark by benchmark", "", *table(head, rows), "", note, ""]

    def _sweeps(self) -> list[str]:
        """Return what each parameter does by itself."""
        lines = []
        for model in self.plan.models_on(self.corpus):
            rows = list(self._sweep_rows(model))
            if len(rows) > 1:
                head = [model.name, "development", "test", *self._titles()]
                lines += [*table(head, rows), ""]
        if not lines:
            return []
        note = (
            "One parameter changed at a time, the others being the defaults; last, the best value "
            "of each together. First seed. The column *development* is what parameters are chosen "
            "by."
        )
        return ["### One parameter at a time", "", note, "", *lines]

    def _sweep_rows(self, model: ModelPlan) -> Iterator[list[str]]:
        for run in self.chooser.sweep(self.corpus, model):
            record = self._record(run)
            if record is not None:
                means = task_means(record.scores[TEST], self.plan.least_items)
                yield [
                    settings(run.changed),
                    number(self._mean(record, DEVELOPMENT)),
                    number(self._mean(record)),
                    *(number(means.get(task)) for task in self._tasks),
                ]

    def _mean(self, record: Record, half: str = TEST) -> float | None:
        return mean_of_tasks(record.scores[half], self.plan.least_items)

    def _record(self, run: Run) -> Record | None:
        return self._store.lookup(self.corpus.name, run)

    def _records(self, row: Reported) -> list[Record]:
        return [record for run in row.runs if (record := self._record(run)) is not None]

    def _any_record(self) -> Record:
        return self._records(self.rows()[0])[0]
