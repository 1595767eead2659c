"""Outlier detection: which word does not belong with the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.evaluation.outcome import Items, Outcome, by_category, scored
from textrep.evaluation.protocols import Oov, Vectors
from textrep.evaluation.tasks.cosines import Directions
from textrep.evaluation.tasks.matching import match
from textrep.evaluation.tasks.synonym import TIE

__all__ = ["outlier"]


class Answers(NamedTuple):
    """What the model says of some outliers of one set, one entry an outlier."""

    position: NDArray[np.float64]  # share of the members that are less compact, 0 to 1
    found: NDArray[np.bool_]
    tied: NDArray[np.bool_]
    margin: NDArray[np.float64]  # lowest mean cosine of a member, less that of the outlier
    strangest: NDArray[np.int64]  # the member whose mean cosine that is


def outlier(
    vectors: Vectors,
    columns: Mapping[str, Sequence[str]],
    *,
    lowercase: bool = False,
    oov: Oov = "skip",
) -> Outcome:
    """Find the word whose removal makes a set the most compact.

    A question is a set W of n members and one outlier. The compactness of a word w is the mean
    cosine of the pairs of other words,

        ``c(w) = 1/(n (n - 1)) Σ_{x in W, x ≠ w} Σ_{y in W, y ≠ w, y ≠ x} cos(x, y)``

    The outlier is found if its compactness is the largest. Its position is the number of members
    whose compactness is smaller, 0 to n. A tie with the outlier counts against the model, in the
    position as well, and is reported where it is for the largest compactness.

    Parameters
    ----------
    vectors : Vectors
        The model.
    columns : mapping of str to sequence of str
        ``category``, ``words`` (the members, separated by ``|``) and ``outliers`` (separated by
        ``|``; each makes a question of its own). One entry a set.
    lowercase : bool, default=False
        Whether a word that the model lacks may be looked up in lower case.
    oov : {"skip", "zero", "mean"}, default="skip"
        A question is covered if the model has every member and the outlier. Other questions are
        left out ("skip"), count as wrong, at position 0 ("zero"), or the mean of all vectors
        stands for each unknown word ("mean").

    Returns
    -------
    Outcome
        Accuracy, the share of outliers found; ``secondary["opp"]`` is the outlier position
        percentage, as a share: the mean of position / n. The questions of one set are one group
        in the interval.

    Notes
    -----
    The authors' script gives an expression of several words that the model lacks the mean of its
    parts; here it is unknown.

    References
    ----------
    Camacho-Collados and Navigli 2016, Find the Word That Does Not Belong: A Framework for an
    Intrinsic Evaluation of Word Vector Representations, section 3.
    """
    sets = [text.split("|") for text in columns["words"]]
    strangers = [text.split("|") for text in columns["outliers"]]
    forms = match((word for words in (*sets, *strangers) for word in words), vectors, lowercase)
    covered = np.array(
        [
            forms[word] is not None and all(forms[member] is not None for member in members)
            for members, words in zip(sets, strangers, strict=True)
            for word in words
        ],
        dtype=np.bool_,
    )
    sizes = [len(words) for words in strangers]
    groups = np.repeat(np.arange(len(sets)), sizes)
    asked = np.ones_like(covered) if oov == "mean" else covered
    position = np.zeros(len(covered))
    found, tied = np.zeros_like(covered), np.zeros_like(covered)
    margins = np.full(len(covered), np.nan)
    named = [""] * len(covered)
    for number, (members, words) in enumerate(zip(sets, strangers, strict=True)):
        inside = np.flatnonzero(groups == number)
        chosen = inside[asked[inside]]
        if len(chosen):
            wanted = [words[place] for place in chosen - inside[0]]
            known = [forms[word] or word for word in (*members, *wanted)]
            directions = Directions(vectors, known, "mean" if oov == "mean" else "error")
            answers = _answers(directions, len(members), len(wanted))
            position[chosen], found[chosen], tied[chosen] = answers[:3]
            margins[chosen] = answers.margin
            for place, nearest in zip(chosen, answers.strangest, strict=True):
                right = words[place - inside[0]]
                named[place] = right if margins[place] > 0 else members[nearest]
    items = Items(
        covered,
        found.astype(np.float64),
        groups=groups,
        margins=margins,
        answers=tuple(named),
    )
    counted = position[scored(items, oov)]
    labels = np.repeat(np.array(columns["category"], dtype=object), sizes)
    return Outcome(
        metric="accuracy",
        items=items,
        oov=oov,
        secondary={"opp": float(counted.mean()) if len(counted) else None},
        ties=int(tied.sum()),
        categories=by_category("accuracy", items, oov, list(labels)),
    )


def _answers(directions: Directions, n: int, n_outliers: int) -> Answers:
    """Rank each outlier, the words after the first ``n``, among these ``n`` members.

    The sum of all cosines is the same whichever word is left out, so the larger the compactness
    of a word, the smaller its mean cosine with the others, which is compared instead (the paper's
    pseudo-inverted compactness, but for a factor).
    """
    members = np.arange(n)
    inside = directions.cosines(members, members)
    across = directions.cosines(members, n + np.arange(n_outliers))
    of_members = ((inside.sum(axis=1) - inside.diagonal())[:, None] + across) / n
    of_outliers = across.sum(axis=0) / n
    less_compact = (of_members > of_outliers + TIE).sum(axis=0)
    more_compact = (of_members < of_outliers - TIE).any(axis=0)
    found = less_compact == n
    margin = of_members.min(axis=0) - of_outliers
    return Answers(
        less_compact / n, found, ~found & ~more_compact, margin, of_members.argmin(axis=0)
    )
