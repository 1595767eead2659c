"""GloVe, 200 dimensions, against Stanford's glove on the same counts.

Stanford's cooccur and shuffle make its counts before the runs; textrep counts the same entries.
Both train the same epochs with the same parameters, and both costs are means over all entries at
the vectors and biases that were written.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .cooccurrence import build_corpus
from .harness import CommandSide, Comparison, Job, PythonSide, Settings, call, measure, say
from .peers import MISSING_STANFORD, stanford
from .texts import Text, prepare_text

if TYPE_CHECKING:
    import numpy as np
    import scipy.sparse as sp

__all__ = ["compare"]

_WINDOW = 10
_MIN_COUNT = 5
_X_MAX = 10.0
_ALPHA = 0.75
_STANFORD_MEMORY = "4.0"  # GB, what its demo uses
_ROWS_AT_ONCE = 256


def compare(settings: Settings, *, dim: int = 200, epochs: int = 2) -> Comparison:
    """Measure time and memory of the training alone; compare the costs."""
    text = prepare_text(settings)
    corpus, counts = settings.work / "glove-corpus", settings.work / "glove-counts"
    say("  counting")
    call(build_corpus, settings, text=str(text.text8), output=str(corpus))
    made = call(write_counts, settings, corpus=str(corpus), output=str(counts))
    ours = settings.work / "glove-ours"
    arguments = {
        "counts": str(counts), "output": str(ours), "dim": dim, "epochs": epochs,
        "threads": settings.threads,
    }  # fmt: skip
    sides: list[PythonSide | CommandSide] = [PythonSide("textrep GloVe", textrep_glove, arguments)]
    notes = [
        *text.notes,
        "textrep starts from counts in a model folder, and its time includes sorting them into "
        "tiles; glove starts from shuffled counts in a file.",
    ]
    theirs = settings.work / "glove-theirs"
    program = _stanford_side(text, theirs, dim, epochs, settings)
    if isinstance(program, CommandSide):
        sides.append(program)
    else:
        notes.append(program)
    measurements = measure(sides, settings)
    for measurement in measurements:
        measurement.work = made["entries"] * epochs
    say("  comparing costs")
    places = {"counts": str(counts), "ours": str(ours), "theirs": f"{theirs}.bin"}
    costs = call(final_costs, settings, **places)
    notes.append(_agreement(costs, epochs))
    title = f"GloVe, {dim} dimensions, {epochs} epochs, {made['entries']:,} entries ({text.name})"
    facts = {"entries": made["entries"], "dim": dim, "epochs": epochs, "costs": costs}
    return Comparison("glove", title, measurements, "entries", notes, facts)


def _stanford_side(
    text: Text, output: Path, dim: int, epochs: int, settings: Settings
) -> CommandSide | str:
    """Return glove as a side, after its counts were made; or why it is left out."""
    names = ("vocab_count", "cooccur", "shuffle", "glove")
    found = {name: stanford(name) for name in names}
    programs = {name: path for name, path in found.items() if path is not None}
    missing = [name for name in names if name not in programs]
    if missing:
        return MISSING_STANFORD.format(missing[-1])
    once = Settings(settings.work, repeats=1, threads=1)
    vocabulary, counts, shuffled = (
        settings.work / f"glove-{name}" for name in ("vocabulary.txt", "counts.bin", "shuffled.bin")
    )
    memory = ["-memory", _STANFORD_MEMORY, "-verbose", "0"]
    words = [programs["vocab_count"], "-min-count", str(_MIN_COUNT), "-verbose", "0"]
    pairs = [
        programs["cooccur"], "-symmetric", "1", "-window-size", str(_WINDOW), "-vocab-file",
        str(vocabulary), "-overflow-file", str(settings.work / "overflow"), *memory,
    ]  # fmt: skip
    mixed = [programs["shuffle"], "-temp-file", str(settings.work / "shuffle"), *memory]
    for side in (
        CommandSide("vocab_count", words, text.text8, vocabulary),
        CommandSide("cooccur", pairs, text.text8, counts),
        CommandSide("shuffle", mixed, counts, shuffled),
    ):
        measure([side], once)
    counts.unlink()
    train = [
        programs["glove"], "-input-file", str(shuffled), "-vocab-file", str(vocabulary),
        "-save-file", str(output), "-vector-size", str(dim), "-iter", str(epochs), "-threads",
        str(settings.threads), "-x-max", str(_X_MAX), "-alpha", str(_ALPHA), "-binary", "1",
        "-seed", "1", "-verbose", "0",
    ]  # fmt: skip
    return CommandSide("Stanford glove", train)


def write_counts(corpus: str, output: str) -> dict[str, Any]:
    """Count and write a model folder (in a child)."""
    from textrep import Cooccurrence, Corpus

    model = Cooccurrence(window=_WINDOW).fit(Corpus.open(corpus))
    model.save(output)
    return {"entries": int(model.word_vectors_.nnz)}


def textrep_glove(counts: str, output: str, dim: int, epochs: int, threads: int) -> Job:
    """Train on the counts, and write the model."""
    from textrep import Cooccurrence, GloVe, load_model

    given = load_model(counts)
    options = {"dim": dim, "x_max": _X_MAX, "alpha": _ALPHA, "vectors": "word", "n_jobs": threads}

    def run() -> dict[str, Any]:
        model = GloVe(**options, epochs=epochs).fit(given)
        model.save(output)
        return {"loss": [row["loss"] for row in model.history_]}

    def warm_up() -> None:
        from textrep import Corpus

        little = Corpus.build(["a few words that are counted"] * _MIN_COUNT)
        GloVe(**options, epochs=1).fit(Cooccurrence(window=_WINDOW).fit(little))

    return Job(warm_up, run)


def final_costs(counts: str, ours: str, theirs: str) -> dict[str, Any]:
    """Return the mean cost of an entry at both programs' parameters (in a child)."""
    import numpy as np

    from textrep import GloVe, load_model

    matrix = load_model(counts).word_vectors_
    model = load_model(ours)
    if not isinstance(model, GloVe):
        raise TypeError(ours)
    found = {
        "textrep": _cost(
            matrix, model.word_vectors_, model.context_vectors_, model.word_biases_,
            model.context_biases_,
        )
    }  # fmt: skip
    if Path(theirs).is_file():
        # The vector and the bias of each word, then of each context.
        rows = np.fromfile(theirs, np.float64).reshape(2 * matrix.shape[0], -1).astype(np.float32)
        words, contexts = np.split(rows, 2)
        found["stanford"] = _cost(
            matrix, words[:, :-1], contexts[:, :-1], words[:, -1], contexts[:, -1]
        )
    return found


def _cost(
    matrix: sp.csr_array,
    words: np.ndarray,
    contexts: np.ndarray,
    word_biases: np.ndarray,
    context_biases: np.ndarray,
) -> float:
    import numpy as np

    total = 0.0
    for first in range(0, matrix.shape[0], _ROWS_AT_ONCE):
        rows = slice(first, first + _ROWS_AT_ONCE)
        part = matrix[rows].tocoo()
        products = words[rows] @ contexts.T + word_biases[rows, None] + context_biases
        errors = products[part.row, part.col] - np.log(part.data)
        weights = np.minimum((part.data / _X_MAX) ** _ALPHA, 1.0)
        total += float(weights @ errors**2) / 2
    return total / matrix.nnz


def _agreement(costs: dict[str, float], epochs: int) -> str:
    said = ", ".join(f"{cost:.5f} ({name})" for name, cost in costs.items())
    return f"Mean cost of an entry after {epochs} epochs, at the vectors that were written: {said}."
