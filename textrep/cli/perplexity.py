"""``textrep perplexity``."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from textrep.cli.options import Json, Model, Quiet
from textrep.cli.output import print_json
from textrep.cli.progress import showing_progress
from textrep.errors import InputError

if TYPE_CHECKING:
    from textrep.models.encoders.prediction import TextLoss

__all__ = ["perplexity"]


def perplexity(
    model: Model,
    text: Annotated[
        str,
        typer.Argument(
            metavar="[TEXT]",
            help="A text file, a name of 'textrep data list', or '-' for stdin: a sentence a line.",
            show_default=False,
        ),
    ] = "-",
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Print how well a language model predicts a text that it was not trained on.

    The text is read as one stream, a sentence a line; the end of each is predicted, too. A word
    that the model does not know is predicted as "<unk>" if that is a word of the model, and is left
    out otherwise.

    $ textrep perplexity lstm ptb-test
    $ textrep perplexity lstm --json < lines.txt
    """
    from textrep.models import load_model
    from textrep.models.encoders.base import EncoderModel

    loaded = load_model(model)
    if not isinstance(loaded, EncoderModel):
        raise InputError(
            f"{model} is a {type(loaded).__name__}, which predicts no text: give a language model "
            "(textrep train recurrent)"
        )
    with showing_progress(quiet):
        found = loaded.text_loss(_lines(text))
    if json:
        print_json(
            {**asdict(found), "perplexity": found.perplexity, "bits": found.bits, "text": text}
        )
    else:
        print("\n".join(_block(found)))


def _lines(name: str) -> list[str]:
    from textrep.corpus.readers import UNIT_SEPARATOR, sources

    if name == "-":
        data = sys.stdin.buffer.read()
    else:
        parts = [block.data for source in sources(name) for block in source.open()]
        data = b"".join(parts).replace(UNIT_SEPARATOR.encode(), b"\n")
    return [line for line in data.decode("utf-8", "replace").splitlines() if line.strip()]


def _block(found: TextLoss) -> list[str]:
    unknown = f"{found.n_unknown:,}"
    if found.n_unknown:
        unknown += ", left out" if found.left_out else ", as <unk>"
    rows = [
        ("perplexity", f"{found.perplexity:.2f}"),
        ("bits", f"{found.bits:.3f}"),
        ("predicted", f"{found.n_predicted:,}"),
        ("unknown words", unknown),
    ]
    return [f"{name:<14}{value}" for name, value in rows]
