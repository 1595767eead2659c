"""What transformers attend to in a sentence: a heat map for each head of each layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.report.markup import Html, figure, foreign, paragraph, section, text
from textrep.report.svg import label, picture, square

__all__ = ["AttentionMap", "attention_maps"]

_CELL, _LETTER, _MARGIN = 18, 7.2, 8
_LONGEST = 14  # letters of a word beside a map


@dataclass(frozen=True)
class AttentionMap:
    """What a model attends to in a sentence.

    Attributes
    ----------
    model : str
        Its name.
    words : list of str
        The words of the sentence that it knows.
    weights : ndarray of shape (layers, heads, n_words, n_words), float32
        Each row sums to 1: the word that attends, then the one that it attends to.
    """

    model: str
    words: list[str]
    weights: NDArray[np.float32]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return {**vars(self), "weights": self.weights.tolist()}


def attention_maps(sentence: str, found: Sequence[AttentionMap]) -> Html:
    """Return the section with the maps of each model."""
    parts = [
        Html(f'<h3>{foreign(one.model)}</h3>\n<div class="plots">{"".join(_maps(one))}</div>')
        for one in found
    ]
    said = Html(
        f"{text('In: ')}{foreign(sentence)}. "
        + text("A row is a word; the darker a cell, the more the word takes from that column's.")
    )
    return section("Attention", [paragraph(said, "faint"), *parts] if parts else [])


def _maps(one: AttentionMap) -> list[Html]:
    """Return a picture for each head, layer by layer."""
    return [
        figure(_map(one, layer, head), text(f"layer {layer + 1}, head {head + 1}"))
        for layer, heads in enumerate(one.weights)
        for head in range(len(heads))
    ]


def _map(one: AttentionMap, layer: int, head: int) -> Html:
    weights, n = one.weights[layer, head], len(one.words)
    shown = [word if len(word) <= _LONGEST else word[: _LONGEST - 1] + "…" for word in one.words]
    margin = _LETTER * max(map(len, shown)) + _MARGIN
    parts = []
    for place, word in enumerate(shown):
        middle = margin + _CELL * (place + 0.5) + 4
        parts.append(label(margin - 5, middle, word, "end"))
        parts.append(label(middle, margin - 5, word, turned=True))
    for row in range(n):
        for column in range(n):
            said = f"{one.words[row]} from {one.words[column]}: {weights[row, column]:.2f}"
            x, y = margin + _CELL * column, margin + _CELL * row
            parts.append(square(x, y, _CELL - 1, float(weights[row, column]), said))
    size = margin + _CELL * n + 2
    strong, source = divmod(int(weights.argmax()), n)
    strongest = f"{one.words[strong]} takes most from {one.words[source]}, {weights.max():.2f}"
    return picture(size, size, f"Layer {layer + 1}, head {head + 1}: {strongest}", parts)
