"""The classifiers that find out what is in vectors, which they leave as they are."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.parallel import one_blas_thread

__all__ = ["PROBES", "Predictions", "label_margins", "predict"]

MOST_NEWTON = 2000  # features: the matrix of second derivatives has their number squared

_SCORES = {
    "logistic": "decision_function",
    "perceptron": "decision_function",
    "mlp": "predict_proba",
}

PROBES = tuple(_SCORES)
"""The classifiers, with scikit-learn's defaults where nothing else is said."""


class Predictions(NamedTuple):
    """What a classifier says: a label each, and the margin of the right one."""

    labels: NDArray[np.object_]
    margins: NDArray[np.float64]


def predict(
    probe: str,
    known: Any,
    labels: NDArray[np.object_],
    asked: Any,
    right: Sequence[str],
    max_iter: int = 1000,
) -> Predictions:
    """Train a classifier on some vectors and ask it about others.

    Parameters
    ----------
    probe : str
        One of ``PROBES``.
    known, asked : ndarray or csr_array of shape (n, dim)
        Vectors to train on and to classify. Their features are standardised; sparse ones are
        divided by their largest value.
    labels : ndarray of str, shape (n_known,)
        Labels of ``known``, two or more distinct.
    right : sequence of str, length n_asked
        Labels of ``asked``, for the margins.
    max_iter : int, default=1000
        Most iterations of logistic regression.

    Returns
    -------
    Predictions
    """
    classifier = _classifier(probe, known, len(set(labels.tolist())), max_iter)
    with one_blas_thread(), warnings.catch_warnings():
        # Logistic regression that stops at its last iteration is as good as one that does not.
        warnings.filterwarnings("ignore", message=".*[Cc]onverge")
        classifier.fit(known, labels)
        answers: NDArray[np.object_] = classifier.predict(asked)
        scores = getattr(classifier, _SCORES[probe])(asked)
    return Predictions(answers, label_margins(scores, classifier.classes_, right))


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


def _classifier(probe: str, features: Any, n_labels: int, max_iter: int) -> Any:
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
            max_iter=max_iter, solver="newton-cholesky" if small else "lbfgs"
        ),
        "perceptron": Perceptron(random_state=0),
        "mlp": MLPClassifier((50,), early_stopping=True, random_state=0),
    }
    return make_pipeline(StandardScaler() if dense else MaxAbsScaler(), classifiers[probe])
