"""Agreement, disagreement, nearest words and cost, against what their definitions say."""

import re

import numpy as np
import pytest
from report.studies import TABLES, WORDS, contents, folder, pairs, vectors
from scipy import stats

from textrep.errors import UnknownNameError
from textrep.report.bands import by_frequency
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
    graded = [item for item in found.disagreements if item.benchmark != "choices"]
    assert graded
    assert all(set(item.said) == {"a", "b"} for item in graded)
    assert found.to_dict()["agreement"][0]["values"][1][0] is None


def test_the_items_that_models_disagree_on_most_come_first(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path, tables={"pairs": TABLES["pairs"]})
    ranks = [stats.rankdata(r.outcome.items.values) / 199 for r in found.report.of("pairs")]
    spread = np.ptp(ranks, axis=0)
    assert len(found.disagreements) == 12
    shown = [one.spread for one in found.disagreements]
    assert shown == sorted(shown, reverse=True)
    assert shown[0] == pytest.approx(spread.max())
    for one in found.disagreements:
        assert one.spread == pytest.approx(spread[one.item])


def test_an_item_is_shown_once(monkeypatch, tmp_path):
    twice = {role: values * 2 for role, values in pairs(30).items()}
    models = {"a": vectors(), "b": vectors(1, 2.0)}
    found = contents(monkeypatch, tmp_path, models, tables={"pairs": twice})
    items = [one.text for one in found.disagreements]
    assert items
    assert len(items) == len(set(items))


def test_a_model_that_covers_nothing_leaves_the_others_to_disagree(monkeypatch, tmp_path):
    empty = vectors(words=["elsewhere"])
    models = {"a": vectors(), "empty": empty, "b": vectors(1, 2.0)}
    found = contents(monkeypatch, tmp_path, models)
    assert {tuple(one.said) for one in found.disagreements} == {("a", "b")}


def test_means_of_bands_are_over_benchmarks_with_enough_items(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path, {"a": vectors(1, 0.5), "b": vectors(2, 1.0)})
    html = by_frequency(found.report, found.frequencies)
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", html.partition("</table>")[0])
    row = [re.sub("<.*?>", "", cell) for cell in cells[5:10]]
    scores = [
        np.mean([found.report.of(name)[place].score for name in ("pairs", "more")])
        for place in (0, 1)
    ]
    expected = [f"{score:.3f}".replace("0.", ".") for score in scores]
    assert row == ["1-1,000", "2", "350", *expected]  # the nine items of "few" are too few


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
