"""The text of the comparisons of encoders: sentences of the Penn Treebank, encoded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .harness import Settings, call
from .texts import prepare_text

if TYPE_CHECKING:
    import torch

__all__ = ["Sentences", "as_streams", "read_treebank"]

_TREEBANK = "ptb"
_WORDS = 9_999


@dataclass(frozen=True)
class Sentences:
    """A line a sentence, its words with spaces between them.

    Attributes
    ----------
    name : str
        The corpus.
    lines : Path
        The sentences.
    corpus : Path
        The same, encoded in the 10,000 most frequent words.
    tokens : int
        Its words and the ends of its sentences.
    notes : tuple of str
        What the reader should know.
    """

    name: str
    lines: Path
    corpus: Path
    tokens: int
    notes: tuple[str, ...]


def read_treebank(settings: Settings, tokens: int) -> Sentences:
    """Return the first sentences of the Penn Treebank, or of the text of the other comparisons.

    Parameters
    ----------
    settings : Settings
        Another corpus that it names is taken instead.
    tokens : int
        About so many words.

    Raises
    ------
    SpeedError
        The corpus that the settings name cannot be read.
    """
    if settings.corpus is None and call(has_treebank, settings)["found"]:
        settings = replace(settings, corpus=_TREEBANK)
    text = prepare_text(settings)
    lines, corpus = settings.work / "sentences.txt", settings.work / "sentences"
    made = call(
        encode, settings, text=str(text.raw), lines=str(lines), corpus=str(corpus), tokens=tokens
    )
    return Sentences(text.name, lines, corpus, made["tokens"], text.notes)


def has_treebank() -> dict[str, Any]:
    """Return whether the Penn Treebank is at hand (in a child)."""
    from textrep.data import locate
    from textrep.recipes import corpus_recipe

    return {"found": locate(corpus_recipe(_TREEBANK)) is not None}


def encode(text: str, lines: str, corpus: str, tokens: int) -> dict[str, Any]:
    """Write the first lines of a text, and encode them (in a child)."""
    from textrep import Corpus

    seen = 0
    with Path(text).open(encoding="utf-8") as given, Path(lines).open("w", encoding="utf-8") as cut:
        for line in given:
            seen += len(line.split())
            if seen > tokens:
                break
            if line.strip():
                cut.write(line)
    encoded = Corpus.build(lines, corpus, tokenizer="whitespace", min_count=1, max_size=_WORDS)
    return {"tokens": encoded.n_tokens + encoded.n_sentences}


def as_streams(corpus: str, n_streams: int) -> tuple[torch.Tensor, int]:
    """Return a corpus as parallel streams (in a child), and the number of words.

    Returns
    -------
    streams : Tensor of shape (time, n_streams), int64
        Words from 1 up; 0 begins each sentence.
    n_words : int
        With the beginning of a sentence.
    """
    import numpy as np
    import torch

    from textrep import Corpus

    encoded = Corpus.open(corpus)
    tokens = np.insert(encoded.tokens + 1, encoded.sentence_offsets, 0).astype(np.int64)
    length = len(tokens) // n_streams
    streams = torch.from_numpy(tokens[: length * n_streams]).view(n_streams, length)
    return streams.t().contiguous(), len(encoded.vocabulary) + 1
