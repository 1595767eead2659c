"""Word vectors and texts that the tests of transformers share."""

from __future__ import annotations

import numpy as np
import pytest

from textrep.vectors import WordVectors

WORDS = ["the", "a", "cat", "dog", "fish", "car", "road", "eats", "sees", "drives", "old", "new"]
COUNTS = [60, 50, 12, 11, 6, 9, 4, 8, 7, 3, 5, 2]
TEXTS = [
    "The cat eats a fish.",
    "A dog sees the cat!",
    "the old car, the new road",
    "A car drives",
    "the the the dog dog unheard",
    "new fish eats old fish",
]


@pytest.fixture(scope="session")
def vectors() -> WordVectors:
    """Twelve words in five dimensions, with counts."""
    matrix = np.random.default_rng(7).standard_normal((len(WORDS), 5))
    return WordVectors(WORDS, matrix, COUNTS)


@pytest.fixture(scope="session")
def table(vectors: WordVectors) -> dict[str, np.ndarray]:
    """The same vectors as a dictionary, in float64."""
    return {word: vectors[word].astype(np.float64) for word in vectors.words}


@pytest.fixture
def texts() -> list[str]:
    return list(TEXTS)
