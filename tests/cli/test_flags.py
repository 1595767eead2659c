"""Flags from a constructor's signature and docstring."""

from __future__ import annotations

import inspect
import re
from typing import Literal

import pytest

from textrep.cli.docstrings import intro_of
from textrep.cli.flags import Flag, flags_of
from textrep.errors import UsageError


class Example:
    """An example of a model.

    It weighs ``x`` by :class:`~textrep.weights.Weight`.

    Parameters
    ----------
    dim : int, default=200
        Number of dimensions
        of each vector.
    scale : float, default=1.0
        The scale, `s`.
    center : bool, default=False
        Whether to centre.
    solver : {"arpack", "randomized"}, default="randomized"
        The method.
    side : {"left", "right"}, default="left"
        The side.
    limit : int or None, default=None
        The limit.
    share : int or float, default=1
        A number or a share.
    random_state : int, default=0
        The seed.

    Attributes
    ----------
    vectors_ : WordVectors
        Not a parameter.
    """

    def __init__(
        self,
        dim: int = 200,
        scale: float = 1.0,
        center: bool = False,
        solver: str = "randomized",
        side: Literal["left", "right"] = "left",
        limit: int | None = None,
        share: float | int = 1,
        random_state: int = 0,
    ) -> None: ...


@pytest.fixture
def flags() -> dict[str, Flag]:
    return {flag.parameter: flag for flag in flags_of(Example)}


def test_every_parameter_is_a_flag_in_order(flags: dict[str, Flag]) -> None:
    assert [flag.option for flag in flags.values()] == [
        "--dim",
        "--scale",
        "--center/--no-center",
        "--solver",
        "--side",
        "--limit",
        "--share",
        "--seed",
    ]


def test_help_default_and_metavar_come_from_the_class(flags: dict[str, Flag]) -> None:
    assert flags["dim"].help == "Number of dimensions of each vector."
    assert flags["scale"].help == "The scale, s."
    assert flags["random_state"].help == "The seed."
    assert flags["dim"].shown_default == "200"
    assert flags["center"].shown_default == "off"
    assert flags["limit"].shown_default is False
    assert flags["solver"].metavar == "arpack|randomized"
    assert flags["side"].metavar == "left|right"
    assert flags["share"].metavar == "N|X"


def test_introduction_ends_at_the_first_section() -> None:
    assert (
        intro_of(inspect.getdoc(Example) or "")
        == "An example of a model.\n\nIt weighs x by textrep.weights.Weight."
    )


@pytest.mark.parametrize(
    ("parameter", "value", "wanted"),
    [
        ("dim", "30", 30),
        ("dim", 30, 30),
        ("scale", "0.5", 0.5),
        ("scale", 2, 2.0),
        ("center", True, True),
        ("solver", "arpack", "arpack"),
        ("limit", "none", None),
        ("limit", "7", 7),
        ("share", "7", 7),
        ("share", "0.5", 0.5),
        ("share", 0.5, 0.5),
    ],
)
def test_values(flags: dict[str, Flag], parameter: str, value: object, wanted: object) -> None:
    converted = flags[parameter].convert(value, "--x")
    assert converted == wanted
    assert type(converted) is type(wanted)


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        ("dim", "3.5", "--x must be a whole number. Got '3.5'."),
        ("dim", True, "--x must be a whole number. Got True."),
        ("dim", "none", "--x must be a whole number. Got 'none'."),
        ("scale", "wide", "--x must be a number. Got 'wide'."),
        ("center", "yes", "--x must be true or false. Got 'yes'."),
        ("solver", "arpak", "Unknown value for --x: 'arpak'. Did you mean 'arpack'?"),
        ("side", 3, "--x must be 'left' or 'right'. Got 3."),
        ("share", [], "--x must be a whole number or a number. Got []."),
    ],
)
def test_wrong_values(flags: dict[str, Flag], parameter: str, value: object, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        flags[parameter].convert(value, "--x")


def test_many_choices_are_listed_in_the_description() -> None:
    names = ("negative-sampling", "hierarchical-softmax", "softmax", "margin")
    few, many = (
        Flag("objective", "objective", (), choices, False, "softmax", "What is lowered.")
        for choices in (names, (*names, "noise-contrastive"))
    )
    assert few.metavar == "negative-sampling|hierarchical-softmax|softmax|margin"
    assert few.described == "What is lowered."
    assert many.metavar == "NAME"
    assert many.described.endswith(
        "One of negative-sampling, hierarchical-softmax, softmax, margin, noise-contrastive."
    )
