"""Options that mean the same in every command that has them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["Corpus", "Json", "Model", "OutputFolder", "Overwrite", "Quiet", "Seed", "Threads"]

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no log lines.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Threads = Annotated[
    int | None,
    typer.Option("--threads", metavar="N", help="Threads to use.", show_default="every core"),
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the random numbers.")]
OutputFolder = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write.")
]
Overwrite = Annotated[
    bool,
    typer.Option("--overwrite/--no-overwrite", help="Whether to replace what textrep wrote there."),
]
Model = Annotated[
    Path, typer.Argument(metavar="MODEL", help="A model folder or a file of word vectors.")
]
Corpus = Annotated[
    str,
    typer.Argument(
        metavar="CORPUS",
        help="A folder of 'textrep corpus build', a text file, a name of 'textrep data list', "
        "or a trained model of counts.",
    ),
]
