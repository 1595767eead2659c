"""``textrep evaluate``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textrep.cli.options import Json, Quiet, Threads
from textrep.cli.output import print_json, terminal_width
from textrep.cli.progress import showing_progress
from textrep.errors import UsageError

if TYPE_CHECKING:
    from textrep.pipeline import WordVectorAverager
    from textrep.vectors import WordVectors

__all__ = ["evaluate", "model_names"]


@dataclass(frozen=True)
class _Averaged:
    """Word vectors, and texts as averages of them that each benchmark adapts to itself."""

    vectors_: WordVectors
    averager: WordVectorAverager

    def encode(self, texts: list[str]) -> Any:
        return self.averager.encode(texts)

    def adapted_to(self, texts: list[str]) -> WordVectorAverager:
        return self.averager.adapted_to(texts)


def evaluate(
    models: Annotated[
        list[Path], typer.Argument(metavar="MODEL", help="Model folders or files of word vectors.")
    ],
    suite: Annotated[
        list[str] | None,
        typer.Option("--suite", metavar="NAME", help="A set of benchmarks.", show_default="words"),
    ] = None,
    benchmark: Annotated[
        list[str] | None,
        typer.Option("--benchmark", metavar="NAME", help="One benchmark; may be repeated."),
    ] = None,
    oov: Annotated[
        str | None,
        typer.Option(
            "--oov",
            metavar="POLICY",
            help="Items with unknown words: skip, zero, mean or subwords.",
            show_default="as each benchmark says",
        ),
    ] = None,
    method: Annotated[
        str, typer.Option("--method", metavar="3cosadd|3cosmul", help="For analogies.")
    ] = "3cosadd",
    restrict_vocabulary: Annotated[
        int | None,
        typer.Option(
            "--restrict-vocabulary",
            metavar="N",
            help="Answer analogies with the N most frequent words only.",
            show_default="all words",
        ),
    ] = None,
    average: Annotated[
        list[str] | None,
        typer.Option(
            "--average",
            metavar="WEIGHTS",
            help="For texts: average word vectors by mean, tfidf or sif; may be repeated.",
            show_default="sif",
        ),
    ] = None,
    probe: Annotated[
        str,
        typer.Option(
            "--probe", metavar="NAME", help="For classification: logistic, perceptron or mlp."
        ),
    ] = "logistic",
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the table in Markdown.")
    ] = False,
    json: Json = False,
    threads: Threads = None,
    quiet: Quiet = False,
) -> None:
    """Score models on benchmarks: one table, with the coverage beside every score.

    $ textrep evaluate svd ppmi --suite relatedness
    $ textrep evaluate svd --suite sentences --average mean --average sif
    """
    if json and markdown:
        raise UsageError("--json and --markdown exclude each other")
    from textrep import evaluation

    chosen = [*(suite or []), *(benchmark or [])] or ["words"]
    options: dict[str, Any] = {
        "oov": oov,
        "method": method,
        "probe": probe,
        "restrict_vocabulary": restrict_vocabulary,
        "n_jobs": threads,
    }
    with showing_progress(quiet):
        tasks = {recipe.task for recipe in evaluation.named_recipes(chosen)}
        named = dict(zip(model_names(models), models, strict=True))
        if tasks & evaluation.TEXT_TASKS:
            loaded = _text_models(named, average or ["sif"])
        else:
            loaded = _word_models(named)
        report = evaluation.evaluate(loaded, chosen, **options)
    if json:
        print_json(report.to_dict())
    elif markdown:
        print(evaluation.to_markdown(report), end="")
    else:
        print("\n".join(evaluation.render(report, terminal_width() or 80)))


def _word_models(paths: Mapping[str, Path]) -> dict[str, Any]:
    """Return the models' word vectors."""
    from textrep import storage

    return {name: storage.load_vectors(path) for name, path in paths.items()}


def _text_models(paths: Mapping[str, Path], averages: Sequence[str]) -> dict[str, Any]:
    """Return what encodes texts: the model itself, or its word vectors in each average."""
    from textrep.pipeline import WordVectorAverager, load_encoder
    from textrep.pipeline.average import WordAverage

    models: dict[str, Any] = {}
    for name, path in paths.items():
        encoder = load_encoder(path)
        if not isinstance(encoder, WordAverage):
            models[name] = encoder
            continue
        for weights in dict.fromkeys(averages):
            averager = WordVectorAverager(
                encoder.vectors, weights=weights, tokenizer=encoder.reader.name
            )
            models[f"{name}, {weights}"] = _Averaged(encoder.vectors, averager)
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
