"""Where everything comes from: models, corpora, benchmarks, versions, and the command."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from textrep.evaluation import Report
from textrep.report.markup import Cell, Html, foreign, paragraph, section, table, text
from textrep.report.models import ModelCard
from textrep.report.page import escape

__all__ = ["benchmarks", "configurations", "repeat", "versions"]


def versions() -> dict[str, str]:
    """Return the versions of what computes a report."""
    libraries = {name: version(name) for name in ("textrep", "numpy", "scipy")}
    return {"python": platform.python_version(), **libraries}


def configurations(cards: Sequence[ModelCard]) -> Html:
    """Return the section of the models: what they learnt from, and every parameter."""
    rows = [
        [
            Cell(foreign(card.name)),
            Cell(foreign(card.kind)),
            Cell(foreign(", ".join(map(str, card.corpus.get("sources", []))) or "unknown")),
            Cell(_tokens(card)),
            Cell(Html(f"<code>{foreign(card.fingerprint[:12] or 'unknown')}</code>")),
            Cell(text("-" if card.seed is None else card.seed)),
            Cell(foreign(card.versions.get("textrep", "-"))),
        ]
        for card in cards
    ]
    header = ["model", "kind", "text", "tokens", "fingerprint", "seed", "textrep"]
    caption = "What each model learnt from; equal fingerprints are equal encoded corpora"
    return section(
        "Models", [table(caption, list(map(text, header)), rows), *map(_configuration, cards)]
    )


def _tokens(card: ModelCard) -> Html:
    tokens = card.corpus.get("tokens")
    return text(f"{tokens:,}" if isinstance(tokens, int) else "-")


def _configuration(card: ModelCard) -> Html:
    """Return every parameter of a model, folded away."""
    told = {
        "path": card.path,
        "parameters": dict(card.parameters),
        "corpus": dict(card.corpus),
        "versions": dict(card.versions),
        "metrics": {name: value for name, value in card.metrics.items() if name != "history"},
    }
    return Html(
        f"<details><summary>{foreign(card.name, 'name')}: configuration</summary>\n"
        f'<pre tabindex="0">{escape(_json(told))}</pre></details>'
    )


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def benchmarks(report: Report) -> Html:
    """Return the section of the benchmarks: checksums of the questions, and whom to cite."""
    rows = []
    for name in report.benchmarks:
        one = report.of(name)[0]
        rows.append([
            Cell(foreign(name)),
            Cell(text(f"{one.n_items:,}")),
            Cell(text(one.oov)),
            Cell(Html(f"<code>{text(one.sha256[:12])}</code>")),
            Cell(foreign(one.citation), style="wide"),
        ])  # fmt: skip
    header = list(map(text, ("benchmark", "items", "unknown words", "sha256", "cite")))
    return section("Benchmarks", [table("The questions", header, rows, sortable=True)])


def repeat(command: str) -> Html:
    """Return the section with the command that makes this report again."""
    used = ", ".join(f"{name} {number}" for name, number in versions().items())
    shown = [Html(f'<pre tabindex="0">{escape(command)}</pre>')] if command else []
    said = f"Made with {used}. The resamples of the tests are drawn from seed 0."
    return section("Repeat it", [*shown, paragraph(text(said))])
