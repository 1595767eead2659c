"""How far neighbours can be relied on: whether models from other seeds have them, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from textrep.errors import InvalidParameterError
from textrep.inspection.sources import as_vectors, reseeded

__all__ = ["NeighborAgreement", "ReseededNeighbor", "neighbor_agreement"]


class ReseededNeighbor(NamedTuple):
    """A neighbour, and how many of the models from other seeds have it, too.

    Attributes
    ----------
    word : str
    similarity : float
        In the model itself.
    agreeing : int
        Models from other seeds that have it among as many neighbours.
    """

    word: str
    similarity: float
    agreeing: int


@dataclass(frozen=True)
class NeighborAgreement:
    """The neighbours of a word, and what other seeds make of them.

    Attributes
    ----------
    word : str
    neighbors : list of ReseededNeighbor
        Most similar first.
    n_seeds : int
        Models from other seeds.
    """

    word: str
    neighbors: list[ReseededNeighbor]
    n_seeds: int

    @property
    def overlap(self) -> float:
        """The share of the neighbours that a model from another seed has, too, in the mean."""
        if not self.neighbors:
            return float("nan")
        agreeing = sum(neighbor.agreeing for neighbor in self.neighbors)
        return agreeing / (self.n_seeds * len(self.neighbors))


def neighbor_agreement(
    model: Any, seeds: Sequence[Any], words: Sequence[str], n: int = 10, n_jobs: int | None = None
) -> list[NeighborAgreement]:
    """Return neighbours of words, and how many models from other seeds have each of them.

    Parameters
    ----------
    model : WordVectors, Representation, str or Path
    seeds : sequence of the same
        At least one model, trained as ``model`` was with another seed.
    words : sequence of str
    n : int, default=10
        Neighbours of each word, at least 1.
    n_jobs : int, optional
        Threads; every core by default.

    Returns
    -------
    list of NeighborAgreement
        For each word.

    Raises
    ------
    UnknownNameError
        A word has no vector.
    InputError
        A model of ``seeds`` has other words, or the same vectors.

    References
    ----------
    Wendlandt, Kummerfeld and Mihalcea 2018, Factors Influencing the Surprising Instability of Word
    Embeddings, NAACL.

    Examples
    --------
    >>> from textrep.vectors import WordVectors
    >>> one = WordVectors(["cat", "dog", "car"], [[1, 1], [1, 0.9], [-1, 1]])
    >>> other = WordVectors(["cat", "dog", "car"], [[1, 1], [-1, -1], [0, 1]])
    >>> [found.overlap for found in neighbor_agreement(one, [other], ["cat", "car"], n=1)]
    [0.0, 1.0]
    """
    if not seeds:
        rule = "at least one model from another seed"
        raise InvalidParameterError("seeds", "neighbor_agreement", rule, list(seeds))
    vectors = as_vectors(model, "neighbor_agreement")
    others = reseeded(vectors, seeds, "neighbor_agreement")
    found = vectors.neighbors(list(words), n, n_jobs)
    elsewhere = [
        [{near.word for near in nearest} for nearest in other.neighbors(list(words), n, n_jobs)]
        for other in others
    ]
    return [
        NeighborAgreement(
            word,
            [
                ReseededNeighbor(*near, sum(near.word in sets[place] for sets in elsewhere))
                for near in nearest
            ],
            len(others),
        )
        for place, (word, nearest) in enumerate(zip(words, found, strict=True))
    ]
