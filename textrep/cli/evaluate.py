"""``textrep evaluate``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from textrep.cli.options import Json, Quiet, Threads
from textrep.cli.output import print_json, terminal_width
from textrep.cli.progress import showing_progress
from textrep.errors import UsageError

__all__ = ["evaluate", "model_names"]


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
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the table in Markdown.")
    ] = False,
    json: Json = False,
    threads: Threads = None,
    quiet: Quiet = False,
) -> None:
    """Score models on benchmarks: one table, with the coverage beside every score.

    $ textrep evaluate svd ppmi --suite relatedness
    """
    if json and markdown:
        raise UsageError("--json and --markdown exclude each other")
    from textrep import evaluation, storage

    chosen = [*(suite or []), *(benchmark or [])] or ["words"]
    options: dict[str, Any] = {
        "oov": oov,
        "method": method,
        "restrict_vocabulary": restrict_vocabulary,
        "n_jobs": threads,
    }
    with showing_progress(quiet):
        vectors = {
            name: storage.load_vectors(path)
            for name, path in zip(model_names(models), models, strict=True)
        }
        report = evaluation.evaluate(vectors, chosen, **options)
    if json:
        print_json(report.to_dict())
    elif markdown:
        print(evaluation.to_markdown(report), end="")
    else:
        print("\n".join(evaluation.render(report, terminal_width() or 80)))


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
