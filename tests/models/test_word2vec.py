"""What word2vec promises beyond the contract of all models."""

from __future__ import annotations

import numpy as np
import pytest

import textrep
from textrep.corpus import Corpus
from textrep.errors import TrainingError
from textrep.models.word2vec import Word2Vec
from textrep.sgd import SCHEDULES, Stretches


@pytest.fixture(scope="module")
def world():
    return Corpus.build("miniworld")


def test_it_learns_the_world(world):
    model = Word2Vec(dim=100, epochs=3, subsample=1e-3, random_state=1).fit(world)
    losses = [epoch["loss"] for epoch in model.history_]
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
    assert model.history_[0]["pairs"] == 4 * 100_000 - 6 * pieces


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
    for drawn in ("kept", "pairs"):
        assert racing.history_[0][drawn] == alone.history_[0][drawn]
    assert racing.history_[0]["loss"] == pytest.approx(alone.history_[0]["loss"], rel=0.02)
    other = trained(n_jobs=1, random_state=1)
    assert other.history_[0]["kept"] != alone.history_[0]["kept"]


def test_overflow_stops_with_advice(world):
    with pytest.raises(TrainingError, match="learning rate 100 is too high"):
        Word2Vec(dim=8, epochs=2, learning_rate=100.0).fit(world)


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
