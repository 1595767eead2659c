"""The kernels of word2vec against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import skipgram as plain
from scipy import stats

from textrep.kernels import skipgram as k
from textrep.kernels.alias import fill_alias
from textrep.kernels.random import draw_alias, hash64, key_of
from textrep.sgd import NoiseTable, aligned


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**40))
def test_keys_are_those_of_splitmix(key, item):
    assert int(hash64(np.uint64(key))) == plain.hash64(key)
    assert int(key_of(np.uint64(key), item)) == plain.key_of(key, item)


@given(st.floats(-30, 30, width=32))
def test_the_sigmoid_is_right_to_float32(x):
    assert float(k.sigmoid(np.float32(x))) == pytest.approx(plain.sigmoid(x), abs=2e-7)


def test_drawn_words_follow_the_counts():
    counts = np.array([1000, 400, 50, 7, 1, 1, 30, 200], np.int64)
    table = NoiseTable.from_counts(counts, 0.75)
    keys = (np.uint64(key_of(np.uint64(3), i)) for i in range(40_000))
    draws = [draw_alias(key, table.keep, table.other) for key in keys]
    wanted = counts**0.75 / (counts**0.75).sum()
    seen = np.bincount(draws, minlength=len(counts))
    assert stats.chisquare(seen, wanted * len(draws)).pvalue > 1e-3


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=40))
def test_an_alias_table_has_the_probabilities(weights):
    probability = np.array(weights, float) / sum(weights)
    keep, other = np.empty(len(weights), np.uint32), np.empty(len(weights), np.int32)
    fill_alias(probability * len(weights), keep, other)
    share = keep / (2**32 - 1)
    found = share.copy()
    np.add.at(found, other, 1 - share)
    np.testing.assert_allclose(found / len(weights), probability, atol=1e-8)


def sampled(tokens, offsets, keep, window=5, dynamic=True, key=11):
    n = len(tokens)
    words, begins, ends = (np.empty(n, np.int32) for _ in range(3))
    kept = k.sample_text(
        tokens, offsets, 0, len(offsets) - 1, keep, window, dynamic, np.uint64(key),
        words, begins, ends,
    )  # fmt: skip
    return words[:kept], begins[:kept], ends[:kept]


def test_subsampling_keeps_each_word_as_often_as_it_should():
    tokens = np.random.default_rng(0).integers(0, 4, 60_000).astype(np.int32)
    keep = np.array([2**32 - 1, 2**31, 2**30, 0], np.uint32)
    words, _, _ = sampled(tokens, np.array([0, len(tokens)]), keep)
    for word, probability in enumerate([1.0, 0.5, 0.25, 0.0]):
        n, total = int((words == word).sum()), int((tokens == word).sum())
        assert stats.binomtest(n, total, min(probability, 1.0)).pvalue > 1e-3 or n == total


def test_windows_reach_one_to_window_evenly_and_stay_in_their_sentence():
    lengths = np.random.default_rng(1).integers(1, 60, 800)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    tokens = np.zeros(offsets[-1], np.int32)
    words, begins, ends = sampled(tokens, offsets, np.array([2**32 - 1], np.uint32), window=4)
    assert len(words) == len(tokens)  # no token is lost
    sentence = np.searchsorted(offsets, np.arange(len(tokens)), side="right") - 1
    assert (begins >= offsets[sentence]).all()
    assert (ends <= offsets[sentence + 1]).all()
    at = np.arange(len(tokens))
    inside = (at - offsets[sentence] >= 4) & (offsets[sentence + 1] - at > 4)
    reach = (at - begins)[inside]
    assert (reach == (ends - at - 1)[inside]).all()
    assert stats.chisquare(np.bincount(reach, minlength=5)[1:]).pvalue > 1e-3
    _, begins, ends = sampled(tokens, offsets, np.array([2**32 - 1], np.uint32), 4, dynamic=False)
    assert ((at - begins)[inside] == 4).all()


@pytest.mark.parametrize(
    ("n", "n_words", "window", "negative", "dim"),
    [
        (100, 40, 5, 5, 24),
        (33, 3, 2, 7, 16),
        (1, 5, 3, 5, 8),
        (16, 2, 1, 1, 50),
        (50, 30, 12, 20, 9),
    ],
)
def test_training_equals_plain_stochastic_gradient_descent(n, n_words, window, negative, dim):
    random = np.random.default_rng(n)
    words = random.integers(0, n_words, n).astype(np.int32)
    offsets = np.unique([0, n // 3, n // 2, n])
    everything = np.full(n_words, 2**32 - 1, np.uint32)
    words, begins, ends = sampled(words, offsets, everything, window)
    table = NoiseTable.from_counts(np.bincount(words, minlength=n_words) + 1, 0.75)
    v, u = aligned(n_words, dim), aligned(n_words, dim)
    v[:, :dim], u[:, :dim] = random.normal(size=(2, n_words, dim)) * 0.3
    expected_v, expected_u = v.astype(np.float64), u.astype(np.float64)
    contexts, rows = k.scratch_rows(window)
    loss, pairs = k.train_skipgram(
        words, begins, ends, len(words), window, negative, v, u, table.keep, table.other,
        np.float32(0.01), np.uint64(99), aligned(rows, dim), np.array([contexts]),
    )  # fmt: skip
    expected_loss, expected_pairs = plain.train(
        words, begins, ends, negative, expected_v, expected_u, table.keep, table.other,
        np.float64(np.float32(0.01)), 99, k.BLOCK, k.NEGATIVES,
    )  # fmt: skip
    assert pairs == expected_pairs
    assert loss == pytest.approx(expected_loss, rel=1e-5)
    np.testing.assert_allclose(v, expected_v, atol=2e-6)
    np.testing.assert_allclose(u, expected_u, atol=2e-6)
    assert not v[:, dim:].any()


def test_the_reference_goes_down_the_gradient_of_the_loss():
    random = np.random.default_rng(5)
    v, u = random.normal(size=(2, 6, 4)) * 0.5
    keep, other = np.full(6, 2**32 - 1, np.uint32), np.arange(6)
    noise = [plain.draw_alias(plain.key_of(7, i), keep, other) for i in range(4)]
    words, begins, ends = [0, 1], [0, 1], [2, 2]  # one pair: context 1 of word 0
    share = 5 / 4
    new_v, new_u = v.copy(), u.copy()
    plain.train(words, begins, ends, 5, new_v, new_u, keep, other, 1.0, 7, 16, 4)
    others = [n for n in noise if n != 0]

    def loss(v, u):
        return plain.pair_loss(v[1], u[0], u[others], share)

    step = 1e-6
    for matrix, new in ((v, new_v), (u, new_u)):
        for index in np.ndindex(matrix.shape):
            before = matrix[index]
            matrix[index] = before + step
            above = loss(v, u)
            matrix[index] = before - step
            below = loss(v, u)
            matrix[index] = before
            gradient = (above - below) / (2 * step)
            assert before - new[index] == pytest.approx(gradient, abs=1e-7)
