"""Everything that a report tells, computed once for every format."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textrep.evaluation import Report
from textrep.report.agreement import Agreement, agreements
from textrep.report.disagreement import Disagreement, disagreements
from textrep.report.models import ModelCard, card
from textrep.report.nearest import Neighbourhood, check_words, neighbourhoods
from textrep.report.provenance import versions
from textrep.report.summary import summary
from textrep.report.words import Sentence, as_text
from textrep.vectors import WordVectors

__all__ = ["Contents", "gather"]


@dataclass(frozen=True)
class Contents:
    """What a report tells.

    Attributes
    ----------
    report : Report
        The scores.
    cards : tuple of ModelCard
        One a model, in the order of the report.
    summary : tuple of Sentence
        The results in words.
    agreements : tuple of Agreement
        One a task.
    disagreements : tuple of Disagreement
        Items, task by task.
    neighbourhoods : tuple of Neighbourhood
        One a word.
    chosen_words : bool
        Whether the reader named these words.
    command : str
        What makes the report again; may be empty.
    """

    report: Report
    cards: tuple[ModelCard, ...]
    summary: tuple[Sentence, ...]
    agreements: tuple[Agreement, ...]
    disagreements: tuple[Disagreement, ...]
    neighbourhoods: tuple[Neighbourhood, ...]
    chosen_words: bool
    command: str

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON: never NaN or infinity."""
        told = {
            "command": self.command,
            "versions": versions(),
            "summary": [as_text(sentence) for sentence in self.summary],
            "models": [one.to_dict() for one in self.cards],
            "evaluation": self.report.to_dict(),
            "agreement": [one.to_dict() for one in self.agreements],
            "disagreements": [one.to_dict() for one in self.disagreements],
            "neighbours": [one.to_dict() for one in self.neighbourhoods],
        }
        plain: dict[str, Any] = _finite(told)
        return plain


def gather(
    report: Report,
    models: Mapping[str, tuple[Path, WordVectors]],
    *,
    words: Sequence[str] = (),
    command: str = "",
) -> Contents:
    """Compute everything that a report tells.

    Parameters
    ----------
    report : Report
        What `textrep.evaluation.evaluate` returned.
    models : mapping of str to tuple of Path and WordVectors
        For each model of the report, where it was read from and its word vectors.
    words : sequence of str, optional
        Words to show the neighbours of. Default: some on which the models differ.
    command : str, default=""
        What makes the report again.

    Raises
    ------
    FormatError
        The configuration of a model is damaged.
    UnknownNameError
        No model has one of ``words``.
    """
    vectors = {name: given for name, (_, given) in models.items()}
    check_words(vectors, words)
    cards = tuple(card(name, path, given) for name, (path, given) in models.items())
    return Contents(
        report=report,
        cards=cards,
        summary=summary(report, cards),
        agreements=agreements(report),
        disagreements=disagreements(report),
        neighbourhoods=neighbourhoods(report, vectors, words),
        chosen_words=bool(words),
        command=command,
    )


def _finite(value: Any) -> Any:
    """Return the same with None in place of NaN and infinities, which JSON does not know."""
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
