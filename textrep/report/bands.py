"""Scores of frequent and rare words, and of parts of speech."""

from __future__ import annotations

from collections.abc import Sequence

from textrep.evaluation import Report, Slice
from textrep.evaluation.cells import number as decimals
from textrep.evaluation.notes import heading
from textrep.report.markup import Cell, Html, foreign, paragraph, section, table, text

__all__ = ["by_frequency", "by_part_of_speech"]

_FEWEST = 10  # items that a score of a part of a benchmark rests on


def by_frequency(report: Report, found: Sequence[Slice]) -> Html:
    """Return the section with a table for each task: a row a band of frequency."""
    frequencies = report.frequencies
    if frequencies is None:
        return section("Scores by frequency", [])
    said = Html(
        f"{text('Items by the rank of their rarest word in the vocabulary of ')}"
        f"{foreign(frequencies.model)}{text(_SCORES)}"
    )
    return _section("Scores by frequency", said, report, found)


def by_part_of_speech(report: Report, found: Sequence[Slice]) -> Html:
    """Return the section with a table for each task: a row a part of speech."""
    return _section("Scores by part of speech", text("Items by their words" + _SCORES), report,
                    found)  # fmt: skip


_SCORES = (
    f". Mean score over the benchmarks that have at least {_FEWEST} such items for every model "
    "that has any score; n of them, and how many items."
)


def _section(title: str, said: Html, report: Report, found: Sequence[Slice]) -> Html:
    tables = [shown for task in report.tasks if (shown := _table(report, task, found))]
    return section(title, [paragraph(said, "faint"), *tables] if tables else [])


def _table(report: Report, task: str, found: Sequence[Slice]) -> Html:
    """Return one table; nothing where no part has enough items."""
    mine = [one for one in found if one.task == task]
    parts = {name: [one for one in mine if one.name == name] for name in _names(mine)}
    rows = [row for name, part in parts.items() if (row := _row(report, name, part))]
    if not rows:
        return Html("")
    header = [*map(text, ("words", "n", "items")), *map(foreign, report.models)]
    return table(heading(report, task), header, rows, style="heat")


def _names(found: Sequence[Slice]) -> dict[str, None]:
    return dict.fromkeys(one.name for one in found)


def _row(report: Report, part: str, found: Sequence[Slice]) -> list[Cell]:
    """Return the means of one part; nothing where no benchmark has enough items for all."""
    scored = {r.model for r in report.results if r.task == found[0].task and r.score is not None}
    by_benchmark: dict[str, dict[str, Slice]] = {}
    for one in found:
        if one.estimate.value is not None and one.estimate.n >= _FEWEST:
            by_benchmark.setdefault(one.benchmark, {})[one.model] = one
    complete = [models for models in by_benchmark.values() if scored <= set(models)]
    if not complete:
        return []
    means: dict[str, float | None] = dict.fromkeys(report.models)
    for model in scored:
        values = [models[model].estimate.value or 0.0 for models in complete]
        means[model] = sum(values) / len(values)
    n_items = sum(next(iter(models.values())).n_items for models in complete)
    cells = [Cell(foreign(part)), Cell(text(len(complete))), Cell(text(f"{n_items:,}"))]
    return [*cells, *map(_mean, means.values())]


def _mean(mean: float | None) -> Cell:
    shade = None if mean is None else min(1.0, max(0.0, mean))
    return Cell(text(decimals(mean)), shade=shade)
