"""Meta-embeddings: their cosines, their words, their weights."""

from __future__ import annotations

import json
import logging

import numpy as np
import pytest
import scipy.sparse as sp

from textrep import PPMI, SVD, Combine, Word2Vec, WordVectors, evaluate, load
from textrep.corpus import Corpus
from textrep.corpus.miniworld import generate
from textrep.errors import (
    DataError,
    FormatError,
    InvalidParameterError,
    NotFittedError,
    UnknownNameError,
    UsageError,
    VocabularyError,
)
from textrep.evaluation import mean_score
from textrep.models import load_model
from textrep.models.weights import best_weights

WORDS = [f"word{number}" for number in range(40)]


def vectors(dim, seed, words=WORDS, counts=True):
    matrix = np.random.default_rng(seed).normal(size=(len(words), dim)).astype(np.float32)
    return WordVectors(words, matrix, np.arange(len(words), 0, -1) if counts else None)


def cosines(matrix):
    unit = matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-30)
    return unit @ unit.T


A, B, C = vectors(7, 0), vectors(5, 1), vectors(3, 2)


# What it computes


@pytest.mark.parametrize(
    ("weights", "shares"), [("equal", [1 / 3] * 3), ("2,1,1", [0.5, 0.25, 0.25])]
)
def test_cosines_of_a_concatenation_are_the_weighted_mean(weights, shares):
    model = Combine(weights=weights).fit([A, B, C])
    assert model.word_vectors_.shape == (40, 15)
    assert model.weights_.tolist() == pytest.approx(shares)
    expected = sum(w * cosines(m.matrix) for w, m in zip(shares, (A, B, C), strict=True))
    np.testing.assert_allclose(cosines(model.word_vectors_), expected, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(model.word_vectors_, axis=1), 1, atol=1e-6)


def test_the_average_pads_shorter_vectors_with_zeros():
    model = Combine(method="average", weights="1,3").fit([A, B])
    unit = [m.matrix / np.linalg.norm(m.matrix, axis=1, keepdims=True) for m in (A, B)]
    expected = 0.25 * unit[0] + 0.75 * np.pad(unit[1], ((0, 0), (0, 2)))
    np.testing.assert_allclose(model.word_vectors_, expected, atol=1e-6)


def test_zero_vectors_stay_zero():
    empty = WordVectors(WORDS, np.where(np.arange(40)[:, None] == 3, 0, A.matrix))
    model = Combine().fit([empty, B])
    assert not model.word_vectors_[3, :7].any()
    assert model.word_vectors_[3, 7:].any()


@pytest.mark.parametrize("method", ["concatenate", "average"])
@pytest.mark.parametrize("dim", [1, 4, 7])
def test_the_reduction_is_the_best_of_its_rank(method, dim):
    whole = Combine(method=method).fit([A, B]).word_vectors_.astype(float)
    reduced = Combine(method=method, dim=dim).fit([A, B]).word_vectors_
    assert reduced.shape == (40, dim)
    assert reduced.dtype == np.float32
    u, s, _ = np.linalg.svd(whole, full_matrices=False)
    np.testing.assert_allclose(np.abs(reduced), np.abs(u[:, :dim] * s[:dim]), atol=1e-5)
    directions = whole.T @ reduced
    assert (directions[np.abs(directions).argmax(axis=0), np.arange(dim)] > 0).all()
    best = (u[:, :dim] * s[:dim] ** 2) @ u[:, :dim].T
    np.testing.assert_allclose(reduced @ reduced.T, best, atol=1e-5)


def test_all_dimensions_keep_all_cosines():
    model, whole = Combine(dim=12).fit([A, B]), Combine().fit([A, B])
    np.testing.assert_allclose(
        cosines(model.word_vectors_), cosines(whole.word_vectors_), atol=1e-5
    )


# Words


def test_only_words_in_common_in_the_first_members_order(caplog):
    caplog.set_level(logging.INFO, "textrep")
    other = vectors(5, 3, words=["new", *reversed(WORDS[10:])])
    model = Combine().fit([A, other])
    assert list(model.vocabulary_.words) == WORDS[10:]
    assert model.vocabulary_.counts.tolist() == list(range(30, 0, -1))
    unit = other["word12"] / np.linalg.norm(other["word12"])
    np.testing.assert_allclose(model.vectors_["word12"][7:], unit * 0.5**0.5, atol=1e-6)
    assert caplog.messages == ["30 words in common; left out: 10 of vectors (1), 1 of vectors (2)"]
    assert [member["left_out"] for member in model.corpus_["members"]] == [10, 1]


def test_counts_come_from_the_first_member_that_has_them():
    bare = vectors(5, 3, counts=False)
    assert Combine().fit([bare, A]).vocabulary_.counts.tolist() == list(range(40, 0, -1))
    assert not Combine().fit([bare, bare]).vocabulary_.counts.any()


def test_no_word_in_common():
    with pytest.raises(VocabularyError, match=r"vectors \(1\), vectors \(2\) share none"):
        Combine().fit([A, vectors(3, 1, words=["other"])])


# Members


@pytest.fixture(scope="module")
def text():
    return [["a", "b", "c", "d", "e"], ["e", "d", "a"], ["b", "d", "c"]] * 8


def test_models_folders_and_files_are_the_same(text, tmp_path):
    from textrep.storage.formats.word2vec import write_binary

    svd, skipgram = SVD(dim=3).fit(text), Word2Vec(dim=4, subsample=0.0).fit(text)
    expected = Combine().fit([svd, skipgram])
    assert expected.corpus_["fingerprint"] == svd.corpus_["fingerprint"]
    svd.save(tmp_path / "svd")
    write_binary(skipgram.vectors_, tmp_path / "skipgram.bin")
    for members in ([str(tmp_path / "svd"), skipgram.vectors_], (svd, tmp_path / "skipgram.bin")):
        model = Combine().fit(members)
        np.testing.assert_array_equal(model.word_vectors_, expected.word_vectors_)
        assert "fingerprint" not in model.corpus_  # of a file nobody knows what it was made from
    model.save(tmp_path / "both")
    config = json.loads((tmp_path / "both" / "config.json").read_text("utf-8"))
    assert [member["name"] for member in config["corpus"]["members"]] == [
        "SVD (1)",
        str(tmp_path / "skipgram.bin"),
    ]
    assert load_model(tmp_path / "both").weights_.tolist() == [0.5, 0.5]
    assert load(tmp_path / "both").dim == 7


@pytest.mark.parametrize("members", [[], [A], "svd", A, None, 5, [A, 5], [A, None], {0: A, 1: B}])
def test_too_few_or_other_things(members):
    with pytest.raises(
        InvalidParameterError, match="a list of at least two fitted models"
    ) as raised:
        Combine().fit(members)
    assert "\n" not in str(raised.value)


def test_members_that_do_not_work(text, tmp_path):
    sparse = WordVectors(WORDS, sp.csr_array(np.eye(40)))
    with pytest.raises(UsageError, match=r"vectors \(2\) are sparse, of 40 dimensions: reduce"):
        Combine().fit([A, sparse])
    with pytest.raises(UsageError, match=r"PPMI \(1\) are sparse"):
        Combine().fit([PPMI().fit(text), A])
    with pytest.raises(NotFittedError, match="SVD"):
        Combine().fit([A, SVD()])
    with pytest.raises(FormatError, match="does not exist"):
        Combine().fit([A, tmp_path / "nothing"])


# Weights


@pytest.mark.parametrize(
    "weights", ["1", "1,2,3", "0,1", "-1,2", "nan,1", "inf,1", "a,b", "1,,2", "equal,equal"]
)
def test_weights_that_do_not_fit(weights):
    with pytest.raises(InvalidParameterError, match="weights parameter of Combine must be"):
        Combine(weights=weights).fit([A, B])


def test_weights_are_given_or_chosen_not_both():
    with pytest.raises(UsageError, match="not from both"):
        Combine(weights="1,2", develop="ws353").fit([A, B], score=lambda *_: 0.0)


def test_a_benchmark_needs_a_score():
    with pytest.raises(UsageError, match=r"score=textrep\.evaluation\.mean_score"):
        Combine(develop="ws353").fit([A, B])


def test_the_chosen_weights_are_the_best_of_the_grid():
    target = cosines(A.matrix) * 0.7 + cosines(B.matrix) * 0.3
    asked = []

    def closeness(found, benchmark):
        assert found.words == WORDS
        asked.append(benchmark)
        return -float(np.abs(cosines(found.matrix) - target).mean())

    model = Combine(develop="closeness").fit([A, B], score=closeness)
    assert model.weights_.tolist() == pytest.approx([0.7, 0.3])
    assert asked == ["closeness"] * 9  # the whole grid, and nothing twice
    again = Combine(weights="7,3").fit([A, B])
    np.testing.assert_allclose(again.word_vectors_, model.word_vectors_, atol=1e-6)
    development = model.metrics_["development"]
    assert development["benchmark"] == "closeness"
    assert development["score"] == pytest.approx(0, abs=1e-6)
    assert development["equal_weights_score"] < -0.01


def test_coordinate_search_climbs_over_several_rounds():
    peak = np.array([0.15, 0.6, 0.25])
    tried = []

    def score(weights):
        assert weights.sum() == pytest.approx(1)
        assert (weights > 0).all()
        tried.append(weights)
        return -float(((weights - peak) ** 2).sum())

    weights, reached, equal = best_weights(3, score)
    np.testing.assert_allclose(weights, peak, atol=0.05)
    assert reached == score(weights) > equal == score(np.full(3, 1 / 3))


def test_equal_weights_stay_where_nothing_is_better():
    weights, reached, equal = best_weights(4, lambda _: 0.5)
    assert weights.tolist() == [0.25] * 4
    assert reached == equal == 0.5


# The score


def test_mean_score_of_a_suite():
    corpus = Corpus.build([*generate(tokens=60_000, seed=0)])
    some = SVD(dim=10).fit(corpus).vectors_
    scores = [result.score for result in evaluate(some, "miniworld").results]
    assert len(set(scores)) == 3
    assert mean_score(some, "miniworld") == pytest.approx(np.mean(scores))


def test_mean_score_of_a_benchmark(shared_data):
    words = ["tiger", "cat", "car", "automobile", "king", "queen", "plane", "train", "money"]
    words += ["bank", "cash", "stock", "market", "professor", "doctor", "student", "book", "paper"]
    some = vectors(4, 0, words)
    report = evaluate(some, ["ws353"])
    assert mean_score(some, "ws353") == report.results[0].score
    with pytest.raises(UnknownNameError, match="Did you mean 'ws353'"):
        mean_score(some, "ws35")
    with pytest.raises(DataError, match="have no score on ws353"):
        mean_score(vectors(4, 0), "ws353")
