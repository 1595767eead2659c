"""``textrep explore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from textrep.cli.evaluated import model_names
from textrep.cli.options import Quiet, Threads
from textrep.cli.output import quantity, writing
from textrep.cli.progress import showing_progress
from textrep.errors import UsageError

__all__ = ["explore"]


def explore(
    models: Annotated[
        list[Path],
        typer.Argument(metavar="MODEL", help="One or two model folders or files of word vectors."),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The page to write.")
    ],
    layout: Annotated[
        str,
        typer.Option(
            "--map",
            metavar="tsne|pca",
            help="The map that is shown first; tsne has both, pca takes far less time.",
        ),
    ] = "tsne",
    words: Annotated[
        int,
        typer.Option(
            "--words", metavar="N", min=1, help="How many words, the most frequent first."
        ),
    ] = 70_000,
    analogy: Annotated[
        list[str] | None,
        typer.Option(
            "--analogy", metavar="A:B::C:D", help="Draw lines A-B and C-D; may be repeated."
        ),
    ] = None,
    threads: Threads = None,
    quiet: Quiet = False,
) -> None:
    """Write a page with a map of a model's words, or of two models' side by side.

    The page is one file that opens offline in any browser: drag, zoom, search, and click a word for
    its nearest neighbours. They are exact; a map of two dimensions never is, and says how much it
    keeps.

    $ textrep explore svd -o svd.html
    $ textrep explore svd w2v -o both.html --analogy man:woman::king:queen
    """
    from textrep.files import atomic_file
    from textrep.report.explorer import explorer
    from textrep.storage import load_vectors

    analogies = [_parsed(text) for text in analogy or []]
    names = model_names(models)
    with showing_progress(quiet):
        loaded = {name: load_vectors(path) for name, path in zip(names, models, strict=True)}
        text = explorer(
            loaded, words=words, layout=layout, analogies=analogies, n_jobs=threads
        ).encode("utf-8", "backslashreplace")
    with writing(output), atomic_file(output) as temporary:
        temporary.write_bytes(text)
    counts = " and ".join(
        f"{min(words, len(vectors)):,} words of {name}" for name, vectors in loaded.items()
    )
    print(f"{output}: {counts}, {quantity(len(text))}B")


def _parsed(text: str) -> tuple[str, str, str, str]:
    pairs = [pair.split(":") for pair in text.split("::")]
    words = [word for pair in pairs for word in pair]
    if [len(pair) for pair in pairs] != [2, 2] or not all(words):
        raise UsageError(
            f"--analogy {text} is not of the form A:B::C:D, four words that hold no colon"
        )
    a, b, c, d = words
    return a, b, c, d
