"""Where words are on a map: PCA and t-SNE of their vectors, and maps that lie alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from textrep.parallel import resolve_n_jobs
from textrep.progress import track
from textrep.vectors import WordVectors
from textrep.vectors.rows import Rows, row_blocks
from textrep.vectors.search import Found, nearest

__all__ = ["LAYOUTS", "Drawing", "WordMap", "align", "draw_maps", "pca"]

LAYOUTS = ("tsne", "pca")
_SHOWN = 10  # neighbours that the page has of each word
_QUERIES = 8192  # words whose neighbours are searched between two reports of progress


@dataclass(frozen=True)
class Drawing:
    """One way to lay out words.

    Attributes
    ----------
    title : str
        What the way is called.
    points : float64 array of shape (n_words, 2)
    about : str
        A sentence on how it was made and what it keeps.
    """

    title: str
    points: NDArray[np.float64]
    about: str


@dataclass(frozen=True)
class WordMap:
    """The drawings of a model's words, and the neighbours of each by cosine.

    Attributes
    ----------
    drawings : list of Drawing
        The one to show first comes first.
    neighbors : Found
        Of each word, at most ten; none of a zero vector.
    """

    drawings: list[Drawing]
    neighbors: Found


def draw_maps(
    models: Sequence[WordVectors], layout: str, n_jobs: int | None = None
) -> list[WordMap]:
    """Lay out the words of each model, those of the second like those of the first."""
    return [_draw(model, layout, n_jobs) for model in models]


def _draw(model: WordVectors, layout: str, n_jobs: int | None) -> WordMap:
    rows = Rows.of(model.matrix)
    found = _neighbors(rows, _SHOWN, n_jobs)
    points, share = pca(model)
    about = f"{len(model):,} words, {model.dim:,} dimensions; 2 of them hold {share:.0%}."
    return WordMap([Drawing("PCA", points, about)], found)


def pca(model: WordVectors) -> tuple[NDArray[np.float64], float]:
    """Project the vectors, at length 1, on their first two principal components.

    Parameters
    ----------
    model : WordVectors

    Returns
    -------
    points : float64 array of shape (n_words, 2)
    share : float
        Of the variance, from 0 to 1.
    """
    unit = model.normalized().matrix
    dim = unit.shape[1]
    mean = unit.mean(axis=0, dtype=np.float64)
    scatter = np.zeros((dim, dim))
    for _, block in row_blocks(unit):
        wide = block - mean
        scatter += wide.T @ wide
    values, vectors = np.linalg.eigh(scatter)
    directions = vectors[:, ::-1][:, :2]
    points = np.zeros((len(unit), 2))
    points[:, : directions.shape[1]] = (unit - mean) @ directions
    return points, float(values[::-1][:2].sum() / values.sum())


def _neighbors(rows: Rows, n: int, n_jobs: int | None) -> Found:
    """Return the ``n`` nearest of each row; a zero vector has none and is none."""
    total = len(rows.norms)
    parts = []
    with track("neighbours", total, "words") as task:
        for first in range(0, total, _QUERIES):
            ids = np.arange(first, min(first + _QUERIES, total))
            parts.append(nearest(rows, ids, ids[:, None], min(n, total), n_jobs))
            task.advance(len(ids))
    return Found(*(np.concatenate(column) for column in zip(*parts, strict=True)))
