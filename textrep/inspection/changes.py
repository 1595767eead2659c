"""What is different between two aligned models: how much, beyond what noise, and which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_integer
from textrep.inspection.noise import CONFIDENCE, Band, limits
from textrep.vectors import WordVectors

__all__ = ["ChangedWord", "Counts", "Difference", "rarer_counts"]

Floats = NDArray[np.float64]
Counts = NDArray[np.int64] | None


class ChangedWord(NamedTuple):
    """A word, and how much it changed.

    Attributes
    ----------
    word : str
    change : float
        1 - its cosine after alignment, 0 to 2.
    limit : float or None
        What 99% of the words of its frequency do not exceed from seed to seed.
    count_a, count_b : int or None
        Its occurrences.
    overlap : float
        Jaccard's index of its neighbours in both models: shared ones of all.
    seed_overlap : float or None
        The same of one model and its reseedings, in the mean.
    neighbors_a, neighbors_b : list of str
        Its neighbours in each, among the words that are compared.
    """

    word: str
    change: float
    limit: float | None
    count_a: int | None
    count_b: int | None
    overlap: float
    seed_overlap: float | None
    neighbors_a: list[str]
    neighbors_b: list[str]


@dataclass(frozen=True)
class Difference:
    """What is different between the models a and b.

    Attributes
    ----------
    a, b : WordVectors
        Of the words that are compared, in the order of the first.
    seeds : list of WordVectors
        Of the same words; a trained with other seeds.
    changes : ndarray of shape (n_words,), float64
        1 - the cosine of each word after alignment.
    bands : list of Band
        The noise by frequency; empty without seeds.
    only_a, only_b : list of str
        Words that the other model lacks, in the order of the model.
    without_vector : int
        Shared words that are left out, because one model has a zero vector for them.
    """

    a: WordVectors
    b: WordVectors
    seeds: list[WordVectors]
    changes: Floats
    bands: list[Band]
    only_a: list[str]
    only_b: list[str]
    without_vector: int

    @property
    def words(self) -> list[str]:
        """The words that are compared."""
        return self.a.words

    @property
    def median_change(self) -> float:
        """The median of the changes."""
        return float(np.median(self.changes))

    @property
    def limits(self) -> Floats | None:
        """What 99% of the noise does not exceed, for each word; None without seeds.

        A word has the limit of the rarer of its two frequencies.
        """
        if not self.bands:
            return None
        return limits(self.bands, rarer_counts(self.a.counts, self.b.counts), len(self.words))

    @property
    def changed(self) -> NDArray[np.bool_] | None:
        """Which words changed more than their limit; None without seeds."""
        most = self.limits
        return None if most is None else self.changes > most

    @property
    def share(self) -> float | None:
        """The share of words that changed more than their limit; None without seeds.

        Noise alone would make it .01, with another seed in place of ``b``.
        """
        changed = self.changed
        return None if changed is None else float(changed.mean())

    @property
    def false_share(self) -> float | None:
        """The share of the changed words that noise alone accounts for, at most 1.

        The words that are compared are many: of 10,000 some 100 are above their limits by chance.
        """
        share = self.share
        return None if share is None else min(1.0, (1 - CONFIDENCE) / share) if share else 0.0

    def most_changed(
        self, n: int = 20, n_neighbors: int = 10, n_jobs: int | None = None
    ) -> list[ChangedWord]:
        """Return the words that changed most.

        Parameters
        ----------
        n : int, default=20
            How many, at least 1. With seeds, only words beyond their limits are among them.
        n_neighbors : int, default=10
            Neighbours to compare, at least 1.
        n_jobs : int, optional
            Threads; every core by default.

        Returns
        -------
        list of ChangedWord
            Furthest above its limit first; without seeds, most changed first.
        """
        check_integer("n", "most_changed", n, 1)
        most = self.limits
        excess = self.changes if most is None else self.changes - most
        places = np.argsort(-excess, kind="stable")[:n]
        if most is not None:
            places = places[excess[places] > 0]
        words = [self.words[place] for place in places]
        models = (self.a, self.b, *self.seeds)
        near = [
            [[word for word, _ in found] for found in model.neighbors(words, n_neighbors, n_jobs)]
            for model in (models if words else ())
        ]
        listed = []
        for row, place in enumerate(places.tolist()):
            a, b, *others = (found[row] for found in near)
            listed.append(
                ChangedWord(
                    word=words[row],
                    change=float(self.changes[place]),
                    limit=None if most is None else float(most[place]),
                    count_a=None if self.a.counts is None else int(self.a.counts[place]),
                    count_b=None if self.b.counts is None else int(self.b.counts[place]),
                    overlap=_jaccard(a, b),
                    seed_overlap=float(np.mean([_jaccard(a, c) for c in others]))
                    if others
                    else None,
                    neighbors_a=a,
                    neighbors_b=b,
                )
            )
        return listed


def rarer_counts(a: Counts, b: Counts) -> Counts:
    """Return the counts of whichever has fewer, or those that there are."""
    if a is None or b is None:
        return b if a is None else a
    return np.minimum(a, b)


def _jaccard(one: Sequence[str], other: Sequence[str]) -> float:
    together = len({*one, *other})
    return len({*one} & {*other}) / together if together else 0.0
