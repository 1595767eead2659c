"""From text to an encoded corpus, against the vocabulary passes of gensim and Stanford GloVe.

The peers only count words; textrep also numbers every token and writes the encoded corpus to disk.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .harness import CommandSide, Comparison, Job, PythonSide, Settings, measure
from .peers import MISSING_GENSIM, MISSING_STANFORD, has_gensim, stanford
from .texts import prepare_text

__all__ = ["compare"]

_MIN_COUNT = 5
_WARM_UP_BYTES = 1 << 18


def compare(settings: Settings) -> Comparison:
    """Measure tokens per second and memory."""
    text = prepare_text(settings)
    notes = [
        *text.notes,
        "The first three read the same file in text8's form, the last two the text as it is.",
        "textrep counts, numbers every token, writes the corpus and its checksums; the others "
        "only count.",
    ]
    vocabulary = settings.work / "vocab_count.txt"
    sides: list[PythonSide | CommandSide] = [_ours("textrep text8", text.text8, "text8", settings)]
    if has_gensim():
        arguments = {"text": str(text.text8), "threads": settings.threads}
        sides.append(PythonSide("gensim, vocabulary pass", gensim_vocabulary, arguments))
    else:
        notes.append(MISSING_GENSIM)
    if program := stanford("vocab_count"):
        command = [program, "-min-count", str(_MIN_COUNT), "-verbose", "0"]
        sides.append(CommandSide("Stanford vocab_count", command, text.text8, vocabulary))
    else:
        notes.append(MISSING_STANFORD.format("vocab_count"))
    sides.append(_ours("textrep text8, raw text", text.raw, "text8", settings))
    sides.append(_ours("textrep simple, raw text", text.raw, "simple", settings))
    measurements = measure(sides, settings)
    sizes = {}
    for measurement in measurements:
        measurement.work = measurement.facts.get("tokens", text.tokens)
        sizes[measurement.label] = measurement.facts.get("words")
    if vocabulary.is_file():
        sizes["Stanford vocab_count"] = len(vocabulary.read_bytes().splitlines())
    same = {label: size for label, size in sizes.items() if "raw" not in label}
    notes.append("Words kept: " + ", ".join(f"{n:,} ({label})" for label, n in same.items()) + ".")
    title = f"text of {text.tokens:,} tokens ({text.name}) to a corpus, min_count {_MIN_COUNT}"
    return Comparison("corpus", title, measurements, "tokens", notes, {"words": sizes})


def _ours(label: str, text: Path, tokenizer: str, settings: Settings) -> PythonSide:
    arguments = {"text": str(text), "tokenizer": tokenizer, "threads": settings.threads}
    return PythonSide(label, textrep_build, arguments)


def textrep_build(text: str, tokenizer: str, threads: int) -> Job:
    """Build a corpus in the temporary folder."""
    from textrep import Corpus

    def build(path: str) -> Corpus:
        return Corpus.build(path, tokenizer=tokenizer, min_count=_MIN_COUNT, n_jobs=threads)

    def run() -> dict[str, Any]:
        corpus = build(text)
        return {"tokens": corpus.manifest.read["tokens"], "words": len(corpus.vocabulary)}

    return Job(lambda: build(_head(text)), run)


def gensim_vocabulary(text: str, threads: int) -> Job:
    """Count words as Word2Vec does before training, with vectors of one number."""
    from gensim.models import Word2Vec
    from gensim.models.word2vec import LineSentence

    def count(path: str) -> Word2Vec:
        model = Word2Vec(vector_size=1, min_count=_MIN_COUNT, workers=threads)
        model.build_vocab(LineSentence(path))
        return model

    def run() -> dict[str, Any]:
        model = count(text)
        return {"tokens": model.corpus_total_words, "words": len(model.wv)}

    return Job(lambda: count(_head(text)), run)


def _head(text: str) -> str:
    """Write the beginning of the text, with letters from outside ASCII, to a file of its own."""
    head = Path(text).with_suffix(".head.txt")
    with open(text, "rb") as file:
        lines = file.read(_WARM_UP_BYTES)
    head.write_bytes(lines + "\nnaïve Ελλάδα 東京\n".encode() * _MIN_COUNT)
    return str(head)
