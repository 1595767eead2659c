"""``textrep report``."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

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
from textrep.cli.options import Quiet, Threads
from textrep.cli.output import writing
from textrep.cli.progress import showing_progress
from textrep.errors import UnknownNameError, UsageError
from textrep.files import atomic_file

__all__ = ["report"]

_FORMATS = ("html", "md", "json", "csv", "latex")
_ENDINGS = {".html": "html", ".htm": "html", ".md": "md", ".json": "json", ".csv": "csv",
            ".tex": "latex"}  # fmt: skip
_STDOUT = Path("-")


def report(
    models: Evaluated,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="The file to write; - for stdout."),
    ],
    format: Annotated[  # noqa: A002  # the name of the flag
        str | None,
        typer.Option(
            "--format",
            metavar="html|md|json|csv|latex",
            help="What is written.",
            show_default="as FILE ends, or html",
        ),
    ] = None,
    suite: Suite = None,
    benchmark: Benchmark = None,
    oov: Policy = None,
    method: Method = "3cosadd",
    restrict_vocabulary: RestrictVocabulary = None,
    average: Average = None,
    probe: Probe = "logistic",
    words: Annotated[
        list[str] | None,
        typer.Option(
            "--word",
            metavar="WORD",
            help="Show its nearest words; may be repeated.",
            show_default="words on which the models differ",
        ),
    ] = None,
    sentence: Annotated[
        str | None,
        typer.Option("--sentence", metavar="TEXT", help="Show what transformers attend to in it."),
    ] = None,
    threads: Threads = None,
    quiet: Quiet = False,
) -> None:
    """Write what models score, where they differ and what they cost: a page in one file.

    It opens without a network: a summary in words, tables and plots with intervals, agreement of
    the models, items they disagree on, nearest words, training curves, cost, every configuration,
    and the command that makes it again.

    $ textrep report svd word2vec glove -o report.html
    $ textrep report svd glove --suite relatedness -o scores.tex
    """
    made = _format(format, output)
    from textrep import evaluation
    from textrep.report.contents import gather
    from textrep.report.formats import FORMATS
    from textrep.report.nearest import check_words

    chosen = [*(suite or []), *(benchmark or [])] or ["words"]
    options: dict[str, Any] = {
        "oov": oov,
        "method": method,
        "probe": probe,
        "restrict_vocabulary": restrict_vocabulary,
    }
    command = _command(models, output, made, chosen, options, average or [], words or [],
                       sentence)  # fmt: skip
    with showing_progress(quiet):
        loaded = load_models(models, chosen, average, [probe])
        check_words({name: one.vectors for name, one in loaded.items()}, words or [])
        scored = evaluation.evaluate(
            {name: one.model for name, one in loaded.items()}, chosen, n_jobs=threads, **options
        )
        contents = gather(
            scored,
            {name: (one.path, one.vectors) for name, one in loaded.items()},
            words=words or [],
            sentence=sentence or "",
            command=command,
        )
    # A name of a file need not be text that UTF-8 can hold.
    made_bytes = FORMATS[made](contents).encode("utf-8", "backslashreplace")
    if output == _STDOUT:
        sys.stdout.buffer.write(made_bytes)
        return
    with writing(output), atomic_file(output) as file:
        file.write_bytes(made_bytes)


def _format(given: str | None, output: Path) -> str:
    """Return the format that is named, or that the file's name ends in."""
    if output != _STDOUT and output.is_dir():
        raise UsageError(f"{output} is a folder: name a file to write")
    if given is None:
        return _ENDINGS.get(output.suffix.lower(), "html")
    if given not in _FORMATS:
        raise UnknownNameError("format", given, _FORMATS)
    return given


def _command(
    models: Sequence[Path],
    output: Path,
    made: str,
    chosen: Sequence[str],
    options: Mapping[str, Any],
    averages: Sequence[str],
    words: Sequence[str],
    sentence: str | None,
) -> str:
    """Return the command that makes the same report, with defaults that matter spelt out."""
    from textrep import recipes

    parts = ["textrep", "report", *map(str, models), "-o", str(output)]
    if made != _ENDINGS.get(output.suffix.lower()):
        parts += ["--format", made]
    suites = recipes.suites()
    for name in chosen:
        parts += ["--suite" if name in suites else "--benchmark", name]
    for name, value in options.items():
        if value is not None:
            parts += [f"--{name.replace('_', '-')}", str(value)]
    for name, values in (("--average", averages), ("--word", words)):
        for value in values:
            parts += [name, value]
    parts += ["--sentence", sentence] if sentence else []
    return shlex.join(parts)
