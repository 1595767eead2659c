"""The sentences are true to the tests that they tell of."""

import numpy as np
import pytest
from report.studies import TABLES, contents, vectors

from textrep.report.words import as_text


def said(found):
    return [as_text(sentence) for sentence in found.summary]


def about(found, start):
    [sentence] = [sentence for sentence in said(found) if sentence.startswith(start)]
    return sentence


def test_what_is_said_of_several_benchmarks_is_what_the_tests_found(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path)
    comparisons = [found.report.comparisons[name] for name in ("pairs", "more", "few")]
    leader = "good"
    means = [np.mean([c.scores[model] for c in comparisons]) for model in found.report.models]
    assert max(means) == means[0]
    sentence = about(found, "Relatedness: ")
    assert f"good has the highest mean, {means[0]:.3f}".replace("0.", ".") in sentence
    beaten = sum(
        any(
            d.p_adjusted < 0.05 and (d.value < 0) == (d.first == leader)
            for d in c.differences
            if leader in (d.first, d.second)
        )
        for c in comparisons
    )
    assert f"on {3 - beaten} of 3 no model is shown to be better than it" in sentence
    for other in ("<b>fair</b>", "bad"):
        wins = sum(
            d.significant and (d.value > 0) == (d.first == leader)
            for c in comparisons
            for d in c.differences
            if {d.first, d.second} == {leader, other}
        )
        assert wins > 0
        assert f"{other}: better on {wins}" in sentence


def test_one_benchmark_of_a_task(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path)
    assert found.report.comparisons["choices"].best == ("good",)
    assert "is better than <b>fair</b> and bad." in about(found, "Synonyms: on choices, good")


def test_equal_models_are_not_told_apart(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path, {"a": vectors(1, 0.5), "b": vectors(1, 0.5)})
    assert "none of them tells any two models apart" in about(found, "Relatedness")
    assert "no other model is told apart from it" in about(found, "Synonyms")
    assert not any("better on" in sentence for sentence in said(found))


def test_one_model(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path, {"only": vectors()})
    assert said(found)[0].startswith("1 model on 4 benchmarks of 2 tasks. Not run")
    assert "gone <b>" in said(found)[0]
    assert any("nothing to compare" in sentence for sentence in said(found))
    assert not any("better" in sentence for sentence in said(found))


def test_a_model_without_a_known_word_is_named(monkeypatch, tmp_path):
    foreign = vectors(words=[f"mot{number}" for number in range(5)])
    found = contents(monkeypatch, tmp_path, {"good": vectors(), "other language": foreign})
    sentence = about(found, "other language covers no item of any benchmark")
    assert "leave it out" in sentence
    assert not any(one.startswith("good covers no") for one in said(found))
    assert found.report.comparisons == {}


def test_vocabularies_without_a_word_in_common(monkeypatch, tmp_path):
    one = vectors(words=[f"w{number}" for number in range(30)])
    other = vectors(words=[f"w{number}" for number in range(30, 60)])
    found = contents(monkeypatch, tmp_path, {"one": one, "other": other})
    assert "nothing is compared" in about(found, "No item is covered by all models")


def test_low_coverage_is_said_with_its_share(monkeypatch, tmp_path):
    some = vectors(words=[f"w{number}" for number in range(40)])
    found = contents(monkeypatch, tmp_path, {"a": vectors(), "b": some})
    shared = found.report.of("pairs")[0].on_shared.n
    assert 0 < shared < 100
    assert f"pairs ({100 * shared // 200}%)" in about(found, "Less than half of the items")


@pytest.mark.parametrize(
    ("noise", "expected"),
    [(0.05, "intervals of models reach it on pairs (a)"), (9.0, "No model's interval reaches")],
)
def test_what_people_reach(monkeypatch, tmp_path, noise, expected):
    found = contents(monkeypatch, tmp_path, {"a": vectors(4, noise)})
    assert any(expected in sentence for sentence in said(found))


def test_small_benchmarks_are_called_small(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path, {"a": vectors(1, 1.0), "b": vectors(2, 1.0)})
    sentence = about(found, "Too small to tell much")
    assert "few (" in sentence
    for name, compared in found.report.comparisons.items():
        assert (f"{name} (" in sentence) == (compared.detectable > 0.2)


def test_zero_vectors_are_counted(monkeypatch, tmp_path):
    from textrep.vectors import WordVectors

    matrix = vectors().matrix.copy()
    matrix[3] = 0
    model = WordVectors(vectors().words, matrix)
    found = contents(monkeypatch, tmp_path, {"a": model})
    assert "a has 1 word of 66 with a vector of zeros" in " ".join(said(found))


def test_texts_and_vocabularies(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path, {"a": vectors(), "b": vectors(1, 0.5)})
    assert "All models learnt from the same corpus." in said(found)


def test_benchmarks_that_no_model_knows_are_named_once(monkeypatch, tmp_path):
    strange = {"word1": ["x1", "x2"], "word2": ["y1", "y2"], "score": ["1", "2"]}
    tables = {"pairs": TABLES["pairs"], "few": strange}
    models = {"a": vectors(), "b": vectors(1, 0.5)}
    found = contents(monkeypatch, tmp_path, models, tables=tables)
    assert "No model covers any item of few." in said(found)
    assert not any("leave it out" in sentence for sentence in said(found))


def test_models_that_no_benchmark_tells_from_the_leader(monkeypatch, tmp_path):
    models = {"a": vectors(1, 0.3), "same": vectors(1, 0.3), "bad": vectors(2, 9.0)}
    found = contents(monkeypatch, tmp_path, models)
    sentence = about(found, "Relatedness: ")
    assert "No benchmark tells it from same." in sentence
    assert "Against bad: better on" in sentence
    assert "worse" not in sentence
