"""Options that mean the same in every command that has them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "Corpus",
    "DryRun",
    "Json",
    "Model",
    "Models",
    "OutputFolder",
    "Quiet",
    "Seeds",
    "Threads",
]

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no log lines.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Threads = Annotated[
    int | None,
    typer.Option("--threads", metavar="N", help="Threads to use.", show_default="every core"),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Train nothing; predict memory, disk, time and coverage from a sample of the text.",
    ),
]
OutputFolder = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write.")
]
Model = Annotated[
    Path, typer.Argument(metavar="MODEL", help="A model folder or a file of word vectors.")
]
Models = Annotated[
    list[Path],
    typer.Argument(metavar="MODEL", help="At least two model folders or files of word vectors."),
]
Seeds = Annotated[
    list[Path] | None,
    typer.Option(
        "--seeds",
        metavar="MODEL",
        help="A model that was trained alike with another seed; may be repeated.",
        show_default="none",
    ),
]
Corpus = Annotated[
    str,
    typer.Argument(
        metavar="CORPUS",
        help="A folder of 'textrep corpus build', a text file, a name of 'textrep data list', "
        "or a trained model of counts.",
    ),
]
