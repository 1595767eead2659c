"""From an estimator's constructor to flags: names, types, defaults, help.

The constructor's signature is the configuration, and its docstring describes each parameter, so
nothing about a model is written twice.
"""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from textrep.errors import UnknownNameError, UsageError

__all__ = ["Flag", "flags_of", "intro_of"]

# Flags that are called the same in every command, whatever scikit-learn calls the parameter.
_RENAMED = {"random_state": "seed", "n_jobs": "threads"}
_METAVARS = {int: "N", float: "X", str: "NAME", bool: "BOOL"}
_RULES = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}


@dataclass(frozen=True)
class Flag:
    """One parameter of an estimator, as a flag.

    Attributes
    ----------
    parameter : str
        Its name in the constructor.
    name : str
        Its name on the command line and in a configuration file, without dashes.
    types : tuple of type
        The types that it accepts, among bool, int, float and str.
    choices : tuple of str
        The values that it accepts; empty: any of ``types``.
    optional : bool
        Whether it may be None, written "none".
    default : object
        The constructor's default.
    help : str
        Its description in the docstring.
    """

    parameter: str
    name: str
    types: tuple[type, ...]
    choices: tuple[str, ...]
    optional: bool
    default: object
    help: str

    @property
    def option(self) -> str:
        """The flag as it is typed."""
        dashed = "--" + self.name.replace("_", "-")
        return f"{dashed}/--no-{dashed[2:]}" if self.types == (bool,) else dashed

    @property
    def metavar(self) -> str:
        """What stands for the value in the help."""
        if self.choices:
            return "|".join(self.choices)
        return "|".join(_METAVARS[kind] for kind in self.types)

    @property
    def shown_default(self) -> str:
        """The default as one would type it."""
        if isinstance(self.default, bool):
            return "on" if self.default else "off"
        return "none" if self.default is None else str(self.default)

    def convert(self, value: object, where: str) -> object:
        """Return ``value``, a text or what TOML made of it, as the constructor wants it.

        Raises
        ------
        UsageError
            It is none of the choices, or of another type; ``where`` says who gave it.
        """
        if self.optional and isinstance(value, str) and value.lower() == "none":
            return None
        if self.choices and isinstance(value, str):
            if value in self.choices:
                return value
            if not self.types:
                raise UnknownNameError(f"value for {where}:", value, self.choices)
        for kind in self.types:
            converted = _as(kind, value)
            if converted is not None:
                return converted
        rules = [_RULES[kind] for kind in self.types] + [repr(choice) for choice in self.choices]
        raise UsageError(f"{where} must be {' or '.join(rules)}. Got {value!r}.")


def _as(kind: type, value: object) -> object | None:
    """Return ``value`` as a bool, int, float or str, or None if it is not one."""
    if isinstance(value, bool) or kind is bool:
        return value if isinstance(value, bool) and kind is bool else None
    if isinstance(value, str):
        if kind is str:
            return value
        try:
            number = float(value) if kind is float else int(value)
        except ValueError:
            return None
        return number
    if isinstance(value, int) and kind in {int, float}:
        return kind(value)
    return value if isinstance(value, kind) else None


def flags_of(estimator: type) -> list[Flag]:
    """Return the flags of an estimator class, in the order of its constructor."""
    hints = typing.get_type_hints(estimator.__init__)  # type: ignore[misc]
    described = _parameters(inspect.getdoc(estimator) or "")
    flags = []
    for parameter in list(inspect.signature(estimator).parameters.values()):
        kind, text = described.get(parameter.name, ("", ""))
        accepted = _accepted(hints[parameter.name])
        choices = tuple(item for item in accepted if isinstance(item, str)) or _choices(kind)
        found = tuple(item for item in accepted if isinstance(item, type))
        plain = tuple(item for item in found if item is not types.NoneType)
        flags.append(
            Flag(
                parameter=parameter.name,
                name=_RENAMED.get(parameter.name, parameter.name),
                types=tuple(item for item in plain if not (choices and item is str)),
                choices=choices,
                optional=types.NoneType in found,
                default=parameter.default,
                help=text,
            )
        )
    return flags


def intro_of(estimator: type) -> str:
    """Return the docstring up to its first section."""
    text = re.split(r"\n\w[\w ]*\n-{3,}\n", inspect.getdoc(estimator) or "")[0]
    return _plain(text.strip())


def _accepted(annotation: Any) -> list[type | str]:
    """Return the types and the choices in an annotation, int before float before str."""
    if typing.get_origin(annotation) is Literal:
        return [item for item in typing.get_args(annotation) if isinstance(item, str)]
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        parts = [item for part in typing.get_args(annotation) for item in _accepted(part)]
        order = [bool, int, float, str]
        return sorted(parts, key=lambda item: order.index(item) if item in order else -1)
    return [annotation]


def _choices(kind: str) -> tuple[str, ...]:
    """Return the choices that a docstring lists as ``{"a", "b"}``."""
    braces = re.match(r"\{([^}]*)\}", kind)
    return tuple(re.findall(r"[\"']([^\"']+)[\"']", braces.group(1))) if braces else ()


def _parameters(docstring: str) -> Mapping[str, tuple[str, str]]:
    """Return the type and the description of each parameter in a NumPy docstring."""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[\w ]*\n-{3,}$|\Z)", docstring, re.M | re.S)
    found: dict[str, tuple[str, str]] = {}
    if section is None:
        return found
    for entry in re.split(r"^(?=\w)", section.group(1), flags=re.M):
        head, _, body = entry.partition("\n")
        names, _, kind = head.partition(":")
        for name in names.split(","):
            if name.strip():
                found[name.strip()] = (kind.strip(), _plain(" ".join(body.split())))
    return found


def _plain(text: str) -> str:
    """Take reStructuredText's quotes and roles away."""
    text = re.sub(r":\w+:`~?([^`<]+?)(?: <[^>]*>)?`", r"\1", text)
    return re.sub(r"``?([^`]+)``?_?", r"\1", text)
