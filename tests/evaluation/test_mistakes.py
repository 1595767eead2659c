"""Mistakes and disagreements, by hand."""

import dataclasses

import numpy as np
import pytest
from evaluation.fakes import install, recipe
from reference.plain_vectors import PlainVectors, cosine

from textrep.errors import InvalidParameterError
from textrep.evaluation import disagreements, evaluate, mistakes
from textrep.evaluation.mistakes import errors
from textrep.evaluation.outcome import Items, Outcome
from textrep.evaluation.result import Result
from textrep.evaluation.statistics import Estimate

# Cosines with "a": p .9, q .7, r .4, s .2.
SIMILAR = {"p": 0.9, "q": 0.7, "r": 0.4, "s": 0.2}
MODEL = PlainVectors({"a": [1, 0]} | {w: [x, np.sqrt(1 - x * x)] for w, x in SIMILAR.items()})
OTHER = PlainVectors({"a": [1, 0]} | {w: [1 - x, x] for w, x in SIMILAR.items()})
PAIRS = {"word1": ["a"] * 4, "word2": ["p", "q", "r", "s"], "score": ["1", "2", "3", "0"]}
CHOICES = {
    "question": ["a", "a", "a", "a"],
    "options": ["p|s", "r|q", "s|p|q", "r|gone"],
    "correct": ["1", "1", "1", "1"],
}


def run(monkeypatch, task, table, models=MODEL, **options):
    install(monkeypatch, {"x": table}, None, [recipe("x", task)])
    return evaluate(models, **options)


def test_of_a_correlation_the_largest_differences_of_ranks(monkeypatch):
    found = mistakes(run(monkeypatch, "relatedness", PAIRS), 2)
    # Ranks of people 2 3 4 1, of the model 4 3 2 1; of 4 items a rank is a third.
    assert [(m.text, m.expected, m.said) for m in found] == [
        ("a : p", "1", "0.900"), ("a : r", "3", "0.400"),
    ]  # fmt: skip
    assert [m.error for m in found] == pytest.approx([2 / 3, -2 / 3])
    assert len(mistakes(run(monkeypatch, "relatedness", PAIRS), 9)) == 2


def test_of_choices_the_wrong_ones_by_their_margin(monkeypatch):
    found = mistakes(run(monkeypatch, "synonym", CHOICES), 5)
    assert [(m.item, m.text, m.expected, m.said) for m in found] == [
        (2, "a: s, p, q", "s", "p"), (1, "a: r, q", "r", "q"),
    ]  # fmt: skip
    assert [m.error for m in found] == pytest.approx([0.7, 0.3])


def test_a_choice_that_is_not_answered_is_no_mistake(monkeypatch):
    table = {"question": ["a", "b"], "options": ["s|p", "s|p"], "correct": ["1", "1"]}
    assert [m.item for m in mistakes(run(monkeypatch, "synonym", table, oov="zero"))] == [0]


@pytest.mark.parametrize("method", ["3cosadd", "3cosmul"])
def test_of_analogies_the_score_of_the_answer_above_that_of_the_right_one(monkeypatch, method):
    random = np.random.default_rng(3)
    table = {word: random.normal(size=4) for word in "abcdefgh"}
    vectors = PlainVectors(table)
    asked = {"category": ["x"] * 3, "a": list("abc"), "b": list("bcd"), "c": list("efg")}
    report = run(monkeypatch, "analogy", asked | {"d": list("hgh")}, vectors, method=method)
    (result,) = report.results
    found = mistakes(report)
    assert found
    for mistake in found:
        a, b, c = (asked[name][mistake.item] for name in "abc")

        def value(word, a=a, b=b, c=c):
            to_a, to_b, to_c = (cosine(table[word], table[other]) for other in (a, b, c))
            if method == "3cosadd":
                return to_b - to_a + to_c
            return (to_b + 1) / 2 * (to_c + 1) / 2 / ((to_a + 1) / 2 + 0.001)

        assert mistake.error == pytest.approx(value(mistake.said) - value(mistake.expected))
        assert mistake.error > 0
        assert mistake.text == f"{a} : {b} :: {c} : ?"
    assert len(found) == int((result.outcome.items.values == 0).sum())


def test_of_relations_the_share_of_the_other_kind_on_the_wrong_side(monkeypatch):
    table = {
        "word1": ["a"] * 4,
        "word2": ["p", "q", "r", "s"],
        "relation": ["random", "hyper", "random", "hyper"],
    }
    found = mistakes(run(monkeypatch, "relations", table))
    assert [(m.text, m.expected, m.error) for m in found] == [
        ("a : p", "random", 1.0), ("a : s", "hyper", 1.0),
        ("a : q", "hyper", 0.5), ("a : r", "random", 0.5),
    ]  # fmt: skip


def test_of_outliers_the_margin_and_the_word_that_was_taken(monkeypatch):
    # p and q are near a; r is the farthest of the members, nearer than s.
    table = {"category": ["x"], "words": ["a|p|s"], "outliers": ["q|r"]}
    report = run(monkeypatch, "outlier", table)
    (items,) = (result.outcome.items for result in report.results)
    assert items.values.tolist() == [0.0, 0.0]
    rows = {word: MODEL.table[word] for word in MODEL.words}

    def mean(word, others):
        return sum(cosine(rows[word], rows[other]) for other in others) / 3

    means = {word: mean(word, "apqs".replace(word, "")) for word in "apqs"}
    taken = min("aps", key=means.get)
    assert items.margins[0] == pytest.approx(means[taken] - means["q"])
    assert items.answers[0] == taken


def test_models_disagree_where_one_is_right(monkeypatch):
    found = disagreements(run(monkeypatch, "synonym", CHOICES, {"one": MODEL, "other": OTHER}))
    # Both answer the fourth alike; the first three they do not.
    assert {d.item for d in found} <= {0, 1, 2}
    assert [d.spread for d in found] == sorted((d.spread for d in found), reverse=True)
    first = next(d for d in found if d.item == 0)
    assert first.said == {"one": "p", "other": "s"}
    assert first.errors["one"] < 0 < first.errors["other"]
    # Its margins, with 0 for the question whose only known option is right.
    assert first.errors["one"] == pytest.approx(-0.7 / np.std([-0.7, 0.3, 0.7, 0.0]))
    assert first.spread == pytest.approx(first.errors["other"] - first.errors["one"])


def test_one_model_does_not_disagree(monkeypatch):
    assert disagreements(run(monkeypatch, "relatedness", PAIRS)) == ()


def test_values_that_are_not_finite_are_left_out():
    values = np.array([0.5, np.nan, 0.1, 0.3])
    items = Items(np.ones(4, bool), values, np.array([1.0, 2.0, 3.0, 4.0]))
    none = Estimate(None)
    result = Result("x", "relatedness", "m", Outcome("spearman", items, "skip"), none, none, none)
    found = errors(result, np.ones(4, bool))
    assert np.isnan(found).tolist() == [False, True, False, False]
    # Without the second item, people rank 1 2 3 and the model 3 1 2.
    assert found[[0, 2, 3]] == pytest.approx([1.0, -0.5, -0.5])
    nothing = dataclasses.replace(items, values=np.full(4, np.nan))
    result = dataclasses.replace(result, outcome=Outcome("spearman", nothing, "skip"))
    assert np.isnan(errors(result, np.ones(4, bool))).all()


@pytest.mark.parametrize("function", [mistakes, disagreements])
def test_at_least_one_item(monkeypatch, function):
    with pytest.raises(InvalidParameterError, match="at least 1"):
        function(run(monkeypatch, "relatedness", PAIRS), 0)
