"""``textrep quickstart``: every representation on the built-in corpus, scored, within a minute."""

from __future__ import annotations

import shlex
import shutil
import sys
import textwrap
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textrep.cli.options import Quiet, Threads
from textrep.cli.output import columns, terminal_width, writing
from textrep.cli.progress import showing_progress
from textrep.files import check_replaceable
from textrep.models import MODELS, model_class

if TYPE_CHECKING:
    from textrep.corpus import Corpus
    from textrep.evaluation import Report
    from textrep.vectors import WordVectors

__all__ = ["quickstart"]

_WORLD = "miniworld"
_QUICK = [name for name, entry in MODELS.items() if not entry.slow]
_MARKERS = {"corpus": "manifest.json"}
_PROBES = ("cat", "red", "doctor", "paris", "happy", "bread", "river")
_SHOWN_PROBES = 4
_NEIGHBORS = 5


def quickstart(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write into.")
    ] = Path("textrep-quickstart"),
    threads: Threads = None,
    quiet: Quiet = False,
) -> None:
    """Train and score the word representations on a small synthetic corpus, in under a minute.

    The corpus speaks of a made-up world whose true answers are known, so it shows that things work
    and how they compare there. It says nothing about real language.
    """
    for name in ["corpus", *_QUICK]:
        check_replaceable(output / name, _MARKERS.get(name, "config.json"))
    started = time.perf_counter()
    with showing_progress(quiet), writing(output):
        corpus = _build(output / "corpus", threads)
        models: dict[str, WordVectors] = {}
        for name in _QUICK:
            models[name] = _train(name, corpus, models, output / name, threads)
        report = _evaluate(models, threads)
    _print(output, corpus, models, report, time.perf_counter() - started)


def _build(path: Path, threads: int | None) -> Corpus:
    from textrep.corpus import Corpus

    return Corpus.build(_WORLD, path, n_jobs=threads)


def _train(
    name: str, corpus: Corpus, models: Mapping[str, WordVectors], path: Path, threads: int | None
) -> WordVectors:
    """Train on the corpus, or on the dense models so far where models are what it takes."""
    model = model_class(name)()
    if "n_jobs" in model.get_params():
        model.set_params(n_jobs=threads)
    dense = [vectors for vectors in models.values() if not vectors.is_sparse]
    model.fit(dense if model.takes_models else corpus)
    model.save(path)
    return model.vectors_


def _evaluate(models: Mapping[str, WordVectors], threads: int | None) -> Report:
    from textrep import evaluation

    return evaluation.evaluate(models, _WORLD, margins=False, n_jobs=threads)


def _print(
    output: Path,
    corpus: Corpus,
    models: Mapping[str, WordVectors],
    report: Report,
    seconds: float,
) -> None:
    from textrep import evaluation

    best = _best(report)
    print(
        f"{_WORLD}: a synthetic corpus of {corpus.n_tokens:,} tokens, "
        f"{len(corpus.vocabulary):,} words.\n"
        "It is generated, and so are the questions: these scores show that everything\n"
        "works, not how good a representation is on real language.\n"
    )
    print("\n".join(evaluation.render(report, terminal_width() or 80)))
    print(f"\nNearest words, by {best}:\n")
    print(_neighbors(models[best]))
    files = f"Written to {output}/ in {seconds:.0f} s: corpus, {', '.join(models)}."
    print(f"\n{textwrap.fill(files, 80, break_on_hyphens=False)}")
    print("\nNext, look around, or do the same with a text of yours:\n")
    program = _program()
    folder = shlex.quote(str(output / best))
    print(f"  {program} neighbors {folder} {_probes(models[best])[0]}")
    print(f"  {program} report {folder} --suite {_WORLD} -o report.html")
    print(f"  {program} explore {folder} -o words.html")
    print(f"  {program} train svd your-text.txt -o svd")
    print(f"  {program} evaluate svd")


def _program() -> str:
    """Return how the reader can call this program again from the same folder."""
    called = Path(sys.argv[0])
    if shutil.which("textrep") or called.name != "textrep":
        return "textrep"
    near = called.is_relative_to(Path.cwd())
    return shlex.quote(str(called.relative_to(Path.cwd()) if near else called))


def _best(report: Report) -> str:
    """Return the model with the highest mean over the tasks."""
    averages = report.averages()

    def mean(model: str) -> float:
        return sum(average.scores[model] or 0.0 for average in averages)

    return max(report.models, key=mean)


def _probes(vectors: WordVectors) -> list[str]:
    return ([word for word in _PROBES if word in vectors] or list(vectors.words))[:_SHOWN_PROBES]


def _neighbors(vectors: WordVectors) -> str:
    words = _probes(vectors)
    found = vectors.neighbors(words, n=_NEIGHBORS)
    rows = [
        (word, ", ".join(near.word for near in nearest))
        for word, nearest in zip(words, found, strict=True)
    ]
    return columns(rows, indent="  ")
