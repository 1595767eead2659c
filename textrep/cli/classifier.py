"""``textrep train classifier`` and ``textrep classify``."""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from textrep.cli.flags import Flag, config_option, flags_of, parameter, settings, with_options
from textrep.cli.framework import Command, make_command
from textrep.cli.lines import read_lines
from textrep.cli.options import Json, OutputFolder, Quiet
from textrep.cli.output import print_json, writing
from textrep.cli.progress import showing_progress
from textrep.files import check_replaceable

__all__ = ["classify", "command"]

_TEXTS = typer.Argument(
    metavar="TEXTS", help="CSV, TSV or JSON lines with a text and a label in each record."
)
_ENCODER = typer.Option(
    "--encoder",
    metavar="MODEL",
    help="A model folder or a file of word vectors to begin with.",
    show_default="convolutions over 3, 4 and 5 words, from nothing",
)


def command() -> Command:
    """Return ``textrep train classifier``, with a flag for each parameter of `TextClassifier`."""
    from textrep.pipeline import TextClassifier

    flags = [flag for flag in flags_of(TextClassifier) if flag.parameter != "encoder"]
    text = typer.Option("--text-field", metavar="NAME", help="The field that holds the text.")
    label = typer.Option("--label-field", metavar="NAME", help="The field that holds the label.")
    function = with_options(
        functools.partial(_train, flags),
        before=[
            parameter("source", Annotated[Path, _TEXTS]),
            parameter("output", OutputFolder),
            parameter("encoder", Annotated[Path | None, _ENCODER], default=None),
            parameter("text_field", Annotated[str, text], default="text"),
            parameter("label_field", Annotated[str, label], default="label"),
        ],
        flags=flags,
        after=[
            config_option(),
            parameter("json", Json, default=False),
            parameter("quiet", Quiet, default=False),
        ],
    )
    function.__doc__ = """Train a classifier of texts on labels, and write it to a folder.

    All weights of the encoder learn, or with --freeze only the softmax above it.

    $ textrep train classifier questions.tsv -o kinds --encoder lstm

    $ textrep classify kinds < lines.txt
    """
    return make_command("classifier", function)


def _train(
    flags: Sequence[Flag],
    *,
    source: Path,
    output: Path,
    encoder: Path | None,
    text_field: str,
    label_field: str,
    config: Path | None,
    json: bool,
    quiet: bool,
    **given: Any,
) -> None:
    from textrep.corpus.readers.labelled import labelled_texts
    from textrep.pipeline import TextClassifier

    classifier = TextClassifier(encoder, **settings(flags, given, config))
    check_replaceable(output, "config.json")
    started = time.perf_counter()
    with showing_progress(quiet), writing(output):
        texts, labels = labelled_texts(source, text_field, label_field)
        classifier.fit(texts, labels).save(output)
    seconds = time.perf_counter() - started
    if json:
        print_json(
            {
                "path": str(output),
                "texts": len(texts),
                "labels": classifier.classes_.tolist(),
                "history": classifier.history_,
                "seconds": seconds,
            }
        )
        return
    n_labels = len(classifier.classes_)
    print(f"{output}: TextClassifier, {len(texts):,} texts, {n_labels} labels, {seconds:.1f} s")


def classify(
    classifier: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A folder of 'textrep train classifier'."),
    ],
    probabilities: Annotated[
        bool, typer.Option("--probabilities", help="Print the probability of each label, as JSON.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Print the label of each line of stdin.

    $ textrep classify kinds < lines.txt
    $ echo "Who wrote Emma?" | textrep classify kinds --probabilities
    """
    from textrep.pipeline import TextClassifier

    with showing_progress(quiet):
        loaded = TextClassifier.load(classifier)
        shares = loaded.predict_proba(read_lines())
    names = loaded.classes_.tolist()
    if not probabilities:
        for best in shares.argmax(axis=1):
            print(names[best])
        return
    import json

    for row in shares.tolist():
        pairs = zip(map(str, names), row, strict=True)
        print(json.dumps(dict(pairs), ensure_ascii=False))
