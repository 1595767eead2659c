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
from textrep.cli.seeds import seed_groups
from textrep.errors import UsageError

if TYPE_CHECKING:
    from textrep.evaluation import By, Report
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
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="frequency|pos",
            help="Also score parts of each benchmark: by the frequency of words, or by part of "
            "speech; may be repeated.",
        ),
    ] = None,
    worst: Annotated[
        int | None,
        typer.Option(
            "--worst",
            metavar="N",
            help="Also show the N items of each benchmark that a model gets most wrong, and those "
            "on which models disagree most.",
        ),
    ] = None,
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
    $ textrep evaluate svd ppmi --benchmark simlex999 --by pos --worst 5

    Models that differ in --seed alone are also shown together, with their spread.
    """
    if json and markdown:
        raise UsageError("--json and --markdown exclude each other")
    if markdown and (by or worst is not None):
        raise UsageError("--markdown has no --by and no --worst")
    from textrep import evaluation

    splits = _splits(by or [])
    if worst is not None and worst < 1:
        raise UsageError(f"--worst must be at least 1, got {worst}")

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
        groups = seed_groups(named)
        if tasks & evaluation.TEXT_TASKS:
            loaded = _text_models(named, average or ["sif"])
        else:
            loaded = _word_models(named)
        report = evaluation.evaluate(loaded, chosen, **options)
    # Of texts, each average of word vectors is a model of its own: no group is complete.
    groups = {name: group for name, group in groups.items() if set(group) <= set(report.models)}
    if json:
        print_json(_everything(report, splits, worst, groups))
    elif markdown:
        print(evaluation.to_markdown(report), end="")
    else:
        width = terminal_width() or 80
        blocks = [evaluation.render(report, width)]
        if groups:
            blocks.append(
                evaluation.render_seeds(evaluation.spread_over_seeds(report, groups), width)
            )
        blocks += [evaluation.render_slices(report, split, width) for split in splits]
        if worst is not None:
            blocks.append(evaluation.render_mistakes(report, worst, width))
        print("\n\n".join("\n".join(block) for block in blocks))


def _splits(names: Sequence[str]) -> list[By]:
    known: tuple[By, ...] = ("frequency", "pos")
    for name in names:
        if name not in known:
            raise UsageError(f"--by must be one of {', '.join(known)}, got {name!r}")
    return [split for split in known if split in names]


def _everything(
    report: Report, splits: Sequence[By], worst: int | None, groups: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Return the report for JSON, with what else was asked for."""
    from textrep import evaluation

    result = report.to_dict()
    if splits:
        result["slices"] = [
            part.to_dict() for split in splits for part in evaluation.slices(report, split)
        ]
    if worst is not None:
        result["worst"] = [item.to_dict() for item in evaluation.mistakes(report, worst)]
        divided = evaluation.disagreements(report, worst)
        result["disagreements"] = [item.to_dict() for item in divided]
    if groups:
        spreads = evaluation.spread_over_seeds(report, groups)
        result["seeds"] = [spread.to_dict() for spread in spreads]
        result["seed_differences"] = [d.to_dict() for d in evaluation.compare_seeds(spreads)]
    return result


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
