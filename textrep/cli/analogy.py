"""``textrep analogy``."""

from __future__ import annotations

from typing import Annotated

import typer

from textrep.cli.options import Json, Model
from textrep.cli.output import columns, print_json, say_composed

__all__ = ["analogy"]


def analogy(
    model: Model,
    a: Annotated[str, typer.Argument(metavar="A", help="As in: A is to B as C is to ...")],
    b: Annotated[str, typer.Argument(metavar="B", help="What A is to.")],
    c: Annotated[str, typer.Argument(metavar="C", help="The word whose counterpart is wanted.")],
    number: Annotated[
        int, typer.Option("-n", "--number", metavar="N", min=1, help="How many answers.")
    ] = 10,
    method: Annotated[
        str, typer.Option("--method", metavar="3cosadd|3cosmul", help="How answers are scored.")
    ] = "3cosadd",
    json: Json = False,
) -> None:
    """Answer "A is to B as C is to ...?", best answer first.

    $ textrep analogy svd man woman king
    """
    from textrep.storage import load_vectors

    vectors = load_vectors(model)
    answers = vectors.analogy(a, b, c, n=number, method=method)
    say_composed(vectors, [a, b, c])
    if json:
        print_json([{"word": answer.word, "score": answer.similarity} for answer in answers])
    elif answers:
        rows = [(answer.word, f"{answer.similarity:.3f}") for answer in answers]
        print(columns(rows, right=(1,)))
