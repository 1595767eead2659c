"""Agreement, disagreement, nearest words and cost, against what their definitions say."""

import math

import numpy as np
import pytest
from report.studies import TABLES, WORDS, contents, folder, vectors
from scipy import stats

from textrep.errors import UnknownNameError
from textrep.report.models import card


def test_agreement_is_the_mean_rank_correlation_of_the_models(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path)
    report = found.report
    one = next(one for one in found.agreements if one.task == "relatedness")
    assert one.benchmarks == ("pairs", "more", "few")
    for i, first in enumerate(report.models):
        for k, second in enumerate(report.models):
            values = [
                {r.model: r.outcome.items.values for r in report.of(name)}
                for name in one.benchmarks
            ]
            expected = np.mean([stats.spearmanr(v[first], v[second]).statistic for v in values])
            assert one.values[i, k] == pytest.approx(expected)


def test_agreement_of_answers_is_the_share_of_equal_ones(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path)
    one = next(one for one in found.agreements if one.task == "synonym")
    good, fair, _ = (r.outcome.items.values for r in found.report.of("choices"))
    assert one.values[0, 1] == pytest.approx(np.mean(good == fair))
    assert 0 < one.values[0, 1] < 1


def test_a_model_that_says_the_same_of_everything_agrees_with_none(monkeypatch, tmp_path):
    from textrep.vectors import WordVectors

    flat = WordVectors(WORDS, np.ones((len(WORDS), 2)))
    models = {"a": vectors(), "flat": flat, "b": vectors(1, 0.5)}
    found = contents(monkeypatch, tmp_path, models)
    one = next(one for one in found.agreements if one.task == "relatedness")
    assert np.isnan(one.values[1, 0])
    assert one.values[0, 2] > 0.5
    graded = [item for item in found.disagreements if item.task == "relatedness"]
    assert all(math.isnan(item.values[1]) for item in graded)
    assert found.to_dict()["disagreements"][0]["values"][1] is None


def test_the_items_that_models_disagree_on_most_come_first(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path, tables={"pairs": TABLES["pairs"]})
    results = found.report.of("pairs")
    percentiles = np.array(
        [
            [100 * np.mean(r.outcome.items.values < value) for value in r.outcome.items.values]
            for r in results
        ]
    )
    spread = np.ptp(percentiles, axis=0)
    first = found.disagreements[0]
    columns = TABLES["pairs"]
    texts = [f"{a} / {b}" for a, b in zip(columns["word1"], columns["word2"], strict=True)]
    assert len(found.disagreements) == 12
    shown = max(first.values) - min(first.values)
    assert shown == pytest.approx(spread[texts.index(first.item)], abs=2)
    assert shown >= spread.max() - 2
    spreads = [max(one.values) - min(one.values) for one in found.disagreements]
    assert spreads == sorted(spreads, reverse=True)


def test_questions_are_those_with_the_most_even_split(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path)
    split = [one for one in found.disagreements if one.task == "synonym"]
    assert split
    assert all(0 < sum(one.values) < 3 for one in split)
    columns = TABLES["choices"]
    for one in split:
        row = [
            number
            for number, question in enumerate(columns["question"])
            if one.item
            == f"{question}: "
            + columns["options"][number].split("|")[int(columns["correct"][number]) - 1]
        ]
        values = [r.outcome.items.values[row[0]] for r in found.report.of("choices")]
        assert list(one.values) == values


def test_nearest_words_are_of_words_that_models_differ_on(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path)
    assert len(found.neighbourhoods) == 12
    for one in found.neighbourhoods:
        assert one.word in WORDS
        expected = [near.word for near in vectors(1, 0.1).neighbors(one.word, n=6)]
        assert list(one.nearest["good"]) == expected


def test_words_that_are_named_are_shown_in_their_order(monkeypatch, tmp_path):
    models = {"a": vectors(), "b": vectors(words=["w1", "w2", "w3"])}
    found = contents(monkeypatch, tmp_path, models, words=["w9", "w1", "w9"])
    assert [one.word for one in found.neighbourhoods] == ["w9", "w1"]
    assert found.neighbourhoods[0].nearest["b"] is None
    assert found.neighbourhoods[1].nearest["b"] is not None


def test_a_word_that_no_model_has_is_refused(monkeypatch, tmp_path):
    with pytest.raises(UnknownNameError, match="Unknown word 'w99'"):
        contents(monkeypatch, tmp_path, words=["w99"])


def test_time_is_that_of_the_training_or_of_its_epochs(tmp_path):
    history = [{"seconds": 1.5, "tokens": 300}, {"seconds": 0.5, "tokens": 300}]
    assert card("a", folder(tmp_path / "a", history), vectors()).seconds == 2.0
    assert card("a", folder(tmp_path / "a2", history), vectors()).speed == 300.0
    assert card("b", folder(tmp_path / "b", history, seconds=3.0), vectors()).seconds == 3.0
    assert card("c", folder(tmp_path / "c", history, seconds=0.9), vectors()).seconds == 2.0
    assert card("d", folder(tmp_path / "d"), vectors()).seconds is None


def test_a_file_of_vectors_has_a_size_and_no_configuration(tmp_path):
    path = tmp_path / "v.txt"
    path.write_bytes(b"x" * 123)
    found = card("v", path, vectors())
    assert (found.n_bytes, found.kind, found.fingerprint, found.history) == (123, "vectors", "", [])
    assert (found.n_words, found.dim, found.n_memory) == (66, 8, 66 * 8 * 4)
