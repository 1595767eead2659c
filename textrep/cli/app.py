"""The commands of ``textrep``, each loaded when it is named."""

from __future__ import annotations

from typing import Annotated

import typer

from textrep.cli.framework import Group, lazy_group

__all__ = ["COMMANDS", "root"]

COMMANDS = {
    "quickstart": "textrep.cli.quickstart:quickstart",
    "data": "textrep.cli.data:group",
    "corpus": "textrep.cli.corpus:group",
    "train": "textrep.cli.train:group",
    "evaluate": "textrep.cli.evaluate:evaluate",
    "report": "textrep.cli.report:report",
    "neighbors": "textrep.cli.neighbors:neighbors",
    "analogy": "textrep.cli.analogy:analogy",
    "explore": "textrep.cli.explore:explore",
    "explain": "textrep.cli.explain:explain",
    "diff": "textrep.cli.diff:diff",
    "encode": "textrep.cli.encode:encode",
    "classify": "textrep.cli.classifier:classify",
    "perplexity": "textrep.cli.perplexity:perplexity",
    "convert": "textrep.cli.convert:convert",
    "doctor": "textrep.cli.doctor:doctor",
}


def _show_version(wanted: bool) -> None:
    if wanted:
        import textrep

        print(f"textrep {textrep.__version__}")
        raise typer.Exit


def textrep(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Text representations from raw text, trained fast and compared truthfully.

    New here? See every representation at work on a small built-in corpus, in under a minute:

    $ textrep quickstart

    Your own text:

    $ textrep corpus build texts/ -o corpus
    $ textrep train svd corpus -o svd
    $ textrep evaluate svd
    $ textrep neighbors svd cat

    Wherever a CORPUS is asked for, a text file, an encoded corpus or a name of 'textrep data list'
    will do. Results go to stdout, progress to stderr.
    """


def root() -> Group:
    """Return the command ``textrep``."""
    return lazy_group("textrep", textrep, COMMANDS)
