"""What GloVe promises beyond the contract of all models."""

from __future__ import annotations

import numpy as np
import pytest
from models.sources import arrays_of, sentences
from training.trainers import stop_after

import textrep
from textrep import Cooccurrence, GloVe, OneHot
from textrep.corpus import Corpus
from textrep.errors import (
    CorpusError,
    FormatError,
    InputError,
    InvalidParameterError,
    TrainingError,
    UsageError,
)
from textrep.models import load_model
from textrep.training import LossPlateau, loop

OPTIONS = {"dim": 8, "epochs": 2}


@pytest.fixture(scope="module")
def world():
    return Corpus.build("miniworld")


@pytest.fixture(scope="module")
def corpus():
    return Corpus.build(sentences())


@pytest.fixture
def counts(corpus):
    return Cooccurrence(window=3).fit(corpus)


@pytest.mark.parametrize("adagrad", ["stanford", "published"])
def test_it_learns_the_world(world, adagrad):
    model = GloVe(dim=50, epochs=15, adagrad=adagrad).fit(world)
    losses = [epoch["loss"] for epoch in model.history_]
    assert losses == sorted(losses, reverse=True)
    report = textrep.evaluate(model, suite="miniworld")
    scores = {result.benchmark: result.score for result in report.results}
    assert scores["miniworld-relatedness"] > 0.5
    assert scores["miniworld-synonyms"] > 0.5


def test_products_and_biases_approximate_the_logarithms(corpus):
    model = GloVe(dim=30, epochs=200, x_max=1e-3, vectors="word").fit(corpus)
    counts = Cooccurrence(window=10).fit(corpus).word_vectors_.tocoo()
    products = (model.word_vectors_[counts.row] * model.context_vectors_[counts.col]).sum(axis=1)
    found = products + model.word_biases_[counts.row] + model.context_biases_[counts.col]
    errors = found - np.log(counts.data)
    assert (errors**2).mean() / 2 < 2 * model.history_[-1]["loss"] < 0.02
    assert model.history_[-1]["examples"] == model.metrics_["entries"] == counts.nnz


def test_without_weights_the_rare_count_as_much(corpus):
    plain = GloVe(**OPTIONS, weighting="none").fit(corpus)
    assert arrays_of(plain) == arrays_of(GloVe(**OPTIONS, alpha=0.0).fit(corpus))
    assert arrays_of(plain) != arrays_of(GloVe(**OPTIONS).fit(corpus))


def test_outputs(corpus):
    found = {o: GloVe(**OPTIONS, vectors=o).fit(corpus) for o in ("word", "context", "sum")}
    words, contexts, sums = (found[o].word_vectors_ for o in ("word", "context", "sum"))
    assert (sums == words + contexts).all()
    for model in found.values():
        assert (model.context_vectors_ == contexts).all()


def test_it_takes_over_counts(corpus, counts, tmp_path):
    direct = GloVe(**OPTIONS, window=3).fit(corpus)
    assert arrays_of(GloVe(**OPTIONS).fit(counts)) == arrays_of(direct)
    counts.save(tmp_path / "counts")
    model = GloVe(**OPTIONS).fit(tmp_path / "counts")
    assert arrays_of(model) == arrays_of(direct)
    assert model.corpus_["counting"]["window"] == 3
    with pytest.raises(UsageError, match=r"window=3.*window=7"):
        GloVe(**OPTIONS, window=7).fit(counts)
    with pytest.raises(UsageError, match="not a OneHot"):
        GloVe(**OPTIONS).fit(OneHot().fit(corpus))


def test_counts_on_disk_give_the_same(corpus):
    on_disk = GloVe(**OPTIONS, memory=1 << 24).fit(corpus)
    assert arrays_of(on_disk) == arrays_of(GloVe(**OPTIONS).fit(corpus))


def test_other_contexts_than_the_words_leave_only_the_word_vectors(corpus):
    for vectors in ("sum", "context"):
        with pytest.raises(InvalidParameterError, match="28 contexts are not the 30 words"):
            GloVe(**OPTIONS, ignore_top=2, vectors=vectors).fit(corpus)
    model = GloVe(**OPTIONS, ignore_top=2, vectors="word").fit(corpus)
    assert model.word_vectors_.shape == (30, 8)
    assert model.context_vectors_.shape == (28, 8)
    assert model.context_biases_.shape == (28,)


def test_one_side_is_not_symmetric_and_need_not_be(corpus):
    model = GloVe(**OPTIONS, side="left").fit(corpus)
    assert np.isfinite(model.word_vectors_).all()


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf])
def test_counts_that_are_none_are_refused(counts, value):
    counts.word_vectors_.data[11] = value
    with pytest.raises(FormatError, match=r"^The counts are damaged.* Count again, or"):
        GloVe(**OPTIONS).fit(counts)


def test_altered_counts_of_both_sides_are_refused(counts):
    counts.word_vectors_.data[1] += 0.5
    with pytest.raises(FormatError, match="both sides, but not symmetric"):
        GloVe(**OPTIONS).fit(counts)
    counts.corpus_["counting"]["side"] = "left"
    GloVe(**OPTIONS, side="left").fit(counts)


def test_nothing_to_learn_from():
    with pytest.raises(CorpusError, match="No word has a context"):
        GloVe(**OPTIONS).fit([["a"], ["b"]] * 6)
    with pytest.raises(CorpusError, match="two different words"):
        GloVe(**OPTIONS).fit([["a", "a"]] * 6)


@pytest.mark.parametrize(
    ("name", "value"),
    [("x_max", 0.0), ("x_max", -1), ("alpha", -0.1), ("alpha", 2.1), ("clip", 0)],
)
def test_values_out_of_range_are_refused(name, value):
    with pytest.raises(InvalidParameterError, match=rf"^The {name} parameter of GloVe"):
        GloVe(**{name: value}).fit("no-such-file")


def test_overflow_stops_with_advice(corpus):
    with pytest.raises(TrainingError, match=r"learning rate 1e\+20 is too high"):
        GloVe(**OPTIONS, learning_rate=1e20).fit(corpus)


def test_clipping_bounds_the_first_step(corpus):
    options = {"dim": 8, "epochs": 1, "vectors": "word", "learning_rate": 1e-3}
    drawn = GloVe(**options | {"learning_rate": 1e-30}, clip=1e-30).fit(corpus)
    clipped = GloVe(**options, clip=1e-3).fit(corpus)
    moved = np.abs(clipped.word_vectors_ - drawn.word_vectors_)
    assert 0 < moved.max() <= 30 * 1e-3 * 1e-3 * 1.01  # at most 30 entries a word


@pytest.mark.parametrize("cut", [1, 7, 30, 31, 45])
@pytest.mark.parametrize("from_counts", [False, True])
def test_stopping_and_going_on_changes_no_bit(
    corpus, counts, tmp_path, monkeypatch, cut, from_counts
):
    monkeypatch.setattr(loop, "_FIRST", 1)
    monkeypatch.setattr(loop, "_SLICE", 0.0)
    source = counts if from_counts else corpus
    whole = GloVe(**OPTIONS).fit(source)
    first = GloVe(**OPTIONS).fit(source, callbacks=[stop_after(cut)], checkpoint=tmp_path / "c")
    assert first.metrics_["stopped"] == "enough"
    assert arrays_of(first) != arrays_of(whole)
    again = GloVe(**OPTIONS, n_jobs=3).fit(source, checkpoint=tmp_path / "c", resume=True)
    assert arrays_of(again) == arrays_of(whole)
    assert [row["loss"] for row in again.history_] == [row["loss"] for row in whole.history_]


def test_a_checkpoint_of_other_counts_is_refused(corpus, counts, tmp_path):
    GloVe(**OPTIONS).fit(counts, callbacks=[lambda state: "enough"], checkpoint=tmp_path / "c")
    with pytest.raises(InputError, match="window 3, not 10"):
        GloVe(**OPTIONS).fit(corpus, checkpoint=tmp_path / "c", resume=True)


def test_it_stops_early_where_the_cost_no_longer_falls(corpus):
    model = GloVe(dim=8, epochs=50).fit(corpus, callbacks=[LossPlateau(1, min_delta=10.0)])
    assert len(model.history_) == 2
    assert "has not fallen" in model.metrics_["stopped"]


def test_what_was_learnt_is_saved(corpus, tmp_path):
    model = GloVe(**OPTIONS).fit(corpus)
    model.save(tmp_path / "model")
    again = load_model(tmp_path / "model")
    assert again.history_ == model.history_
    assert arrays_of(again) == arrays_of(model)
    assert {"word_biases_", "context_biases_"} <= {name for name, _ in arrays_of(again)}
