"""Texts to classes, by an encoder that is trained with what stands above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin

from textrep.corpus.texts import as_texts
from textrep.errors import InvalidParameterError
from textrep.models.encoders.base import EncoderModel
from textrep.models.encoders.convolutional import ConvEncoder
from textrep.models.encoders.texts import TextEncoding
from textrep.pipeline.labels import as_labels, numbered
from textrep.pipeline.networks import Labelled
from textrep.pipeline.supervised import SupervisedNetwork

if TYPE_CHECKING:
    from textrep.optim.objectives import Objective

__all__ = ["TextClassifier"]


@dataclass(eq=False, repr=False)
class TextClassifier(ClassifierMixin, SupervisedNetwork):  # type: ignore[misc]
    """Classify texts by an encoder, which is trained too, and a softmax above it.

    With v(s) the vector of a text s, the states of its words pooled,

        ``p(class | s) = softmax(W v(s) + b)``, and Σ -log p(class | s) is lowered

    in all weights: those of the encoder, which begins as it was trained on text without labels or
    as it was drawn, and W and b, which are new.

    Parameters
    ----------
    $parameters

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels, in order.
    $attributes

    Raises
    ------
    InvalidParameterError, UnknownNameError
        On ``fit``: a parameter is out of its range, ``X`` is no list of texts or ``y`` none of
        labels.
    FormatError
        On ``fit``: the encoder cannot be read.
    TrainingError
        On ``fit``: no text has a word that the encoder knows, or a loss is not finite.
    DeviceError
        The device is not there, or too small for a batch.

    Notes
    -----
    Training reads the first ``longest`` words of a text, as many as the encoder does; predicting
    reads all, in pieces that are pooled together. A text without a known word has the vector 0.

    The encoder that is given is not changed. One seed gives the same network, to the bit on a CPU
    with the same number of torch threads.

    References
    ----------
    Kim 2014, Convolutional Neural Networks for Sentence Classification, EMNLP: the default encoder.
    Howard and Ruder 2018, Universal Language Model Fine-tuning for Text Classification, ACL.

    Examples
    --------
    >>> texts = ["a good film", "good fun", "a bad film", "bad luck"]
    >>> classifier = TextClassifier(epochs=20, learning_rate=0.01).fit(texts, ["+", "+", "-", "-"])
    >>> classifier.predict(["good, really", "bad"]).tolist()
    ['+', '-']
    """

    default_encoder: ClassVar[str] = "convolutions over 3, 4 and 5 words"

    dropout: float = 0.5

    def fit(self, X: Any, y: Any) -> Self:
        """Train the network.

        Parameters
        ----------
        X : iterable of str
            A list, an array or a column of texts.
        y : array-like of shape (n_texts,)
            A label a text, all strings or all whole numbers; at least two different ones.

        Returns
        -------
        self
        """
        name = type(self).__name__
        self._check()
        texts = as_texts(X, name)
        classes, numbers = numbered(as_labels(y, len(texts), name), name)
        if len(classes) < 2:
            rule = f"labels of at least two classes for {len(texts):,} texts"
            raise InvalidParameterError("y", name, rule, f"{len(classes)} class")
        self._learn(texts, classes, numbers, texts)
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the most probable class of each text, shape (n_texts,)."""
        shares = self.predict_proba(X)
        classes: NDArray[Any] = self.classes_[shares.argmax(axis=1)]
        return classes

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the probabilities of the classes.

        Parameters
        ----------
        X : iterable of str

        Returns
        -------
        ndarray of shape (n_texts, n_classes), float64
            The mean over the members, in the order of ``classes_``.

        Raises
        ------
        InvalidParameterError
            ``X`` is no list of texts.
        NotFittedError
            ``fit`` has not been called.
        """
        name = type(self).__name__
        self._check_fitted()
        texts = as_texts(X, name)
        total = np.zeros((len(texts), len(self.classes_)))
        for member in self.members_:
            total += member.head.probabilities(
                member.reading.encode(texts, member.pooling, -1, name)
            )
        return total / len(self.members_)

    def _default(self) -> EncoderModel:
        return ConvEncoder(dim=100, widths="3,4,5", channels=100)

    def _objective(self) -> Objective:
        from textrep.optim.objectives import Classification

        return Classification(self.label_smoothing)

    def _labelled(self, reading: TextEncoding, X: Any, labels: NDArray[np.int64]) -> Labelled:
        from textrep.optim.sequences import Sequences

        return Labelled(Sequences(*reading.read(X), labels, "sequences"), labels)

    def _frozen(self, reading: TextEncoding, pooling: str, X: Any, labelled: Labelled) -> Labelled:
        from textrep.optim.sequences import Sequences

        vectors = reading.encode(X, pooling, -1, type(self).__name__)
        kept = (labelled.sequences.lengths > 0).astype(np.int64)  # one vector, unless it is empty
        offsets, of_texts = np.concatenate([[0], np.cumsum(kept)]), labelled.sequences.labels
        sequences = Sequences(np.flatnonzero(kept), offsets, of_texts, "sequences")
        return Labelled(sequences, labelled.groups, vectors)
