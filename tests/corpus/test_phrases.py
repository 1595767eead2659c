"""Scores of phrases by hand."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from textrep.corpus.phrases import PHRASE_SCORES


def score(name: str, pair: int, first: int, second: int, total: int, minimum: int) -> float:
    function, _ = PHRASE_SCORES[name]
    numbers = (np.array([float(n)]) for n in (pair, first, second))
    return float(function(*numbers, float(total), minimum)[0])


def test_the_score_of_word2vec() -> None:
    # (20 - 5) · 10 000 / (50 · 30)
    assert score("word2vec", 20, 50, 30, 10_000, 5) == pytest.approx(100.0)
    assert score("word2vec", 5, 50, 30, 10_000, 5) == 0.0


def test_normalised_pointwise_mutual_information() -> None:
    # only together: 1; as chance has it: 0; p_ab = 1/100, p_a = p_b = 2/100: ln 25 / ln 100
    assert score("npmi", 10, 10, 10, 1000, 1) == pytest.approx(1.0)
    assert score("npmi", 1, 10, 100, 1000, 1) == pytest.approx(0.0)
    assert score("npmi", 10, 20, 20, 1000, 1) == pytest.approx(log(25) / log(100))
    assert score("npmi", 1, 100, 100, 1000, 1) == pytest.approx(log(0.1) / log(1000))


def test_a_text_that_is_one_pair_over_and_over() -> None:
    """Then p_ab may be 1, and its logarithm 0."""
    assert score("npmi", 4, 4, 4, 4, 1) == 1.0


def test_default_thresholds() -> None:
    assert {name: threshold for name, (_, threshold) in PHRASE_SCORES.items()} == {
        "word2vec": 100.0,
        "npmi": 0.5,
    }
