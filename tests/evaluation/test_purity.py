import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import grouping

from textrep.evaluation.purity import memberships, purity
from textrep.evaluation.statistics import accuracy


def ints(*rows):
    return np.array(rows, dtype=np.int64)


def floats(values):
    return np.array(values, dtype=np.float64)


def test_worked_by_hand():
    # Manning, Raghavan and Schütze 2008, figure 16.4: 17 points, 5 + 4 + 3 in the majority.
    clusters = ints([0] * 6 + [1] * 6 + [2] * 5)
    gold = [*"xxxxxo", *"xooood", *"xxddd"]
    estimate = purity(clusters, floats(["xod".index(letter) for letter in gold]))
    assert estimate.value == pytest.approx(12 / 17)
    assert estimate.n == 17


CASES = st.integers(2, 12).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.integers(-1, 3), min_size=n, max_size=n), min_size=1, max_size=3),
        st.lists(st.integers(0, 3), min_size=n, max_size=n),
    )
)


@given(CASES)
def test_loops_agree(case):
    runs, gold = case
    shares = memberships(ints(*runs), floats(gold))
    expected = [grouping.purity(run, gold) for run in runs]
    assert shares.mean(axis=1) == pytest.approx(expected)
    assert shares[ints(*runs) < 0].sum() == 0
    estimate = purity(ints(*runs), floats(gold))
    if len(set(gold)) in (1, len(gold)):
        assert estimate.value is None
    else:
        assert estimate.value == pytest.approx(np.mean(expected))


def test_categories_that_tie_share_the_cluster():
    shares = memberships(ints([0, 0, 0, 0, 0, 1]), floats([1, 1, 2, 2, 3, 3]))
    assert shares.tolist() == [[0.5, 0.5, 0.5, 0.5, 0.0, 1.0]]


def test_the_interval_is_that_of_a_share():
    clusters, gold = ints([0, 0, 0, 1, 1, 1, 1, 1]), floats([1, 1, 2, 2, 2, 2, 1, 1])
    as_answers = accuracy(floats([1, 1, 0, 1, 1, 1, 0, 0]))
    assert purity(clusters, gold) == dataclasses.replace(as_answers, n=8)
    # A second run with another purity changes the mean, and does not make more words.
    twice = purity(ints(clusters[0], [0] * 8), gold)
    assert twice.value == (5 + 4) / 16
    assert twice.n == 8
    assert twice.high - twice.low > 0.5


@pytest.mark.parametrize(
    ("gold", "reason"),
    [([], "no word is covered"), ([1, 1, 1], "two categories"), ([1, 2, 3], "two categories")],
)
def test_no_value_has_a_reason(gold, reason):
    estimate = purity(np.zeros((2, len(gold)), np.int64), floats(gold))
    assert (estimate.value, estimate.low, estimate.n) == (None, None, len(gold))
    assert reason in estimate.reason


def test_words_in_no_cluster_are_wrong():
    assert purity(ints([-1, -1, -1]), floats([1, 1, 2])).value == 0.0
    assert purity(ints([0, -1, 0]), floats([1, 1, 2])).value == pytest.approx(1 / 3)
