"""Synonym choice: whether the right option is the one nearest to the question word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from textrep.errors import DataError
from textrep.evaluation.outcome import Items, Outcome, by_category
from textrep.evaluation.protocols import Oov, Vectors
from textrep.evaluation.tasks.matching import asked_policy, has_both, match, with_composed

__all__ = ["TIE", "synonym"]

TIE = 1e-6
"""Two cosines that differ by less are tied: float32 vectors do not tell them apart."""


def synonym(
    vectors: Vectors,
    columns: Mapping[str, Sequence[str]],
    *,
    lowercase: bool = False,
    oov: Oov = "skip",
) -> Outcome:
    """Choose the option with the highest cosine to the question word.

    A tie for the highest cosine is a wrong answer, and is counted: a model that cannot tell the
    options apart does not know the answer.

    Parameters
    ----------
    vectors : Vectors
        The model.
    columns : mapping of str to sequence of str
        ``question``; the options, in ``option1``, ``option2`` … (an empty one is no option) or
        separated by ``|`` in ``options``; ``correct`` (number of the right option, from 1); and,
        if the table has it, ``pos``, which becomes the category. One entry a question.
    lowercase : bool, default=False
        Whether a word that the model lacks may be looked up in lower case.
    oov : {"skip", "zero", "mean", "subwords"}, default="skip"
        A question is covered if the model has the question word and the right option; other
        options that it lacks are never chosen. Questions that are not covered are left out
        ("skip"), count as wrong ("zero"), or are answered with the mean of all vectors in place of
        each unknown word ("mean"), or with vectors composed from n-grams for all words, those of
        covered questions too, for which that is possible ("subwords"; the others are taken as by
        "zero").

    Returns
    -------
    Outcome
        Accuracy; ``secondary["chance"]`` is what guessing would score, over all questions.

    Raises
    ------
    DataError
        A question has fewer than two options, or ``correct`` is not the number of one.
    """
    questions = columns["question"]
    options = _options(columns)
    correct = _correct(columns["correct"], options)
    forms = match((*questions, *(word for row in options for word in row)), vectors, lowercase)
    answers = [row[right] for row, right in zip(options, correct, strict=True)]
    covered = has_both(forms, questions, answers)
    forms = with_composed(forms, vectors, lowercase, oov)
    possible = has_both(forms, questions, answers)
    cosines = _cosines(vectors, questions, options, forms, possible, oov)
    top = cosines.max(axis=1, initial=-np.inf)
    n_top = (cosines > top[:, None] - TIE).sum(axis=1)
    answered = np.isfinite(top)
    tied = answered & (n_top > 1)
    chosen = cosines.argmax(axis=1) if len(questions) else np.empty(0, dtype=np.int64)
    right = answered & ~tied & (chosen == correct)
    composed = possible & ~covered if oov == "subwords" else None
    items = Items(
        covered,
        right.astype(np.float64),
        composed=composed,
        margins=_margins(cosines, correct, answered),
        answers=tuple(
            options[row][place] if asked else ""
            for row, (place, asked) in enumerate(zip(chosen, answered, strict=True))
        ),
    )
    labels = columns.get("pos")
    chance = float(np.mean([1 / len(row) for row in options])) if options else None
    return Outcome(
        metric="accuracy",
        items=items,
        oov=oov,
        secondary={"chance": chance},
        ties=int(tied.sum()),
        categories={} if labels is None else by_category("accuracy", items, oov, labels),
    )


def _margins(
    cosines: NDArray[np.float64], correct: NDArray[np.int64], answered: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the cosine of the right option less the highest other; NaN without one of the two."""
    margins = np.full(len(correct), np.nan)
    rows = np.flatnonzero(answered)
    if len(rows):
        others = cosines[rows]
        others[np.arange(len(rows)), correct[rows]] = -np.inf
        with np.errstate(invalid="ignore"):
            margins[rows] = cosines[rows, correct[rows]] - others.max(axis=1)
    margins[~np.isfinite(margins)] = np.nan
    return margins


def _options(columns: Mapping[str, Sequence[str]]) -> list[list[str]]:
    if "options" in columns:
        rows = [[word for word in text.split("|") if word] for text in columns["options"]]
    else:
        names = sorted(
            (name for name in columns if name.removeprefix("option").isdecimal()),
            key=lambda name: int(name.removeprefix("option")),
        )
        rows = [
            [word for word in row if word]
            for row in zip(*(columns[name] for name in names), strict=True)
        ]
    for number, row in enumerate(rows, start=1):
        if len(row) < 2:
            raise DataError(f"Question {number} has {len(row)} options: give it two or more.")
    return rows


def _correct(texts: Sequence[str], options: Sequence[Sequence[str]]) -> NDArray[np.int64]:
    """Return the position of each right option, counted from 0."""
    positions = np.empty(len(texts), dtype=np.int64)
    for row, text in enumerate(texts):
        number = int(text) if text.isdecimal() else 0
        if not 1 <= number <= len(options[row]):
            raise DataError(
                f"The right option of question {row + 1} must be a number from 1 to "
                f"{len(options[row])}. Got {text!r} instead."
            )
        positions[row] = number - 1
    return positions


def _cosines(
    vectors: Vectors,
    questions: Sequence[str],
    options: Sequence[Sequence[str]],
    forms: Mapping[str, str | None],
    possible: NDArray[np.bool_],
    oov: Oov,
) -> NDArray[np.float64]:
    """Return the cosine of each option, ``(n_questions, n_options)``; -inf where it cannot win."""
    cosines = np.full((len(questions), max(map(len, options), default=0)), -np.inf)
    rows, places, left, right = [], [], [], []
    for row, (question, words) in enumerate(zip(questions, options, strict=True)):
        for place, word in enumerate(words):
            known = forms[word]
            if known is not None if possible[row] else oov == "mean":
                rows.append(row)
                places.append(place)
                left.append(forms[question] or question)
                right.append(known or word)
    if rows:
        cosines[rows, places] = vectors.similarities(left, right, unknown=asked_policy(oov))
    return cosines
