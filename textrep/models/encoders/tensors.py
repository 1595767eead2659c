"""The weights of a network among the arrays of a model folder.

They have ``network.`` before their names. Where the embedding holds the word vectors as they are,
its rows are written once: of the embedding itself only the first and the last, of no words, are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["from_tensors", "to_tensors"]

_PREFIX = "network."
_EMBEDDING = "encoder.embedding.weight"

Weights = dict[str, NDArray[Any]]


def to_tensors(weights: Weights, rows_are_words: bool) -> Weights:
    """Return the arrays that stand for weights beside the word vectors, by their names in files."""
    kept = dict(weights)
    if rows_are_words:
        kept[_EMBEDDING] = kept[_EMBEDDING][[0, -1]]
    return {_PREFIX + name: weight for name, weight in kept.items()}


def from_tensors(tensors: Mapping[str, Any], rows: NDArray[Any] | None) -> Weights:
    """Return the weights that arrays stand for; ``rows``: the word vectors, where they are some."""
    found = {
        key.removeprefix(_PREFIX): tensor
        for key, tensor in tensors.items()
        if key.startswith(_PREFIX)
    }
    ends = found.get(_EMBEDDING)
    if rows is not None and ends is not None:
        found[_EMBEDDING] = np.concatenate([ends[:1], rows, ends[1:]])
    return found
