"""``textrep neighbors``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textrep.cli.options import Json, Model, Seeds
from textrep.cli.output import columns, print_json, say_composed
from textrep.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textrep.inspection import NeighborAgreement
    from textrep.vectors import Neighbor

__all__ = ["neighbors"]


def neighbors(
    model: Model,
    words: Annotated[
        list[str], typer.Argument(metavar="WORD", help="Words; '-' reads one a line from stdin.")
    ],
    number: Annotated[
        int, typer.Option("-n", "--number", metavar="N", min=1, help="How many neighbours.")
    ] = 10,
    seeds: Seeds = None,
    json: Json = False,
) -> None:
    """Print the nearest neighbours of words, by cosine similarity.

    A model with n-grams composes a vector for a word that it has not seen, and says so. With models
    from other seeds, it is said how many of them have each neighbour, too.

    $ textrep neighbors svd cat dog -n 5
    $ textrep neighbors w2v cat --seeds w2v-1
    """
    from textrep.storage import load_vectors

    if words == ["-"]:
        words = [line.strip() for line in sys.stdin if line.strip()]
        if not words:
            raise InputError("stdin holds no word; give one a line")
    vectors = load_vectors(model)
    if seeds:
        from textrep.inspection import neighbor_agreement

        found = neighbor_agreement(vectors, seeds, words, number)
        result, blocks = _agreement_json(found), [_agreement_block(one) for one in found]
    else:
        nearest = vectors.neighbors(words, n=number)
        result = {
            word: [near._asdict() for near in near_word]
            for word, near_word in zip(words, nearest, strict=True)
        }
        blocks = [_block(*one) for one in zip(words, nearest, strict=True)]
    say_composed(vectors, words)
    if json:
        print_json(result)
    else:
        print("\n\n".join(blocks))


def _block(word: str, nearest: Sequence[Neighbor]) -> str:
    rows = [(near.word, f"{near.similarity:.3f}") for near in nearest]
    return f"{word}\n{columns(rows, indent='  ', right=(1,))}" if rows else word


def _agreement_block(found: NeighborAgreement) -> str:
    rows = [
        (near.word, f"{near.similarity:.3f}", f"{near.agreeing}/{found.n_seeds}")
        for near in found.neighbors
    ]
    if not rows:
        return found.word
    head = f"{found.word}: {100 * found.overlap:.0f}% of the neighbours with another seed, too"
    return f"{head}\n{columns(rows, indent='  ', right=(1, 2))}"


def _agreement_json(found: Sequence[NeighborAgreement]) -> dict[str, Any]:
    return {
        one.word: {
            "overlap": one.overlap,
            "seeds": one.n_seeds,
            "neighbors": [near._asdict() for near in one.neighbors],
        }
        for one in found
    }
