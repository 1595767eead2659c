"""Text classification: what a simple classifier finds in vectors that stay as they are."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.errors import DataError
from textrep.evaluation.outcome import Items, Outcome, by_category
from textrep.evaluation.protocols import Encoder, Oov
from textrep.evaluation.tasks.encoding import adapted, encoded, row_norms
from textrep.parallel import one_blas_thread

__all__ = ["FOLDS", "PROBES", "classification"]

MOST_NEWTON = 2000  # features: the matrix of second derivatives has their number squared

FOLDS = 10
"""Parts of a benchmark that has no training texts of its own."""

PROBES = ("logistic", "perceptron", "mlp")
"""The classifiers, with scikit-learn's defaults where nothing else is said."""

_SCORES = {
    "logistic": "decision_function",
    "perceptron": "decision_function",
    "mlp": "predict_proba",
}


def classification(
    model: Encoder,
    columns: Mapping[str, Sequence[str]],
    *,
    training: Mapping[str, Sequence[str]] | None = None,
    probe: str = "logistic",
    oov: Oov = "zero",
) -> Outcome:
    """Predict the labels of texts from their vectors by a classifier that is trained on others.

    Parameters
    ----------
    model : Encoder
        One that adapts to texts is adapted to the texts that the classifier is trained on.
    columns : mapping of str to sequence of str
        ``text`` and ``label``. One entry a text.
    training : mapping of str to sequence of str, optional
        The same of the texts to train on. Default: ten-fold cross-validation, each label with its
        share in each fold, shuffled from a fixed seed; fewer folds where a label has fewer texts.
    probe : {"logistic", "perceptron", "mlp"}, default="logistic"
        Logistic regression, a perceptron, or a network with a hidden layer of 50 units; of
        features that are standardised (sparse ones: divided by their largest value).
    oov : {"skip", "zero"}, default="zero"
        A text is covered if its vector is not all zeros. Others are classified as vectors of
        zeros, or left out of the score ("skip").

    Returns
    -------
    Outcome
        Right and wrong answers, and the accuracy on each label.

    Raises
    ------
    DataError
        The texts to train on have one label only, or a label has one text and there are no others.
    """
    labels = np.array(columns["label"], dtype=object)
    covered = np.zeros(len(labels), np.bool_)
    said = np.full(len(labels), "", dtype=object)
    margins = np.full(len(labels), np.nan)
    folds = None
    if training is None:
        folds = _folds(labels)
        texts = np.array(columns["text"], dtype=object)
        for others, rows in folds:
            known = {"text": texts[others].tolist(), "label": labels[others].tolist()}
            asked = {"text": texts[rows].tolist(), "label": labels[rows].tolist()}
            covered[rows], said[rows], margins[rows] = _answers(model, known, asked, probe)
    else:
        covered, said, margins = _answers(model, training, columns, probe)
    values = (said == labels).astype(np.float64)
    items = Items(covered, values, margins=margins, answers=tuple(said.tolist()))
    return Outcome(
        metric="accuracy",
        items=items,
        oov=oov,
        categories=by_category("accuracy", items, oov, columns["label"]),
        options={"probe": probe, "folds": None if folds is None else len(folds)},
    )


def _answers(
    model: Encoder,
    training: Mapping[str, Sequence[str]],
    asked: Mapping[str, Sequence[str]],
    probe: str,
) -> tuple[NDArray[np.bool_], NDArray[np.object_], NDArray[np.float64]]:
    """Return which texts are covered, the label that each is given, and its margin."""
    labels = np.array(training["label"], dtype=object)
    if len(set(labels.tolist())) < 2:
        raise DataError(f"The texts to train on have one label only, {labels[0]!r}.")
    encoder = adapted(model, training["text"])
    known, vectors = encoded(encoder, training["text"]), encoded(encoder, asked["text"])
    classifier = _classifier(probe, known, len(set(labels.tolist())))
    with one_blas_thread(), warnings.catch_warnings():
        # Logistic regression that stops at its last iteration is as good as one that does not.
        warnings.filterwarnings("ignore", message=".*[Cc]onverge")
        classifier.fit(known, labels)
        answers: NDArray[np.object_] = classifier.predict(vectors)
        scores = getattr(classifier, _SCORES[probe])(vectors)
    return (
        row_norms(vectors) > 0,
        answers,
        label_margins(scores, classifier.classes_, asked["label"]),
    )


def label_margins(
    scores: NDArray[np.float64], classes: Sequence[str], labels: Sequence[str]
) -> NDArray[np.float64]:
    """Return the score of each right label less the highest of the others.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_texts, n_classes) or (n_texts,)
        What a classifier makes of each class; of two, it may be that of the second alone.
    classes : sequence of str, length n_classes
    labels : sequence of str, length n_texts
        The right ones. One that the classifier does not know has no margin, NaN.

    Returns
    -------
    ndarray of float64, shape (n_texts,)
    """
    table = np.stack([-scores, scores], axis=1) / 2 if scores.ndim == 1 else scores.copy()
    place = {name: column for column, name in enumerate(classes)}
    right = np.array([place.get(label, -1) for label in labels], dtype=np.int64)
    rows = np.flatnonzero(right >= 0)
    margins = np.full(len(right), np.nan)
    of_right = table[rows, right[rows]]
    table[rows, right[rows]] = -np.inf
    margins[rows] = of_right - table[rows].max(axis=1)
    return margins


def _classifier(probe: str, features: Any, n_labels: int) -> Any:
    """Return an untrained classifier of scaled features; scikit-learn is imported only here."""
    from sklearn.linear_model import LogisticRegression, Perceptron
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MaxAbsScaler, StandardScaler

    dense = isinstance(features, np.ndarray)
    # Both solvers find the same optimum, Newton's steps several times faster where they are small.
    small = dense and n_labels == 2 and features.shape[1] <= MOST_NEWTON
    classifiers: dict[str, Any] = {
        "logistic": LogisticRegression(
            max_iter=1000, solver="newton-cholesky" if small else "lbfgs"
        ),
        "perceptron": Perceptron(random_state=0),
        "mlp": MLPClassifier((50,), early_stopping=True, random_state=0),
    }
    return make_pipeline(StandardScaler() if dense else MaxAbsScaler(), classifiers[probe])


def _folds(labels: NDArray[np.object_]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return which texts each fold trains on, and which it is asked about."""
    from sklearn.model_selection import StratifiedKFold

    names = labels.astype(str)
    fewest = int(np.unique(names, return_counts=True)[1].min())
    if fewest < 2:
        raise DataError("Each label needs at least two texts where there are none to train on.")
    splitter = StratifiedKFold(min(FOLDS, fewest), shuffle=True, random_state=0)
    return list(splitter.split(names, names))
