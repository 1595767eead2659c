"""Where in a corpus a word has its contexts nearby."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_choice, check_integer
from textrep.corpus import Corpus
from textrep.counting import BOUNDARIES, SIDES

__all__ = ["Example", "Together", "occurrences"]

Integers = NDArray[np.int64]

_STRETCH = 1 << 24  # tokens that are looked at together
_SPARE = 4  # places kept for each example, because many sentences of a corpus are there again


class Example(NamedTuple):
    """A sentence with a word and a context of it.

    Attributes
    ----------
    tokens : list of str
        The sentence, or those from the one of the word to the one of the context.
    word, context : int
        Their places in it.
    """

    tokens: list[str]
    word: int
    context: int


class Together(NamedTuple):
    """How often a word has a context within the window, and some of the places.

    Attributes
    ----------
    times : int
        Pairs of an occurrence of the word and one of the context.
    examples : list of Example
        Nearest to one another first, then in the order of the text; no two with the same tokens.
    """

    times: int
    examples: list[Example]


def occurrences(
    corpus: Corpus,
    word: str,
    contexts: Sequence[str],
    *,
    window: int = 5,
    side: str = "both",
    boundary: str = "sentence",
    n: int = 2,
) -> dict[str, Together]:
    """Find the sentences in which a word has each of some contexts.

    Parameters
    ----------
    corpus : Corpus
    word : str
    contexts : sequence of str
        Words of the corpus, too.
    window : int, default=5
        Tokens to look at on each side of the word, 1 to 1000.
    side : {"both", "left", "right"}, default="both"
        Where to look.
    boundary : {"sentence", "document", "none"}, default="sentence"
        What no window crosses.
    n : int, default=2
        Examples for each context, 1 or more.

    Returns
    -------
    dict of str to Together
        For each of ``contexts``.

    Raises
    ------
    UnknownNameError
        A word is not in the corpus.
    InvalidParameterError
        A parameter is out of its range.

    Examples
    --------
    >>> corpus = Corpus.build([["a", "cat", "sat"], ["the", "cat", "ran"]], min_count=1)
    >>> occurrences(corpus, "cat", ["ran"])["ran"]
    Together(times=1, examples=[Example(tokens=['the', 'cat', 'ran'], word=1, context=2)])
    """
    check_integer("window", "occurrences", window, 1, 1000)
    check_choice("side", "occurrences", side, SIDES)
    check_choice("boundary", "occurrences", boundary, BOUNDARIES)
    check_integer("n", "occurrences", n, 1)
    numbers = [corpus.vocabulary.number(context) for context in contexts]
    counts = dict.fromkeys(numbers, 0)
    places: dict[int, list[tuple[int, int, int]]] = {number: [] for number in counts}
    wanted = np.unique(np.array(numbers, np.int32))
    for words, others in _pairs(corpus, word, wanted, window, side, boundary):
        found = corpus.tokens[others]
        for number in counts:
            hits = np.flatnonzero(found == number)
            counts[number] += len(hits)
            distances = np.abs(words[hits] - others[hits])
            nearest = hits[np.lexsort((words[hits], distances))[: _SPARE * n]]
            pairs = zip(words[nearest].tolist(), others[nearest].tolist(), strict=True)
            places[number] += [(abs(word - other), word, other) for word, other in pairs]
    return {
        context: Together(counts[number], _examples(corpus, sorted(places[number]), n))
        for context, number in zip(contexts, numbers, strict=True)
    }


def _pairs(
    corpus: Corpus, word: str, contexts: NDArray[np.int32], window: int, side: str, boundary: str
) -> Iterator[tuple[Integers, Integers]]:
    """Yield places of the word and of a context in its window, a stretch of the text at a time."""
    number, tokens, limits = (
        corpus.vocabulary.number(word),
        corpus.tokens,
        _limits(corpus, boundary),
    )
    steps = range(0 if side == "right" else -window, 1 if side == "left" else window + 1)
    for first in range(0, len(tokens), _STRETCH):
        words = first + np.flatnonzero(tokens[first : first + _STRETCH] == number)
        unit = np.searchsorted(limits, words, side="right")
        begin, end = limits[unit - 1], limits[unit]
        found = []
        for step in steps:
            inside = words[(words + step >= begin) & (words + step < end)] if step else words[:0]
            hits = inside[np.isin(tokens[inside + step], contexts)]
            found.append((hits, hits + step))
        yield (
            np.concatenate([hits for hits, _ in found]),
            np.concatenate([others for _, others in found]),
        )


def _limits(corpus: Corpus, boundary: str) -> Integers:
    """Return where in the tokens each stretch begins that windows stay in, and where all end."""
    if boundary == "sentence":
        return corpus.sentence_offsets
    if boundary == "document":
        limits: Integers = corpus.sentence_offsets[corpus.document_offsets]
        return limits
    return np.array([0, corpus.n_tokens], np.int64)


def _examples(corpus: Corpus, places: Sequence[tuple[int, int, int]], n: int) -> list[Example]:
    examples: dict[tuple[str, ...], Example] = {}
    for _, word, context in places:
        if len(examples) == n:
            break
        ends = np.array([min(word, context), max(word, context)])
        first, last = np.searchsorted(corpus.sentence_offsets, ends, side="right")
        begin, end = corpus.sentence_offsets[first - 1], corpus.sentence_offsets[last]
        tokens = [corpus.vocabulary.words[number] for number in corpus.tokens[begin:end].tolist()]
        example = Example(tokens, int(word - begin), int(context - begin))
        examples.setdefault(tuple(tokens), example)
    return list(examples.values())
