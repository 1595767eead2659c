"""Labels of texts and of words, as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.errors import InvalidParameterError

__all__ = ["as_labels", "numbered"]


def as_labels(y: Any, n_texts: int, caller: str) -> list[Any]:
    """Return ``y`` as a list of one label a text.

    Parameters
    ----------
    y : iterable
        A list, an array or a column of labels.
    n_texts : int
    caller : str
        Named in the errors.

    Raises
    ------
    InvalidParameterError
        It is none of these, or there are not as many labels as texts.
    """
    rule = f"a list of labels, one for each of {n_texts:,} texts"
    if y is None or isinstance(y, str | bytes | Mapping | Set) or not isinstance(y, Iterable):
        raise InvalidParameterError("y", caller, rule, None if y is None else type(y).__name__)
    shape = getattr(y, "shape", None)
    if shape is not None and len(shape) != 1:
        raise InvalidParameterError("y", caller, rule, f"shape {tuple(shape)}")
    labels = list(y)
    if len(labels) != n_texts:
        raise InvalidParameterError("y", caller, rule, f"{len(labels):,} labels")
    return labels


def numbered(labels: list[Any], caller: str) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the different labels in order, and the number of each label among them.

    Parameters
    ----------
    labels : list
        All strings, or all numbers or truth values.
    caller : str
        Named in the errors.

    Returns
    -------
    classes : ndarray of shape (n_classes,)
    numbers : ndarray of shape (n_labels,), int64

    Raises
    ------
    InvalidParameterError
        A label is missing, is a fraction, or they are of several kinds.

    Examples
    --------
    >>> classes, numbers = numbered(["b", "a", "b"], "a classifier")
    >>> classes.tolist(), numbers.tolist()
    (['a', 'b'], [1, 0, 1])
    """
    rule = "labels: strings, or whole numbers"
    for place, label in enumerate(labels):
        if label is None or label != label:  # not-a-number is not itself
            raise InvalidParameterError("y", caller, f"{rule}, none missing", f"{label} at {place}")
        if not isinstance(label, str | int | float | np.generic):
            got = f"{type(label).__name__} at {place}"
            raise InvalidParameterError("y", caller, rule, got)
        if isinstance(label, float | np.floating) and not float(label).is_integer():
            raise InvalidParameterError("y", caller, rule, f"{label} at {place}")
    texts = [isinstance(label, str) for label in labels]
    if any(texts) and not all(texts):
        other = type(labels[texts.index(False)]).__name__
        raise InvalidParameterError("y", caller, f"{rule}, not both", f"str and {other}")
    classes, numbers = np.unique(np.array(labels), return_inverse=True)
    return classes, numbers.astype(np.int64)
