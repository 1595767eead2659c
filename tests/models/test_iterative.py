"""What models that are trained step by step promise: stopping, going on, beginning elsewhere."""

from __future__ import annotations

import json
import signal

import numpy as np
import pytest
from models.sources import VARIANTS, arrays_of
from training.trainers import stop_after, timeless

import textrep
from textrep.corpus import Corpus
from textrep.errors import (
    FormatError,
    InputError,
    InvalidParameterError,
    TrainingError,
    VocabularyError,
)
from textrep.models.word2vec import Word2Vec
from textrep.training import Checkpoint, LossPlateau, TimeBudget, loop

EPOCHS = 2
OPTIONS = {"dim": 8, "epochs": EPOCHS, "subsample": 1e-2, "deterministic": True}


def text(seed, n_words=60, first=0):
    """Sentences of words of a Zipf-like distribution, 65,000 tokens."""
    random = np.random.default_rng(seed)
    chances = 1 / np.arange(2, n_words + 2)
    numbers = random.choice(n_words, 65_000, p=chances / chances.sum())
    return [[f"w{first + number}" for number in row] for row in numbers.reshape(-1, 13)]


@pytest.fixture(scope="module")
def corpus():
    return Corpus.build(text(1))


@pytest.fixture(scope="module")
def whole(corpus):
    return Word2Vec(**OPTIONS).fit(corpus)


@pytest.fixture
def one_by_one(monkeypatch):
    monkeypatch.setattr(loop, "_FIRST", 1)
    monkeypatch.setattr(loop, "_SLICE", 0.0)


PARTS = 4  # of the text: stretches of at most 16,384 tokens


@pytest.mark.parametrize("cut", range(1, EPOCHS * PARTS))
def test_stopping_anywhere_and_going_on_changes_no_bit(corpus, whole, one_by_one, tmp_path, cut):
    folder = tmp_path / "checkpoint"
    first = Word2Vec(**OPTIONS).fit(corpus, callbacks=[stop_after(cut)], checkpoint=folder)
    assert first.metrics_["stopped"] == "enough"
    assert sum(row["tokens"] for row in first.history_) < EPOCHS * corpus.n_tokens
    assert arrays_of(first) != arrays_of(whole)
    again = Word2Vec(**OPTIONS, n_jobs=3).fit(corpus, checkpoint=folder, resume=True)
    assert arrays_of(again) == arrays_of(whole)
    assert timeless(again.history_) == timeless(whole.history_)
    assert again.metrics_.keys() == {"history", "seconds"}


@pytest.mark.parametrize(
    "changes",
    [
        *(changes for _, changes in VARIANTS.values()),
        {"holdout": 0.1},
        {"add_context": True, "distances": "text"},
        {"unseen_negatives": True},
        {"schedule": "cosine", "dynamic_window": False},
    ],
    ids=lambda changes: " ".join(map(str, changes.values())),
)
def test_going_on_changes_no_bit_of_any_kind(one_by_one, tmp_path, changes):
    text = [[f"w{number}" for number in row] for row in np.arange(40_000).reshape(-1, 10) ** 2 % 37]
    corpus, options = Corpus.build(text), OPTIONS | changes
    whole = Word2Vec(**options).fit(corpus)
    folder = tmp_path / "checkpoint"
    cut = Word2Vec(**options).fit(corpus, callbacks=[stop_after(4)], checkpoint=folder)
    assert cut.metrics_["stopped"] == "enough"
    again = Word2Vec(**options).fit(corpus, checkpoint=folder, resume=True)
    assert arrays_of(again) == arrays_of(whole)
    assert timeless(again.history_) == timeless(whole.history_)
    assert ("held_out_loss" in again.history_[1]) is ("holdout" in changes)


def test_ctrl_c_and_going_on_changes_no_bit(corpus, whole, one_by_one, tmp_path):
    folder, calls = tmp_path / "checkpoint", []

    def press(state):
        calls.append(state)
        if len(calls) == 6:
            signal.raise_signal(signal.SIGINT)

    model = Word2Vec(**OPTIONS)
    with pytest.raises(KeyboardInterrupt):
        model.fit(corpus, callbacks=[press], checkpoint=folder)
    assert len(calls) == 6
    assert not hasattr(model, "word_vectors_")
    model.fit(corpus, checkpoint=folder, resume=True)
    assert arrays_of(model) == arrays_of(whole)


def test_one_epoch_and_one_resumed_is_two(corpus, whole, tmp_path):
    """The schedule is that of both epochs."""

    def stop(state):
        return "after one" if state.ends_epoch else None

    kept = Checkpoint(tmp_path / "c", interval=0.0)
    Word2Vec(**OPTIONS).fit(corpus, callbacks=[stop], checkpoint=kept)
    model = Word2Vec(**OPTIONS).fit(corpus, checkpoint=str(tmp_path / "c"), resume=True)
    assert arrays_of(model) == arrays_of(whole)


@pytest.fixture
def stopped(corpus, one_by_one, tmp_path):
    """The checkpoint of a training that was stopped."""
    folder = tmp_path / "stopped"
    Word2Vec(**OPTIONS).fit(corpus, callbacks=[stop_after(3)], checkpoint=folder)
    return folder


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"dim": 9}, "dim 8, not 9"), ({"epochs": 3}, "epochs 2, not 3"), ({"window": 4}, "window")],
)
def test_other_parameters_are_refused(corpus, stopped, changes, said):
    with pytest.raises(InputError, match=said):
        Word2Vec(**OPTIONS | changes).fit(corpus, checkpoint=stopped, resume=True)


def test_another_corpus_is_refused(stopped):
    with pytest.raises(InputError, match="another corpus"):
        Word2Vec(**OPTIONS).fit(text(2), checkpoint=stopped, resume=True)


def test_numpys_numbers_are_the_same_parameters(corpus, whole, stopped):
    options = {key: np.int64(value) if key == "dim" else value for key, value in OPTIONS.items()}
    model = Word2Vec(**options).fit(corpus, checkpoint=stopped, resume=True)
    assert arrays_of(model) == arrays_of(whole)


def test_damaged_checkpoints_are_refused(corpus, stopped):
    state = next(stopped.glob("*.safetensors"))
    changed = bytearray(state.read_bytes())
    changed[-5] ^= 1
    state.write_bytes(changed)
    with pytest.raises(FormatError, match="was altered"):
        Word2Vec(**OPTIONS).fit(corpus, checkpoint=stopped, resume=True)
    config = stopped / "checkpoint.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"format_version": 7}))
    with pytest.raises(FormatError, match="later textrep"):
        Word2Vec(**OPTIONS).fit(corpus, checkpoint=stopped, resume=True)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"resume": True}, InvalidParameterError, "checkpoint parameter of Word2Vec.fit"),
        ({"resume": True, "checkpoint": "{none}"}, InputError, "no checkpoint in"),
        ({"checkpoint": "{stopped}"}, InputError, "holds a training that was interrupted"),
        ({"callbacks": ["stop"]}, InvalidParameterError, "callbacks"),
    ],
)
def test_calls_that_cannot_be_meant_are_refused_before_anything_is_read(
    stopped, options, error, message
):
    places = {"{none}": stopped.parent / "none", "{stopped}": stopped}
    filled = {
        key: places.get(value, value) if isinstance(value, str) else value
        for key, value in options.items()
    }
    with pytest.raises(error, match=message):
        Word2Vec(**OPTIONS).fit("no-such-corpus", **filled)


def test_what_overflows_is_not_written(corpus, tmp_path, one_by_one):
    kept = Checkpoint(tmp_path / "c", interval=0.0)
    with pytest.raises(TrainingError, match="too high"):
        Word2Vec(**OPTIONS, learning_rate=1e30).fit(corpus, checkpoint=kept)
    assert not kept.exists


def test_callbacks_stop_it(corpus):
    spent = Word2Vec(**OPTIONS | {"epochs": 50}).fit(corpus, callbacks=[TimeBudget(1e-9)])
    assert spent.metrics_["stopped"] == "the time budget of 1e-09 s was spent"
    flat = Word2Vec(**OPTIONS | {"epochs": 50}).fit(corpus, callbacks=[LossPlateau(1, 10.0)])
    assert len(flat.history_) == 2
    assert "has not fallen" in flat.metrics_["stopped"]


def test_it_ends_with_what_a_callback_keeps(corpus):
    def keep_first(state):
        if state.ends_epoch and state.epoch == 1:
            state.keep()

    options = OPTIONS | {"schedule": "constant"}
    model = Word2Vec(**options).fit(corpus, callbacks=[keep_first])
    assert model.metrics_["best_epoch"] == 1
    assert len(model.history_) == EPOCHS
    assert arrays_of(model) == arrays_of(Word2Vec(**options | {"epochs": 1}).fit(corpus))


def test_callbacks_see_the_vectors(corpus, whole):
    seen = []
    model = Word2Vec(**OPTIONS).fit(corpus, callbacks=[lambda s: seen.append(s.vectors().copy())])
    assert (seen[-1] == model.word_vectors_).all()
    assert arrays_of(model) == arrays_of(whole)


def test_what_was_measured_is_saved(corpus, tmp_path):
    model = Word2Vec(**OPTIONS | {"epochs": 50}).fit(corpus, callbacks=[LossPlateau(1, 10.0)])
    model.save(tmp_path / "model")
    loaded = textrep.load_model(tmp_path / "model")
    assert loaded.history_ == model.history_
    assert loaded.metrics_ == model.metrics_


# Initial vectors


@pytest.fixture
def old(whole, tmp_path):
    whole.save(tmp_path / "old")
    return str(tmp_path / "old")


def test_it_begins_where_another_ended(corpus, whole, old):
    further = Word2Vec(**OPTIONS, initial=old).fit(corpus)
    assert further.history_[0]["loss"] < whole.history_[0]["loss"]
    barely = Word2Vec(**OPTIONS, initial=old, learning_rate=1e-12).fit(corpus)
    assert np.allclose(barely.word_vectors_, whole.word_vectors_, atol=1e-5)
    assert np.allclose(barely.context_vectors_, whole.context_vectors_, atol=1e-5)


@pytest.mark.parametrize("keep_words", [False, True])
def test_going_on_with_new_words(whole, old, keep_words):
    new = Corpus.build(text(3, first=30))  # half of its words are new
    model = Word2Vec(**OPTIONS, initial=old, keep_words=keep_words).fit(new)
    before, now = whole.vocabulary_, model.vocabulary_
    fresh = set(new.vocabulary.words)
    assert set(now.words) == (fresh | set(before.words) if keep_words else fresh)
    assert model.word_vectors_.shape == model.context_vectors_.shape == (len(now), 8)
    if not keep_words:
        return
    assert sorted(now.words, key=lambda w: (-now.counts[now.index[w]], w)) == list(now.words)
    for word in now.words:
        counted = [v.counts[v.index[word]] for v in (before, new.vocabulary) if word in v]
        assert now.counts[now.index[word]] == sum(counted)
    for word in sorted(set(before.words) - fresh):
        for learnt in ("word_vectors_", "context_vectors_"):
            kept = getattr(model, learnt)[now.index[word]]
            assert (kept == getattr(whole, learnt)[before.index[word]]).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"add_context": True},
        {"objective": "hierarchical-softmax"},
        {"architecture": "cbow", "context": "concatenation"},
    ],
)
def test_new_words_of_any_kind(corpus, tmp_path, changes):
    before = Word2Vec(**OPTIONS | changes).fit(corpus)
    before.save(tmp_path / "old")
    options = OPTIONS | changes | {"initial": str(tmp_path / "old"), "keep_words": True}
    new = Corpus.build(text(3, first=30))
    model = Word2Vec(**options, learning_rate=1e-12).fit(new)
    for word in sorted(set(before.vocabulary_.words)):
        assert np.allclose(model.vectors_[word], before.vectors_[word], atol=1e-5)
    nodes = "objective" in changes
    assert len(model.context_vectors_) == len(new.vocabulary if nodes else model.vocabulary_)
    assert model.context_vectors_.shape[1] == before.context_vectors_.shape[1]
    if not nodes:
        rows = [model.vocabulary_.index[word] for word in before.vocabulary_.words]
        assert np.allclose(model.context_vectors_[rows], before.context_vectors_, atol=1e-5)
    model.save(tmp_path / "new")
    assert textrep.load(tmp_path / "new").words == list(model.vocabulary_.words)


def test_keeping_words_and_resuming(old, one_by_one, tmp_path):
    new = Corpus.build(text(3, first=30))
    options = OPTIONS | {"initial": old, "keep_words": True}
    expected = Word2Vec(**options).fit(new)
    folder = tmp_path / "c"
    Word2Vec(**options).fit(new, callbacks=[stop_after(3)], checkpoint=folder)
    model = Word2Vec(**options).fit(new, checkpoint=folder, resume=True)
    assert arrays_of(model) == arrays_of(expected)
    assert list(model.vocabulary_.words) == list(expected.vocabulary_.words)


def test_initial_vectors_that_do_not_fit(corpus, old):
    with pytest.raises(InvalidParameterError, match="dim parameter of Word2Vec must be 8"):
        Word2Vec(dim=9, initial=old).fit(corpus)
    with pytest.raises(VocabularyError, match="None of the"):
        Word2Vec(dim=8, negative=2, initial=old).fit([["x", "y", "z"]] * 6)
    with pytest.raises(InvalidParameterError, match="keep_words"):
        Word2Vec(dim=8, keep_words=True).fit("no-such-corpus")
