"""How frequent the words of an item are, by one vocabulary for all models of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from textrep.evaluation.protocols import Vectors

__all__ = ["BANDS", "Frequencies", "band_names", "bands", "common_vocabulary"]

BANDS = (1_000, 5_000, 20_000)
"""The last rank of each band of frequency; the last band has no end."""


@dataclass(frozen=True)
class Frequencies:
    """The ranks of words in one vocabulary.

    Attributes
    ----------
    model : str
        The first model that has this vocabulary.
    n_models : int
        How many have it.
    words : sequence of str
        Its words.
    counts : ndarray of int64, shape (n_words,), or None
        How often each occurred; None: the words are in order, the most frequent first.
    """

    model: str
    n_models: int
    words: Sequence[str]
    counts: NDArray[np.int64] | None

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The rank of each word, from 1 for the most frequent; equal counts by the given order."""
        if self.counts is None:
            return {word: rank for rank, word in enumerate(self.words, start=1)}
        order = np.argsort(-self.counts, kind="stable")
        return {self.words[place]: rank for rank, place in enumerate(order.tolist(), start=1)}


def common_vocabulary(models: Mapping[str, Vectors]) -> Frequencies | None:
    """Return the vocabulary that most models share, of several the one that comes first.

    Parameters
    ----------
    models : mapping of str to Vectors
        By name.

    Returns
    -------
    Frequencies or None
        None where there is no model.
    """
    if not models:
        return None
    keys = {name: hash(tuple(vectors.words)) for name, vectors in models.items()}
    (key, n_models), *_ = Counter(keys.values()).most_common(1)
    first = next(name for name in models if keys[name] == key)
    return Frequencies(first, n_models, models[first].words, models[first].counts)


def bands(items: Sequence[Sequence[str]], frequencies: Frequencies) -> NDArray[np.int64]:
    """Return the band of each item: that of its rarest word.

    Parameters
    ----------
    items : sequence of sequence of str
        The words of each item, at least one.
    frequencies : Frequencies
        The vocabulary. A word that it lacks as written is looked up in lower case.

    Returns
    -------
    ndarray of int64, shape (n_items,)
        Position in ``band_names()``; the last one is that of items with a word that is unknown.
    """
    ranks, unknown = frequencies.ranks, len(frequencies.words) + 1
    distinct = {word for words in items for word in words}
    rank = {word: ranks.get(word) or ranks.get(word.lower(), unknown) for word in distinct}
    rarest = np.array([max(rank[word] for word in words) for words in items], np.int64)
    found = np.searchsorted(BANDS, rarest)
    found[rarest == unknown] = len(BANDS) + 1
    return found


def band_names() -> tuple[str, ...]:
    """Return the names of the bands, the most frequent words first.

    Examples
    --------
    >>> band_names()
    ('1-1,000', '1,001-5,000', '5,001-20,000', 'above 20,000', 'unknown')
    """
    starts = (1, *(last + 1 for last in BANDS[:-1]))
    inside = (f"{first:,}-{last:,}" for first, last in zip(starts, BANDS, strict=True))
    return (*inside, f"above {BANDS[-1]:,}", "unknown")
