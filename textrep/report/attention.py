"""What transformers attend to in a sentence: a heat map for each head of each layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from textrep.report.markup import Html, figure, foreign, join, paragraph, section, text
from textrep.report.svg import label, picture, square

__all__ = ["SENTENCES", "Attending", "AttentionMap", "attention_maps", "known_sentence"]

_CELL, _LETTER, _MARGIN = 18, 7.2, 8
_LONGEST = 14  # letters of a word beside a map

SENTENCES = (
    "the dog did not cross the street because it was too tired",
    "the man who wrote the book was born in the city",
    "she said that he would go home after the war",
    "they came to the house when it was night",
    "the king had a son and a daughter",
    "the cat and the dog are in the house",
    "it was one of the first in the world",
    "he was in the city for two years",
    "the doctor works in a hospital",
    "the dog is a small animal",
    "a cat is an animal",
)
"""Where the reader names no sentence, models attend to the first of these that they know."""


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


class Attending(Protocol):
    """A model that tells what it attends to, such as `TransformerEncoder`."""

    def tokens(self, texts: list[str]) -> list[list[str]]:
        """Return the words of each text that it knows."""

    def attention(self, text: str) -> tuple[list[str], NDArray[np.float32]]:
        """Return the known words of a text, and weights as those of `AttentionMap`."""


def known_sentence(models: Sequence[Attending]) -> str:
    """Return the first of ``SENTENCES`` all of whose words all models know; "" if there is none.

    Parts of words count as they are written, so that models of subwords or letters are asked, too.
    """
    told = [model.tokens(list(SENTENCES)) for model in models]
    for place, sentence in enumerate(SENTENCES):
        if all(_letters("".join(known[place])) == _letters(sentence) for known in told):
            return sentence
    return ""


def _letters(text: str) -> str:
    """Return the letters from a to z, without the signs by which tokenizers mark parts of words."""
    return "".join(letter for letter in text.lower() if "a" <= letter <= "z")


def attention_maps(sentence: str, found: Sequence[AttentionMap], unasked: Sequence[str]) -> Html:
    """Return the section with the maps of each model; why there are none of ``unasked`` models."""
    if unasked:
        said = Html(
            f"{join(map(foreign, unasked), ', ')}"
            + text(": none of the sentences at hand is made of words that are known. Name one with "
                   "--sentence.")
        )  # fmt: skip
        return section("Attention", [paragraph(said, "faint")])
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
