"""Parts of benchmarks, worst items and seeds as plain text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from textrep.evaluation.cells import (
    CELL,
    GAP,
    batched,
    labels,
    legend,
    number,
    printable,
    row,
    score_text,
)
from textrep.evaluation.mistakes import Disagreement, Mistake, disagreements, mistakes
from textrep.evaluation.report import Report
from textrep.evaluation.seeds import SeedSpread, compare_seeds
from textrep.evaluation.slices import By, Slice, slices

__all__ = ["render_mistakes", "render_seeds", "render_slices"]

_MARGIN = 24
_TITLES: dict[By, str] = {"frequency": "By frequency", "pos": "By part of speech"}


def render_slices(report: Report, by: By, width: int = 80) -> list[str]:
    """Return the lines of a table: the parts of each benchmark, a column a model.

    Parameters
    ----------
    report : Report
        What ``evaluate`` returned.
    by : {"frequency", "pos"}
        As for `slices`.
    width : int, default=80
        Longest line, in characters.

    Returns
    -------
    list of str
        Each cell is a score, half of its 95% interval, and the number of scored items.
    """
    found, named = slices(report, by), labels(report.models)
    lines = [_TITLES[by]]
    for models in batched(report.models, max(1, (width - _MARGIN) // (CELL + len(GAP)))):
        lines.append(row("", [f"{named[model]:>{CELL}}" for model in models], _MARGIN))
        for benchmark in dict.fromkeys(part.benchmark for part in found):
            lines.append(printable(benchmark)[:width])
            inside = [part for part in found if part.benchmark == benchmark]
            for name in dict.fromkeys(part.name for part in inside):
                cells = [_cell(p) for p in inside if p.name == name and p.model in models]
                lines.append(row(f"  {name}", cells, _MARGIN))
        lines.append("")
    for paragraph in [*legend(named), _slices_note(report, by, bool(found))]:
        lines += textwrap.wrap(printable(paragraph), width, subsequent_indent="  ")
    return lines


def render_mistakes(report: Report, n: int, width: int = 80) -> list[str]:
    """Return lines that name the ``n`` worst items of each benchmark and model.

    Parameters
    ----------
    report : Report
        What ``evaluate`` returned.
    n : int
        Items of each benchmark and model, and items of each benchmark on which models disagree.
    width : int, default=80
        Longest line, in characters; longer items are cut.

    Returns
    -------
    list of str
    """
    wrong, divided = mistakes(report, n), disagreements(report, n)
    lines = []
    for benchmark in report.benchmarks:
        for result in report.of(benchmark):
            inside = [m for m in wrong if (m.benchmark, m.model) == (benchmark, result.model)]
            if inside:
                lines.append(f"Most wrong: {printable(result.model)} on {benchmark}"[:width])
                lines += [_mistake(m, width, result.metric) for m in inside] + [""]
        items = [item for item in divided if item.benchmark == benchmark]
        if items:
            lines.append(f"Most disagreed on: {benchmark}"[:width])
            lines += [line for item in items for line in _disagreement(item, width)] + [""]
    return lines[:-1]


def render_seeds(spreads: Sequence[SeedSpread], width: int = 80) -> list[str]:
    """Return the lines of a table of groups of seeds: mean, standard deviation, ends.

    Parameters
    ----------
    spreads : sequence of SeedSpread
        What `spread_over_seeds` returned.
    width : int, default=80
        Longest line, in characters.

    Returns
    -------
    list of str
    """
    differing = [difference for difference in compare_seeds(spreads) if difference.significant]
    lines = [row("Over seeds", [" mean     sd   lowest to highest"], _MARGIN)]
    for benchmark in dict.fromkeys(spread.benchmark for spread in spreads):
        lines.append(printable(benchmark)[:width])
        for spread in (spread for spread in spreads if spread.benchmark == benchmark):
            low, high = number(min(spread.scores)), number(max(spread.scores))
            cell = f"{number(spread.mean):>5}  {number(spread.sd):>5}   {low} to {high}"
            lines.append(row(f"  {spread.group}, {len(spread.scores)}", [cell], _MARGIN))
        for pair in (pair for pair in differing if pair.benchmark == benchmark):
            text = f"  {pair.first} - {pair.second}: {number(pair.value)}"
            ends = f" ({number(pair.low)} to {number(pair.high)})"
            lines.append(printable(text + ends)[:width])
    note = (
        "Over seeds: models that differ in their seed alone, the items as they are. Pairs are "
        "named that differ by Welch's t at 5%, Holm-corrected."
    )
    return [*lines, "", *textwrap.wrap(note, width, subsequent_indent="  ")]


def _cell(part: Slice) -> str:
    n = part.estimate.n
    items = f"{n:>4}" if n < 10_000 else f"{n // 1_000:>3}k"
    return f"{score_text(part.estimate, False)} {items}"


def _slices_note(report: Report, by: By, any_found: bool) -> str:
    if by == "pos":
        way = (
            "Part of speech: as the benchmark states it, otherwise as the Brown corpus mostly tags "
            "the words of an item (mixed: not all alike; unknown: a word is not in it)."
        )
        if not any_found:
            way += " None is known here: no benchmark states any, and brown is not at hand."
        return f"{way} Last figure: scored items."
    ranks = report.frequencies
    if ranks is None or not any_found:
        return "Frequency: no benchmark asks for words."
    share = "all models" if ranks.n_models == len(report.models) else f"{ranks.n_models} models"
    return (
        f"Frequency: rank of an item's rarest word among the {len(ranks.words):,} words of "
        f"{ranks.model}, the vocabulary of {share}; unknown: it has no such word. Last figure: "
        "scored items."
    )


def _mistake(mistake: Mistake, width: int, metric: str) -> str:
    figure = (
        f"{mistake.error:+.2f}" if metric in ("spearman", "pearson") else f"{mistake.error:.2f}"
    )
    right = f"{mistake.expected} / " if mistake.expected else ""
    end = f"  {right}{mistake.said}  {figure}"
    return _fitted(f"  {mistake.text}", end, width)


def _disagreement(item: Disagreement, width: int) -> list[str]:
    said = ", ".join(f"{model} {answer}" for model, answer in item.said.items())
    first = _fitted(f"  {item.text}", f"  {item.expected}", width)
    return [
        first,
        *textwrap.wrap(printable(said), width, initial_indent="    ", subsequent_indent="    "),
    ]


def _fitted(text: str, end: str, width: int) -> str:
    text, end = printable(text), printable(end)
    room = max(width - len(end), width // 2)
    if len(text) > room:
        text = text[: room - 1] + "…"
    return f"{text:<{room}}{end}"[:width]
