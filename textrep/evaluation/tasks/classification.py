"""Text classification: by vectors that stay as they are, or by the encoder as it is trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from textrep.errors import DataError, InvalidParameterError
from textrep.evaluation.outcome import Items, Outcome, by_category
from textrep.evaluation.protocols import Encoder, Oov, Trainable
from textrep.evaluation.tasks.encoding import adapted, encoded, row_norms
from textrep.evaluation.tasks.probes import PROBES, Predictions, label_margins, predict

__all__ = ["CLASSIFIERS", "FINETUNED", "FOLDS", "classification"]

FOLDS = 10
"""Parts of a benchmark that has no training texts of its own."""

FINETUNED = "finetuned"
"""In place of a probe: the encoder itself is trained on."""

CLASSIFIERS = (*PROBES, FINETUNED)
"""What can be trained to classify texts."""


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
    probe : {"logistic", "perceptron", "mlp", "finetuned"}, default="logistic"
        Logistic regression, a perceptron, or a network with a hidden layer of 50 units; of
        features that are standardised (sparse ones: divided by their largest value). "finetuned":
        the model's own ``classifier()``, all of whose weights learn.
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
    InvalidParameterError
        The model is to be trained on, and cannot be.
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
    vectors = encoded(encoder, asked["text"])
    if probe == FINETUNED:
        predicted = _trained_on(model, training, asked)
    else:
        known = encoded(encoder, training["text"])
        predicted = predict(probe, known, labels, vectors, asked["label"])
    return row_norms(vectors) > 0, predicted.labels, predicted.margins


def _trained_on(
    model: Encoder,
    training: Mapping[str, Sequence[str]],
    asked: Mapping[str, Sequence[str]],
) -> Predictions:
    """Return what the model's own classifier says, once it has learnt from other texts."""
    if not isinstance(model, Trainable):
        rule = f"one that has classifier(), for probe={FINETUNED!r}"
        raise InvalidParameterError("model", "classification", rule, type(model).__name__)
    classifier = model.classifier()
    classifier.fit(list(training["text"]), list(training["label"]))
    shares, names = classifier.predict_proba(list(asked["text"])), classifier.classes_.tolist()
    said = np.array(names, dtype=object)[shares.argmax(axis=1)]
    return Predictions(said, label_margins(shares, names, asked["label"]))


def _folds(labels: NDArray[np.object_]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return which texts each fold trains on, and which it is asked about."""
    from sklearn.model_selection import StratifiedKFold

    names = labels.astype(str)
    fewest = int(np.unique(names, return_counts=True)[1].min())
    if fewest < 2:
        raise DataError("Each label needs at least two texts where there are none to train on.")
    splitter = StratifiedKFold(min(FOLDS, fewest), shuffle=True, random_state=0)
    return list(splitter.split(names, names))
