"""Checks of parameters: what passes, what does not, and what is said."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from textrep.checks import check_choice, check_integer, check_number
from textrep.errors import InvalidParameterError, UnknownNameError


@pytest.mark.parametrize("value", [1, 5, np.int32(3), np.uint8(1)])
def test_integers(value: object) -> None:
    check_integer("dim", "SVD", value, 1, 5)


@pytest.mark.parametrize("value", [0, 6, 1.0, "1", None, True, np.float64(2), np.True_, math.nan])
def test_what_is_no_such_integer(value: object) -> None:
    rule = "^The dim parameter of SVD must be an integer from 1 to 5. Got .* instead.$"
    with pytest.raises(InvalidParameterError, match=rule):
        check_integer("dim", "SVD", value, 1, 5)


def test_an_integer_without_an_upper_bound() -> None:
    check_integer("dim", "SVD", 10**30, 0)
    with pytest.raises(InvalidParameterError, match="an integer from 0 up"):
        check_integer("dim", "SVD", -1, 0)


@pytest.mark.parametrize("value", [0, 0.5, 1, np.float32(0.25), Fraction(1, 3)])
def test_numbers(value: object) -> None:
    check_number("p", "SVD", value, 0, 1)


@pytest.mark.parametrize("value", [-0.1, 1.1, "0.5", None, False, math.nan, math.inf, 1j])
def test_what_is_no_such_number(value: object) -> None:
    with pytest.raises(InvalidParameterError, match="a number from 0 up to 1"):
        check_number("p", "SVD", value, 0, 1)


def test_a_number_above_its_bound() -> None:
    check_number("p", "SVD", 1e-300, 0, above=True)
    with pytest.raises(InvalidParameterError, match="a finite number above 0"):
        check_number("p", "SVD", 0.0, 0, above=True)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_without_bounds(value: float) -> None:
    with pytest.raises(InvalidParameterError):
        check_number("p", "SVD", value)
    for number in (1e308, -1e308, 10**400):
        check_number("p", "SVD", number)


def test_choices() -> None:
    check_choice("solver", "SVD", "arpack", iter(["arpack", "randomized"]))
    with pytest.raises(
        UnknownNameError, match=r"Unknown solver of SVD 'arpak'\. Did you mean 'arpack'"
    ):
        check_choice("solver", "SVD", "arpak", ["arpack", "randomized"])
    with pytest.raises(UnknownNameError):
        check_choice("solver", "SVD", None, ["arpack"])  # type: ignore[arg-type]
