"""``textrep evaluate``."""

from __future__ import annotations

from typing import Annotated

import typer

from textrep.cli.evaluated import (
    Average,
    Benchmark,
    Evaluated,
    Method,
    Policy,
    Probe,
    RestrictVocabulary,
    Suite,
    load_models,
)
from textrep.cli.options import Json, Quiet, Threads
from textrep.cli.output import print_json, terminal_width
from textrep.cli.progress import showing_progress
from textrep.errors import UsageError

__all__ = ["evaluate"]


def evaluate(
    models: Evaluated,
    suite: Suite = None,
    benchmark: Benchmark = None,
    oov: Policy = None,
    method: Method = "3cosadd",
    restrict_vocabulary: RestrictVocabulary = None,
    average: Average = None,
    probe: Probe = "logistic",
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
    with showing_progress(quiet):
        loaded = load_models(models, chosen, average)
        report = evaluation.evaluate(
            {name: one.model for name, one in loaded.items()},
            chosen,
            oov=oov,  # type: ignore[arg-type]  # checked there
            method=method,  # type: ignore[arg-type]
            probe=probe,
            restrict_vocabulary=restrict_vocabulary,
            n_jobs=threads,
        )
    if json:
        print_json(report.to_dict())
    elif markdown:
        print(evaluation.to_markdown(report), end="")
    else:
        print("\n".join(evaluation.render(report, terminal_width() or 80)))
