"""What commands that score models have in common: their options, and the models they load."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_type_hints

import typer

from textrep.cli.flags import parameter, with_parameters
from textrep.errors import UsageError

if TYPE_CHECKING:
    from textrep.evaluation import Report
    from textrep.pipeline import WordVectorAverager
    from textrep.vectors import WordVectors

__all__ = ["Evaluated", "Loaded", "Scoring", "load_models", "model_names", "with_scoring"]

Evaluated = Annotated[
    list[Path], typer.Argument(metavar="MODEL", help="Model folders or files of word vectors.")
]


@dataclass(frozen=True)
class Scoring:
    """How models are scored: the options of every command that scores them.

    Attributes
    ----------
    suite, benchmark : list of str or None
        Names; without any the suite "words".
    oov, method, restrict_vocabulary, probe
        As `textrep.evaluation.evaluate` takes them.
    average : list of str or None
        Weights of averages of word vectors, for texts; without any "sif".
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
        str,
        typer.Option(
            "--probe", metavar="NAME", help="For classification: logistic, perceptron or mlp."
        ),
    ] = "logistic"

    @property
    def chosen(self) -> list[str]:
        """Names of suites and benchmarks."""
        return [*(self.suite or []), *(self.benchmark or [])] or ["words"]

    @property
    def options(self) -> dict[str, Any]:
        """What `textrep.evaluation.evaluate` is told besides the models and benchmarks."""
        names = ("oov", "method", "probe", "restrict_vocabulary")
        return {name: getattr(self, name) for name in names}

    def score(self, loaded: Mapping[str, Loaded], threads: int | None, *, margins: bool) -> Report:
        """Return the scores of models that were loaded with `load_models`."""
        from textrep import evaluation

        models = {name: one.model for name, one in loaded.items()}
        return evaluation.evaluate(
            models, self.chosen, margins=margins, n_jobs=threads, **self.options
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


class Loaded(NamedTuple):
    """A model that was loaded to be scored.

    Attributes
    ----------
    path : Path
        Where it was read from.
    model : object
        What `textrep.evaluation.evaluate` takes.
    vectors : WordVectors
        Its vectors of words.
    """

    path: Path
    model: Any
    vectors: WordVectors


@dataclass(frozen=True)
class _Averaged:
    """Word vectors, and texts as averages of them that each benchmark adapts to itself."""

    vectors_: WordVectors
    averager: WordVectorAverager

    def encode(self, texts: list[str]) -> Any:
        return self.averager.encode(texts)

    def adapted_to(self, texts: list[str]) -> WordVectorAverager:
        return self.averager.adapted_to(texts)


def load_models(
    paths: Sequence[Path], chosen: Sequence[str], averages: Sequence[str] | None
) -> dict[str, Loaded]:
    """Load models to be scored.

    Parameters
    ----------
    paths : sequence of Path
        Model folders and files.
    chosen : sequence of str
        Suites and benchmarks. Where one of them asks for vectors of texts, a model that encodes
        texts is loaded as that, and word vectors stand once for each average.
    averages : sequence of str or None
        Weights of averages; None: "sif".

    Returns
    -------
    dict of str to Loaded
        By name; see `model_names`.

    Raises
    ------
    UsageError
        A model is named twice.
    UnknownNameError
        There is no suite or benchmark of some name.
    FormatError
        A model cannot be read.
    """
    from textrep import evaluation

    tasks = {recipe.task for recipe in evaluation.named_recipes(chosen)}
    named = dict(zip(model_names(paths), paths, strict=True))
    if tasks & evaluation.TEXT_TASKS:
        return _text_models(named, averages or ["sif"])
    return _word_models(named)


def _word_models(paths: Mapping[str, Path]) -> dict[str, Loaded]:
    """Return the models' word vectors."""
    from textrep import storage

    loaded = {name: storage.load_vectors(path) for name, path in paths.items()}
    return {name: Loaded(paths[name], vectors, vectors) for name, vectors in loaded.items()}


def _text_models(paths: Mapping[str, Path], averages: Sequence[str]) -> dict[str, Loaded]:
    """Return what encodes texts: the model itself, or its word vectors in each average."""
    from textrep.pipeline import WordVectorAverager, load_encoder
    from textrep.pipeline.average import WordAverage

    models: dict[str, Loaded] = {}
    for name, path in paths.items():
        encoder: Any = load_encoder(path)
        if not isinstance(encoder, WordAverage):
            models[name] = Loaded(path, encoder, encoder.vectors_)
            continue
        for weights in dict.fromkeys(averages):
            averager = WordVectorAverager(
                encoder.vectors, weights=weights, tokenizer=encoder.reader.name
            )
            averaged = _Averaged(encoder.vectors, averager)
            models[f"{name}, {weights}"] = Loaded(path, averaged, encoder.vectors)
    return models


def model_names(paths: Sequence[Path]) -> list[str]:
    """Name each model by the shortest end of its path that no other model has.

    Examples
    --------
    >>> model_names([Path("a/svd"), Path("b/svd"), Path("b/pmi")])
    ['a/svd', 'b/svd', 'pmi']
    """
    parts = [path.absolute().parts for path in paths]
    names = []
    for mine in parts:
        for length in range(1, len(mine) + 1):
            if sum(other[-length:] == mine[-length:] for other in parts) == 1:
                break
        else:
            raise UsageError(f"the model {Path(*mine)} is named twice")
        names.append("/".join(mine[-length:]))
    return names
