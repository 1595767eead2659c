"""Perplexity: scores from the equations, what compares with what, and that lower is better."""

import math

import numpy as np
import pytest
from evaluation.fakes import install, recipe
from evaluation.language_models import Masked, Noisy, Unigrams
from reference.plain_vectors import PlainVectors

from textrep.errors import InvalidParameterError
from textrep.evaluation import (
    Result,
    disagreements,
    evaluate,
    mistakes,
    render,
    slices,
    to_markdown,
)
from textrep.evaluation.comparison import compare
from textrep.evaluation.notes import best
from textrep.evaluation.perplexities import perplexity as estimate
from textrep.evaluation.plateau import mean_score
from textrep.evaluation.statistics import Estimate
from textrep.evaluation.tasks.perplexity import outcome_of

CHANCES = {"a": 0.5, "b": 0.2, "c": 0.1, "": 0.2}
SENTENCES = ["a  b a", "c", "zz", "b zz a"]
NUMBERED = [f"s{number}" for number in range(400)]
DOCUMENTS = [str(number // 10) for number in range(400)]


@pytest.fixture(autouse=True)
def _texts(monkeypatch):
    tables = {
        "text": {"sentence": SENTENCES},
        "long": {"sentence": NUMBERED, "document": DOCUMENTS},
        "other": {"sentence": NUMBERED},
        "pairs": {"word1": ["a"] * 4, "word2": ["b", "c", "d", "e"], "score": list("4321")},
    }
    names = [recipe(name, "perplexity", metric="perplexity", oov="zero") for name in tables]
    names[-1] = recipe("pairs", "relatedness")
    install(monkeypatch, tables, None, names)


def only(model, benchmark="text", **options):
    return evaluate({"m": model}, benchmark, **options).results[0]


def test_the_score_is_e_to_the_mean_loss_of_a_prediction():
    result = only(Unigrams(CHANCES | {"zz": 1e-3}))
    words = ["a", "b", "a", "", "c", "", "zz", "", "b", "zz", "a", ""]
    product = math.prod((CHANCES | {"zz": 1e-3})[word] for word in words)
    assert result.score == pytest.approx(product ** (-1 / len(words)))
    assert result.outcome.secondary["predictions"] == 12
    assert result.outcome.secondary["loss"] == pytest.approx(-math.log(product) / 12)
    # "a b a", "c", "zz" and "b zz a", each with an end.
    bits = -math.log2(product) / (5 + 1 + 2 + 6 + 4)
    assert result.outcome.secondary["bits_per_character"] == pytest.approx(bits)
    assert result.coverage == 1.0
    assert result.estimate.low < result.score < result.estimate.high


def test_unknown_words_that_are_left_out_leave_their_sentences_uncovered():
    result = only(Unigrams(CHANCES))
    words = ["a", "b", "a", "", "c", "", "b", "a", ""]
    product = math.prod(CHANCES[word] for word in words)
    assert result.score == pytest.approx(product ** (-1 / 9))
    assert result.outcome.items.covered.tolist() == [True, True, False, False]
    assert result.outcome.secondary["bits_per_character"] is None
    assert result.outcome.secondary["known"] == pytest.approx(1 - 2 / 8)
    skipped = only(Unigrams(CHANCES), oov="skip")
    covered = math.prod(CHANCES[word] for word in words[:6])
    assert skipped.score == pytest.approx(covered ** (-1 / 6))
    assert skipped.score == result.on_covered.value


def test_unknown_words_that_are_predicted_are_counted():
    result = only(Unigrams(CHANCES, unknown="c"))
    assert result.outcome.items.covered.all()
    assert result.outcome.secondary["unknown"] == 2
    assert result.outcome.secondary["known"] == pytest.approx(1 - 2 / 8)
    assert result.outcome.secondary["bits_per_character"] is None
    text = " ".join(" ".join(render(evaluate({"m": Unigrams(CHANCES, "c")}, "text"))).split())
    assert "Predicted of text by m: 12, 25.0% of the words unknown, as <unk>." in text
    assert "a perplexity says little" in text


def test_what_predicts_nothing_has_no_score_and_a_reason_and_the_others_are_compared():
    vectors = PlainVectors({"a": [1.0, 0.0], "b": [0.0, 1.0]})
    models = {"svd": vectors, "masked": Masked(), "good": Noisy(1), "bad": Noisy(2, shift=1.0)}
    report = evaluate(models, "long")
    svd, masked, good, bad = report.results
    assert (svd.score, svd.estimate.reason) == (None, "it is no language model")
    assert "objective='masked'" in masked.estimate.reason
    assert bad.score > 2 * good.score
    assert set(report.comparisons["long"].scores) == {"good", "bad"}
    assert good.on_shared.value == good.score
    lines = "\n".join(render(report))
    assert "No score for svd on long: it is no language model." in lines
    assert "shared" not in lines
    assert any(row.startswith("| long | 400 | - | - |") or "| -" in row
               for row in to_markdown(report).split("\n"))  # fmt: skip


def test_a_text_of_unknown_words_alone_has_no_score():
    result = only(Unigrams({"": 1.0}))
    assert (result.score, result.estimate.reason) == (None, "nothing is predicted")


def test_the_lowest_is_the_best():
    models = {"bad": Noisy(1, shift=0.5), "good": Noisy(2), "fair": Noisy(3, shift=0.002)}
    report = evaluate(models, "other")
    compared = report.comparisons["other"]
    assert compared.families == (tuple(sorted(models, key=lambda m: compared.scores[m])),)
    assert compared.families[0][-1] == "bad"
    assert set(compared.best) == {"good", "fair"} == set(best(report, "other"))
    pair = next(d for d in compared.differences if (d.first, d.second) == ("bad", "good"))
    assert (pair.better, pair.significant, pair.test) == ("good", True, "")
    assert pair.value > 0
    assert pair.low < pair.value < pair.high
    table = "\n".join(render(report))
    assert "Language modelling (perplexity, lower is better)" in table
    assert f"{compared.scores['good']:.2f}*" in table
    assert f"{compared.scores['bad']:.2f}*" not in table


def test_models_of_other_vocabularies_are_not_tested_against_one_another():
    models = {
        "a": Unigrams(dict.fromkeys(NUMBERED, 0.001) | {"": 0.5}),
        "b": Unigrams(dict.fromkeys(NUMBERED, 0.002) | {"": 0.2, "more": 0.1}),
        "c": Unigrams({name: 0.002 + 1e-6 * int(name[1:]) for name in NUMBERED} | {"": 0.5}),
    }
    report = evaluate(models, "other")
    compared = report.comparisons["other"]
    assert {(d.first, d.second) for d in compared.differences} == {("a", "c")}
    assert set(map(frozenset, compared.families)) == {frozenset({"b"}), frozenset({"a", "c"})}
    assert best(report, "other") == ()
    text = " ".join(" ".join(render(report)).split())
    assert "Not compared with one another" in text
    assert "c is better than a" in text
    assert "*" not in text
    alone = evaluate({"a": models["a"], "b": models["b"]}, "other")
    assert alone.comparisons["other"].differences == ()
    assert "tells any two" not in " ".join(render(alone))


def test_sentences_of_one_document_are_drawn_together():
    model = Noisy(0, per_document=0.3)
    with_documents, without = only(model, "long"), only(model, "other")
    assert with_documents.score == without.score
    assert with_documents.estimate.half_width > 2 * without.estimate.half_width
    report = evaluate({"a": model, "b": Noisy(1)}, "long")
    assert report.comparisons["long"].n_groups == 40


def test_the_interval_holds_the_truth_as_often_as_it_says():
    held = 0
    for seed in range(200):
        random = np.random.default_rng(seed)
        counts = random.integers(1, 30, 150).astype(float)
        losses = np.array([random.exponential(2.0, int(n)).sum() for n in counts])
        found = estimate(losses, counts, n_resamples=300)
        held += found.low < math.exp(2.0) < found.high
    assert 0.88 <= held / 200 <= 0.99


def told_apart(seed, shift=0.0):
    results = []
    for model in (Noisy(seed, 0.0, 0.2), Noisy(10_000 + seed, shift, 0.2)):
        outcome = outcome_of(model.token_losses(NUMBERED), NUMBERED, DOCUMENTS)
        items = outcome.items
        figure = Estimate(math.exp(items.values.sum() / items.weights.sum()))
        results.append(
            Result("long", "perplexity", str(model.seed), outcome, figure, figure, figure)
        )
    return compare(results, n_resamples=400).differences[0].significant


def test_models_that_are_equally_good_are_rarely_told_apart():
    """At 5%: of 300 pairs of models whose losses differ by document, about 15."""
    assert 5 <= sum(told_apart(seed) for seed in range(300)) <= 30
    assert sum(told_apart(seed, shift=0.2) for seed in range(20)) >= 18


def test_one_sentence_has_no_interval():
    found = estimate(np.array([6.0]), np.array([3.0]))
    assert (found.value, found.low, found.high) == (pytest.approx(math.e**2), None, None)
    assert estimate(np.array([1e6]), np.array([1.0])).value == pytest.approx(math.exp(700))
    together = estimate(np.array([6.0, 1.0]), np.array([3.0, 1.0]), np.array([7, 7]))
    assert together.low is None


def test_the_sentences_that_are_predicted_worst():
    report = evaluate({"m": Unigrams(CHANCES, "c"), "n": Unigrams(CHANCES, "a")}, "text")
    first = mistakes(report, 1)[0]
    assert first.text == "c"
    assert first.error == pytest.approx(-(math.log(0.1) + math.log(0.2)) / 2)
    assert first.said == f"perplexity {math.exp(first.error):.3f}"
    divided = disagreements(report, 2)
    assert {item.text for item in divided} == {"zz", "b zz a"}
    assert divided[0].text == "zz"
    assert slices(report, "frequency") == slices(report, "pos") == ()


def test_means_over_texts_are_not_taken():
    report = evaluate({"a": Noisy(1), "b": Noisy(2)}, ["long", "other"])
    assert not report.averages()[0].averaged
    assert "mean of" not in "\n".join(render(report)) + to_markdown(report)


def test_a_suite_of_words_and_texts_still_needs_word_vectors():
    with pytest.raises(InvalidParameterError, match="vectors of words for the benchmark 'pairs'"):
        evaluate({"m": Noisy(1)}, ["text", "pairs"])


def test_word_vectors_cannot_be_chosen_by_perplexity():
    with pytest.raises(Exception, match="no score on text: it is no language model"):
        mean_score(PlainVectors({"a": [1.0, 0.0]}), "text")
