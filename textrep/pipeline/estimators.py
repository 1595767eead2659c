"""What scikit-learn is told of estimators that take texts, and of those that hold models."""

from __future__ import annotations

from typing import Any

from sklearn.base import clone

from textrep.models.base import Representation
from textrep.vectors import WordVectors

__all__ = ["is_fitted", "takes_texts", "unfitted_copy"]


def unfitted_copy(estimator: Any) -> Any:
    """Return a copy of the same parameters that shares word vectors and trained models.

    scikit-learn would copy their arrays, and make an untrained model of a trained one.
    """

    def copied(value: Any) -> Any:
        shared = isinstance(value, WordVectors) or (
            isinstance(value, Representation) and is_fitted(value)
        )
        return value if shared else clone(value, safe=False)

    parameters = estimator.get_params(deep=False)
    return type(estimator)(**{name: copied(value) for name, value in parameters.items()})


def takes_texts(tags: Any) -> Any:
    """Return tags of scikit-learn, changed: the input is texts, not a table of numbers."""
    tags.input_tags.string = True
    tags.input_tags.one_d_array = True
    tags.input_tags.two_d_array = False
    return tags


def is_fitted(estimator: Any) -> bool:
    """Say whether something was learnt: an attribute that ends in an underscore."""
    return any(name.endswith("_") and not name.startswith("_") for name in vars(estimator))
