"""``textrep convert``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from textrep.cli.options import Quiet
from textrep.cli.output import writing
from textrep.cli.progress import showing_progress
from textrep.errors import UnknownNameError

__all__ = ["convert"]

_FORMATS = ("word2vec-text", "word2vec-binary", "textrep")


def convert(
    source: Annotated[
        Path, typer.Argument(metavar="SRC", help="A model folder or a file of word vectors.")
    ],
    destination: Annotated[
        Path, typer.Argument(metavar="DST", help="The file or, for textrep, the folder to write.")
    ],
    to: Annotated[
        str, typer.Option("--to", metavar="FORMAT", help=f"One of {', '.join(_FORMATS)}.")
    ],
    quiet: Quiet = False,
) -> None:
    """Write word vectors in another format; the source's format is found from its content.

    $ textrep convert svd svd.bin --to word2vec-binary
    """
    if to not in _FORMATS:
        raise UnknownNameError("format", to, _FORMATS)
    from textrep import storage

    with showing_progress(quiet), writing(destination):
        vectors = storage.load_vectors(source)
        storage.save_vectors(vectors, destination, to)
    print(f"{destination}: {len(vectors):,} words x {vectors.dim}, {to}")
