"""``textrep evaluate``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textrep.cli.evaluated import (
    Average,
    Benchmark,
    Evaluated,
    Method,
    Policy,
    Probes,
    RestrictVocabulary,
    Suite,
    load_models,
    model_names,
)
from textrep.cli.options import Json, Quiet, Threads
from textrep.cli.output import print_json, terminal_width
from textrep.cli.progress import showing_progress
from textrep.cli.seeds import seed_groups
from textrep.errors import UsageError

if TYPE_CHECKING:
    from textrep.evaluation import By, Report

__all__ = ["evaluate"]


def evaluate(
    models: Evaluated,
    suite: Suite = None,
    benchmark: Benchmark = None,
    oov: Policy = None,
    method: Method = "3cosadd",
    restrict_vocabulary: RestrictVocabulary = None,
    average: Average = None,
    probe: Probes = None,
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
    $ textrep evaluate lstm --benchmark trec --probe logistic --probe finetuned
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
    with showing_progress(quiet):
        groups = seed_groups(dict(zip(model_names(models), models, strict=True)))
        loaded = load_models(models, chosen, average, probe or ["logistic"])
        report = evaluation.evaluate(
            {name: one.model for name, one in loaded.items()},
            chosen,
            oov=oov,  # type: ignore[arg-type]  # checked there
            method=method,  # type: ignore[arg-type]
            probe={name: one.probe for name, one in loaded.items()},
            restrict_vocabulary=restrict_vocabulary,
            n_jobs=threads,
        )
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
