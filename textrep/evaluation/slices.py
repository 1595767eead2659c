"""Scores of parts of a benchmark, to see where a model is weak."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from textrep.errors import InvalidParameterError
from textrep.evaluation.frequency import band_names, bands
from textrep.evaluation.outcome import score, scored
from textrep.evaluation.report import Report
from textrep.evaluation.result import Result
from textrep.evaluation.speech import PARTS, part_of_items
from textrep.evaluation.statistics import Estimate

__all__ = ["By", "Slice", "slices"]

By = Literal["frequency", "pos"]


@dataclass(frozen=True)
class Slice:
    """One model on some of the items of one benchmark.

    Attributes
    ----------
    benchmark, task, model : str
        Names.
    by : str
        What the items are split by: "frequency" or "pos".
    name : str
        Which part this is: ranks of frequency such as "1,001-5,000", or a part of speech.
    estimate : Estimate
        Score under the policy for unknown words, its interval, and the number of scored items.
    n_items : int
        Number of items in this part, scored or not.
    n_covered : int
        Number of those that the model covers.
    """

    benchmark: str
    task: str
    model: str
    by: By
    name: str
    estimate: Estimate
    n_items: int
    n_covered: int

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return {**vars(self), "estimate": self.estimate.to_dict()}


def slices(report: Report, by: By) -> tuple[Slice, ...]:
    """Score the items of each benchmark part by part.

    Parameters
    ----------
    report : Report
        What ``evaluate`` returned.
    by : {"frequency", "pos"}
        "frequency": by the rank of the item's rarest word, in the vocabulary that most models of
        the report share (``report.frequencies``), so that the parts are the same for all models.
        For synonyms, the question and the right option count; for analogies, the three words and
        the first right answer.
        "pos": by part of speech, as the benchmark states it, otherwise as its words are mostly
        tagged in the Brown corpus if that is at hand; "mixed" where they differ.

    Returns
    -------
    tuple of Slice
        Benchmark by benchmark, part by part, model by model; parts without items are left out,
        and so are benchmarks of running text, and those whose parts of speech are not known.

    Raises
    ------
    InvalidParameterError
        ``by`` is something else.
    """
    if by not in get_args(By):
        raise InvalidParameterError("by", "slices", f"one of {get_args(By)}", by)
    found: list[Slice] = []
    for benchmark in report.benchmarks:
        parts = _SPLITS[by](report, benchmark)
        results = report.of(benchmark)
        for name, inside in parts.items():
            found += [_slice(result, by, name, inside) for result in results]
    return tuple(found)


def _slice(result: Result, by: By, name: str, inside: NDArray[np.bool_]) -> Slice:
    items = result.outcome.items
    return Slice(
        benchmark=result.benchmark,
        task=result.task,
        model=result.model,
        by=by,
        name=name,
        estimate=score(result.metric, items, inside & scored(items, result.outcome.oov)),
        n_items=int(inside.sum()),
        n_covered=int((items.covered & inside).sum()),
    )


def _by_frequency(report: Report, benchmark: str) -> dict[str, NDArray[np.bool_]]:
    words = report.wording(benchmark).words
    if report.frequencies is None or not all(words):
        return {}
    return _parts(bands(words, report.frequencies), band_names())


def _by_pos(report: Report, benchmark: str) -> dict[str, NDArray[np.bool_]]:
    asked = report.wording(benchmark)
    labels = asked.pos or part_of_items(asked.words)
    if labels is None:
        return {}
    names = (*PARTS, *sorted(set(labels) - set(PARTS)))
    place = {name: number for number, name in enumerate(names)}
    return _parts(np.array([place[label] for label in labels], np.int64), names)


def _parts(codes: NDArray[np.int64], names: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    inside = {name: codes == code for code, name in enumerate(names)}
    return {name: chosen for name, chosen in inside.items() if chosen.any()}


_SPLITS: Mapping[str, Callable[[Report, str], dict[str, NDArray[np.bool_]]]] = {
    "frequency": _by_frequency,
    "pos": _by_pos,
}
