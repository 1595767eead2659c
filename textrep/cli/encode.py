"""``textrep encode``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textrep.cli.lines import read_lines
from textrep.cli.options import Model, Quiet
from textrep.cli.output import writing
from textrep.cli.progress import showing_progress
from textrep.errors import InputError, UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from textrep.pipeline.average import WordAverage

__all__ = ["encode"]


def encode(
    model: Model,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="A NumPy file: .npy, shape (lines, dim), float32; .npz with --tokens.",
            show_default="text on stdout",
        ),
    ] = None,
    average: Annotated[
        str, typer.Option("--average", metavar="mean|tfidf|sif", help="For word vectors: weights.")
    ] = "mean",
    tokenizer: Annotated[
        str | None,
        typer.Option(
            "--tokenizer",
            metavar="NAME",
            help="For word vectors: how lines are cut into words.",
            show_default="as the model's corpus",
        ),
    ] = None,
    pooling: Annotated[
        str | None,
        typer.Option(
            "--pooling",
            metavar="mean|max|last|first|weighted|cls",
            help="For encoders: how the vectors of words become one.",
            show_default="as the model was trained",
        ),
    ] = None,
    layer: Annotated[
        int | None,
        typer.Option(
            "--layer",
            metavar="N",
            help="For encoders: the layer, 0 for embeddings.",
            show_default="the last",
        ),
    ] = None,
    tokens: Annotated[
        bool, typer.Option("--tokens", help="A vector for each known word of a line.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Turn each line of stdin into a vector.

    An encoder (recurrent, convolutional, transformer) reads the line. Word vectors are averaged:
    the weights of tfidf, and the common direction that sif takes away, come from the lines
    themselves. A line without a known word becomes zeros.

    With --tokens each line becomes an object with its known "words" and their "vectors", as JSON;
    or, in a file, the arrays words (n), vectors (n, dim) and offsets (lines + 1): line i has the
    words from offsets[i] up to offsets[i + 1].

    $ textrep encode svd -o vectors.npy < lines.txt
    $ echo "a line of text" | textrep encode svd
    $ textrep encode lstm --tokens -o words.npz < lines.txt
    """
    from textrep.pipeline import load_encoder
    from textrep.pipeline.average import WordAverage

    suffix = ".npz" if tokens else ".npy"
    if output is not None and output.suffix != suffix:
        raise UsageError(f"{output} must end in {suffix}: a NumPy file is written")
    if tokens and (pooling is not None or average != "mean"):
        raise UsageError("--tokens gives each word its vector: leave out --pooling and --average")
    with showing_progress(quiet):
        encoder: Any = load_encoder(model, tokenizer, "encode")
        chosen = {"pooling": pooling, "layer": layer}
        options = {name: value for name, value in chosen.items() if value is not None}
        if options and isinstance(encoder, WordAverage):
            raise UsageError(f"{model} has word vectors: --{next(iter(options))} is for encoders")
        lines = read_lines()
        if tokens:
            words, states = encoder.tokens(lines), encoder.encode_tokens(lines, **options)
        elif isinstance(encoder, WordAverage):
            vectors = _averages(encoder, model, average, lines)
        else:
            vectors = encoder.encode(lines, **options)
    if tokens:
        _print_tokens(words, states) if output is None else _write_tokens(words, states, output)
    else:
        _print(vectors) if output is None else _write(vectors, output)


def _averages(encoder: WordAverage, model: Path, weights: str, lines: list[str]) -> NDArray[Any]:
    """Return the mean of the word vectors of each line, weighted as the lines themselves say."""
    from textrep.pipeline import WordVectorAverager

    if encoder.vectors.is_sparse:
        raise InputError(
            f"{model} has sparse vectors of {encoder.dim:,} dimensions: reduce them first, "
            "textrep train svd"
        )
    averager = WordVectorAverager(encoder.vectors, weights=weights, tokenizer=encoder.reader.name)
    vectors: NDArray[Any] = averager.fit(lines).encode(lines)
    return vectors


def _print(vectors: NDArray[Any]) -> None:
    """Print a vector a line, with the digits that tell a float32 from its neighbours."""
    for row in vectors:
        print(" ".join(map(str, row)))


def _write(vectors: NDArray[Any], path: Path) -> None:
    import numpy as np

    from textrep.files import atomic_file

    with writing(path), atomic_file(path) as temporary, temporary.open("wb") as file:
        np.save(file, vectors, allow_pickle=False)
    print(f"{path}: {vectors.shape[0]:,} vectors x {vectors.shape[1]}")


def _print_tokens(words: list[list[str]], states: list[NDArray[Any]]) -> None:
    """Print an object a line: its words and their vectors."""
    import json

    for of_line, vectors in zip(words, states, strict=True):
        # NumPy writes the digits that tell a float32 from its neighbours; Python more of them.
        rows = [f"[{', '.join(map(str, row))}]" for row in vectors]
        print(f'{{"words": {json.dumps(of_line)}, "vectors": [{", ".join(rows)}]}}')


def _write_tokens(words: list[list[str]], states: list[NDArray[Any]], path: Path) -> None:
    import numpy as np

    from textrep.files import atomic_file

    offsets = np.cumsum([0, *(len(of_line) for of_line in words)])
    vectors = np.concatenate(states)
    flat = np.array([word for of_line in words for word in of_line], dtype=np.str_)
    with writing(path), atomic_file(path) as temporary, temporary.open("wb") as file:
        np.savez(file, words=flat, vectors=vectors, offsets=offsets)
    print(f"{path}: {vectors.shape[0]:,} vectors x {vectors.shape[1]}, of {len(words):,} lines")
