"""Windows: weights as whole numbers."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.cooccurrence import weight

from textrep.counting import SIDES, WEIGHTS, Window


@pytest.mark.parametrize(
    ("weights", "expected", "scale"),
    [
        ("flat", [1, 1, 1, 1], 1),
        ("harmonic", [12, 6, 4, 3], 12),  # 1, 1/2, 1/3, 1/4 times their common denominator
        ("dynamic", [4, 3, 2, 1], 4),
    ],
)
def test_whole_weights_by_hand(weights, expected, scale):
    left, right, found = Window(4, weights).whole_weights(100)
    assert left.tolist() == right.tolist() == expected
    assert found == scale


@pytest.mark.parametrize(("side", "left", "right"), [("left", 3, 0), ("right", 0, 3)])
def test_a_side_that_is_not_looked_at_has_no_weights(side, left, right):
    found_left, found_right, _ = Window(3, side=side).whole_weights(1)
    assert (len(found_left), len(found_right)) == (left, right)


def test_sides_and_weights_are_all_tested():
    assert set(SIDES) == {"both", "left", "right"}
    assert set(WEIGHTS) == {"flat", "harmonic", "dynamic"}


@settings(deadline=None)
@given(
    size=st.integers(1, 1000),
    weights=st.sampled_from(sorted(WEIGHTS)),
    most=st.integers(1, 2**40),
)
def test_whole_weights_never_overflow_and_are_as_exact_as_documented(size, weights, most):
    left, right, scale = Window(size, weights).whole_weights(most)
    # A word beside itself at every distance, on both sides, at each of its occurrences.
    assert 2 * most * sum(int(value) for value in left) < 2**63
    assert np.array_equal(left, right)
    exact = [weight(weights, d, size) for d in range(1, size + 1)]
    for whole, fraction in zip(left.tolist(), exact, strict=True):
        error = abs(Fraction(whole) / Fraction(scale) - fraction) / fraction
        assert error <= Fraction(size) / Fraction(scale)
    common = math.lcm(*(fraction.denominator for fraction in exact))
    if common * 2 * most * sum(exact) < 2**61:
        assert scale == common


def test_wide_windows_fall_back_to_a_power_of_two():
    _, _, scale = Window(1000).whole_weights(10**6)
    assert math.log2(scale) == int(math.log2(scale))
    assert scale > 2**36
