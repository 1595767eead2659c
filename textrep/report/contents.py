"""Everything that a report tells, computed once for every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from textrep.evaluation import (
    Comparison,
    Disagreement,
    Report,
    Slice,
    compare_methods,
    slices,
    spread_over_seeds,
)
from textrep.evaluation.plain import finite
from textrep.models import load_model
from textrep.report.agreement import Agreement, agreements
from textrep.report.attention import Attending, AttentionMap, known_sentence
from textrep.report.disagreement import most_disputed
from textrep.report.models import ModelCard, card
from textrep.report.nearest import Neighbourhood, check_words, neighbourhoods
from textrep.report.provenance import versions
from textrep.report.summary import summary
from textrep.report.words import Sentence, as_text
from textrep.storage import is_model_folder, read_config
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
    frequencies, speech : tuple of Slice
        Scores by frequency and by part of speech.
    neighbourhoods : tuple of Neighbourhood
        One a word.
    chosen_words : bool
        Whether the reader named these words.
    sentence : str
        What the models were asked to attend to; empty where they were not.
    attention : tuple of AttentionMap
        One a model that has attention.
    unasked : tuple of str
        Models that have attention, and know no sentence at hand.
    command : str
        What makes the report again; may be empty.
    groups : mapping of str to sequence of str
        Models that differ in their seed alone, by the name of the method.
    methods : mapping of str to Comparison
        What each benchmark tells of methods, by its name; empty where there are no groups.
    """

    report: Report
    cards: tuple[ModelCard, ...]
    summary: tuple[Sentence, ...]
    agreements: tuple[Agreement, ...]
    disagreements: tuple[Disagreement, ...]
    frequencies: tuple[Slice, ...]
    speech: tuple[Slice, ...]
    neighbourhoods: tuple[Neighbourhood, ...]
    chosen_words: bool
    sentence: str
    attention: tuple[AttentionMap, ...]
    unasked: tuple[str, ...]
    command: str
    groups: Mapping[str, Sequence[str]]
    methods: Mapping[str, Comparison]

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
            "frequency": [one.to_dict() for one in self.frequencies],
            "part_of_speech": [one.to_dict() for one in self.speech],
            "neighbours": [one.to_dict() for one in self.neighbourhoods],
            "attention": [one.to_dict() for one in self.attention],
            "seeds": [one.to_dict() for one in spread_over_seeds(self.report, self.groups)],
            "methods": [one.to_dict() for one in self.methods.values()],
        }
        plain: dict[str, Any] = finite(told)
        return plain


def gather(
    report: Report,
    models: Mapping[str, tuple[Path, WordVectors]],
    *,
    words: Sequence[str] = (),
    sentence: str = "",
    command: str = "",
    groups: Mapping[str, Sequence[str]] = MappingProxyType({}),
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
    sentence : str, default=""
        What models with attention are asked to attend to. Default: a short one whose words they
        know.
    command : str, default=""
        What makes the report again.
    groups : mapping of str to sequence of str, optional
        Models that differ in their seed alone, two or more, by the name of the method.

    Raises
    ------
    FormatError
        The configuration of a model is damaged.
    UnknownNameError
        No model has one of ``words``.
    InputError
        A model with attention knows no word of the sentence.
    """
    vectors = {name: given for name, (_, given) in models.items()}
    check_words(vectors, words)
    asked = sentence
    attending = _attending({name: path for name, (path, _) in models.items()}, bool(sentence))
    if attending and not sentence:
        asked = known_sentence(list(attending.values()))
    methods = compare_methods(report, groups) if groups else {}
    cards = tuple(card(name, path, given) for name, (path, given) in models.items())
    return Contents(
        report=report,
        cards=cards,
        summary=summary(report, cards, groups, methods),
        agreements=agreements(report),
        disagreements=most_disputed(report),
        frequencies=slices(report, "frequency"),
        speech=slices(report, "pos"),
        neighbourhoods=neighbourhoods(report, vectors, words),
        chosen_words=bool(words),
        sentence=asked,
        attention=tuple(
            AttentionMap(name, *model.attention(asked))
            for name, model in attending.items()
            if asked
        ),
        unasked=() if asked else tuple(attending),
        command=command,
        groups=groups,
        methods=methods,
    )


def _attending(paths: Mapping[str, Path], wanted: bool) -> dict[str, Attending]:
    """Return those of the models that are folders of transformers.

    Without PyTorch there are none, unless the reader named a sentence and so is told what is
    missing.
    """
    names = [
        name
        for name, path in paths.items()
        if is_model_folder(path) and read_config(path)["class"] == "TransformerEncoder"
    ]
    if not names or not (wanted or find_spec("torch")):
        return {}
    found: dict[str, Any] = {name: load_model(paths[name]) for name in names}
    return found
