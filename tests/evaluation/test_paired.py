import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textrep.evaluation.paired import holm, mcnemar, williams

# The published value: Silver, Hittner and May 2006, A FORTRAN 77 Program for Comparing Dependent
# Correlations, Applied Psychological Measurement 30, as it stands in the tests of the R package
# cocor (Diedenhofen and Musch 2015, PLOS ONE 10(4)).


def test_williams_equals_the_published_value():
    t, p = williams(0.3, 0.4, 0.5, 100)
    assert round(t, 4) == -1.0767
    assert round(p, 4) == 0.2843


def test_of_correlations_the_order_turns_the_sign():
    one, other = williams(0.5, 0.6, 0.7, 80), williams(0.6, 0.5, 0.7, 80)
    assert one[0] == -other[0]
    assert one[1] == other[1]


@pytest.mark.parametrize("arguments", [(0.5, 0.4, 0.2, 3), (0.5, 0.5, 1.0, 100)])
def test_where_there_is_nothing_to_test_the_p_value_is_nan(arguments):
    assert all(map(math.isnan, williams(*arguments)))


def test_equal_correlations_differ_in_five_of_a_hundred_samples():
    """Of a gold score and two equally good models that agree by half."""
    random = np.random.default_rng(0)
    wanted = np.array([[1, 0.5, 0.5], [0.5, 1, 0.6], [0.5, 0.6, 1]])
    samples = random.multivariate_normal(np.zeros(3), wanted, (3000, 60))
    found = []
    for sample in samples:
        table = np.corrcoef(sample.T)
        found.append(williams(table[0, 1], table[0, 2], table[1, 2], 60)[1] < 0.05)
    assert np.mean(found) == pytest.approx(0.05, abs=3 * math.sqrt(0.05 * 0.95 / 3000))


def test_mcnemar_counts_what_just_one_got_right():
    first = np.array([True] * 10 + [False] * 2 + [True] * 50)
    second = np.array([False] * 10 + [True] * 2 + [True] * 50)
    # 2 · P(at most 2 of 12 coins), by the binomial formula.
    expected = 2 * sum(math.comb(12, k) for k in range(3)) / 2**12
    assert mcnemar(first, second) == pytest.approx(expected)
    assert mcnemar(second, first) == mcnemar(first, second)


def test_models_with_the_same_answers_do_not_differ():
    answers = np.array([True, False, True])
    assert mcnemar(answers, answers) == 1.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_equals_its_definition(p_values):
    m = len(p_values)
    expected = []
    for mine in p_values:
        before = sorted(p for p in p_values if p <= mine)
        steps = [(m - rank) * p for rank, p in enumerate(before)]
        expected.append(min(1.0, max(steps)))
    adjusted = holm(p_values)
    # Of equal p-values the first has the larger factor, and all get it.
    assert adjusted == pytest.approx(expected)


def test_holm_leaves_out_what_was_not_tested():
    adjusted = holm([0.02, math.nan, 0.01])
    assert adjusted[0] == adjusted[2] == 0.02
    assert math.isnan(adjusted[1])
