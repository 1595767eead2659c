"""Analogies: the word that is to c as b is to a."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.errors import DataError
from textrep.evaluation.outcome import Items, Outcome, by_category
from textrep.evaluation.protocols import AnalogyMethod, Oov, Vectors
from textrep.evaluation.tasks.matching import match

__all__ = ["Questions", "analogy", "questions_of"]


class Questions(NamedTuple):
    """Analogy questions, one entry each; any word of ``answers`` is right."""

    categories: list[str]
    a: list[str]
    b: list[str]
    c: list[str]
    answers: list[tuple[str, ...]]


def questions_of(columns: Mapping[str, Sequence[str]]) -> Questions:
    """Return the questions of a table.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        ``category`` and either ``a``, ``b``, ``c``, ``d`` (questions as in Google's set) or
        ``word1``, ``word2`` (pairs as in BATS). Pairs make a question of every ordered pair of two
        rows of one category. ``word2`` may hold alternatives separated by ``/``: the first one is
        used where the pair is the example, any of them is right where it is the answer.

    Returns
    -------
    Questions
        In the order of the table; for pairs, category by category, example by example.

    Raises
    ------
    DataError
        A pair has no second word.

    References
    ----------
    Mikolov, Chen, Corrado and Dean 2013, Efficient Estimation of Word Representations in Vector
    Space.
    Gladkova, Drozd and Matsuoka 2016, Analogy-based Detection of Morphological and Semantic
    Relations with Word Embeddings.
    """
    if "a" in columns:
        return Questions(
            list(columns["category"]),
            list(columns["a"]),
            list(columns["b"]),
            list(columns["c"]),
            [(word,) for word in columns["d"]],
        )
    pairs: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for category, word, text in zip(
        columns["category"], columns["word1"], columns["word2"], strict=True
    ):
        alternatives = tuple(part for part in text.split("/") if part)
        if not alternatives:
            raise DataError(f"The pair of {word!r} in {category!r} has no second word: add one.")
        pairs.setdefault(category, []).append((word, alternatives))
    questions = Questions([], [], [], [], [])
    for category, rows in pairs.items():
        for i, (a, b) in enumerate(rows):
            for j, (c, answers) in enumerate(rows):
                if i != j:
                    questions.categories.append(category)
                    questions.a.append(a)
                    questions.b.append(b[0])
                    questions.c.append(c)
                    questions.answers.append(answers)
    return questions


def analogy(
    vectors: Vectors,
    columns: Mapping[str, Sequence[str]],
    *,
    lowercase: bool = False,
    oov: Oov = "skip",
    method: AnalogyMethod = "3cosadd",
    restrict_vocabulary: int | None = None,
    margins: bool = True,
    n_jobs: int | None = None,
) -> Outcome:
    """Answer analogy questions; the three words of the question are never the answer.

    Parameters
    ----------
    vectors : Vectors
        The model.
    columns : mapping of str to sequence of str
        As for ``questions_of``.
    lowercase : bool, default=False
        Whether a word that the model lacks may be looked up in lower case.
    oov : {"skip", "zero", "mean"}, default="skip"
        A question is covered if the model has its three words and at least one right answer. Other
        questions are left out ("skip") or count as wrong ("zero"). "mean" is taken as "zero", and
        the outcome says so: a mean in place of a given word leaves no relation to find.
    method : {"3cosadd", "3cosmul"}, default="3cosadd"
        3CosAdd takes the word d with the largest cos(d, b) - cos(d, a) + cos(d, c); 3CosMul the
        one with the largest cos(d, b)·cos(d, c) / (cos(d, a) + 0.001), cosines shifted to 0 to 1.
    restrict_vocabulary : int, optional
        Use only the most frequent words of the model, this many, as questions and as answers.
    margins : bool, default=True
        Whether to compute by how much wrong answers beat the right ones.
    n_jobs : int, optional
        Threads; every core by default.

    Returns
    -------
    Outcome
        Accuracy over the questions (micro); ``secondary["macro"]`` is the mean over the categories
        that have a score. Questions that ask for one pair by different examples are one group in
        the interval.

    References
    ----------
    Levy and Goldberg 2014, Linguistic Regularities in Sparse and Explicit Word Representations.
    """
    if oov == "mean":
        oov = "zero"
    if restrict_vocabulary is not None and restrict_vocabulary < len(vectors):
        vectors = vectors.subset(_most_frequent(vectors, restrict_vocabulary))
    questions = questions_of(columns)
    a, b, c = (
        _positions(words, vectors, lowercase) for words in (questions.a, questions.b, questions.c)
    )
    answers = _answers(questions.answers, vectors, lowercase)
    covered = (a >= 0) & (b >= 0) & (c >= 0) & np.array([bool(right) for right in answers], bool)
    values = np.zeros(len(covered))
    said = np.full(len(covered), -1, dtype=np.int64)
    if covered.any():
        said[covered] = vectors.solve_analogies(
            a[covered], b[covered], c[covered], method=method, n=1, n_jobs=n_jobs
        )[:, 0]
        values[covered] = [int(said[row]) in answers[row] for row in np.flatnonzero(covered)]
    words = vectors.words
    missed = None
    if margins:
        right = np.array([min(known, default=-1) for known in answers], dtype=np.int64)
        missed = _margins(vectors, (a, b, c), said, right, values == 0.0, method)
    items = Items(
        covered,
        values,
        groups=_groups(questions),
        margins=missed,
        answers=tuple("" if word < 0 else words[word] for word in said.tolist()),
    )
    categories = by_category("accuracy", items, oov, questions.categories)
    defined = [part.score for part in categories.values() if part.score is not None]
    return Outcome(
        metric="accuracy",
        items=items,
        oov=oov,
        secondary={"macro": float(np.mean(defined)) if defined else None},
        categories=categories,
        options={"method": method, "restrict_vocabulary": restrict_vocabulary},
    )


def _margins(
    vectors: Vectors,
    given: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    said: NDArray[np.int64],
    right: NDArray[np.int64],
    wrong: NDArray[np.bool_],
    method: AnalogyMethod,
) -> NDArray[np.float64]:
    """Return the score of the right answer less that of the wrong one that was given.

    NaN for other questions: where the answer is right, the next best is not known.
    """
    margins = np.full(len(said), np.nan)
    rows = np.flatnonzero(wrong & (said >= 0))
    if len(rows):
        answers = np.concatenate([right[rows], said[rows]])
        pairs = np.concatenate([answers * len(vectors) + np.tile(part[rows], 2) for part in given])
        # Questions of one category ask for few pairs, in many combinations.
        distinct, places = np.unique(pairs, return_inverse=True)
        left, other = np.divmod(distinct, len(vectors))
        words = vectors.words
        cosines = vectors.similarities(
            [words[place] for place in left], [words[place] for place in other], unknown="error"
        )
        of_right, of_said = np.split(_SCORES[method](*np.split(cosines[places], 3)), 2)
        margins[rows] = of_right - of_said
    return margins


_SCORES: dict[str, Callable[..., NDArray[np.float64]]] = {
    "3cosadd": lambda to_a, to_b, to_c: to_b - to_a + to_c,
    "3cosmul": lambda to_a, to_b, to_c: (to_b + 1) * (to_c + 1) / (2 * (to_a + 1) + 0.004),
}


def _groups(questions: Questions) -> NDArray[np.int64]:
    """Return a number for each question: equal for those that ask for the same pair."""
    number: dict[tuple[str, str, tuple[str, ...]], int] = {}
    asked = zip(questions.categories, questions.c, questions.answers, strict=True)
    return np.array([number.setdefault(pair, len(number)) for pair in asked], dtype=np.int64)


def _most_frequent(vectors: Vectors, n: int) -> list[str]:
    if vectors.counts is None:
        return list(vectors.words[:n])
    order = np.argsort(-vectors.counts, kind="stable")
    return [vectors.words[position] for position in order[:n]]


def _positions(words: Sequence[str], vectors: Vectors, lowercase: bool) -> NDArray[np.int64]:
    """Return each word's position in the model, -1 where it is unknown."""
    forms = match(words, vectors, lowercase)
    index = vectors.index
    position = {word: -1 if form is None else index[form] for word, form in forms.items()}
    return np.array([position[word] for word in words], dtype=np.int64)


def _answers(
    answers: Sequence[tuple[str, ...]], vectors: Vectors, lowercase: bool
) -> list[frozenset[int]]:
    """Return the positions of the right answers that the model knows, for each question."""
    distinct = set(answers)
    forms = match((word for words in distinct for word in words), vectors, lowercase)
    index = vectors.index
    known = {
        words: frozenset(index[form] for word in words if (form := forms[word]) is not None)
        for words in distinct
    }
    return [known[words] for words in answers]
