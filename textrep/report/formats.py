"""The report in formats for other programs: Markdown, JSON, CSV and LaTeX."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

from textrep.evaluation import spread_over_seeds, to_markdown
from textrep.evaluation.cells import number as decimals
from textrep.report.contents import Contents
from textrep.report.document import to_html
from textrep.report.latex import to_latex
from textrep.report.seeds import BESIDE, method_scores, titled
from textrep.report.words import Name

__all__ = ["FORMATS"]


def _markdown(contents: Contents) -> str:
    """Return the summary, the table of scores with its notes, and the command."""
    sentences = [
        "".join(_escaped(part.name) if isinstance(part, Name) else part for part in sentence)
        for sentence in contents.summary
    ]
    lines = ["# Report", "", *(f"- {sentence}" for sentence in sentences), ""]
    lines += [to_markdown(contents.report)]
    if contents.groups:
        lines += [*_seeds(contents), ""]
    if contents.command:
        lines += ["Made by", "", *(f"    {line}" for line in contents.command.splitlines()), ""]
    return "\n".join(lines)


def _seeds(contents: Contents) -> list[str]:
    """Return a table with a column a method, and what its figures are."""
    report, groups = contents.report, contents.groups
    scores = {name: method_scores(report, groups, name) for name in report.benchmarks}
    methods = next(iter(scores.values()))
    header = ["over seeds", *(_escaped(titled(groups, name)) for name in methods)]
    lines = [f"| {' | '.join(header)} |", "|---|" + "---:|" * len(methods)]
    for benchmark, found in scores.items():
        cells = [
            "-" if one is None else f"{decimals(one.mean)} {one.of_items} ({one.of_seeds})"
            for one in found.values()
        ]
        lines.append(f"| {' | '.join([_escaped(benchmark), *cells])} |")
    return [*lines, "", f"- {BESIDE}"]


def _escaped(name: str) -> str:
    marks = "\\`*_{}[]<>|#"
    return "".join(f"\\{letter}" if letter in marks else letter for letter in name)


def _json(contents: Contents) -> str:
    return json.dumps(contents.to_dict(), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _csv(contents: Contents) -> str:
    """Return a row for each model on each benchmark; with groups of seeds, each row has its own."""
    rows = contents.report.rows()
    if contents.groups:
        spreads = {
            (one.benchmark, model): one
            for one in spread_over_seeds(contents.report, contents.groups)
            for model in one.models
        }
        for row in rows:
            spread = spreads.get((row["benchmark"], row["model"]))
            row["method"] = spread.group if spread else row["model"]
            row["method_mean"] = spread.mean if spread else row["score"]
            row["method_sd"] = spread.sd if spread else None
            row["n_seeds"] = len(spread.scores) if spread else 1
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


FORMATS: dict[str, Callable[[Contents], str]] = {
    "html": to_html,
    "md": _markdown,
    "json": _json,
    "csv": _csv,
    "latex": to_latex,
}
"""What makes the text of each format."""
