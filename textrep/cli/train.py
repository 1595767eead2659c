"""``textrep train``: one subcommand a model, made from the model's own signature."""

from __future__ import annotations

import functools
import importlib
import inspect
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from textrep.cli.estimators import Flag, flags_of, intro_of
from textrep.cli.framework import Command, Group, lazy_group, make_command
from textrep.cli.options import Corpus, Json, OutputFolder, Quiet
from textrep.cli.output import print_json, writing
from textrep.cli.progress import showing_progress
from textrep.errors import InputError, UnknownNameError, UsageError
from textrep.files import check_replaceable

__all__ = ["MODELS", "ModelEntry", "group", "read_config"]


class ModelEntry(NamedTuple):
    """Where a model's class is, and what the list of models says of it."""

    target: str
    summary: str


# So that the list of models is printed without importing them. A test compares it with them.
MODELS = {
    "onehot": ModelEntry("textrep.models.onehot:OneHot", ""),
    "cooccurrence": ModelEntry("textrep.models.cooccurrence:Cooccurrence", ""),
    "pmi": ModelEntry("textrep.models.pmi:PMI", ""),
    "ppmi": ModelEntry("textrep.models.pmi:PPMI", ""),
    "svd": ModelEntry("textrep.models.svd:SVD", ""),
}


def group() -> Group:
    """Return the group ``textrep train``."""

    def train() -> None:
        """Train a representation and write it to a model folder.

        $ textrep train svd corpus -o svd --dim 300

        $ textrep train svd --help
        """

    return lazy_group(
        "train",
        train,
        {name: functools.partial(_command, name) for name in MODELS},
        kind="model",
        summaries={name: entry.summary for name, entry in MODELS.items()},
    )


def _command(name: str) -> Command:
    """Return the subcommand of one model, with a flag for each of its parameters."""
    module, attribute = MODELS[name].target.split(":")
    estimator = getattr(importlib.import_module(module), attribute)
    flags = flags_of(estimator)

    def train_model(**given: Any) -> None:
        _train(estimator, flags, **given)

    parameters = [
        _parameter("corpus", Corpus),
        _parameter("output", OutputFolder),
        *(_flag_parameter(flag) for flag in flags),
        _parameter("config", _Config, default=None),
        _parameter("json", Json, default=False),
        _parameter("quiet", Quiet, default=False),
    ]
    # typer reads the command's options from these.
    train_model.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    train_model.__annotations__ = {item.name: item.annotation for item in parameters}
    train_model.__doc__ = intro_of(estimator)
    return make_command(name, train_model)


_Config = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="Parameters in TOML, one a line; flags override it."
    ),
]


def _parameter(name: str, annotation: Any, **default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, **default)


def _flag_parameter(flag: Flag) -> inspect.Parameter:
    """Return a parameter that is None unless its flag is given, so that a file can come between."""
    kind: Any = bool if flag.types == (bool,) else str
    option = typer.Option(
        flag.option,
        metavar=flag.metavar,
        help=flag.help,
        show_default=flag.shown_default,
    )
    return _parameter(flag.parameter, Annotated[kind | None, option], default=None)


def _train(
    estimator: type,
    flags: Sequence[Flag],
    *,
    corpus: str,
    output: Path,
    config: Path | None,
    json: bool,
    quiet: bool,
    **given: Any,
) -> None:
    from textrep.models import resolve_source

    settings = read_config(config, flags) if config else {}
    for flag in flags:
        if given[flag.parameter] is not None:
            option = flag.option.split("/")[0]
            settings[flag.parameter] = flag.convert(given[flag.parameter], option)
    check_replaceable(output, "config.json")
    started = time.perf_counter()
    with showing_progress(quiet), writing(output):
        model = estimator(**settings).fit(resolve_source(corpus))
        model.save(output)
    seconds = time.perf_counter() - started
    n_words, dim = model.word_vectors_.shape
    if json:
        print_json(
            {
                "path": str(output),
                "model": estimator.__name__,
                "parameters": model.get_params(),
                "n_words": n_words,
                "dim": dim,
                "seconds": seconds,
            }
        )
    else:
        print(f"{output}: {estimator.__name__}, {n_words:,} words x {dim:,}, {seconds:.1f} s")


def read_config(path: Path, flags: Sequence[Flag]) -> dict[str, object]:
    """Return the parameters that a TOML file sets.

    Keys are parameters or flags, with dashes or underscores.

    Raises
    ------
    InputError
        The file is not TOML.
    UsageError
        A key is unknown, or its value is of the wrong type.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not valid TOML: {error}") from None
    known = {name: flag for flag in flags for name in (flag.name, flag.parameter)}
    settings: dict[str, object] = {}
    for key, value in content.items():
        flag = known.get(key.replace("-", "_"))
        if flag is None:
            raise UnknownNameError(f"key in {path}:", key, [flag.name for flag in flags])
        if flag.parameter in settings:
            raise UsageError(f"{path} sets {flag.name} twice")
        settings[flag.parameter] = flag.convert(value, f"{path}: {key}")
    return settings
