"""The report in formats for other programs: Markdown, JSON, CSV and LaTeX."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

from textrep.evaluation import to_markdown
from textrep.report.contents import Contents
from textrep.report.document import to_html
from textrep.report.latex import to_latex
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
    if contents.command:
        lines += ["Made by", "", *(f"    {line}" for line in contents.command.splitlines()), ""]
    return "\n".join(lines)


def _escaped(name: str) -> str:
    marks = "\\`*_{}[]<>|#"
    return "".join(f"\\{letter}" if letter in marks else letter for letter in name)


def _json(contents: Contents) -> str:
    return json.dumps(contents.to_dict(), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _csv(contents: Contents) -> str:
    """Return a row for each model on each benchmark."""
    rows = contents.report.rows()
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
