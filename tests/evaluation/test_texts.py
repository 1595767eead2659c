"""Benchmarks of texts in a report, beside those of words."""

import numpy as np
import pytest
from evaluation.encoders import Letters, Tuned
from evaluation.fakes import install, recipe
from reference.plain_vectors import PlainVectors

from textrep import data, recipes
from textrep.errors import DataError, InvalidParameterError
from textrep.evaluation import Encoder, evaluate, render
from textrep.pipeline import WordVectorAverager
from textrep.vectors import WordVectors

TABLES = {
    "pairs": {"word1": ["a"] * 3, "word2": ["b", "c", "d"], "score": ["3", "2", "1"]},
    "similar": {
        "sentence1": ["a", "ab", "cd", "a", "?"],
        "sentence2": ["a", "aab", "a", "ac", "a"],
        "score": ["5", "4", "0", "3", "0"],
    },
    "topics": {"text": ["aab", "dc", "?", "a"], "label": list("xyyy")},
    "topics_train": {"text": ["aa", "ab", "cd", "d"], "label": list("xxyy")},
    "folded": {"text": ["a", "b", "ab", "c", "d", "cd"] * 5, "label": list("xxxyyy") * 5},
}
RECIPES = [
    recipe("pairs", "relatedness"),
    recipe("similar", "sts", oov="zero"),
    recipe("topics", "classification", oov="zero", training="topics_train"),
    recipe("topics_train", "classification", oov="zero"),
    recipe("folded", "classification", oov="zero"),
]


@pytest.fixture(autouse=True)
def _benchmarks(monkeypatch):
    found = {item.name: item for item in RECIPES}
    install(monkeypatch, TABLES, {"texts": ("similar", "topics", "folded")}, RECIPES)
    monkeypatch.setattr("textrep.recipes.benchmark_recipe", lambda name: found[name])


def test_a_suite_of_texts():
    report = evaluate({"few": Letters("ab"), "all": Letters()}, "texts")
    assert report.tasks == ("sts", "classification")
    few, every = report.of("similar")
    assert (few.n_covered, every.n_covered) == (3, 4)
    assert every.oov == "zero"
    assert every.score == every.on_all.value
    assert report.of("topics")[1].outcome.items.values[[0, 1, 3]].tolist() == [1, 1, 0]
    assert report.of("folded")[1].score == 1.0
    assert report.of("folded")[1].outcome.options == {"probe": "logistic", "folds": 10}


def test_one_model_frozen_and_trained_on():
    probe = {"frozen": "logistic", "tuned": "finetuned"}
    report = evaluate({"frozen": Letters(), "tuned": Tuned()}, "texts", probe=probe)
    assert [result.outcome.options["probe"] for result in report.of("folded")] == (
        ["logistic", "finetuned"]
    )
    assert report.comparisons["folded"].differences  # the same items, paired
    rendered = " ".join("\n".join(render(report)).split())
    assert "Classification (accuracy, logistic probe or models trained on)" in rendered
    assert evaluate(Letters(), "similar", probe="finetuned").results  # which nothing is trained on


@pytest.mark.parametrize(
    ("models", "probe", "says"),
    [
        ({"a": Letters()}, "finetuned", "encoders that have classifier(), for probe='finetuned'"),
        ({"a": Tuned()}, "finetune", "one of"),
        ({"a": Tuned()}, {"a": "tree"}, "one of"),
        ({"a": Tuned()}, {"b": "mlp"}, "one for each of a"),
        ({"a": Tuned(), "b": Tuned()}, {"b": "mlp"}, "one for each of a, b"),
    ],
)
def test_probes_that_cannot_be(models, probe, says):
    with pytest.raises(InvalidParameterError) as caught:
        evaluate(models, "texts", probe=probe)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_policy_for_texts():
    skip = evaluate(Letters(), "texts", oov="skip").results[0]
    assert (skip.oov, skip.score) == ("skip", skip.on_covered.value)
    for oov in ("mean", "subwords", "zero"):
        assert evaluate(Letters(), "similar", oov=oov).results[0].oov == "zero"


def test_what_the_table_says():
    rendered = " ".join("\n".join(render(evaluate(Letters(), "texts", probe="perceptron"))).split())
    assert "Sentence similarity (Spearman's correlation)" in rendered
    assert "Classification (accuracy, perceptron probe)" in rendered
    assert "Texts without a known word: zero, they have a vector of zeros" in rendered
    assert "Unknown words" not in rendered
    assert "Cross-validated in 10 folds: folded." in rendered


def test_words_and_texts_in_one_report():
    class Both(Letters):
        vectors_ = PlainVectors({letter: np.eye(4)[i] + 1 for i, letter in enumerate("abcd")})

    report = evaluate(Both(), ["pairs", "similar"])
    assert report.tasks == ("relatedness", "sts")
    rendered = " ".join("\n".join(render(report)).split())
    assert "Unknown words: skip" in rendered
    assert "Texts without a known word: zero" in rendered


def test_an_average_of_word_vectors_is_an_encoder():
    vectors = WordVectors(list("abcd"), np.eye(4))
    averager = WordVectorAverager(vectors, weights="tfidf")
    assert isinstance(averager, Encoder)
    report = evaluate({"tfidf": averager}, "texts")
    assert report.of("similar")[0].n_covered == 1  # only "a" is a word
    fitted = WordVectorAverager(vectors).fit(["a"])
    assert evaluate(fitted, ["pairs", "similar"]).tasks == ("relatedness", "sts")


def test_word_vectors_alone_encode_no_texts():
    with pytest.raises(InvalidParameterError, match=r"wrap word vectors in textrep.WordVectorAver"):
        evaluate({"plain": WordVectors(["a"], [[1.0]])}, "texts")
    with pytest.raises(InvalidParameterError, match="vectors of words for the benchmark 'pairs'"):
        evaluate(Letters(), "pairs")


def test_a_str_is_no_encoder():
    with pytest.raises(InvalidParameterError, match="must be word vectors, fitted models or enc"):
        evaluate("model-folder", "texts")


def test_texts_to_train_on_that_are_not_at_hand(monkeypatch):
    tables = {name: table for name, table in TABLES.items() if name != "topics_train"}
    install(monkeypatch, tables, {"texts": ("similar", "topics")}, RECIPES)
    report = evaluate(Letters(), "texts")
    assert [(gap.benchmark, gap.reason) for gap in report.missing] == [
        ("topics", "The data of 'topics_train' are not at hand.")
    ]


def test_the_training_of_a_recipe_is_checked():
    text = 'task = "sts"\ndescription = "d"\nlocal = "x.tsv"\nmetric = "spearman"\noov = "zero"\n'
    text += 'lowercase = false\nlanguage = "en"\ncitation = "c"\nlicence = "l"\ntraining = "t"\n'
    text += '[columns]\nsentence1 = "a"\nsentence2 = "b"\nscore = "c"\n'
    with pytest.raises(DataError, match="training is for the task 'classification', not 'sts'"):
        recipes.parse_benchmark("x", text)


def test_real_benchmarks_of_texts(shared_data, monkeypatch):
    monkeypatch.undo()
    found = {name: recipes.benchmark_recipe(name) for name in recipes.suite("sentences")}
    n_labels = {"mr": 2, "cr": 2, "mpqa": 2, "subj": 2, "sst2": 2, "sst5": 5, "trec": 6}
    for name, n in (n_labels | {"agnews": 4}).items():
        assert len(set(data.table(found[name]).columns["label"])) == n
    assert len(data.table(found["stsb"])) == 1379
