"""Semantic relations: whether related words are nearer than random ones, and which relations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from textrep.errors import DataError
from textrep.evaluation.outcome import Category, Items, Outcome, score, scored
from textrep.evaluation.protocols import Oov, Vectors
from textrep.evaluation.tasks.cosines import DECIMALS, Directions
from textrep.evaluation.tasks.matching import match

__all__ = ["RANDOM", "relations"]

RANDOM = "random"
"""The relation of the words that were drawn to be unrelated."""


def relations(
    vectors: Vectors,
    columns: Mapping[str, Sequence[str]],
    *,
    lowercase: bool = False,
    oov: Oov = "skip",
) -> Outcome:
    """Tell the words that are related to a concept from random words, by their cosines.

    With R(c) the words related to the concept c in any way and N(c) its random words,

        ``AUC(c) = 1/(|R(c)| |N(c)|) Σ_{r in R(c)} Σ_{n in N(c)} [cos(c, r) > cos(c, n)]``

    an equality counting one half. The score is the mean of AUC(c) over the concepts.

    Parameters
    ----------
    vectors : Vectors
        The model.
    columns : mapping of str to sequence of str
        ``word1`` (the concept), ``word2`` (the other word) and ``relation``, which is "random" for
        random words. One entry a pair.
    lowercase : bool, default=False
        Whether a word that the model lacks may be looked up in lower case.
    oov : {"skip", "zero", "mean"}, default="skip"
        A pair is covered if the model has both words. Other pairs are left out ("skip"), have
        the similarity 0 ("zero"), or the mean of all vectors stands for an unknown word ("mean").

    Returns
    -------
    Outcome
        The mean AUC. ``categories`` has the mean AUC of each relation's words against the random
        ones; ``secondary["z_RELATION"]`` is what the authors of BLESS report: the cosine of the
        nearest word of each relation, standardised over the relations of a concept (the standard
        deviation with n - 1), then averaged over the concepts that have a scored pair of every
        relation.

    Raises
    ------
    DataError
        No relation is "random", or every one is.

    Notes
    -----
    The AUC as one number for the whole set is ours: BLESS comes with the distributions of the z
    scores and no single figure. It tells related from unrelated words, and is no measure of one
    relation. Where the random words are not split by part of speech, they are one relation in the
    z scores, which the authors split into three; as the nearest of many, it is higher for that.

    References
    ----------
    Baroni and Lenci 2011, How We BLESSed Distributional Semantic Evaluation.
    """
    labels = np.array(columns["relation"], dtype=object)
    related = labels != RANDOM
    if related.all() or not related.any():
        raise DataError(
            f"The relations must be {RANDOM!r} for some pairs and another one for others."
        )
    words = list(dict.fromkeys((*columns["word1"], *columns["word2"])))
    forms = match(words, vectors, lowercase)
    place = {word: number for number, word in enumerate(words)}
    left = np.array([place[word] for word in columns["word1"]], dtype=np.int64)
    right = np.array([place[word] for word in columns["word2"]], dtype=np.int64)
    has = np.array([forms[word] is not None for word in words], dtype=np.bool_)
    covered = has[left] & has[right]
    asked = np.ones_like(covered) if oov == "mean" else covered
    values = _cosines(vectors, [forms[word] or word for word in words], left, right, asked, oov)
    groups = np.unique(left, return_inverse=True)[1].astype(np.int64)
    items = Items(covered, values, related.astype(np.float64), groups)
    return Outcome(
        metric="auc",
        items=items,
        oov=oov,
        secondary=_z_scores(items, oov, labels),
        categories=_categories(items, oov, labels),
    )


def _cosines(
    vectors: Vectors,
    words: Sequence[str],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    asked: NDArray[np.bool_],
    oov: Oov,
) -> NDArray[np.float64]:
    """Return the cosine of each pair of positions in ``words``, 0 where it is not asked for."""
    values = np.zeros(len(left))
    used = np.unique(np.concatenate([left[asked], right[asked]]))
    if len(used) == 0:
        return values
    known = [words[position] for position in used]
    directions = Directions(vectors, known, "mean" if oov == "mean" else "error")
    for concept in np.unique(left[asked]):
        pairs = np.flatnonzero(asked & (left == concept))
        row, others = np.searchsorted(used, [concept]), np.searchsorted(used, right[pairs])
        values[pairs] = np.round(directions.cosines(others, row)[:, 0], DECIMALS)
    return values


def _categories(items: Items, oov: Oov, labels: NDArray[np.object_]) -> dict[str, Category]:
    """Return the score of each relation against the random words."""
    chosen = scored(items, oov)
    categories = {}
    for relation in dict.fromkeys(labels):
        inside = labels == relation
        if relation != RANDOM:
            categories[relation] = Category(
                score=score("auc", items, chosen & (inside | (labels == RANDOM))).value,
                n_items=int(inside.sum()),
                n_covered=int((items.covered & inside).sum()),
            )
    return categories


def _z_scores(items: Items, oov: Oov, labels: NDArray[np.object_]) -> dict[str, float | None]:
    """Return the mean over the concepts of each relation's standardised nearest cosine."""
    names = list(dict.fromkeys(labels))
    code = {name: number for number, name in enumerate(names)}
    codes = np.array([code[label] for label in labels], dtype=np.int64)
    chosen = scored(items, oov)
    groups = np.zeros_like(codes) if items.groups is None else items.groups
    nearest = np.full((int(groups.max()) + 1, len(names)), -np.inf)
    np.maximum.at(nearest, (groups[chosen], codes[chosen]), items.values[chosen])
    nearest = nearest[np.isfinite(nearest).all(axis=1)]
    if len(nearest) == 0:
        return {f"z_{name}": None for name in names}
    centred = nearest - nearest.mean(axis=1, keepdims=True)
    spread = nearest.std(axis=1, ddof=1, keepdims=True)
    z = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    return {f"z_{name}": float(mean) for name, mean in zip(names, z.mean(axis=0), strict=True)}
