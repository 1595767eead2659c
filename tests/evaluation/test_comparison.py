import dataclasses
import math

import numpy as np
import pytest

from textrep.evaluation.comparison import compare
from textrep.evaluation.outcome import Items, Outcome, score
from textrep.evaluation.report import Report
from textrep.evaluation.result import Result


def result(model, metric, items, benchmark="made up"):
    outcome = Outcome(metric=metric, items=items, oov="skip")
    estimate = score(metric, items, items.covered)
    return Result(benchmark, "task", model, outcome, estimate, estimate, estimate)


def related(model, noise, *, n=300, seed=0, covered=None, groups=None, gold=None):
    """A model whose cosines are a common gold score and noise of its own."""
    random = np.random.default_rng([seed, sum(map(ord, model))])
    if gold is None:
        gold = np.random.default_rng(seed).normal(size=n)
    values = gold + noise * random.normal(size=n)
    covered = np.ones(n, bool) if covered is None else covered
    return result(model, "spearman", Items(covered, values, gold, groups))


def right(model, answers, groups=None):
    answers = np.asarray(answers, float)
    return result(model, "accuracy", Items(np.ones(len(answers), bool), answers, None, groups))


def test_the_better_model_is_best_alone_where_the_difference_is_large():
    compared = compare([related("bad", 3.0), related("good", 0.5), related("fair", 0.55)])
    assert compared.best[0] == "good"
    assert set(compared.best) == {"good", "fair"}
    found = {(d.first, d.second): d for d in compared.differences}
    assert found["bad", "good"].significant
    assert found["bad", "good"].value < 0
    assert found["bad", "good"].high < 0
    assert not found["good", "fair"].significant
    assert found["bad", "good"].test == "Williams' t"


def test_a_difference_and_its_interval_are_about_the_shared_items():
    covered = np.arange(300) < 200
    part, whole = related("part", 1.0, covered=covered), related("whole", 1.0)
    shared = score("spearman", whole.outcome.items, covered)
    whole = Result(
        whole.benchmark, "task", "whole", whole.outcome, whole.on_covered, whole.on_all, shared
    )
    compared = compare([part, whole])
    assert compared.n_items == 200
    (difference,) = compared.differences
    assert difference.value == pytest.approx(part.on_shared.value - shared.value)
    assert difference.low < difference.value < difference.high
    for model, value in compared.scores.items():
        low, high = compared.intervals[model]
        assert low < value < high


def test_the_bootstrap_interval_of_independent_pairs_is_that_of_fisher():
    one = related("one", 1.0, n=400)
    low, high = compare([one]).intervals["one"]
    assert low == pytest.approx(one.on_covered.low, abs=0.015)
    assert high == pytest.approx(one.on_covered.high, abs=0.015)


def test_models_with_the_same_answers_are_tied():
    one = related("a", 1.0)
    compared = compare([one, dataclasses.replace(one, model="b")])
    assert math.isnan(compared.differences[0].p)
    assert compared.differences[0].to_dict()["p"] is None
    assert compared.best == ("a", "b")


def test_right_and_wrong_answers_are_tested_by_mcnemar():
    answers = np.arange(100) < 60
    compared = compare([right("a", answers), right("b", np.roll(answers, 3))])
    assert compared.differences[0].test == "McNemar"
    assert not compared.differences[0].significant
    compared = compare([right("a", np.ones(100)), right("b", answers)])
    assert compared.differences[0].significant
    assert compared.best == ("a",)


def test_questions_of_one_group_count_as_one():
    """Ten groups of a hundred questions, all of which a model answers alike, tell little."""
    groups = np.repeat(np.arange(10), 100)
    first, second = groups < 7, groups < 4
    together = compare([right("a", first, groups), right("b", second, groups)])
    apart = compare([right("a", first), right("b", second)])
    assert apart.differences[0].p < 1e-20
    assert together.differences[0].p > 0.01
    assert together.n_groups == 10


def test_an_area_is_resampled_by_its_groups():
    random = np.random.default_rng(5)
    groups = np.repeat(np.arange(30), 20)
    gold = np.tile(np.arange(20) < 8, 30).astype(float)
    covered = np.ones(600, bool)
    results = [
        result(name, "auc", Items(covered, gold * lift + random.normal(size=600), gold, groups))
        for name, lift in (("low", 0.2), ("high", 2.0))
    ]
    compared = compare(results)
    assert compared.n_groups == compared.n_items == 30
    assert compared.best == ("high",)
    for one in results:
        low, high = compared.intervals[one.model]
        assert low == pytest.approx(one.on_shared.low, abs=0.01)
        assert high == pytest.approx(one.on_shared.high, abs=0.01)


def test_a_purity_is_resampled_by_its_words():
    gold = np.repeat(np.arange(4.0), 25)
    good = gold.astype(int)[None]
    bad = np.random.default_rng(0).integers(0, 4, (1, 100))
    covered = np.ones(100, bool)
    compared = compare(
        [
            result(name, "purity", Items(covered, np.zeros(100), gold, clusters=clusters))
            for name, clusters in (("bad", bad), ("good", good))
        ]
    )
    assert compared.best == ("good",)


def test_more_pairs_of_models_make_each_harder_to_tell_apart():
    models = [related(name, 1.0 + place / 4) for place, name in enumerate("abcdef")]
    two, six = compare(models[:2]), compare(models)
    assert six.differences[0].p == two.differences[0].p
    assert six.differences[0].p_adjusted >= 5 * two.differences[0].p or (
        six.differences[0].p_adjusted == 1.0
    )


def test_a_larger_benchmark_shows_smaller_differences():
    small = compare([related("a", 1.0, n=100), related("b", 1.1, n=100)])
    large = compare([related("a", 1.0, n=1600), related("b", 1.1, n=1600)])
    assert large.detectable == pytest.approx(small.detectable / 4, rel=0.4)


def test_a_model_without_a_score_is_left_out():
    empty = related("empty", 1.0, covered=np.zeros(300, bool))
    assert compare([empty]) is None
    assert Report(("empty",), (empty,)).comparisons == {}


def test_the_same_resamples_every_time():
    models = [related("a", 1.0), related("b", 1.5)]
    assert compare(models) == compare(models)
    assert compare(models, seed=1) != compare(models)


@pytest.mark.parametrize("clustered", [False, True])
def test_equal_models_differ_in_five_of_a_hundred_benchmarks(clustered):
    """Models of the same quality, also where pairs with a word in common are alike."""
    random, found = np.random.default_rng(7), []
    n, n_words = 160, 40
    for _ in range(400):
        words = random.integers(0, n_words, n) if clustered else np.arange(n)
        gold = random.normal(size=n)
        covered = np.ones(n, bool)
        of_words = random.normal(size=(2, max(n, n_words)))[:, words]
        results = [
            result(
                name,
                "spearman",
                Items(covered, gold + of_word + 0.5 * random.normal(size=n), gold, words),
            )
            for name, of_word in zip("ab", of_words, strict=True)
        ]
        found.append(compare(results, n_resamples=300).differences[0].p < 0.05)
    # The larger of two p-values is below 5% a little less often than each of them.
    assert 0.015 < np.mean(found) < 0.08


@pytest.mark.parametrize("shared", [0.0, 0.6])
def test_equally_good_answers_differ_in_five_of_a_hundred_benchmarks(shared):
    """Models that are right on 60% of the questions, on the same ones or not."""
    random, found = np.random.default_rng(11), []
    for _ in range(200):
        common = random.random(200)
        own = random.random((2, 200))
        answers = np.where(random.random(200) < shared, common, own) < 0.6
        results = [right(name, values) for name, values in zip("ab", answers, strict=True)]
        found.append(compare(results, n_resamples=100).differences[0].p < 0.05)
    # McNemar's test is exact: with few questions that just one model answers, it errs on the
    # cautious side.
    assert 0.0 < np.mean(found) < 0.075
