"""What word2vec promises beyond the contract of all models."""

from __future__ import annotations

import heapq
import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import textrep
from textrep.corpus import Corpus
from textrep.errors import InvalidParameterError, TrainingError
from textrep.models.word2vec import Word2Vec
from textrep.sgd import SCHEDULES, Stretches
from textrep.sgd.trees import TREES


@pytest.fixture(scope="module")
def world():
    return Corpus.build("miniworld")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"objective": "hierarchical-softmax"},
        {"objective": "margin"},
        {"architecture": "cbow", "exact_gradient": True, "learning_rate": 0.1},
        {"architecture": "cbow", "objective": "hierarchical-softmax"},
        {"add_context": True, "distances": "text"},
    ],
    ids=lambda changes: " ".join(map(str, changes.values())) or "default",
)
def test_it_learns_the_world(world, changes):
    options = {"dim": 100, "epochs": 2, "subsample": 1e-3, "random_state": 1, "holdout": 0.02}
    model = Word2Vec(**(options | changes)).fit(world)
    for kind in ("loss", "held_out_loss"):
        losses = [epoch[kind] for epoch in model.history_]
        assert losses == sorted(losses, reverse=True)
    report = textrep.evaluate(model, suite="miniworld")
    scores = {result.benchmark: result.score for result in report.results}
    assert scores["miniworld-relatedness"] > 0.6
    assert scores["miniworld-synonyms"] > 0.7


def test_no_token_is_lost_in_a_line_of_any_length():
    words = [f"w{i % 50}" for i in range(100_000)]
    model = Word2Vec(dim=4, epochs=1, subsample=0.0, window=2, dynamic_window=False)
    model.fit([words])
    assert model.history_[0]["kept"] == 100_000
    pieces = -(-100_000 // 16_384)
    assert model.history_[0]["examples"] == 4 * 100_000 - 6 * pieces


def test_stretches_cover_the_text_once():
    lengths = np.random.default_rng(0).choice([1, 50, 3_000, 16_384, 40_000], 200)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    stretches = Stretches(offsets)
    ends = [stretches.offsets[stretches[i].last] for i in range(len(stretches))]
    assert [stretches[i].begin for i in range(len(stretches))] == [0, *ends[:-1]]
    assert ends[-1] == offsets[-1]
    assert stretches.longest <= 16_384
    assert set(offsets) <= set(stretches.offsets)


def test_the_examples_do_not_depend_on_the_threads_and_one_thread_repeats_itself(world):
    def trained(**changes):
        return Word2Vec(**{"dim": 16, "epochs": 1} | changes).fit(world)

    alone = trained(n_jobs=1)
    assert (trained(n_jobs=2, deterministic=True).word_vectors_ == alone.word_vectors_).all()
    racing = trained(n_jobs=2)
    for drawn in ("kept", "examples"):
        assert racing.history_[0][drawn] == alone.history_[0][drawn]
    assert racing.history_[0]["loss"] == pytest.approx(alone.history_[0]["loss"], rel=0.02)
    other = trained(n_jobs=1, random_state=1)
    assert other.history_[0]["kept"] != alone.history_[0]["kept"]


@pytest.mark.parametrize("objective", ["negative-sampling", "hierarchical-softmax", "margin"])
def test_overflow_stops_with_advice(world, objective):
    with pytest.raises(TrainingError, match=r"learning rate 100 is too high"):
        Word2Vec(dim=8, epochs=2, learning_rate=100.0, objective=objective).fit(world)


def test_schedules_begin_at_one_and_end_where_they_should():
    assert [schedule(0.0) for schedule in SCHEDULES.values()] == [1.0] * len(SCHEDULES)
    ends = {name: schedule(1.0) for name, schedule in SCHEDULES.items()}
    assert ends == {"linear": 0.0, "constant": 1.0, "cosine": pytest.approx(0.0)}


def test_history_is_saved(world, tmp_path):
    model = Word2Vec(dim=4, epochs=2, subsample=1e-5).fit(world)
    model.save(tmp_path / "model")
    again = textrep.load_model(tmp_path / "model")
    assert again.history_ == model.history_
    assert (again.context_vectors_ == model.context_vectors_).all()


def test_w_plus_c_is_the_sum(world):
    options = {"dim": 20, "epochs": 1, "deterministic": True}
    plain = Word2Vec(**options).fit(world)
    both = Word2Vec(add_context=True, **options).fit(world)
    assert (both.context_vectors_ == plain.context_vectors_).all()
    assert (both.word_vectors_ == plain.word_vectors_ + plain.context_vectors_).all()


def test_unseen_negatives_leave_pairs_apart():
    """Words that are always together: ordinary negatives push them apart, unseen ones cannot."""
    text = [["a", "b", "c", "d"]] * 40 + [["e", "f", "g", "h"]] * 40
    options = {"dim": 8, "negative": 4, "subsample": 0.0, "deterministic": True, "epochs": 3}
    plain = Word2Vec(**options).fit(text).history_[-1]["loss"]
    unseen = Word2Vec(unseen_negatives=True, **options).fit(text).history_[-1]["loss"]
    assert unseen < plain


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"negative": 9}, "negative .* at most the number of words, 8"),
        ({"holdout": 1e-9}, "holdout .* larger"),
        ({"add_context": True, "objective": "hierarchical-softmax"}, "add_context .* False with"),
        (
            {"add_context": True, "architecture": "cbow", "context": "concatenation"},
            "add_context .* False with",
        ),
    ],
)
def test_what_does_not_go_together(changes, message):
    text = [["a", "b", "c", "d"]] * 10 + [["e", "f", "g", "h"]] * 10
    with pytest.raises(InvalidParameterError, match=message):
        Word2Vec(dim=4, subsample=0.0, **({"negative": 3} | changes)).fit(text)


# Trees


def code_lengths(counts):
    """Lengths of the words of a Huffman code, from the textbook's priority queue."""
    heap = [(count, i, (i,)) for i, count in enumerate(counts)]
    heapq.heapify(heap)
    lengths = [0] * len(counts)
    for made in range(len(counts) - 1):
        low, high = heapq.heappop(heap), heapq.heappop(heap)
        for i in (*low[2], *high[2]):
            lengths[i] += 1
        heapq.heappush(heap, (low[0] + high[0], len(counts) + made, low[2] + high[2]))
    return lengths


@pytest.mark.parametrize("tree", TREES)
@given(counts=st.lists(st.integers(1, 10_000), min_size=2, max_size=60))
def test_paths_lead_to_every_word(tree, counts):
    paths = TREES[tree](np.array(counts), 3)
    found = set()
    for a, b in itertools.pairwise(paths.offsets):
        nodes, codes = paths.nodes[a:b].tolist(), paths.codes[a:b].tolist()
        assert nodes[0] == 0
        assert nodes == sorted(nodes)
        found.add(tuple(codes))
    assert len(found) == len(counts)
    assert not any(a == b[: len(a)] for a, b in itertools.permutations(found, 2))
    assert set(paths.nodes.tolist()) == set(range(len(counts) - 1))
    ways = {(n, c) for n, c in zip(paths.nodes.tolist(), paths.codes.tolist(), strict=True)}
    assert len(ways) == 2 * (len(counts) - 1)


@given(st.lists(st.integers(1, 10_000), min_size=2, max_size=60))
def test_huffman_codes_are_as_short_as_the_textbooks(counts):
    lengths = np.diff(TREES["huffman"](np.array(counts), 0).offsets)
    assert lengths @ counts == np.dot(code_lengths(counts), counts)


def test_random_trees_are_even_and_differ_by_seed():
    trees = [TREES["random"](np.ones(1000, np.int64), seed) for seed in (0, 0, 1)]
    assert set(np.diff(trees[0].offsets).tolist()) == {9, 10}
    assert (trees[0].codes == trees[1].codes).all()
    assert (trees[0].codes != trees[2].codes).any()


# Subwords


def test_words_that_the_text_lacks_are_near_those_they_look_like(world, tmp_path):
    model = Word2Vec(dim=50, epochs=2, subwords=True, buckets=20_000, n_jobs=1).fit(world)
    word = max(world.vocabulary.words, key=len)
    assert word in [neighbor.word for neighbor in model.vectors_.neighbors(word[:-1], n=5)]
    model.save(tmp_path / "model")
    loaded = textrep.load(tmp_path / "model")
    assert (loaded[word[:-1]] == model.vectors_[word[:-1]]).all()
    again = textrep.load_model(tmp_path / "model")
    assert again.vectors_.neighbors(word[:-1]) == loaded.neighbors(word[:-1])
    assert (again.input_vectors_ == model.input_vectors_).all()


def test_a_training_without_subwords_forgets_those_before(tmp_path):
    options = {"dim": 4, "negative": 2, "subsample": 0.0, "buckets": 50}
    model = Word2Vec(**options, subwords=True).fit([["a", "b", "c", "d"]] * 10)
    model.set_params(subwords=False).fit([["w", "x", "y", "z"]] * 10)
    model.save(tmp_path / "model")
    assert textrep.load(tmp_path / "model").words == ["w", "x", "y", "z"]
    assert not hasattr(model, "input_vectors_")


def test_subwords_go_on_where_another_training_ended(tmp_path):
    text = [["walk", "walks", "talk", "talks"], ["walking", "talking", "walk", "talk"]] * 20
    options = {"dim": 8, "negative": 2, "subsample": 0.0, "subwords": True, "buckets": 500}
    first = Word2Vec(**options).fit(text)
    first.save(tmp_path / "first")
    still = {"initial": str(tmp_path / "first"), "learning_rate": 1e-30, "epochs": 1}
    second = Word2Vec(**options, **still).fit([[*words, "walker"] for words in text])
    for word in first.vocabulary_.words:
        np.testing.assert_allclose(second.vectors_[word], first.vectors_[word], rtol=1e-6)
    other = {**options, "max_n": 5}
    with pytest.raises(InvalidParameterError, match=r"initial .* the same n-grams"):
        Word2Vec(**other, **still).fit(text)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"min_n": 5, "max_n": 4}, r"max_n parameter of Word2Vec must be at least min_n \(5\)"),
        ({"add_context": True}, "add_context .* False with"),
        ({"keep_words": True, "initial": "x"}, "keep_words .* False with subwords"),
    ],
)
def test_subwords_do_not_go_with(changes, message):
    with pytest.raises(InvalidParameterError, match=message):
        Word2Vec(subwords=True, **changes).fit("no-such-file")


# Devices


def test_torch_trains_what_compiled_kernels_do(world, monkeypatch, tmp_path):
    """By torch on the processor, as it would on a GPU."""
    pytest.importorskip("torch", reason="torch is not installed")
    options = {"dim": 32, "epochs": 1, "subsample": 1e-3, "holdout": 0.05}
    ours = Word2Vec(**options).fit(world)
    monkeypatch.setattr("textrep.models.word2vec.resolve_device", lambda _: "cpu:0")
    model = Word2Vec(device="cuda", **options).fit(world)
    for drawn in ("kept", "examples"):
        assert model.history_[0][drawn] == ours.history_[0][drawn]
    for loss in ("loss", "held_out_loss"):
        assert model.history_[0][loss] == pytest.approx(ours.history_[0][loss], rel=0.1)
    model.save(tmp_path / "model")
    still = {"initial": str(tmp_path / "model"), "learning_rate": 1e-30}
    again = Word2Vec(device="cuda", **options, **still).fit(world)
    np.testing.assert_allclose(again.word_vectors_, model.word_vectors_)
    np.testing.assert_allclose(again.context_vectors_, model.context_vectors_)


@pytest.mark.parametrize(
    "changes",
    [
        {"subwords": True},
        {"unseen_negatives": True},
        {"deterministic": True},
        {"architecture": "cbow", "context": "concatenation"},
    ],
)
def test_what_a_gpu_does_not_do(changes, monkeypatch):
    monkeypatch.setattr("textrep.models.word2vec.resolve_device", lambda _: "cuda:0")
    with pytest.raises(InvalidParameterError, match=r"device .* 'cpu' with"):
        Word2Vec(device="cuda", **changes).fit("no-such-file")


def test_memory_is_that_of_both_matrices_and_a_tenth():
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(word) for word in itertools.product(letters, repeat=3)]
    corpus = Corpus.build([words], min_count=1)
    model = Word2Vec(dim=200, epochs=1, subsample=0.0, n_jobs=1)
    model.fit([words[:100]] * 5)  # kernels are compiled by now
    tracemalloc.start()
    model.fit(corpus)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.1 * (model.word_vectors_.nbytes + model.context_vectors_.nbytes)
