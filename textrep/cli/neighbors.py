"""``textrep neighbors``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from textrep.cli.options import Json, Model
from textrep.cli.output import columns, print_json, say_composed
from textrep.errors import InputError

__all__ = ["neighbors"]


def neighbors(
    model: Model,
    words: Annotated[
        list[str], typer.Argument(metavar="WORD", help="Words; '-' reads one a line from stdin.")
    ],
    number: Annotated[
        int, typer.Option("-n", "--number", metavar="N", min=1, help="How many neighbours.")
    ] = 10,
    json: Json = False,
) -> None:
    """Print the nearest neighbours of words, by cosine similarity.

    A model with n-grams composes a vector for a word that it has not seen, and says so.

    $ textrep neighbors svd cat dog -n 5
    """
    from textrep.storage import load_vectors

    if words == ["-"]:
        words = [line.strip() for line in sys.stdin if line.strip()]
        if not words:
            raise InputError("stdin holds no word; give one a line")
    vectors = load_vectors(model)
    found = vectors.neighbors(words, n=number)
    say_composed(vectors, words)
    if json:
        print_json(
            {
                word: [{"word": near.word, "similarity": near.similarity} for near in nearest]
                for word, nearest in zip(words, found, strict=True)
            }
        )
        return
    blocks = []
    for word, nearest in zip(words, found, strict=True):
        rows = [(near.word, f"{near.similarity:.3f}") for near in nearest]
        blocks.append(f"{word}\n{columns(rows, indent='  ', right=(1,))}" if rows else word)
    print("\n\n".join(blocks))
