import json
import math

import pytest
from evaluation.fakes import install, recipe
from reference.plain_vectors import PlainVectors

from textrep.evaluation import evaluate

PAIRS = {
    "word1": ["a", "a", "a", "b"],
    "word2": ["b", "c", "x", "c"],
    "score": ["1", "3", "2", "2"],
}
TABLES = {
    "one": PAIRS,
    "two": PAIRS | {"score": ["3", "1", "2", "2"]},
    "choices": {"question": ["a"], "options": ["b|c"], "correct": ["2"]},
}
GOOD = PlainVectors({"a": [1, 0], "b": [0, 1], "c": [1, 1], "x": [1, 1.5]})
SMALL = PlainVectors({"a": [1, 0], "b": [0, 1]})


@pytest.fixture
def report(monkeypatch):
    recipes = [recipe("one", "relatedness"), recipe("two", "relatedness")]
    recipes += [recipe("choices", "synonym"), recipe("gone", "analogy")]
    install(monkeypatch, TABLES, None, recipes)
    return evaluate({"good": GOOD, "small": SMALL})


def test_json_has_everything_and_no_nan(report):
    text = json.dumps(report.to_dict(items=True), allow_nan=False)
    parsed = json.loads(text)
    first = parsed["results"][0]
    assert (first["benchmark"], first["model"], first["metric"]) == ("one", "good", "spearman")
    assert first["items"]["gold"] == [1, 3, 2, 2]
    assert first["items"]["covered"] == [True] * 4
    assert first["items"]["groups"] == [0, 0, 0, 1]  # by the word that is in most pairs
    assert (first["n_covered"], first["coverage"], first["oov"]) == (4, 1.0, "skip")
    small = parsed["results"][1]
    assert small["score"] is None
    assert small["reason"] == "only 1 of the 3 pairs that a correlation needs"
    assert parsed["missing"][0]["benchmark"] == "gone"


def test_json_of_clusters_has_them_and_how_they_were_made(monkeypatch):
    words = {"category": ["x", "x", "y", "y"], "word": ["a", "c", "b", "x"]}
    install(monkeypatch, {"words": words}, None, [recipe("words", "categorization")])
    (result,) = evaluate(GOOD).to_dict(items=True)["results"]
    json.dumps(result, allow_nan=False)
    clusters = result["items"]["clusters"]
    assert (len(clusters), len(clusters[0])) == (10, 4)
    assert result["items"]["gold"] == [0, 0, 1, 1]
    assert set(result["secondary"]) == {"sd_of_seeds", "lowest", "highest", "chance"}
    assert result["options"] == {"n_clusters": 2, "seeds": 10, "n_init": 10}
    assert result["interval_method"].startswith("Wilson (1927)")


def test_items_are_left_out_unless_asked_for(report):
    assert "items" not in report.to_dict()["results"][0]


def test_vectors_that_are_not_finite_give_a_reason_and_json(monkeypatch):
    install(monkeypatch, TABLES, None, [recipe("one", "relatedness"), recipe("choices", "synonym")])
    broken = PlainVectors({"a": [1, 0], "b": [math.nan, 1], "c": [1, 1], "x": [1, 1.5]})
    report = evaluate(broken)
    assert report.results[0].score is None
    assert "not finite" in report.results[0].estimate.reason
    assert report.results[1].score == 0.0
    json.dumps(report.to_dict(items=True), allow_nan=False)


def test_averages_are_over_benchmarks_on_which_every_model_has_a_score(report):
    relatedness, synonym = report.averages()
    assert (relatedness.benchmarks, relatedness.scores) == ((), {"good": None, "small": None})
    assert synonym.benchmarks == ()


def test_averages_by_hand(monkeypatch):
    install(monkeypatch, TABLES, None, [recipe("one", "relatedness"), recipe("two", "relatedness")])
    report = evaluate(GOOD)
    # Every score of "two" is 4 minus that of "one", so the correlations cancel out.
    one, two = report.results
    assert one.score == pytest.approx(-two.score)
    assert abs(one.score) > 0.1
    average = report.averages()[0]
    assert average.benchmarks == ("one", "two")
    assert average.scores["model"] == pytest.approx(0.0, abs=1e-12)


def test_rows_are_flat(report):
    rows = report.rows()
    assert [(row["benchmark"], row["model"]) for row in rows[:3]] == [
        ("one", "good"),
        ("one", "small"),
        ("two", "good"),
    ]
    kinds = (str, int, float, type(None))
    assert all(isinstance(value, kinds) for row in rows for value in row.values())
    assert rows[1]["score"] is None
    assert rows[1]["n_shared"] == 1


def test_of_one_benchmark(report):
    assert [result.model for result in report.of("choices")] == ["good", "small"]
    assert report.of("nothing") == ()


def test_averages_on_shared_items(monkeypatch):
    more = {"word1": ["a"] * 4, "word2": ["a", "b", "c", "x"], "score": ["9", "1", "5", "7"]}
    install(monkeypatch, {"one": more, "two": more}, None, [
        recipe("one", "relatedness"), recipe("two", "relatedness"),
    ])  # fmt: skip
    without_x = PlainVectors({"a": [1, 0], "b": [0, 1], "c": [1, 1]})
    (average,) = evaluate({"all": GOOD, "without x": without_x}).averages()
    # With x: gold ranks 4 1 2 3, model ranks 4 1 3 2. Without x: 3 1 2 for both.
    assert average.scores["all"] == pytest.approx(0.8)
    assert average.shared == {"all": 1.0, "without x": 1.0}


def test_no_shared_average_where_one_benchmark_has_no_shared_score(monkeypatch):
    both = {"word1": ["a"] * 3, "word2": ["a", "b", "c"], "score": ["9", "1", "5"]}
    apart = {
        "word1": ["x"] * 3 + ["y"] * 3,
        "word2": ["a", "b", "c"] * 2,
        "score": ["9", "1", "5"] * 2,
    }
    recipes = [recipe("both", "relatedness"), recipe("apart", "relatedness")]
    install(monkeypatch, {"both": both, "apart": apart}, None, recipes)
    known = {"a": [1, 0], "b": [0, 1], "c": [1, 1]}
    models = {
        "left": PlainVectors(known | {"x": [2, 0]}),
        "right": PlainVectors(known | {"y": [2, 0]}),
    }
    (average,) = evaluate(models).averages()
    assert average.benchmarks == ("both", "apart")
    assert average.scores == {"left": 1.0, "right": 1.0}
    assert average.shared == {"left": None, "right": None}
