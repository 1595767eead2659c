"""What the tests of inspection share: a small text, and models of it."""

from __future__ import annotations

import numpy as np
import pytest

from textrep.corpus import Corpus

TEMPLATES = (
    "the {animal} sleeps in the {place} .",
    "a {animal} eats {food} near the {place} .",
    "the {person} feeds the {animal} with {food} .",
    "the {person} drives a {car} to the {place} .",
    "a {car} needs fuel in the {place} .",
)
WORDS = {
    "animal": ["cat", "dog", "horse"],
    "place": ["garden", "town", "house"],
    "food": ["meat", "bread"],
    "person": ["man", "woman"],
    "car": ["car", "truck", "bus"],
}


def sentences(n: int = 600, seed: int = 0) -> list[list[str]]:
    draw = np.random.default_rng(seed)
    made = []
    for _ in range(n):
        words = {kind: str(draw.choice(names)) for kind, names in WORDS.items()}
        made.append(str(draw.choice(TEMPLATES)).format(**words).split())
    return made


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return Corpus.build(sentences(), tmp_path_factory.mktemp("inspection") / "corpus", min_count=1)
