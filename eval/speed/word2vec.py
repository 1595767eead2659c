"""word2vec against gensim, and with n-grams against fastText, an epoch of the same text.

Every side reads the same file, has the same threads and parameters, and trains one epoch. textrep's
first row trains from the encoded corpus; the row "from the text" encodes it as well, as gensim and
fastText must (gensim's count of the words, which it does not do in parallel, is part of its time).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .harness import CommandSide, Comparison, Job, PythonSide, Settings, call, measure
from .machine import machine_limits
from .peers import MISSING_FASTTEXT, MISSING_GENSIM, fasttext, has_gensim
from .texts import Text, prepare_text

if TYPE_CHECKING:
    from textrep import Word2Vec

__all__ = ["cbow", "hierarchical", "skipgram", "subwords"]

_DIM, _WINDOW, _NEGATIVE, _MIN_COUNT, _SUBSAMPLE = 200, 5, 5, 5, 1e-4
_RATE = 0.025


@dataclass(frozen=True)
class _Kind:
    """Parameters of textrep and of gensim for the same training."""

    name: str
    title: str
    ours: dict[str, Any]
    gensim: dict[str, Any] = field(default_factory=dict)


_SKIPGRAM = _Kind("word2vec", "skip-gram, negative sampling", {}, {"sg": 1, "negative": _NEGATIVE})
_HIERARCHICAL = _Kind(
    "word2vec-hs",
    "skip-gram, hierarchical softmax",
    {"objective": "hierarchical-softmax"},
    {"sg": 1, "hs": 1, "negative": 0},
)
_CBOW = _Kind(
    "word2vec-cbow",
    "CBOW, negative sampling",
    {"architecture": "cbow"},
    {"sg": 0, "negative": _NEGATIVE},
)
_SUBWORDS = _Kind("word2vec-subwords", "skip-gram with n-grams", {"subwords": True})


def skipgram(settings: Settings) -> Comparison:
    """Compare skip-gram with negative sampling, also on one thread; state the machine's limits."""
    comparison = _against_gensim(_SKIPGRAM, settings, alone=True)
    limits = call(machine_limits, settings, threads=settings.threads)
    ours = comparison.measurements[0]
    counts = {name: ours.facts[name] for name in ("kept", "pairs")}
    work = call(arithmetic, settings, **counts)
    flops = work["flops"] / ours.median / 1e9
    traffic = work["bytes"] / ours.median / 1e9
    comparison.facts |= limits | {"gflops": flops, "traffic_gb_per_second": traffic}
    comparison.notes.append(
        f"textrep's products run at {flops:.0f} GFLOP/s, {flops / limits['gflops']:.0%} of the "
        f"{limits['gflops']:.0f} of a large float32 matrix product here. The rows that its blocks "
        f"fetch and put back are {traffic:.0f} GB/s, {traffic / limits['gb_per_second']:.0%} of "
        f"the {limits['gb_per_second']:.0f} of memory (a triad); caches serve part of them."
    )
    return comparison


def hierarchical(settings: Settings) -> Comparison:
    """Compare skip-gram with hierarchical softmax."""
    return _against_gensim(_HIERARCHICAL, settings)


def cbow(settings: Settings) -> Comparison:
    """Compare CBOW with negative sampling."""
    return _against_gensim(_CBOW, settings)


def subwords(settings: Settings) -> Comparison:
    """Compare skip-gram with n-grams of 3 to 6 characters in 2,000,000 buckets."""
    text, sides, notes = _our_sides(_SUBWORDS, settings)
    program = fasttext()
    if program is None:
        notes.append(MISSING_FASTTEXT)
    else:
        command = [
            program, "skipgram", "-input", str(text.text8), "-output",
            str(settings.work / "fasttext"), "-dim", str(_DIM), "-ws", str(_WINDOW), "-neg",
            str(_NEGATIVE), "-minCount", str(_MIN_COUNT), "-t", str(_SUBSAMPLE), "-lr", str(_RATE),
            "-epoch", "1", "-minn", "3", "-maxn", "6", "-bucket", "2000000", "-thread",
            str(settings.threads), "-verbose", "0",
        ]  # fmt: skip
        sides.append(CommandSide("fastText", command))
        notes.append("fastText's time includes writing its vectors; textrep's does not.")
    return _compared(_SUBWORDS, text, sides, notes, settings)


def _against_gensim(kind: _Kind, settings: Settings, *, alone: bool = False) -> Comparison:
    text, sides, notes = _our_sides(kind, settings)
    if alone and settings.threads > 1:
        arguments = {**sides[0].arguments, "threads": 1}
        sides.append(PythonSide("textrep, one thread", textrep_train, arguments))
    if has_gensim():
        arguments = {"text": str(text.text8), "threads": settings.threads, "options": kind.gensim}
        sides.append(PythonSide("gensim corpus_file", gensim_train, arguments))
    else:
        notes.append(MISSING_GENSIM)
    return _compared(kind, text, sides, notes, settings)


def _our_sides(
    kind: _Kind, settings: Settings
) -> tuple[Text, list[PythonSide | CommandSide], list[str]]:
    text = prepare_text(settings)
    corpus = settings.work / "trained-on"
    if not corpus.exists():
        call(build_corpus, settings, text=str(text.text8), output=str(corpus))
    common = {"threads": settings.threads, "options": kind.ours}
    sides: list[PythonSide | CommandSide] = [
        PythonSide("textrep", textrep_train, {**common, "corpus": str(corpus)}),
        PythonSide("textrep, from the text", textrep_train, {**common, "corpus": str(text.text8)}),
    ]
    return text, sides, [*text.notes]


def _compared(
    kind: _Kind,
    text: Text,
    sides: list[PythonSide | CommandSide],
    notes: list[str],
    settings: Settings,
) -> Comparison:
    measurements = measure(sides, settings)
    for measurement in measurements:
        measurement.work = text.tokens
    title = f"{kind.title}, an epoch of {text.tokens:,} tokens, {_DIM} dimensions ({text.name})"
    return Comparison(kind.name, title, measurements, "tokens", notes)


def build_corpus(text: str, output: str) -> dict[str, Any]:
    """Encode the text (in a child)."""
    from textrep import Corpus

    corpus = Corpus.build(text, output, tokenizer="text8", min_count=_MIN_COUNT)
    return {"tokens": corpus.n_tokens}


def textrep_train(corpus: str, threads: int, options: dict[str, Any]) -> Job:
    """Train from an encoded corpus, or from a text, which is encoded then."""
    from pathlib import Path

    from textrep import Corpus

    def run() -> dict[str, Any]:
        opened = (
            Corpus.open(corpus)
            if Path(corpus).is_dir()
            else Corpus.build(corpus, tokenizer="text8", min_count=_MIN_COUNT, n_jobs=threads)
        )
        model = _ours(threads, options).fit(opened)
        (epoch,) = model.history_
        return {"kept": epoch["kept"], "pairs": epoch["examples"], "loss": epoch["loss"]}

    little = ["a few words that are trained on, again and again"] * _MIN_COUNT
    return Job(lambda: _ours(threads, options).set_params(subsample=0.0).fit(little), run)


def _ours(threads: int, options: dict[str, Any]) -> Word2Vec:
    from textrep import Word2Vec

    return Word2Vec(
        dim=_DIM, window=_WINDOW, negative=_NEGATIVE, subsample=_SUBSAMPLE, epochs=1,
        learning_rate=_RATE, n_jobs=threads, **options,
    )  # fmt: skip


def gensim_train(text: str, threads: int, options: dict[str, Any]) -> Job:
    """Train with gensim from a file, its fastest way."""
    from gensim.models import Word2Vec

    def run() -> dict[str, Any]:
        model = Word2Vec(
            corpus_file=text, vector_size=_DIM, window=_WINDOW, min_count=_MIN_COUNT,
            sample=_SUBSAMPLE, epochs=1, alpha=_RATE, workers=threads, **options,
        )  # fmt: skip
        return {"words": len(model.wv)}

    return Job(lambda: None, run)


def arithmetic(kept: int, pairs: int) -> dict[str, Any]:
    """Return what the products of skip-gram take (in a child): three for each pair of rows.

    A score, and what each of the two rows changes by, are a multiplication and an addition for
    each dimension.
    """
    from textrep.kernels.negatives import BLOCK
    from textrep.kernels.pairs import NEGATIVES

    width = -(-_DIM // 16) * 16
    hidden = BLOCK + 2 * _WINDOW  # of a block; each meets every drawn word
    rows = hidden + BLOCK + NEGATIVES
    return {
        "flops": 6 * width * (pairs + kept / BLOCK * hidden * NEGATIVES),
        "bytes": kept / BLOCK * rows * width * 4 * 3,  # read, and read and written again
    }
