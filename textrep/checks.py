"""Checks of parameters, with one wording."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Integral, Real

from textrep.errors import InvalidParameterError, UnknownNameError

__all__ = ["check_boolean", "check_choice", "check_integer", "check_number", "check_text"]


def check_boolean(name: str, caller: str, value: object) -> None:
    """Raise InvalidParameterError unless ``value`` is true or false."""
    if not isinstance(value, bool):
        raise InvalidParameterError(name, caller, "True or False", value)


def check_choice(name: str, caller: str, value: object, choices: Iterable[str]) -> None:
    """Raise UnknownNameError unless ``value`` is one of ``choices``."""
    known = list(choices)
    if not isinstance(value, str) or value not in known:
        raise UnknownNameError(f"{name} of {caller}", str(value), known)


def check_integer(
    name: str, caller: str, value: object, least: int, most: int | None = None
) -> None:
    """Raise InvalidParameterError unless ``value`` is an integer from ``least`` to ``most``."""
    if (
        isinstance(value, bool)
        or not isinstance(value, Integral)
        or not (least <= int(value) and (most is None or int(value) <= most))
    ):
        bound = f"from {least} up" if most is None else f"from {least} to {most}"
        raise InvalidParameterError(name, caller, f"an integer {bound}", value)


def check_number(
    name: str,
    caller: str,
    value: object,
    least: float = -math.inf,
    most: float = math.inf,
    *,
    above: bool = False,
) -> None:
    """Raise InvalidParameterError unless ``value`` is a finite number from ``least`` to ``most``.

    Parameters
    ----------
    name, caller : str
        The parameter and whose it is.
    value : object
        What was given.
    least, most : float
        The range, ends included.
    above : bool, default=False
        Whether ``least`` itself is too small.
    """
    if (
        isinstance(value, bool)
        or not isinstance(value, Real)
        or not (value <= most and value < math.inf)  # not-a-number fails both
        or value < least
        or value <= -math.inf
        or (above and value == least)
    ):
        begin = f"above {least:g}" if above else f"from {least:g}"
        end = f" up to {most:g}" if most < math.inf else ""
        rule = f"a {'' if end else 'finite '}number {begin}{end}{'' if end or above else ' up'}"
        raise InvalidParameterError(name, caller, rule, value)


def check_text(name: str, caller: str, value: object) -> None:
    """Raise InvalidParameterError unless ``value`` is a string that is not empty."""
    if not isinstance(value, str) or not value:
        raise InvalidParameterError(name, caller, "a string that is not empty", value)
