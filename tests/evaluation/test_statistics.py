import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import correlation, grouping
from scipy import stats

from textrep.evaluation.statistics import accuracy, mean_auc, pearson, spearman

Z = 1.959963984540054

# Small integers make many ties; two lists of one length.
TIED = (
    st.integers(3, 25)
    .flatmap(lambda n: st.tuples(*[st.lists(st.integers(-4, 4), min_size=n, max_size=n)] * 2))
    .filter(lambda pair: all(len(set(values)) > 1 for values in pair))
)


def floats(values):
    return np.array(values, dtype=np.float64)


@given(TIED)
def test_spearman_is_the_correlation_of_mean_ranks(pair):
    x, y = pair
    estimate = spearman(floats(x), floats(y))
    assert estimate.value == pytest.approx(correlation.spearman(x, y), abs=1e-12)
    assert estimate.n == len(x)


@given(TIED)
def test_pearson_is_its_definition(pair):
    x, y = pair
    assert pearson(floats(x), floats(y)).value == pytest.approx(
        correlation.pearson(x, y), abs=1e-12
    )


def test_pearson_interval_worked_by_hand():
    # r = .5 and n = 28: atanh(.5) = .5493, standard error 1/5, so .5493 ± .3920.
    x = np.repeat([1.0, -1.0], 14)
    noise = np.tile([1.0, -1.0], 14)
    y = 0.5 * x + math.sqrt(0.75) * noise
    estimate = pearson(x, y)
    assert estimate.value == pytest.approx(0.5)
    assert estimate.low == pytest.approx(math.tanh(0.5493 - 0.3920), abs=1e-4)
    assert estimate.high == pytest.approx(math.tanh(0.5493 + 0.3920), abs=1e-4)


def test_spearman_interval_is_wider_by_bonett_and_wright():
    rng = np.random.default_rng(3)
    x = rng.normal(size=40)
    estimate = spearman(x, x + rng.normal(size=40))
    spread = (math.atanh(estimate.high) - math.atanh(estimate.low)) / 2
    assert spread == pytest.approx(Z * math.sqrt((1 + estimate.value**2 / 2) / 37))


def test_spearman_interval_covers_the_truth_nineteen_times_in_twenty():
    rng = np.random.default_rng(11)
    rho = 0.6
    truth = 6 / math.pi * math.asin(rho / 2)  # Spearman's correlation of a normal pair
    covered = 0
    for _ in range(1000):
        x, noise = rng.normal(size=(2, 60))
        estimate = spearman(x, rho * x + math.sqrt(1 - rho**2) * noise)
        covered += estimate.low <= truth <= estimate.high
    assert 930 <= covered <= 970  # 950 ± 3 standard errors


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_wilson_bounds_solve_their_equation(case):
    n, right = case
    estimate = accuracy(floats([1] * right + [0] * (n - right)))
    assert estimate.value == right / n
    for bound in (estimate.low, estimate.high):
        assert (right / n - bound) ** 2 == pytest.approx(Z**2 * bound * (1 - bound) / n, abs=1e-9)
    assert estimate.low <= estimate.value <= estimate.high


def test_grouped_answers_count_as_few_observations():
    correct = floats([1, 1, 0, 0])
    equal = accuracy(correct, np.array([0, 0, 1, 1]))
    assert equal == dataclasses.replace(accuracy(floats([1, 0])), n=4)
    alone = accuracy(correct, np.arange(4))
    assert alone == accuracy(correct)
    # Sizes 3 and 1: 16 / 10 observations.
    unequal = accuracy(correct, np.array([7, 7, 7, 2]))
    for bound in (unequal.low, unequal.high):
        assert (0.5 - bound) ** 2 == pytest.approx(Z**2 * bound * (1 - bound) / 1.6)


def test_wilson_published_value():
    estimate = accuracy(floats([1] * 8 + [0] * 2))
    assert (estimate.low, estimate.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)


@pytest.mark.parametrize("correlate", [spearman, pearson])
@pytest.mark.parametrize(
    ("gold", "predicted", "reason"),
    [
        ([], [], "no pair is covered"),
        ([1, 2], [1, 2], "only 2 of the 3 pairs"),
        ([1, 1, 1], [1, 2, 3], "gold scores are all equal"),
        ([1, 2, 3], [0, 0, 0], "similarities are all equal"),
        ([1, 2, 3], [0.7, 0.7 + 1e-16, 0.7 - 1e-16], "similarities are all equal"),
        ([1, 2, 3], [0.1, math.nan, 0.3], "not finite"),
    ],
)
def test_no_correlation_has_a_reason_and_is_never_nan(correlate, gold, predicted, reason):
    estimate = correlate(floats(gold), floats(predicted))
    assert estimate.value is None
    assert estimate.half_width is None
    assert reason in estimate.reason


def test_perfect_and_tiny_samples_have_a_score_but_no_interval():
    perfect = spearman(floats([1, 2, 3, 4, 5]), floats([1, 2, 3, 4, 9]))
    assert (perfect.value, perfect.low, perfect.high) == (1.0, None, None)
    tiny = spearman(floats([1, 2, 3]), floats([1, 3, 2]))
    assert (tiny.value, tiny.low, tiny.high) == (0.5, None, None)


def test_accuracy_of_nothing():
    estimate = accuracy(floats([]))
    assert (estimate.value, estimate.reason) == (None, "no question is covered")


def groups_of(*sizes):
    return np.repeat(np.arange(len(sizes)), sizes)


def test_mean_auc_worked_by_hand():
    # First group: 3 of 4 pairs in order. Second: one tie and one in order, 1.5 of 2.
    values = floats([0.9, 0.4, 0.5, 0.1, 0.3, 0.3, 0.2])
    positive = np.array([1, 1, 0, 0, 1, 0, 0], dtype=bool)
    estimate = mean_auc(values, positive, groups_of(4, 3))
    assert estimate.value == 0.75
    assert estimate.n == 7
    # Equal areas have no spread to make an interval from.
    assert (estimate.low, estimate.high) == (None, None)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.booleans(), st.integers(-2, 2)), min_size=1, max_size=30
    )
)
def test_mean_auc_is_its_definition(rows):
    groups, positive, values = zip(*rows, strict=True)
    areas = []
    for group in sorted(set(groups)):
        sides = [
            [v for g, p, v in zip(groups, positive, values, strict=True) if g == group and p is s]
            for s in (True, False)
        ]
        if all(sides):
            areas.append(grouping.area(*sides))
    estimate = mean_auc(floats(values), np.array(positive), np.array(groups))
    if not areas:
        assert (estimate.value, estimate.reason) == (None, "no group has both kinds of pairs")
        return
    assert estimate.value == pytest.approx(np.mean(areas))
    if len(areas) > 1 and max(areas) - min(areas) > 1e-9:
        low, high = stats.ttest_1samp(areas, 0.5).confidence_interval(0.95)
        assert (estimate.low, estimate.high) == pytest.approx((max(low, 0.0), min(high, 1.0)))


def test_mean_auc_interval_covers_the_truth_nineteen_times_in_twenty():
    rng = np.random.default_rng(17)
    truth = stats.norm.cdf(0.5 / math.sqrt(2))  # normal values half a standard deviation apart
    groups = groups_of(*[9] * 25)
    positive = np.tile(np.arange(9) < 4, 25)
    covered = 0
    for _ in range(1000):
        estimate = mean_auc(rng.normal(size=225) + 0.5 * positive, positive, groups)
        covered += estimate.low <= truth <= estimate.high
    assert 929 <= covered <= 971  # 950 ± 3 standard errors


@pytest.mark.parametrize(
    ("values", "positive", "reason"),
    [
        ([], [], "no pair is covered"),
        ([0.1, math.nan], [1, 0], "not finite"),
        ([0.1, 0.2], [1, 1], "no group has both kinds"),
    ],
)
def test_no_auc_has_a_reason(values, positive, reason):
    estimate = mean_auc(floats(values), np.array(positive, dtype=bool), groups_of(len(values)))
    assert estimate.value is None
    assert reason in estimate.reason
    assert estimate.n == len(values)
