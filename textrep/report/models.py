"""What is known of each model besides its scores: configuration, text, training, size."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np

from textrep.storage import is_model_folder, read_config
from textrep.vectors import WordVectors

__all__ = ["ModelCard", "card"]

_FROM_CONFIG = ("parameters", "versions", "corpus", "metrics", "seed")


@dataclass(frozen=True)
class ModelCard:
    """One model.

    Attributes
    ----------
    name : str
        As in the tables.
    path : str
        Where it was read from.
    kind : str
        The class of the estimator; "vectors" of a file of vectors.
    n_words, dim : int
        Shape of its word vectors.
    n_zero : int
        Words whose vector is all zeros.
    n_bytes, n_memory : int
        On disk, and of the word vectors in memory.
    parameters, versions, corpus, metrics : dict
        From its ``config.json``; empty of a file of vectors.
    seed : int or None
    """

    name: str
    path: str
    kind: str
    n_words: int
    dim: int
    n_zero: int
    n_bytes: int
    n_memory: int
    parameters: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, Any] = field(default_factory=dict)
    corpus: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the corpus; empty where that is not known."""
        return str(self.corpus.get("fingerprint", ""))

    @property
    def history(self) -> list[Mapping[str, Any]]:
        """A row for each epoch of the training; none where it has no epochs."""
        return [row for row in self.metrics.get("history", []) if isinstance(row, Mapping)]

    @property
    def seconds(self) -> float | None:
        """How long the training took, where that was kept.

        A training that was resumed kept the time of all its epochs in the history.
        """
        kept = [self.metrics.get("seconds"), sum(_numbers(self.history, "seconds"))]
        return max((float(value) for value in kept if _is_number(value) and value), default=None)

    @property
    def speed(self) -> float | None:
        """Tokens a second, over all epochs; None where they are not counted."""
        seconds, tokens = (sum(_numbers(self.history, name)) for name in ("seconds", "tokens"))
        return tokens / seconds if tokens and seconds else None

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {**vars(self), "seconds": self.seconds}


def card(name: str, path: str | Path, vectors: WordVectors) -> ModelCard:
    """Return what is known of the model at ``path``, whose word vectors are given.

    Raises
    ------
    FormatError
        Its ``config.json`` is damaged.
    """
    path = Path(path)
    config: dict[str, Any] = {"class": "vectors"}
    if is_model_folder(path):
        config = read_config(path)
    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    known = {key: config[key] for key in _FROM_CONFIG if key in config}
    return ModelCard(
        name=name,
        path=str(path),
        kind=config["class"],
        n_words=len(vectors),
        dim=vectors.dim,
        n_zero=_n_zero(vectors),
        n_bytes=sum(file.stat().st_size for file in files),
        n_memory=_n_memory(vectors),
        **known,
    )


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _numbers(history: Sequence[Mapping[str, Any]], name: str) -> list[float]:
    return [row[name] for row in history if _is_number(row.get(name))]


def _n_memory(vectors: WordVectors) -> int:
    matrix = vectors.matrix
    arrays = (matrix.data, matrix.indices, matrix.indptr) if vectors.is_sparse else (matrix,)
    return sum(int(array.nbytes) for array in arrays)


def _n_zero(vectors: WordVectors) -> int:
    if vectors.is_sparse:
        return int((np.diff(vectors.matrix.indptr) == 0).sum())
    return int((~vectors.matrix.any(axis=1)).sum())
