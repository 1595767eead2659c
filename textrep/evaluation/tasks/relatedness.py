"""Relatedness: whether the model's cosines order word pairs as people do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from textrep.errors import DataError
from textrep.evaluation.outcome import Items, Outcome, by_category, score, scored
from textrep.evaluation.protocols import Oov, Vectors
from textrep.evaluation.tasks.cosines import DECIMALS
from textrep.evaluation.tasks.matching import asked_policy, has_both, match, with_composed

__all__ = ["numbers", "relatedness"]


def relatedness(
    vectors: Vectors,
    columns: Mapping[str, Sequence[str]],
    *,
    lowercase: bool = False,
    oov: Oov = "skip",
    metric: Literal["spearman", "pearson"] = "spearman",
) -> Outcome:
    """Correlate the cosines of word pairs with human scores.

    Parameters
    ----------
    vectors : Vectors
        The model.
    columns : mapping of str to sequence of str
        ``word1``, ``word2``, ``score`` (a number), and, if the table has it, ``pos``, which
        becomes the category. One entry a pair.
    lowercase : bool, default=False
        Whether a word that the model lacks may be looked up in lower case.
    oov : {"skip", "zero", "mean", "subwords"}, default="skip"
        A pair is covered if the model has both words. Other pairs are left out ("skip"), have
        the similarity 0 ("zero"), the mean of all vectors stands for an unknown word ("mean"; two
        unknown words then have the similarity 1), or vectors composed from n-grams do, a pair with
        a word for which that is not possible having the similarity 0 ("subwords").
    metric : {"spearman", "pearson"}, default="spearman"
        The primary score; the other one is secondary.

    Returns
    -------
    Outcome
        Similarities, gold scores and the correlation of the two.

    Raises
    ------
    DataError
        A score is not a finite number.
    """
    word1, word2 = columns["word1"], columns["word2"]
    forms = match((*word1, *word2), vectors, lowercase)
    covered = has_both(forms, word1, word2)
    forms = with_composed(forms, vectors, lowercase, oov)
    answered = has_both(forms, word1, word2)
    known1 = [forms[word] or word for word in word1]
    known2 = [forms[word] or word for word in word2]
    values = np.zeros(len(covered))
    asked = answered if oov != "mean" else np.ones_like(covered)
    if asked.any():
        cosines = vectors.similarities(
            [word for word, ask in zip(known1, asked, strict=True) if ask],
            [word for word, ask in zip(known2, asked, strict=True) if ask],
            unknown=asked_policy(oov),
        )
        # Equal cosines that differ in their last bits would get different ranks.
        values[asked] = np.round(cosines, DECIMALS)
    composed = answered & ~covered if oov == "subwords" else None
    gold = numbers(columns["score"])
    items = Items(covered, values, gold, _groups(word1, word2), composed=composed)
    labels = columns.get("pos")
    other = "pearson" if metric == "spearman" else "spearman"
    return Outcome(
        metric=metric,
        items=items,
        oov=oov,
        secondary={other: score(other, items, scored(items, oov)).value},
        categories={} if labels is None else by_category(metric, items, oov, labels),
    )


def _groups(word1: Sequence[str], word2: Sequence[str]) -> NDArray[np.int64]:
    """Give pairs with a word in common one number, as they are not independent.

    A pair goes by the one of its words that is in more pairs.
    """
    counts = Counter([*word1, *word2])
    numbers: dict[str, int] = {}
    chosen = (
        one if counts[one] >= counts[two] else two for one, two in zip(word1, word2, strict=True)
    )
    return np.array([numbers.setdefault(word, len(numbers)) for word in chosen], np.int64)


def numbers(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return the scores of pairs, shape (n_pairs,).

    Raises
    ------
    DataError
        One is not a finite number.
    """
    found = np.empty(len(texts))
    for row, text in enumerate(texts):
        try:
            found[row] = float(text)
        except ValueError:
            found[row] = np.nan
        if not np.isfinite(found[row]):
            raise DataError(
                f"The score {text!r} of pair {row + 1} is not a finite number. "
                "Correct the table or leave the pair out."
            )
    return found
