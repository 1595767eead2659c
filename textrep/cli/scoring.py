"""How models are scored: the options that every command which scores them has."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from textrep.cli.evaluated import Loaded, load_models
from textrep.cli.flags import parameter, with_parameters

if TYPE_CHECKING:
    from textrep.evaluation import Report

__all__ = ["Scoring", "with_scoring"]


@dataclass(frozen=True)
class Scoring:
    """How models are scored: the options of every command that scores them.

    Attributes
    ----------
    suite, benchmark : list of str or None
        Names; without any the suite "words".
    oov, method, restrict_vocabulary
        As `textrep.evaluation.evaluate` takes them.
    average : list of str or None
        Weights of averages of word vectors, for texts; without any "sif".
    probe : list of str or None
        What classifies texts; without any "logistic".
    """

    suite: Annotated[
        list[str] | None,
        typer.Option("--suite", metavar="NAME", help="A set of benchmarks.", show_default="words"),
    ] = None
    benchmark: Annotated[
        list[str] | None,
        typer.Option("--benchmark", metavar="NAME", help="One benchmark; may be repeated."),
    ] = None
    oov: Annotated[
        str | None,
        typer.Option(
            "--oov",
            metavar="POLICY",
            help="Items with unknown words: skip, zero, mean or subwords.",
            show_default="as each benchmark says",
        ),
    ] = None
    method: Annotated[
        str, typer.Option("--method", metavar="3cosadd|3cosmul", help="For analogies.")
    ] = "3cosadd"
    restrict_vocabulary: Annotated[
        int | None,
        typer.Option(
            "--restrict-vocabulary",
            metavar="N",
            help="Answer analogies with the N most frequent words only.",
            show_default="all words",
        ),
    ] = None
    average: Annotated[
        list[str] | None,
        typer.Option(
            "--average",
            metavar="WEIGHTS",
            help="For texts: average word vectors by mean, tfidf or sif; may be repeated.",
            show_default="sif",
        ),
    ] = None
    probe: Annotated[
        list[str] | None,
        typer.Option(
            "--probe",
            metavar="NAME",
            help="For classification: logistic, perceptron or mlp, of vectors that stay as they "
            "are; or finetuned, the model itself, all of it trained on each benchmark, in minutes; "
            "may be repeated.",
            show_default="logistic",
        ),
    ] = None

    @property
    def chosen(self) -> list[str]:
        """Names of suites and benchmarks."""
        return [*(self.suite or []), *(self.benchmark or [])] or ["words"]

    @property
    def probes(self) -> list[str]:
        """What classifies texts."""
        return self.probe or ["logistic"]

    @property
    def options(self) -> dict[str, Any]:
        """What `textrep.evaluation.evaluate` is told of all models alike."""
        names = ("oov", "method", "restrict_vocabulary")
        return {name: getattr(self, name) for name in names}

    def load(self, models: Sequence[Path]) -> dict[str, Loaded]:
        """Return the models to be scored; see `load_models`."""
        return load_models(models, self.chosen, self.average, self.probes)

    def score(self, loaded: Mapping[str, Loaded], threads: int | None, *, margins: bool) -> Report:
        """Return the scores of models that were loaded."""
        from textrep import evaluation

        models = {name: one.model for name, one in loaded.items()}
        probe = {name: one.probe for name, one in loaded.items()}
        return evaluation.evaluate(
            models, self.chosen, probe=probe, margins=margins, n_jobs=threads, **self.options
        )


def with_scoring(function: Callable[..., None]) -> Callable[..., None]:
    """Return a command with an option for each field of `Scoring`, given to it as ``scoring``.

    The options stand where the parameter ``scoring`` of the function does.
    """
    shared = get_type_hints(Scoring, include_extras=True)
    hints = get_type_hints(function, include_extras=True)
    parameters: list[inspect.Parameter] = []
    for own in inspect.signature(function).parameters.values():
        if own.name == "scoring":
            parameters += [
                parameter(one.name, shared[one.name], default=one.default)
                for one in fields(Scoring)
            ]
        else:
            parameters.append(parameter(own.name, hints[own.name], default=own.default))

    def gathered(**given: Any) -> None:
        function(scoring=Scoring(**{name: given.pop(name) for name in shared}), **given)

    return with_parameters(gathered, parameters, function.__doc__)
