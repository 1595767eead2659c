"""The kernels of word2vec against plain NumPy."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import word2vec as plain
from scipy import stats

from textrep.kernels import hierarchical, negatives, pairs, softmax
from textrep.kernels.alias import fill_alias
from textrep.kernels.context import SKIPGRAM
from textrep.kernels.gather import Inputs
from textrep.kernels.logistic import sigmoid
from textrep.kernels.random import draw_alias, hash64, key_of
from textrep.kernels.text import Text, sample_text
from textrep.sgd import NoiseTable, aligned
from textrep.sgd.trees import TREES
from textrep.sgd.word2vec_settings import CONTEXTS

EVERYTHING = 2**32 - 1
ARCHITECTURES = {"skipgram": SKIPGRAM, **CONTEXTS}
OBJECTIVES = ["negative-sampling", "margin", "hierarchical-softmax", "softmax"]


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**40))
def test_keys_are_those_of_splitmix(key, item):
    assert int(hash64(np.uint64(key))) == plain.hash64(key)
    assert int(key_of(np.uint64(key), item)) == plain.key_of(key, item)


@given(st.floats(-30, 30, width=32))
def test_the_sigmoid_is_right_to_float32(x):
    assert float(sigmoid(np.float32(x))) == pytest.approx(plain.sigmoid(x), abs=2e-7)


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


# Sampling of text


def sampled(
    tokens, offsets, keep, window=5, *, dynamic=True, in_text=False, held_out=False, holdout=0.0
):
    text = Text(*np.empty((4, len(tokens)), np.int32))
    kept = sample_text(
        tokens, offsets, 0, len(offsets) - 1, keep, window, dynamic, in_text, held_out,
        int(holdout * 2**32), np.uint64(11), np.uint64(12), text,
    )  # fmt: skip
    return Text(*(column[:kept] for column in text))


def test_subsampling_keeps_each_word_as_often_as_it_should():
    tokens = np.random.default_rng(0).integers(0, 4, 60_000).astype(np.int32)
    keep = np.array([2**32 - 1, 2**31, 2**30, 0], np.uint32)
    words = sampled(tokens, np.array([0, len(tokens)]), keep).words
    for word, probability in enumerate([1.0, 0.5, 0.25, 0.0]):
        n, total = int((words == word).sum()), int((tokens == word).sum())
        assert stats.binomtest(n, total, min(probability, 1.0)).pvalue > 1e-3 or n == total


def test_windows_reach_one_to_window_evenly_and_stay_in_their_sentence():
    lengths = np.random.default_rng(1).integers(1, 60, 800)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    tokens = np.zeros(offsets[-1], np.int32)
    words, begins, ends, _ = sampled(tokens, offsets, np.array([EVERYTHING], np.uint32), 4)
    assert len(words) == len(tokens)  # no token is lost
    sentence = np.searchsorted(offsets, np.arange(len(tokens)), side="right") - 1
    assert (begins >= offsets[sentence]).all()
    assert (ends <= offsets[sentence + 1]).all()
    at = np.arange(len(tokens))
    inside = (at - offsets[sentence] >= 4) & (offsets[sentence + 1] - at > 4)
    reach = (at - begins)[inside]
    assert (reach == (ends - at - 1)[inside]).all()
    assert stats.chisquare(np.bincount(reach, minlength=5)[1:]).pvalue > 1e-3
    _, begins, _, _ = sampled(tokens, offsets, np.array([EVERYTHING], np.uint32), 4, dynamic=False)
    assert ((at - begins)[inside] == 4).all()


@given(st.lists(st.lists(st.integers(0, 3), max_size=30), min_size=1, max_size=5))
def test_distances_in_the_text_count_what_subsampling_left_out(sentences):
    tokens = np.array([word for sentence in sentences for word in sentence], np.int32)
    offsets = np.cumsum([0, *map(len, sentences)])
    keep = np.array([EVERYTHING, 2**31, 2**30, 2**31], np.uint32)
    text = sampled(tokens, offsets, keep, 3, dynamic=False, in_text=True)
    sentence = np.searchsorted(offsets, text.places, side="right")
    assert (tokens[text.places] == text.words).all()
    for i in range(len(text.words)):
        wanted = [
            c
            for c in range(len(text.words))
            if abs(int(text.places[c]) - int(text.places[i])) <= 3 and sentence[c] == sentence[i]
        ]
        assert list(range(text.begins[i], text.ends[i])) == wanted


def test_held_out_sentences_are_the_others():
    lengths = np.random.default_rng(2).integers(1, 9, 4000)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    tokens = np.repeat(np.arange(4000), lengths).astype(np.int32)  # each sentence a word
    keep = np.full(4000, EVERYTHING, np.uint32)
    held = set(sampled(tokens, offsets, keep, held_out=True, holdout=0.3).words)
    used = set(sampled(tokens, offsets, keep, holdout=0.3).words)
    assert held | used == set(range(4000))
    assert not held & used
    assert stats.binomtest(len(held), 4000, 0.3).pvalue > 1e-3


# Training


def lists(items):
    offsets = np.cumsum([0, *map(len, items)]).astype(np.int64)
    return offsets, np.array([i for one in items for i in one], np.int32)


NOTHING = np.empty(0, np.int64), np.empty(0, np.int32)


def train_both(
    architecture, objective, *, n=100, n_words=40, window=5, negative=5, dim=24, exact=False,
    parts=None, seen=None, tree="huffman", in_text=False, rate=0.01, own=0, share=1.0,
):  # fmt: skip
    """Train a kernel and the reference on the same text; return both."""
    random = np.random.default_rng(n)
    tokens = random.integers(0, n_words, n).astype(np.int32)
    keep = np.full(n_words, 3 * 2**30 if in_text else EVERYTHING, np.uint32)
    offsets = np.unique([0, n // 3, n // 2, n])
    text = sampled(tokens, offsets, keep, window, in_text=in_text)
    counts = np.bincount(tokens, minlength=n_words) + 1
    table, paths = NoiseTable.from_counts(counts, 0.75), TREES[tree](counts, 0)
    output_dim = dim * (2 * window if architecture == "concatenation" else 1)
    n_rows = n_words + (20 if parts else 0)
    v, u = aligned(n_rows, dim), aligned(n_words + 2 * own, output_dim)
    if architecture == "concatenation":
        u = aligned(n_words + 2 * own, v.shape[1] * 2 * window)
    v[:, :dim] = random.normal(size=(n_rows, dim)) * 0.3
    u_columns = (np.arange(output_dim) // dim) * v.shape[1] + np.arange(output_dim) % dim
    u[:n_words, u_columns] = random.normal(size=(n_words, output_dim)) * 0.3
    reference = plain.Model(
        v[:, :dim].astype(float), u[:n_words, u_columns].astype(float), window, architecture,
        objective, exact=exact, rate=float(np.float32(rate)), negative=negative,
        drawn=24 if architecture == "skipgram" else 8,
        block=32 if objective in ("negative-sampling", "margin") else 16,
        noise=(table.keep, table.other), key=99, parts=parts, seen=seen,
        paths=[
            (paths.nodes[a:b], paths.codes[a:b]) for a, b in itertools.pairwise(paths.offsets)
        ],
    )  # fmt: skip
    reference.train(*text)
    inputs = Inputs(v, *(lists(parts) if parts else NOTHING))
    how = ARCHITECTURES[architecture]
    shapes = {
        "hierarchical-softmax": hierarchical.scratch_shape(window),
        "softmax": softmax.scratch_shape(window),
    }
    n_rows, n_slots = shapes.get(objective, negatives.scratch_shape(window))
    scratch = negatives.Scratch(aligned(n_rows, u.shape[1]), aligned(n_slots, dim))
    scratch.rows[:] = scratch.slots[:] = np.nan  # nothing is read before it is written
    common = (text, len(text.words), window, how, exact, inputs, u)
    rate = np.float32(rate)
    if objective == "hierarchical-softmax":
        copies = hierarchical.Own(own, n_words, np.float32(share))
        measured = hierarchical.train_hierarchical(*common, paths, copies, rate, scratch)
    elif objective == "softmax":
        measured = softmax.train_softmax(*common, rate, scratch)
    else:
        noise = pairs.Noise(
            table.keep, table.other, *(lists([sorted(s) for s in seen]) if seen else NOTHING)
        )
        margin = np.float32(1.0 if objective == "margin" else 0.0)
        measured = negatives.train_negatives(
            *common, noise, negative, margin, rate, np.uint64(99), scratch
        )
    assert not v[:, dim:].any()
    return measured, v[:, :dim], u[:n_words, u_columns], reference


def check(*arguments, **options):
    (loss, pairs), v, u, reference = train_both(*arguments, **options)
    assert pairs == reference.n_pairs
    assert loss == pytest.approx(reference.loss, rel=1e-5)
    np.testing.assert_allclose(v, reference.v, atol=3e-6)
    np.testing.assert_allclose(u, reference.u, atol=3e-6)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_training_equals_plain_stochastic_gradient_descent(architecture, objective):
    check(architecture, objective)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("architecture", ["skipgram", "average"])
@pytest.mark.parametrize(
    ("n", "n_words", "window", "negative", "dim"),
    [(33, 3, 2, 7, 16), (1, 5, 3, 5, 8), (16, 2, 1, 1, 50), (50, 30, 12, 20, 9)],
)
def test_odd_sizes(architecture, objective, n, n_words, window, negative, dim):
    check(architecture, objective, n=n, n_words=n_words, window=window, negative=negative, dim=dim)


@pytest.mark.parametrize("architecture", ["average", "concatenation"])
def test_distances_in_the_text(architecture):
    check(architecture, "negative-sampling", in_text=True)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_exact_gradient_of_an_average(objective):
    check("average", objective, exact=True)


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("architecture", ["skipgram", "average"])
def test_vectors_made_of_parts(architecture, objective, exact):
    random = np.random.default_rng(3)
    parts = [[w, *random.choice(20, random.integers(0, 6)) + 40] for w in range(40)]
    check(architecture, objective, parts=parts, exact=exact)


@pytest.mark.parametrize("objective", ["negative-sampling", "margin"])
@pytest.mark.parametrize("architecture", ["skipgram", "sum"])
def test_words_seen_together_are_no_negatives(architecture, objective):
    random = np.random.default_rng(4)
    seen = [set(random.choice(40, random.integers(0, 41), replace=False)) for _ in range(40)]
    seen[7] = set(range(40))
    check(architecture, objective, seen=seen)


def test_a_random_tree():
    check("skipgram", "hierarchical-softmax", tree="random")


@pytest.mark.parametrize("architecture", ["skipgram", "average"])
def test_training_copies_of_nodes_equals_training_nodes(architecture):
    check(architecture, "hierarchical-softmax", n=2500, own=7, rate=0.001)


def test_of_what_copies_of_nodes_learn_the_nodes_get_a_share():
    trained = {
        share: train_both("skipgram", "hierarchical-softmax", own=7, share=share)[2]
        for share in (0.0, 0.25, 1.0)
    }
    learnt = {share: nodes - trained[0.0] for share, nodes in trained.items()}
    np.testing.assert_allclose(learnt[0.25][:7], learnt[1.0][:7] / 4, atol=1e-6)
    np.testing.assert_allclose(learnt[0.25][7:], 0.0, atol=1e-7)
    assert abs(learnt[1.0][:7]).min(axis=1).max() > 1e-6


def test_a_vocabulary_of_several_chunks():
    check("skipgram", "softmax", n=20, n_words=5000, dim=4)


def test_at_a_rate_of_zero_nothing_changes():
    (loss, pairs), v, u, reference = train_both("skipgram", "negative-sampling", rate=0.0)
    assert pairs > 0
    assert loss == pytest.approx(reference.loss, rel=1e-5)
    assert (v == reference.v).all()
    assert (u == reference.u).all()


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_reference_goes_down_the_gradient_of_the_loss(architecture, objective):
    """By finite differences, on a text of one block of one window."""
    random = np.random.default_rng(5)
    dim, window, rate = 3, 2, 1e-6  # so small that no step sees what the one before changed
    wide = dim * (2 * window if architecture == "concatenation" else 1)
    v, u = random.normal(size=(6, dim)) * 0.5, random.normal(size=(6, wide)) * 0.5
    identity = np.full(6, EVERYTHING, np.uint32), np.arange(6)
    paths = TREES["huffman"](np.arange(1, 7), 0)
    words = [0, 1, 2, 3]  # all different: no vector is trained twice but for skip-gram's own
    begins, ends, places = [0, 1, 2, 0], [1, 2, 3, 4], range(4)  # the last has a window

    def trained(v, u):
        model = plain.Model(
            v.copy(), u.copy(), window, architecture, objective, exact=True, rate=rate,
            noise=identity, drawn=4, key=7, margin=2.0,
            paths=[
                (paths.nodes[a:b], paths.codes[a:b].astype(int))
                for a, b in itertools.pairwise(paths.offsets)
            ],
        )  # fmt: skip
        if architecture == "concatenation":
            places_near = [-2, -1, 1, 0]
            model.train(words, begins, ends, places_near)
        else:
            model.train(words, begins, ends, places)
        return model

    after = trained(v, u)
    step = 1e-6
    for name, matrix in (("v", v), ("u", u)):
        for index in np.ndindex(matrix.shape):
            before = matrix[index]
            matrix[index] = before + step
            above = trained(v, u).loss
            matrix[index] = before - step
            below = trained(v, u).loss
            matrix[index] = before
            gradient = (above - below) / (2 * step)
            taken = (before - getattr(after, name)[index]) / rate
            assert taken == pytest.approx(gradient, abs=1e-5)
