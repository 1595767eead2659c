"""Co-occurrence counts, window 10, 1/d, against Stanford GloVe's cooccur.

Both count symmetric windows that do not cross line ends over the words with at least five
occurrences, so they should find the same entries. cooccur adds floats, textrep whole numbers, so
counts differ by rounding.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .harness import CommandSide, Comparison, Job, PythonSide, Settings, call, measure, say
from .peers import MISSING_STANFORD, stanford
from .texts import Text, prepare_text

if TYPE_CHECKING:
    import scipy.sparse as sp

    from textrep.corpus import Corpus

__all__ = ["compare"]

_WINDOW = 10
_MIN_COUNT = 5
_MEMORY = 48 * 1024**2  # bytes, of the run with a limit: a tenth of the matrix of general-en
_STANFORD_MEMORY = "4.0"  # GB, what its demo uses
_RECORD = [("word", "<i4"), ("context", "<i4"), ("count", "<f8")]  # what cooccur writes
_RECORDS_AT_ONCE = 1 << 20


def compare(settings: Settings) -> Comparison:
    """Measure time and memory; check that the counts agree."""
    text = prepare_text(settings)
    corpus = settings.work / "counted"
    built = call(build_corpus, settings, text=str(text.text8), output=str(corpus))
    common = {"corpus": str(corpus), "threads": settings.threads}
    whole = {**common, "text": str(text.text8)}
    sides: list[PythonSide | CommandSide] = [
        PythonSide("textrep", textrep_count, common),
        PythonSide(f"textrep, {_MEMORY >> 20} MiB limit", textrep_count_on_disk, common),
        PythonSide("textrep, text to counts", textrep_build_and_count, whole),
    ]
    notes = [
        *text.notes,
        "textrep starts from the encoded corpus, but for the last row, which builds it too; "
        "cooccur starts from the text and a ready list of words.",
        "cooccur has one thread and writes its counts to a file; textrep's end in memory, with a "
        "limit on disk. The limit does not include Python and its libraries.",
    ]
    counts = settings.work / "cooccur.bin"
    vocabulary = settings.work / "cooccur-vocabulary.txt"
    program = _stanford_side(text, vocabulary, counts, settings)
    if isinstance(program, CommandSide):
        sides.insert(1, program)
    else:
        notes.append(program)
    measurements = measure(sides, settings)
    for measurement in measurements:
        measurement.work = built["tokens"]
    entries = measurements[0].facts["entries"]
    facts: dict[str, Any] = {"entries": entries}
    if isinstance(program, CommandSide):
        say("  comparing counts")
        facts["agreement"] = call(
            compare_counts, settings, corpus=str(corpus), vocabulary=str(vocabulary),
            counts=str(counts), threads=settings.threads,
        )  # fmt: skip
        notes.append(_agreement(facts["agreement"]))
        counts.unlink()
    title = f"{entries:,} co-occurrences, window {_WINDOW}, 1/d, {built['tokens']:,} tokens"
    return Comparison(
        "cooccurrence", f"{title} ({text.name})", measurements, "tokens", notes, facts
    )


def _stanford_side(
    text: Text, vocabulary: Path, counts: Path, settings: Settings
) -> CommandSide | str:
    """Return cooccur as a side, after its list of words was made; or why it is left out."""
    count_words, count_pairs = stanford("vocab_count"), stanford("cooccur")
    if count_words is None or count_pairs is None:
        return MISSING_STANFORD.format("cooccur")
    words = [count_words, "-min-count", str(_MIN_COUNT), "-verbose", "0"]
    once = Settings(settings.work, repeats=1, threads=1)
    measure([CommandSide("vocab_count", words, text.text8, vocabulary)], once)
    pairs = [
        count_pairs, "-symmetric", "1", "-window-size", str(_WINDOW), "-memory", _STANFORD_MEMORY,
        "-vocab-file", str(vocabulary), "-overflow-file", str(settings.work / "overflow"),
        "-verbose", "0",
    ]  # fmt: skip
    return CommandSide("Stanford cooccur", pairs, text.text8, counts)


def build_corpus(text: str, output: str) -> dict[str, Any]:
    """Encode the text (in a child)."""
    from textrep import Corpus

    corpus = Corpus.build(text, output, tokenizer="text8", min_count=_MIN_COUNT)
    return {"tokens": corpus.n_tokens, "words": len(corpus.vocabulary)}


def textrep_count(corpus: str, threads: int) -> Job:
    """Count in memory."""
    from textrep import Corpus

    opened = Corpus.open(corpus)
    return Job(_warm_up, lambda: {"entries": int(_count(opened, threads).nnz)})


def textrep_count_on_disk(corpus: str, threads: int) -> Job:
    """Count with a limit of memory, onto disk."""
    from textrep import Corpus

    opened = Corpus.open(corpus)
    return Job(_warm_up, lambda: {"entries": int(_count(opened, threads, _MEMORY).nnz)})


def textrep_build_and_count(corpus: str, text: str, threads: int) -> Job:
    """Build the corpus from text and count it in memory."""
    from textrep import Corpus

    def run() -> dict[str, Any]:
        built = Corpus.build(text, tokenizer="text8", min_count=_MIN_COUNT, n_jobs=threads)
        return {"entries": int(_count(built, threads).nnz)}

    return Job(_warm_up, run)


def _warm_up() -> None:
    from textrep import Corpus

    lines = ["a few words that are counted, again and again"] * _MIN_COUNT
    little = Corpus.build(lines, tokenizer="text8", min_count=_MIN_COUNT)
    _count(little, 1)
    _count(little, 1, _MEMORY)


def _count(corpus: Corpus, threads: int, memory: int | None = None) -> sp.csr_array:
    from textrep.counting import Window, count_cooccurrences

    return count_cooccurrences(corpus, Window(_WINDOW), memory=memory, n_jobs=threads)


def compare_counts(corpus: str, vocabulary: str, counts: str, threads: int) -> dict[str, Any]:
    """Compare cooccur's file with our counts, entry by entry (in a child)."""
    import numpy as np

    from textrep import Corpus

    opened = Corpus.open(corpus)
    lines = Path(vocabulary).read_text("utf-8").splitlines()
    ours = _count(opened, threads)
    entries = Path(counts).stat().st_size // np.dtype(_RECORD).itemsize
    facts: dict[str, Any] = {
        "entries": entries,
        "same_entries": False,
        "largest_relative_difference": None,
    }
    if [line.split(" ")[0] for line in lines] != opened.vocabulary.words or entries != ours.nnz:
        return facts
    rows = np.repeat(np.arange(ours.shape[0], dtype=np.int32), np.diff(ours.indptr))
    theirs = np.memmap(counts, _RECORD, "r")
    same, worst = True, 0.0
    for first in range(0, entries, _RECORDS_AT_ONCE):
        part = slice(first, first + _RECORDS_AT_ONCE)
        same &= bool(np.array_equal(theirs["word"][part] - 1, rows[part]))
        same &= bool(np.array_equal(theirs["context"][part] - 1, ours.indices[part]))
        difference = np.abs(theirs["count"][part] - ours.data[part]) / ours.data[part]
        worst = max(worst, float(difference.max()))
    return facts | {"same_entries": same, "largest_relative_difference": worst}


def _agreement(facts: dict[str, Any]) -> str:
    if facts["same_entries"]:
        worst = facts["largest_relative_difference"]
        return f"cooccur found the same entries; counts differ by at most {worst:.0e} (rounding)."
    return f"cooccur found other entries ({facts['entries']:,}): the two do not agree."
