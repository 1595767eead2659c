"""Why two words are similar: their cosine as a sum over contexts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_integer
from textrep.inspection.contexts import Contexts, contexts_of
from textrep.models.base import Representation

__all__ = ["Explanation", "Part", "SharedContext", "explain"]

Floats = NDArray[np.float64]


class SharedContext(NamedTuple):
    """A context that two words have in common.

    Attributes
    ----------
    word : str
        The context.
    contribution : float
        Its part of the cosine.
    score1, score2 : float
        What the model says of each word and the context.
    """

    word: str
    contribution: float
    score1: float
    score2: float


class Part(NamedTuple):
    """So many contexts, and what they contribute to the cosine together."""

    contribution: float
    n_contexts: int


@dataclass(frozen=True)
class Explanation:
    """A cosine, taken apart.

    ``similarity`` is the sum of the contributions of ``shared``, ``avoided``, ``opposed`` and
    ``outside``.

    Attributes
    ----------
    word1, word2 : str
    similarity : float
        Their cosine; 0 where one has a zero vector.
    contexts : list of SharedContext
        Those of ``shared`` that contribute most, largest first.
    shared : Part
        Contexts that both words have: coordinates above 0.
    avoided : Part
        Contexts that both words have less than others do: coordinates below 0.
    opposed : Part
        Contexts that one has and the other avoids; their contribution is below 0.
    outside : float
        What lies outside the span of the contexts' vectors; 0 but for rounding, as a rule.
    exact : bool
        Whether the contexts are the model's own orthonormal basis (counts, PMI, SVD). If not, the
        sum is as exact, but which context contributes what rests on a choice; see `explain`.
    agreement : (float, float), or None
        Pearson's correlation, over the contexts, of each word's coordinates with its scores; None
        where ``exact``.
    score : {"count", "PMI", "PPMI", "value", "product"}
        What ``score1`` and ``score2`` are: an entry of the matrix; that of the matrix of rank dim
        which an SVD made of it; or the product of the word's and the context's vector.
    """

    word1: str
    word2: str
    similarity: float
    contexts: list[SharedContext]
    shared: Part
    avoided: Part
    opposed: Part
    outside: float
    exact: bool
    agreement: tuple[float, float] | None
    score: str

    @property
    def rest(self) -> float:
        """What the cosine is besides the contributions of ``contexts``."""
        return self.similarity - sum(context.contribution for context in self.contexts)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as dictionaries, lists and numbers."""
        parts = {name: getattr(self, name)._asdict() for name in ("shared", "avoided", "opposed")}
        contexts = [context._asdict() for context in self.contexts]
        return {**vars(self), **parts, "contexts": contexts, "rest": self.rest}


def explain(
    model: Representation | Contexts | str | Path, word1: str, word2: str, n: int = 10
) -> Explanation:
    """Take the cosine of two words apart into what each context contributes.

    cos(w1, w2) = Σ_c x1[c] · x2[c], where x is a word's vector, at length 1, in an orthonormal
    basis with a direction for each context.

    Parameters
    ----------
    model : Representation, Contexts, str or Path
        A model that keeps its contexts, fitted or in a folder: counts, PMI, PPMI, SVD, GloVe or
        word2vec (but for hierarchical softmax). To explain many pairs, pass the result of
        `contexts_of`.
    word1, word2 : str
    n : int, default=10
        How many contexts to list, at least 1.

    Returns
    -------
    Explanation

    Raises
    ------
    UnknownNameError
        A word has no vector.
    InputError
        The model keeps no contexts, or they cannot be named.

    Notes
    -----
    The dimensions of counts, PMI and PPMI are the contexts. Models of few dimensions have a vector
    for each context, the rows of C, of shape (n_contexts, dim). The coordinates of a word are then
    its row of W (C.T C)^(-1/2) C.T: C changed as little as makes its columns orthonormal (Löwdin),
    so that products of rows are those of W.

    - For an SVD, C is V, whose columns are orthonormal as they are: the coordinates are the rows of
      U · Σ^p · V.T. For p = 1 that is the best approximation of the matrix; for other p, the same
      with other weights of its dimensions.
    - For word2vec and GloVe, the scores W · C.T approximate shifted PMI and log counts, but their
      columns are correlated, and the cosine is no sum over them. Other bases give other parts;
      ``agreement`` says how near the coordinates of this one are to the scores.

    References
    ----------
    Löwdin 1950, On the Non-Orthogonality Problem Connected with the Use of Atomic Wave Functions in
    the Theory of Molecules and Crystals, Journal of Chemical Physics 18(3).
    Levy and Goldberg 2014, Neural Word Embedding as Implicit Matrix Factorization, NIPS 27.

    Examples
    --------
    >>> from textrep.models.cooccurrence import Cooccurrence
    >>> text = [["cats", "sleep"], ["dogs", "sleep"], ["dogs", "bark"]] * 5
    >>> found = explain(Cooccurrence().fit(text), "cats", "dogs")
    >>> [(context.word, context.score1, context.score2) for context in found.contexts]
    [('sleep', 5.0, 5.0)]
    """
    check_integer("n", "explain", n, 1)
    contexts = model if isinstance(model, Contexts) else contexts_of(model)
    vectors = np.stack([contexts.vectors[word].astype(np.float64) for word in (word1, word2)])
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    coordinates, scores = contexts.coordinates(units), contexts.scores(vectors)
    x, y = coordinates
    contributions = x * y
    both, neither = (x > 0) & (y > 0), (x < 0) & (y < 0)
    similarity = float(np.clip(units[0] @ units[1], -1.0, 1.0))
    exact = contexts.orthonormal
    return Explanation(
        word1=word1,
        word2=word2,
        similarity=similarity,
        contexts=[
            SharedContext(
                contexts.words[place], float(contributions[place]), *scores[:, place].tolist()
            )
            for place in _largest(contributions, both, n)
        ],
        shared=_part(contributions, both),
        avoided=_part(contributions, neither),
        opposed=_part(contributions, contributions < 0),
        outside=similarity - float(contributions.sum()),
        exact=exact,
        agreement=None if exact else (_r(x, scores[0]), _r(y, scores[1])),
        score=contexts.score,
    )


def _largest(values: Floats, among: NDArray[np.bool_], n: int) -> list[int]:
    """Return the places of the n largest values, largest first; of equal ones the first."""
    places = np.flatnonzero(among)
    order = np.argsort(-values[places], kind="stable")[:n]
    return [int(place) for place in places[order]]


def _part(contributions: Floats, among: NDArray[np.bool_]) -> Part:
    return Part(float(contributions[among].sum()), int(among.sum()))


def _r(x: Floats, y: Floats) -> float:
    """Return Pearson's correlation; not a number where one of both does not vary."""
    x, y = x - x.mean(), y - y.mean()
    lengths = float(np.linalg.norm(x) * np.linalg.norm(y))
    return float(x @ y) / lengths if lengths > 0 else float("nan")
