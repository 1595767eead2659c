"""Nearest words side by side, for words on whose neighbours the models differ."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from textrep.errors import UnknownNameError
from textrep.evaluation import Report
from textrep.report.markup import Cell, Html, foreign, paragraph, section, table, text
from textrep.vectors import WordVectors

__all__ = ["Neighbourhood", "check_words", "neighbour_tables", "neighbourhoods"]

_WORDS = 12
_CANDIDATES = 200  # frequent words that these are chosen among
_NEIGHBOURS = 10  # that decide how alike models are
_SHOWN = 6


@dataclass(frozen=True)
class Neighbourhood:
    """The nearest words of one word.

    Attributes
    ----------
    word : str
    nearest : dict of str to tuple of str, or None
        Of each model, the nearest first, as far as they are similar at all; None of one that does
        not have the word.
    """

    word: str
    nearest: Mapping[str, tuple[str, ...] | None]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        nearest = {name: None if of is None else list(of) for name, of in self.nearest.items()}
        return {"word": self.word, "nearest": nearest}


def check_words(vectors: Mapping[str, WordVectors], words: Sequence[str]) -> None:
    """Raise UnknownNameError for a word that no model has."""
    for word in words:
        if not any(word in model for model in vectors.values()):
            raise UnknownNameError("word", word, next(iter(vectors.values())).words)


def neighbourhoods(
    report: Report, vectors: Mapping[str, WordVectors], words: Sequence[str] = ()
) -> tuple[Neighbourhood, ...]:
    """Return the nearest words of some words in every model.

    Parameters
    ----------
    report : Report
        Its benchmarks' words are what is chosen from, so that no words of grammar are.
    vectors : mapping of str to WordVectors
        The models.
    words : sequence of str, optional
        The words. Default: of the most frequent words that all models have, a dozen on whose
        nearest words they differ most, by the mean Jaccard index of pairs of models.
    """
    chosen = list(dict.fromkeys(words)) or _candidates(report, vectors)
    nearest = {name: _nearest(model, chosen) for name, model in vectors.items()}
    if not words:
        alike = {word: _overlap([of[word] for of in nearest.values()]) for word in chosen}
        chosen = sorted(chosen, key=lambda word: alike[word])[:_WORDS]
    return tuple(
        Neighbourhood(word, {name: _first(of[word]) for name, of in nearest.items()})
        for word in chosen
    )


def neighbour_tables(found: Sequence[Neighbourhood], chosen: bool) -> Html:
    """Return the section with one table; ``chosen`` says that the reader named the words."""
    if not found:
        said = "The models have no word in common: --word shows a word that only some have."
        return section("Nearest words", [paragraph(text(said), "faint")])
    models = list(found[0].nearest)
    rows = [[Cell(foreign(one.word)), *(_listed(one, model) for model in models)] for one in found]
    how = (
        "Strong: nearest words that another model names as well."
        if chosen
        else "Words of the benchmarks, frequent in the text, on whose nearest words the models "
        "differ most. Strong: nearest words that another model names as well."
    )
    if len(models) == 1:
        how = "The most frequent words of the benchmarks."
    header = [text("word"), *map(foreign, models)]
    caption = "The nearest words by cosine, the nearest first"
    return section(
        "Nearest words",
        [paragraph(text(how), "faint"), table(caption, header, rows, style="nearest")],
    )


def _listed(one: Neighbourhood, model: str) -> Cell:
    mine = one.nearest[model]
    if mine is None:
        return Cell(text("not in the vocabulary"), style="faint")
    if not mine:
        return Cell(text("none is similar"), style="faint")
    others = {word for name, of in one.nearest.items() if name != model for word in of or ()}
    items = "".join(
        f"<li>{foreign(word, 'shared' if word in others else '')}</li>" for word in mine
    )
    return Cell(Html(f"<ol>{items}</ol>"))


def _candidates(report: Report, vectors: Mapping[str, WordVectors]) -> list[str]:
    """Return frequent words of the benchmarks that all models have; else any they have."""
    models = list(vectors.values())
    asked = dict.fromkeys(
        word for name in report.benchmarks for words in report.wording(name).words for word in words
    )
    common = [word for word in asked if all(word in model.index for model in models)]
    if not common:
        common = [w for w in models[0].words if all(w in model.index for model in models[1:])]
    return sorted(common, key=lambda word: _rank(models[0], word))[:_CANDIDATES]


def _rank(model: WordVectors, word: str) -> tuple[int, int]:
    """Return what the most frequent words are first by; without counts their order tells."""
    row = model.index[word]
    return (0 if model.counts is None else -int(model.counts[row]), row)


def _nearest(model: WordVectors, words: Sequence[str]) -> dict[str, tuple[str, ...] | None]:
    known = [word for word in words if word in model]
    found = model.neighbors(known, n=_NEIGHBOURS) if known else []
    named = {
        word: tuple(near.word for near in nearest if near.similarity > 0)
        for word, nearest in zip(known, found, strict=True)
    }
    return {word: named.get(word) for word in words}


def _first(nearest: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if nearest is None else nearest[:_SHOWN]


def _overlap(nearest: Sequence[tuple[str, ...] | None]) -> float:
    """Return the mean Jaccard index of the pairs of lists; 0 with a single one, so order stays."""
    lists = [set(one or ()) for one in nearest]
    pairs = list(itertools.combinations(lists, 2))
    return float(np.mean([len(a & b) / max(len(a | b), 1) for a, b in pairs])) if pairs else 0.0
