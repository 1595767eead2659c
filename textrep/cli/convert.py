"""``textrep convert``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textrep.cli.options import Quiet
from textrep.cli.output import writing
from textrep.cli.progress import showing_progress
from textrep.errors import UnknownNameError

if TYPE_CHECKING:
    from textrep.vectors import WordVectors

__all__ = ["convert"]


def _write_folder(vectors: WordVectors, path: Path) -> None:
    from textrep.storage import ModelData, write_model

    tensors = {"word_vectors": vectors.matrix}
    write_model(path, ModelData("WordVectors", {}, list(vectors.words), vectors.counts, tensors))


def _write_text(vectors: WordVectors, path: Path) -> None:
    from textrep.storage.formats.word2vec import write_text

    write_text(vectors, path)


def _write_binary(vectors: WordVectors, path: Path) -> None:
    from textrep.storage.formats.word2vec import write_binary

    write_binary(vectors, path)


_WRITERS: dict[str, Callable[[WordVectors, Path], None]] = {
    "textrep": _write_folder,
    "word2vec-text": _write_text,
    "word2vec-binary": _write_binary,
}


def convert(
    source: Annotated[
        Path, typer.Argument(metavar="SRC", help="A model folder or a file of word vectors.")
    ],
    destination: Annotated[
        Path, typer.Argument(metavar="DST", help="The file or, for textrep, the folder to write.")
    ],
    to: Annotated[
        str, typer.Option("--to", metavar="FORMAT", help=f"One of {', '.join(_WRITERS)}.")
    ],
    quiet: Quiet = False,
) -> None:
    """Write word vectors in another format; the source's format is found from its content.

    $ textrep convert svd svd.bin --to word2vec-binary
    """
    if to not in _WRITERS:
        raise UnknownNameError("format", to, _WRITERS)
    from textrep.storage import load_vectors

    with showing_progress(quiet), writing(destination):
        vectors = load_vectors(source)
        _WRITERS[to](vectors, destination)
    print(f"{destination}: {len(vectors):,} words x {vectors.dim}, {to}")
