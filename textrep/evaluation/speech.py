"""Parts of speech of words: how they are mostly tagged in the Brown corpus."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from textrep import data, recipes
from textrep.data.tagged import tagged_sentences
from textrep.errors import DataError

__all__ = ["PARTS", "part_of_items", "parts_of_speech"]

PARTS = ("noun", "verb", "adjective", "adverb", "other", "mixed", "unknown")
"""Parts of speech, in the order of a report."""

# The first letters of Brown's tags; be, do and have have tags of their own.
_TAGS = {
    **dict.fromkeys(("NN", "NP", "NR"), "noun"),
    **dict.fromkeys(("VB", "BE", "DO", "HV"), "verb"),
    "JJ": "adjective",
    "RB": "adverb",
}


def part_of_items(items: Sequence[Sequence[str]]) -> tuple[str, ...] | None:
    """Return the part of speech of each item.

    Parameters
    ----------
    items : sequence of sequence of str
        The words of each item.

    Returns
    -------
    tuple of str, or None
        The part of speech that all words of the item have, "mixed" where they differ and
        "unknown" where the corpus lacks one of them; None where items have no words, or the
        corpus is not at hand.
    """
    if not all(items):
        return None
    try:
        paths = data.find(recipes.corpus_recipe("brown"))
    except DataError:
        return None
    known = parts_of_speech(paths[0])
    return tuple(_part([known.get(word.lower(), "unknown") for word in words]) for words in items)


def _part(parts: Sequence[str]) -> str:
    distinct = set(parts)
    if "unknown" in distinct:
        return "unknown"
    return distinct.pop() if len(distinct) == 1 else "mixed"


@lru_cache(maxsize=1)
def parts_of_speech(path: Path) -> dict[str, str]:
    """Return the most frequent part of speech of each lower-cased word of a tagged corpus.

    Parameters
    ----------
    path : Path
        The Brown corpus, as NLTK packs it.

    Raises
    ------
    DataError
        The file cannot be read.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in tagged_sentences(data.read_bytes(path), path):
        for word, tag in zip(sentence.words, sentence.tags, strict=True):
            counts[word.lower()][_TAGS.get(tag.upper()[:2], "other")] += 1
    return {word: found.most_common(1)[0][0] for word, found in counts.items()}
