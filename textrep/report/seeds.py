"""What another seed would change: groups of models that differ in their seed alone, as methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from textrep.evaluation import Comparison, Report
from textrep.evaluation.cells import number as decimals
from textrep.evaluation.notes import heading
from textrep.report.markup import Cell, Html, foreign, paragraph, section, table, text
from textrep.report.ties import tie_letters

__all__ = ["BESIDE", "MethodScore", "method_scores", "over_seeds", "titled"]

BESIDE = (
    "± is half of the interval over items, the mean of the models': what other items of the same "
    "kind would change. sd, and lowest to highest, are over seeds: what training again would "
    "change. Neither contains the other."
)
"""What the figures in a cell are."""

_TESTED = (
    "a t-test over the seeds and a bootstrap over the items, for the means on the items that all "
    "cover; the larger p, at 5%, Holm-corrected"
)


@dataclass(frozen=True)
class MethodScore:
    """A method on one benchmark, or the mean of several.

    Attributes
    ----------
    scores : tuple of float
        Of its models: one a seed.
    half_width : float or None
        Half of the interval over items, the mean of the models'; None where there is none.
    """

    scores: tuple[float, ...]
    half_width: float | None = None

    @property
    def mean(self) -> float:
        """The mean over seeds."""
        return float(np.mean(self.scores))

    @property
    def sd(self) -> float | None:
        """Standard deviation over seeds, with n - 1; None of one seed."""
        return float(np.std(self.scores, ddof=1)) if len(self.scores) > 1 else None

    @property
    def of_items(self) -> str:
        """What other items would change, as text."""
        return "" if self.half_width is None else f"±{decimals(self.half_width)}"

    @property
    def of_seeds(self) -> str:
        """What another seed would change, as text."""
        if self.sd is None:
            return "one seed"
        return (
            f"sd {decimals(self.sd)}, {decimals(min(self.scores))} to {decimals(max(self.scores))}"
        )


def method_scores(
    report: Report, groups: Mapping[str, Sequence[str]], benchmark: str
) -> dict[str, MethodScore | None]:
    """Return the score of each method on a benchmark; None where one of its models has none.

    Methods are the groups, and each model that is in none, in the order of the report.
    """
    results = {result.model: result for result in report.of(benchmark)}
    found: dict[str, MethodScore | None] = {}
    for name, members in _methods(report, groups).items():
        scores = [s for model in members if (s := results[model].score) is not None]
        halves = [h for m in members if (h := results[m].estimate.half_width) is not None]
        half = float(np.mean(halves)) if len(halves) == len(members) else None
        found[name] = MethodScore(tuple(scores), half) if len(scores) == len(members) else None
    return found


def over_seeds(
    report: Report, groups: Mapping[str, Sequence[str]], compared: Mapping[str, Comparison]
) -> Html:
    """Return the section with a table of methods for each task; nothing without groups."""
    if not groups:
        return section("Over seeds", [])
    said = f"{BESIDE} Shaded are the best method and those not told apart from it, by {_TESTED}."
    if any(tie_letters(one) for one in compared.values()):
        said += " Raised letters: methods with one in common are not told apart by the same tests."
    tables = [_task(report, groups, compared, task) for task in report.tasks]
    return section("Over seeds", [paragraph(text(said), "faint"), *tables])


def titled(groups: Mapping[str, Sequence[str]], name: str) -> str:
    """Return the name of a method with the number of its seeds."""
    return f"{name}, {len(groups[name])} seeds" if name in groups else name


def _methods(report: Report, groups: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    group_of = {model: name for name, members in groups.items() for model in members}
    names = dict.fromkeys(group_of.get(model, model) for model in report.models)
    return {name: groups.get(name, (name,)) for name in names}


def _task(
    report: Report,
    groups: Mapping[str, Sequence[str]],
    compared: Mapping[str, Comparison],
    task: str,
) -> Html:
    names = [name for name in report.benchmarks if report.of(name)[0].task == task]
    rows = [_row(name, method_scores(report, groups, name), compared.get(name)) for name in names]
    means = _means(report, groups, task)
    if means:
        rows.append(means)
    header = [text("benchmark")]
    header += [foreign(titled(groups, name)) for name in _methods(report, groups)]
    return table(heading(report, task), header, rows, style="scores")


def _row(
    benchmark: str, found: Mapping[str, MethodScore | None], compared: Comparison | None
) -> list[Cell]:
    letters = tie_letters(compared) if compared is not None else {}
    best = compared.best if compared is not None and letters else ()
    cells = [_cell(one, name in best, letters.get(name, "")) for name, one in found.items()]
    return [Cell(foreign(benchmark)), *cells]


def _cell(one: MethodScore | None, best: bool, letters: str = "", style: str = "") -> Cell:
    if one is None:
        return Cell(text("-"), style=style)
    raised = f"<sup>{letters}</sup>" if letters else ""
    below = "<br>".join(text(part) for part in (one.of_items, one.of_seeds) if part)
    content = Html(f"{text(decimals(one.mean))}{raised}<br><small>{below}</small>")
    return Cell(content, style="best" if best else style)


def _means(report: Report, groups: Mapping[str, Sequence[str]], task: str) -> list[Cell]:
    """Return the row of means; none where all models have scores on fewer than two."""
    [average] = [average for average in report.averages() if average.task == task]
    if len(average.benchmarks) < 2:
        return []
    cells = [Cell(text(f"mean of {len(average.benchmarks)}"), style="mean")]
    for members in _methods(report, groups).values():
        scores = tuple(s for model in members if (s := average.scores[model]) is not None)
        cells.append(_cell(MethodScore(scores), False, style="mean"))
    return cells
