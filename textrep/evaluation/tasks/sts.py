"""Sentence similarity: whether the cosines of texts order pairs of sentences as people do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.evaluation.outcome import Items, Outcome, by_category, score, scored
from textrep.evaluation.protocols import Encoder, Oov
from textrep.evaluation.tasks.cosines import DECIMALS
from textrep.evaluation.tasks.encoding import adapted, encoded, row_norms
from textrep.evaluation.tasks.relatedness import numbers

__all__ = ["sts"]


def sts(
    model: Encoder,
    columns: Mapping[str, Sequence[str]],
    *,
    oov: Oov = "zero",
    metric: Literal["spearman", "pearson"] = "spearman",
) -> Outcome:
    """Correlate the cosines of sentence pairs with human scores.

    Parameters
    ----------
    model : Encoder
        One that adapts to texts is adapted to all sentences of the benchmark, which is what Arora
        et al. 2017 do; the scores stay unseen.
    columns : mapping of str to sequence of str
        ``sentence1``, ``sentence2``, ``score`` (a number), and, if the table has it, ``category``.
        One entry a pair.
    oov : {"skip", "zero"}, default="zero"
        A pair is covered if neither vector is all zeros. Other pairs have the similarity 0, or are
        left out ("skip").
    metric : {"spearman", "pearson"}, default="spearman"
        The primary score; the other one is secondary.

    Returns
    -------
    Outcome
        Similarities, gold scores and the correlation over all pairs at once. ``categories`` has
        the metric of each category; some papers report the mean of these.

    Raises
    ------
    DataError
        A score is not a finite number.

    References
    ----------
    Agirre et al. 2012, SemEval-2012 Task 6: A Pilot on Semantic Textual Similarity.
    Arora, Liang and Ma 2017, A Simple but Tough-to-Beat Baseline for Sentence Embeddings, ICLR.
    """
    left, right = columns["sentence1"], columns["sentence2"]
    vectors = encoded(adapted(model, [*left, *right]), [*left, *right])
    norms = row_norms(vectors)
    covered = (norms[: len(left)] > 0) & (norms[len(left) :] > 0)
    # Equal cosines that differ in their last bits would get different ranks.
    values = np.round(_cosines(vectors, norms, len(left)), DECIMALS)
    items = Items(covered, values, numbers(columns["score"]))
    labels = columns.get("category")
    other = "pearson" if metric == "spearman" else "spearman"
    return Outcome(
        metric=metric,
        items=items,
        oov=oov,
        secondary={other: score(other, items, scored(items, oov)).value},
        categories={} if labels is None else by_category(metric, items, oov, labels),
    )


def _cosines(vectors: Any, norms: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Return the cosine of each pair of rows i and n + i; 0 where one is all zeros."""
    left, right = vectors[:n], vectors[n:]
    dots = (left.multiply(right) if sp.issparse(vectors) else left * right).sum(axis=1)
    lengths = norms[:n] * norms[n:]
    cosines: NDArray[np.float64] = np.zeros(n)
    np.divide(dots, lengths, out=cosines, where=lengths > 0)
    return cosines
