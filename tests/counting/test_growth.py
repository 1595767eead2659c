"""How pairs grow with a text: counted exactly within a sample, extrapolated beyond it."""

from __future__ import annotations

import numpy as np
import pytest
from counting.corpora import MemoryCorpus
from hypothesis import given
from hypothesis import strategies as st
from reference.cooccurrence import cooccurrence

from textrep.counting import SIDES, Window, count_cooccurrences
from textrep.counting.growth import extrapolate, marks_of, pair_growth

SENTENCES = st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=9), min_size=1, max_size=70)
COLUMNS = st.lists(st.sampled_from([-1, 0, 1, 2, 3]), min_size=5, max_size=5)


def growth_of(sentences, window, columns=None):
    tokens = np.array([word for sentence in sentences for word in sentence], np.int32)
    offsets = np.concatenate([[0], np.cumsum([len(s) for s in sentences])]).astype(np.int64)
    return pair_growth(tokens, offsets, 5, window, columns)


@given(SENTENCES, st.integers(1, 6), st.sampled_from(sorted(SIDES)), COLUMNS)
def test_entries_of_every_part_are_those_of_its_counts(sentences, size, side, columns):
    columns = np.where(np.array(columns) < 0, -1, np.arange(5)).astype(np.int32)
    window = Window(size, "flat", side)
    growth = growth_of(sentences, window, columns)
    marks = marks_of(len(sentences))
    assert growth.tokens.tolist() == [sum(map(len, sentences[:mark])) for mark in marks]
    for mark, entries in zip(marks, growth.entries, strict=True):
        table = cooccurrence(
            sentences[:mark], 5, 5, size=size, weights="flat", side=side, context_of=columns
        )
        assert entries == sum(value != 0 for row in table for value in row)
    if side != "both":  # weights are 1, so the sum of all counts is what no repetition would make
        total = sum(value for row in table for value in row)
        assert growth.entries_a_token == pytest.approx(float(total) / growth.tokens[-1])


def test_the_whole_sample_has_the_entries_of_the_counts():
    random = np.random.default_rng(0)
    sentences = [random.zipf(1.3, 12).clip(1, 300).tolist() for _ in range(400)]
    corpus = MemoryCorpus([sentences], 301)
    for side in SIDES:
        window = Window(4, side=side)
        growth = pair_growth(corpus.tokens, corpus.sentence_offsets, 301, window)
        assert growth.entries[-1] == count_cooccurrences(corpus, window).nnz
        assert growth.at(4800) == pytest.approx(growth.entries[-1])


def test_marks():
    assert marks_of(64).tolist() == [2, 4, 8, 16, 32, 64]
    assert marks_of(3).tolist() == [1, 3]
    assert marks_of(1).tolist() == [1]


SIZES = np.array([100, 200, 400, 800, 1600, 3200])


@pytest.mark.parametrize("bend", [True, False])
def test_a_power_goes_on(bend):
    values = np.round(1e6 * SIZES**0.7).astype(np.int64)
    assert extrapolate(SIZES, values, 64_000, bend=bend) == pytest.approx(
        1e6 * 64_000**0.7, rel=1e-3
    )


def test_a_falling_power_goes_on_falling_but_not_below_0():
    def law(size):
        return 1e9 * np.exp(1.4 * np.log(size / 100) - 0.08 * np.log(size / 100) ** 2)

    values = law(SIZES).astype(np.int64)
    assert extrapolate(SIZES, values, 64_000, bend=True) == pytest.approx(law(64_000), rel=0.01)
    straight = extrapolate(SIZES, values, 64_000, bend=False)
    assert straight > 2 * law(64_000)
    top = law(100 * np.exp(1.4 / 0.16))
    assert extrapolate(SIZES, values, 1e12, bend=True) == pytest.approx(top, rel=0.01)


def test_nothing_grows_faster_than_the_text():
    values = SIZES**2
    for bend in (True, False):
        assert extrapolate(SIZES, values, 32_000, bend=bend) == pytest.approx(10 * values[-1])


def test_within_the_sample_it_is_interpolated():
    values = SIZES * 3
    assert extrapolate(SIZES, values, 800, bend=True) == pytest.approx(2400)
    assert extrapolate(SIZES, values, 1131.37, bend=True) == pytest.approx(3394.1, rel=1e-4)


def test_samples_that_say_little():
    assert extrapolate(np.array([5]), np.array([0]), 1000, bend=True) == 0
    assert extrapolate(np.array([5]), np.array([3]), 1000, bend=True) == pytest.approx(600)
