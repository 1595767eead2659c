"""What a report says of perplexities: the lowest is the best, and vocabularies are kept apart."""

from __future__ import annotations

import re

import pytest
from evaluation.fakes import install, recipe
from evaluation.language_models import Noisy, Unigrams
from reference.plain_vectors import PlainVectors

from textrep.evaluation import compare_methods, evaluate
from textrep.report.cost import _qualities
from textrep.report.disagreement import most_disputed
from textrep.report.intervals import intervals
from textrep.report.scores import scores
from textrep.report.summary import summary
from textrep.report.ties import tie_letters
from textrep.report.wins import wins
from textrep.report.words import as_text

SENTENCES = [f"s{number}" for number in range(200)]
MODELS = {"bad": Noisy(1, shift=0.5), "good": Noisy(2), "svd": PlainVectors({"a": [1.0]})}


@pytest.fixture(autouse=True)
def _texts(monkeypatch):
    tables = {name: {"sentence": SENTENCES} for name in ("one", "two")}
    recipes = [recipe(name, "perplexity", metric="perplexity", oov="zero") for name in tables]
    install(monkeypatch, tables, None, recipes)


def plain(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_the_lowest_leads_everywhere():
    report = evaluate(MODELS, ["one", "two"])
    said = [as_text(sentence) for sentence in summary(report, (), {}, {})]
    figure = f"{report.comparisons['one'].scores['good']:.2f}"
    for name in ("one", "two"):
        assert (
            f"Language modelling: on {name}, good has the lowest perplexity, {figure}, and is "
            "better than bad."
        ) in said
    assert not any("svd" in sentence for sentence in said)
    assert not any("Too small to tell" in sentence for sentence in said)
    assert tie_letters(report.comparisons["one"]) == {"good": "a", "bad": "b"}
    table = plain(scores(report))
    assert "perplexity, lower is better" in table
    assert f"{figure} *" in table
    assert "mean of" not in table
    better = wins(report, {})
    assert re.search(r"good.*?<td[^>]*>2</td>", better, re.DOTALL)
    assert plain(better).index("good 2") > plain(better).index("bad 0")


def test_each_text_has_costs_of_its_own():
    report = evaluate(MODELS, ["one", "two"])
    found = _qualities(report, "perplexity")
    assert [quality.title for quality in found] == [
        "Language modelling (one, lower is better)",
        "Language modelling (two, lower is better)",
    ]
    assert found[0].scores["svd"] is None


def test_axes_begin_near_the_scores():
    ticks = re.findall(
        r'text-anchor="middle"[^>]*>([\d.]+)<', intervals(evaluate(MODELS, "one"), {})
    )
    assert ticks
    assert min(map(float, ticks)) > 10


def test_vocabularies_apart_are_said_to_be():
    words = dict.fromkeys(SENTENCES, 0.001)
    models = {"a": Unigrams(words | {"": 0.5}), "b": Unigrams(words | {"": 0.5, "more": 0.1})}
    report = evaluate(models, "one")
    assert "no two models predict the same words" in as_text(summary(report, (), {}, {})[1])
    three = evaluate(models | {"c": Unigrams(dict.fromkeys(SENTENCES, 0.002) | {"": 0.5})}, "one")
    said = as_text(summary(three, (), {}, {})[1])
    assert "of those that compare" in said
    assert "Not compared with one another" in plain(scores(three))


def test_sentences_that_models_predict_differently_are_shown():
    report = evaluate(MODELS, "one")
    items = most_disputed(report)
    assert items
    assert all(item.said["good"].startswith("perplexity ") for item in items)


def test_seeds_of_language_models_are_methods_of_which_the_lowest_is_best():
    models = {
        "bad1": Noisy(1, shift=0.5),
        "bad2": Noisy(2, shift=0.52),
        "good1": Noisy(3),
        "good2": Noisy(4, shift=0.02),
        "other": Unigrams({"": 0.5, "<unk>": 0.5}, "<unk>"),
    }
    report = evaluate(models, "one")
    groups = {"bad": ["bad1", "bad2"], "good": ["good1", "good2"]}
    (compared,) = compare_methods(report, groups).values()
    assert compared.families == (("other",), ("good", "bad"))
    (told,) = compared.differences  # the vocabulary of the other model is not theirs
    assert (told.better, told.significant) == ("good", True)
    assert compared.best == ("good",)
    mixed = compare_methods(report, {"mixed": ["bad1", "other"]})
    assert set(mixed["one"].scores) == {
        "bad2",
        "good1",
        "good2",
    }  # no mean of what does not compare
