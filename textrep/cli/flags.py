"""Flags made from a class: its constructor's signature, and the Parameters of its docstring.

The signature is the configuration of a model or a corpus build, so nothing is written twice.
A TOML file may set the same parameters.
"""

from __future__ import annotations

import inspect
import tomllib
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from textrep.cli.docstrings import choices_in, parameters_of
from textrep.errors import InputError, UnknownNameError, UsageError

__all__ = [
    "Flag",
    "config_option",
    "flags_of",
    "parameter",
    "settings",
    "with_options",
    "with_parameters",
]

# Flags that are called the same in every command, whatever scikit-learn calls the parameter.
_RENAMED = {"random_state": "seed", "n_jobs": "threads"}
_ORDER = (bool, int, float, str)
_LONGEST = 60  # characters of what stands for a value in the help
_METAVARS = {int: "N", float: "X", str: "NAME", bool: "BOOL"}
_RULES = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}


@dataclass(frozen=True)
class Flag:
    """One parameter of a class, as a flag.

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
    is_file : bool
        Whether it may be a path.
    """

    parameter: str
    name: str
    types: tuple[type, ...]
    choices: tuple[str, ...]
    optional: bool
    default: object
    help: str
    is_file: bool = False

    @property
    def option(self) -> str:
        """The flag as it is typed."""
        dashed = "--" + self.name.replace("_", "-")
        return f"{dashed}/--no-{dashed[2:]}" if self.types == (bool,) else dashed

    @property
    def metavar(self) -> str:
        """What stands for the value in the help."""
        if self.choices:
            return _METAVARS[str] if self._has_many_choices else "|".join(self.choices)
        return "FILE" if self.is_file else "|".join(_METAVARS[kind] for kind in self.types)

    @property
    def described(self) -> str:
        """The help, with the choices if they are too many to stand for the value."""
        if not self._has_many_choices:
            return self.help
        return f"{self.help} One of {', '.join(self.choices)}."

    @property
    def _has_many_choices(self) -> bool:
        return len("|".join(self.choices)) > _LONGEST

    @property
    def shown_default(self) -> str | bool:
        """The default as one would type it; False: none that says anything."""
        if isinstance(self.default, bool):
            return "on" if self.default else "off"
        return False if self.default is None else str(self.default)

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


def flags_of(configured: type) -> list[Flag]:
    """Return the flags of an estimator or another class, in the order of its docstring."""
    hints = typing.get_type_hints(configured.__init__)  # type: ignore[misc]
    described = parameters_of(inspect.getdoc(configured) or "")
    place = {name: number for number, name in enumerate(described)}
    taken = inspect.signature(configured).parameters.items()
    flags = []
    for name, parameter in sorted(taken, key=lambda item: place.get(item[0], len(place))):
        kind, text = described.get(name, ("", ""))
        accepted = _accepted(hints[name])
        choices = tuple(item for item in accepted if isinstance(item, str)) or choices_in(kind)
        plain = tuple(item for item in _ORDER if item in accepted)
        flags.append(
            Flag(
                parameter=name,
                name=_RENAMED.get(name, name),
                types=tuple(item for item in plain if not (choices and item is str)),
                choices=choices,
                optional=types.NoneType in accepted,
                default=parameter.default,
                help=text,
                is_file=Path in accepted,
            )
        )
    return flags


def with_options(
    function: Callable[..., None],
    before: Sequence[inspect.Parameter],
    flags: Sequence[Flag],
    after: Sequence[inspect.Parameter],
) -> Callable[..., None]:
    """Return a function that typer sees with these parameters, and that passes them all on.

    A flag's parameter is None unless the flag is given, so that a file can set it instead.
    """
    parameters = [*before, *map(_flag_parameter, flags), *after]
    return with_parameters(function, parameters, function.__doc__)


def with_parameters(
    function: Callable[..., None], parameters: Sequence[inspect.Parameter], doc: str | None
) -> Callable[..., None]:
    """Return a function that typer sees with these parameters, and that passes them all on."""

    def wrapper(**given: Any) -> None:
        function(**given)

    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {item.name: item.annotation for item in parameters}
    wrapper.__doc__ = doc
    return wrapper


def parameter(name: str, annotation: Any, **default: Any) -> inspect.Parameter:
    """Return a parameter of a command; without ``default`` it is required."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, **default)


def config_option() -> inspect.Parameter:
    """Return the parameter for ``--config``."""
    option = typer.Option(
        "--config", metavar="FILE", help="Options in TOML, one a line; flags override them."
    )
    return parameter("config", Annotated[Path | None, option], default=None)


def _flag_parameter(flag: Flag) -> inspect.Parameter:
    kind: Any = bool if flag.types == (bool,) else str
    option = typer.Option(
        flag.option, metavar=flag.metavar, help=flag.described, show_default=flag.shown_default
    )
    return parameter(flag.parameter, Annotated[kind | None, option], default=None)


def settings(
    flags: Sequence[Flag], given: Mapping[str, object], config: Path | None
) -> dict[str, Any]:
    """Return the parameters that a file and, above it, the flags set.

    Parameters
    ----------
    flags : sequence of Flag
        The flags there are.
    given : mapping of str to object
        What was given for each parameter; None: nothing.
    config : Path, optional
        A TOML file. Its keys are parameters or flags, with dashes or underscores.

    Raises
    ------
    InputError
        The file is not TOML.
    UsageError
        A key is unknown, or a value is of the wrong type.
    """
    found = _read_config(config, flags) if config is not None else {}
    for flag in flags:
        if given[flag.parameter] is not None:
            option = flag.option.split("/")[0]
            found[flag.parameter] = flag.convert(given[flag.parameter], option)
    return found


def _read_config(path: Path, flags: Sequence[Flag]) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not valid TOML: {error}") from None
    known = {name: flag for flag in flags for name in (flag.name, flag.parameter)}
    found: dict[str, Any] = {}
    for key, value in content.items():
        flag = known.get(key.replace("-", "_"))
        if flag is None:
            raise UnknownNameError(f"key in {path}:", key, [flag.name for flag in flags])
        if flag.parameter in found:
            raise UsageError(f"{path} sets {flag.name} twice")
        found[flag.parameter] = flag.convert(value, f"{path}: {key}")
    return found


def _accepted(annotation: Any) -> list[Any]:
    """Return the types and the choices in an annotation; a collection is given as a text."""
    origin = typing.get_origin(annotation)
    if origin is Literal:
        return list(typing.get_args(annotation))
    if origin in {typing.Union, types.UnionType}:
        return [item for part in typing.get_args(annotation) for item in _accepted(part)]
    if annotation is Path or origin is not None:
        return [annotation, str]
    return [annotation]
