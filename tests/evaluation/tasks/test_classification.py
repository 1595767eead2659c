import numpy as np
import pytest
from evaluation.encoders import Adapting, Letters, SparseLetters, Tuned

from textrep.errors import DataError, InvalidParameterError
from textrep.evaluation.tasks import classification, probes
from textrep.evaluation.tasks.probes import PROBES

TRAINING = {"text": ["aa", "ab", "a", "ccd", "dd", "cd"] * 5, "label": list("xxxyyy") * 5}
ASKED = {"text": ["aab", "dcc", "", "a", "d"], "label": ["x", "y", "y", "y", "z"]}


@pytest.mark.parametrize("probe", PROBES)
def test_on_texts_to_train_on(probe):
    training = {name: values * 20 for name, values in TRAINING.items()}
    outcome = classification(Letters(), ASKED, training=training, probe=probe)
    values = outcome.items.values.tolist()
    assert values[:2] == [1, 1]  # what anyone can tell
    assert values[3:] == [0, 0]  # labelled wrongly, and a label that was not there
    assert outcome.items.covered.tolist() == [True, True, False, True, True]
    assert outcome.options == {"probe": probe, "folds": None}
    assert (outcome.metric, list(outcome.categories)) == ("accuracy", ["x", "y", "z"])
    assert outcome.categories["z"].score == 0


def test_cross_validation_asks_about_each_text_once_without_having_seen_it():
    texts = [f"{'ab'[i % 2] * 3}{i}" for i in range(40)]
    model = Adapting()
    outcome = classification(model, {"text": texts, "label": [text[0] for text in texts]})
    assert outcome.items.values.tolist() == [1.0] * 40
    assert outcome.options["folds"] == len(model.adapted) == 10
    held_out = [set(texts) - set(seen) for seen in model.adapted]
    assert [len(part) for part in held_out] == [4] * 10
    assert set().union(*held_out) == set(texts)
    for part in held_out:
        assert sorted(text[0] for text in part) == ["a", "a", "b", "b"]


def test_what_is_trained_on_answers_the_same_items():
    outcome = classification(Tuned(), ASKED, training=TRAINING, probe="finetuned")
    frozen = classification(Letters(), ASKED, training=TRAINING)
    assert outcome.items.values[[0, 1, 3, 4]].tolist() == [1, 1, 0, 0]
    assert outcome.items.covered.tolist() == frozen.items.covered.tolist()
    assert (outcome.items.margins[:2] > 0).all()
    assert outcome.items.margins[3] < 0
    assert np.isnan(outcome.items.margins[4])  # of a label that was not there
    assert outcome.items.answers[:2] == ("x", "y")
    assert outcome.options == {"probe": "finetuned", "folds": None}


def test_what_is_trained_on_has_not_seen_the_texts_of_its_fold():
    texts = [f"{'ab'[i % 2] * 3}{i}" for i in range(40)]
    tuned, frozen = Tuned(), Adapting()
    columns = {"text": texts, "label": [text[0] for text in texts]}
    outcome = classification(tuned, columns, probe="finetuned")
    classification(frozen, columns)
    assert outcome.items.values.tolist() == [1.0] * 40
    assert tuned.seen == frozen.adapted  # the same folds
    assert outcome.options["folds"] == len(tuned.seen) == 10


def test_what_cannot_be_trained_on():
    with pytest.raises(InvalidParameterError, match=r"one that has classifier\(\)"):
        classification(Letters(), ASKED, training=TRAINING, probe="finetuned")


def test_labels_that_the_vectors_do_not_tell_are_guessed():
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("abcd"), 5)) for _ in range(400)]
    outcome = classification(Letters(), {"text": texts, "label": rng.permutation(list("xy") * 200)})
    assert 0.4 < outcome.items.values.mean() < 0.6


def test_sparse_vectors_are_classified_too():
    found = classification(SparseLetters(), ASKED, training=TRAINING).items
    assert found.values[[0, 1, 3, 4]].tolist() == [1, 1, 0, 0]
    assert found.covered.tolist() == [True, True, False, True, True]


def test_both_solvers_find_the_same(monkeypatch):
    rng = np.random.default_rng(1)
    texts = ["".join(rng.choice(list("abcd"), 9)) for _ in range(200)]
    labels = ["x" if text.count("a") > 2 else "y" for text in texts]
    columns = {"text": texts, "label": labels}
    newton = classification(Letters(), columns).items.values
    monkeypatch.setattr(probes, "MOST_NEWTON", 0)
    assert classification(Letters(), columns).items.values.tolist() == newton.tolist()


def test_one_that_adapts_is_adapted_to_the_texts_to_train_on():
    model = Adapting()
    classification(model, ASKED, training=TRAINING)
    assert model.adapted == [TRAINING["text"]]


def test_fewer_folds_where_a_label_has_fewer_texts():
    columns = {"text": ["aa", "ab", "a", "b", "d", "dd", "cd"], "label": list("xxxxyyy")}
    assert classification(Letters(), columns).options["folds"] == 3


@pytest.mark.parametrize(
    ("columns", "training", "message"),
    [
        ({"text": ["a", "b", "c"], "label": ["x", "x", "y"]}, None, "at least two texts"),
        ({"text": ["a", "b"], "label": ["x", "x"]}, None, "one label only, 'x'"),
        (ASKED, {"text": ["a", "b"], "label": ["x", "x"]}, "one label only, 'x'"),
    ],
)
def test_nothing_to_learn_from(columns, training, message):
    with pytest.raises(DataError, match=message):
        classification(Letters(), columns, training=training)
