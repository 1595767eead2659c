"""``textrep perplexity``."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textrep.cli.evaluated import model_names
from textrep.cli.options import Json, Quiet
from textrep.cli.output import columns, print_json, terminal_width
from textrep.cli.progress import showing_progress
from textrep.errors import InputError, UsageError

if TYPE_CHECKING:
    from typing import Protocol

    from textrep.evaluation import Report, Result
    from textrep.models.encoders.prediction import TokenLosses

    class LanguageModel(Protocol):
        """What predicts texts."""

        def token_losses(self, sentences: list[str], /) -> TokenLosses:
            """Return the losses of sentences that follow one another."""


__all__ = ["perplexity"]

_ENSEMBLE = "ensemble"


def perplexity(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="MODEL... [TEXT]",
            help="Folders of language models; then text files, names of 'textrep data list', or "
            "'-' for stdin, a sentence a line.",
        ),
    ],
    ensemble: Annotated[
        bool,
        typer.Option("--ensemble", help="Also score the mean of the models' probabilities."),
    ] = False,
    ngram: Annotated[
        int | None,
        typer.Option(
            "--ngram",
            metavar="N",
            help="Also score an n-gram model of so many words, counted in the corpus of --train "
            "(interpolated modified Kneser-Ney).",
            show_default="none",
        ),
    ] = None,
    train: Annotated[
        str | None,
        typer.Option(
            "--train",
            metavar="CORPUS",
            help="For --ngram: best the corpus that the models were trained on.",
            show_default="none",
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Print how well language models predict texts that they were not trained on.

    A text is read as one stream, a sentence a line; the end of each is predicted, too. A word that
    a model does not know is predicted as "<unk>" if that is a word of the model, and is left out
    otherwise. Without a text, stdin is read.

    $ textrep perplexity lstm ptb-test
    $ textrep perplexity lstm-1 lstm-2 gru ptb-valid ptb-test --ensemble
    $ textrep perplexity lstm ptb-test --ngram 5 --train ptb
    $ textrep perplexity lstm --json < lines.txt
    """
    from textrep.evaluation import Report
    from textrep.evaluation.result import scored_results
    from textrep.evaluation.tasks.perplexity import outcome_of
    from textrep.progress import track

    paths, texts = _models_and_texts(names)
    if ensemble and len(paths) < 2:
        raise UsageError("--ensemble needs two models or more")
    if (ngram is None) != (train is None):
        raise UsageError("--ngram N and --train CORPUS belong together")
    results: list[Result] = []
    n_sentences: dict[str, int] = {}
    with showing_progress(quiet):
        models = _loaded(paths)
        if ngram is not None:
            models |= _counted(ngram, train, models)
        with track("predicting", len(texts) * len(models), "texts") as task:
            for text in texts:
                sentences = _lines(text)
                n_sentences[text] = len(sentences)
                found: dict[str, TokenLosses] = {}
                for name, model in models.items():
                    task.describe(f"{text}, {name}")
                    found[name] = model.token_losses(sentences)
                    task.advance(1)
                if ensemble:
                    found |= _averaged(dict(list(found.items())[: len(paths)]))
                outcomes = {name: outcome_of(losses, sentences) for name, losses in found.items()}
                results += scored_results(text, "perplexity", outcomes, dict.fromkeys(found, 0.0))
    report = Report((*models, *[_ENSEMBLE] * ensemble), tuple(results))
    if json:
        compared = [one.to_dict() for one in report.comparisons.values()]
        print_json({"results": list(map(_fields, results)), "comparisons": compared})
    else:
        print("\n".join(_tables(report, n_sentences)))


def _models_and_texts(names: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Return the model folders and the texts, stdin if there is none."""
    from textrep.storage import is_model_folder

    paths = [Path(name) for name in names if is_model_folder(name)]
    texts = [name for name in names if not is_model_folder(name)]
    if not paths:
        raise InputError(
            f"{names[0]} is no model folder: name a language model first (textrep train recurrent)"
        )
    return paths, list(dict.fromkeys(texts)) or ["-"]


def _loaded(paths: Sequence[Path]) -> dict[str, LanguageModel]:
    from textrep.models import load_model
    from textrep.models.encoders.base import EncoderModel

    models: dict[str, LanguageModel] = {}
    for name, path in zip(model_names(paths), paths, strict=True):
        model = load_model(path)
        if not isinstance(model, EncoderModel):
            raise InputError(
                f"{path} is a {type(model).__name__}, which predicts no text: give a language "
                "model (textrep train recurrent)"
            )
        models[name] = model
    return models


def _counted(order: int, corpus: str | None, others: Container[str]) -> dict[str, LanguageModel]:
    from textrep.models.ngrams import NGramModel

    name = f"{order}-gram"
    if name in others:
        raise UsageError(f"--ngram {order} needs the name {name!r}: rename the model")
    return {name: NGramModel(order).fit(corpus)}


def _averaged(found: Mapping[str, TokenLosses]) -> dict[str, TokenLosses]:
    from textrep.models.encoders.prediction import mean_of_probabilities

    if _ENSEMBLE in found:
        raise UsageError(f"--ensemble needs the name {_ENSEMBLE!r}: rename the model")
    return {_ENSEMBLE: mean_of_probabilities(found)}


def _lines(name: str) -> list[str]:
    from textrep.corpus.readers import UNIT_SEPARATOR, sources

    if name == "-":
        data = sys.stdin.buffer.read()
    else:
        parts = [block.data for source in sources(name) for block in source.open()]
        data = b"".join(parts).replace(UNIT_SEPARATOR.encode(), b"\n")
    return [line for line in data.decode("utf-8", "replace").split("\n") if line.strip()]


def _fields(result: Result) -> dict[str, Any]:
    """Return a row for JSON."""
    kept = result.outcome.secondary
    return {
        "model": result.model,
        "text": result.benchmark,
        "perplexity": result.score,
        "interval": [result.estimate.low, result.estimate.high],
        "loss": kept["loss"],
        "bits_per_character": kept["bits_per_character"],
        "n_predicted": kept["predictions"],
        "n_unknown": kept["unknown"],
        "left_out": result.outcome.options["unknown"] == "left out",
        "n_sentences": result.n_items,
    }


def _tables(report: Report, n_sentences: Mapping[str, int]) -> list[str]:
    """Return a table for each text, a row a model, and what the figures mean."""
    from textrep.evaluation.cells import labels, legend, printable
    from textrep.evaluation.language_notes import not_compared
    from textrep.evaluation.notes import best, told_apart

    named = labels(report.models)
    lines: list[str] = []
    for text, n in n_sentences.items():
        marked = best(report, text)
        head = ("", "perplexity", "nats", "bits/character", "predicted", "unknown words")
        rows = [_cells(named[r.model], r, r.model in marked) for r in report.of(text)]
        title = "stdin" if text == "-" else printable(text)
        lines += [f"{title}, {n:,} {'sentence' if n == 1 else 'sentences'}"]
        lines += [columns([head, *rows], indent="  ", right=(2, 3, 4)), ""]
    notes = [
        *legend(named),
        "± half of the 95% interval: bootstrap of the sentences. Nats a prediction; bits a "
        "character of the text as it stands, where no word is unknown.",
        *told_apart(report),
        *not_compared(report),
    ]
    width = terminal_width() or 80
    return [*lines, *(line for note in notes
                      for line in textwrap.wrap(note, width, subsequent_indent="  "))]  # fmt: skip


def _cells(name: str, result: Result, marked: bool) -> tuple[str, ...]:
    from textrep.evaluation.cells import number, score_text

    kept = result.outcome.secondary
    unknown = f"{kept['unknown']:,}"
    if kept["unknown"]:
        treated = "left out" if result.outcome.options["unknown"] == "left out" else "as <unk>"
        unknown += f" {treated}"
    bits, loss = kept["bits_per_character"], kept["loss"] or 0.0
    return (
        name,
        score_text(result.estimate, marked),
        f"{loss:.3f}",
        number(bits),
        f"{kept['predictions']:,}",
        unknown,
    )
