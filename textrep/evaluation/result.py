"""One model on one benchmark: every score with its coverage, interval and origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.evaluation.outcome import INTERVALS, LOWER_IS_BETTER, Outcome, score
from textrep.evaluation.statistics import Estimate

__all__ = ["Result", "n_shared", "scored_results"]


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
    def lower_is_better(self) -> bool:
        """Whether the lowest score is the best."""
        return self.metric in LOWER_IS_BETTER

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
                "weights": None if answers.weights is None else answers.weights.tolist(),
            }
        return result


def n_shared(results: Sequence[Result]) -> int:
    """Return how many items of a benchmark all models cover that could be asked."""
    return max(result.on_shared.n for result in results)


def scored_results(
    benchmark: str,
    task: str,
    outcomes: Mapping[str, Outcome],
    seconds: Mapping[str, float],
    *,
    sha256: str = "",
    citation: str = "",
    human_ceiling: float | None = None,
) -> list[Result]:
    """Return the results of one benchmark, with the score of the items that all models cover.

    Parameters
    ----------
    benchmark, task : str
        Names.
    outcomes : mapping of str to Outcome
        Of each model. Those that could not be asked leave the others' items as they are.
    seconds : mapping of str to float
        Time that each took.
    sha256, citation, human_ceiling
        As `Result` has them.
    """
    asked = [outcome.items.covered for outcome in outcomes.values() if not outcome.reason]
    shared = np.logical_and.reduce(asked) if asked else np.zeros(0, np.bool_)
    results = []
    for model, outcome in outcomes.items():
        covered, all_items = outcome.items.covered, np.ones_like(outcome.items.covered)
        on_covered, on_all, on_shared = _scores(outcome, covered, all_items, shared)
        results.append(
            Result(
                benchmark=benchmark,
                task=task,
                model=model,
                outcome=outcome,
                on_covered=on_covered,
                on_all=on_all,
                on_shared=on_shared,
                seconds=seconds[model],
                sha256=sha256,
                citation=citation,
                human_ceiling=human_ceiling,
            )
        )
    return results


def _scores(outcome: Outcome, *choices: NDArray[np.bool_]) -> list[Estimate]:
    """Return the score of each choice of items; of two that are the same it is computed once."""
    if outcome.reason:
        return [Estimate(None, reason=outcome.reason)] * len(choices)
    known: dict[bytes, Estimate] = {}
    for chosen in choices:
        if chosen.tobytes() not in known:
            known[chosen.tobytes()] = score(outcome.metric, outcome.items, chosen)
    return [known[chosen.tobytes()] for chosen in choices]
