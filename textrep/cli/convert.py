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


def _write_folder(vectors: WordVectors, path: Path, source: Path) -> None:
    from textrep.storage import write_model
    from textrep.storage.contents import contents_of
    from textrep.storage.load import load_training

    parameters, context_vectors = load_training(source)
    write_model(path, contents_of(vectors, context_vectors, parameters))


def _write_text(vectors: WordVectors, path: Path, source: Path) -> None:
    from textrep.storage.formats.word2vec import write_text

    write_text(vectors, path)


def _write_binary(vectors: WordVectors, path: Path, source: Path) -> None:
    from textrep.storage.formats.word2vec import write_binary

    write_binary(vectors, path)


def _write_fasttext(vectors: WordVectors, path: Path, source: Path) -> None:
    import numpy as np

    from textrep.storage.formats.fasttext import write_fasttext
    from textrep.storage.load import load_training

    parameters, output = load_training(source)
    fits = isinstance(output, np.ndarray) and output.shape == (len(vectors), vectors.dim)
    write_fasttext(vectors, path, output if fits else None, parameters)


_WRITERS: dict[str, Callable[[WordVectors, Path, Path], None]] = {
    "textrep": _write_folder,
    "word2vec-text": _write_text,
    "word2vec-binary": _write_binary,
    "fasttext": _write_fasttext,
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
        _WRITERS[to](vectors, destination, source)
    print(f"{destination}: {len(vectors):,} words x {vectors.dim}, {to}")
