"""Where words are on a map: PCA and t-SNE of their vectors, and maps that lie alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from textrep.linalg import truncated_svd
from textrep.parallel import one_blas_thread, resolve_n_jobs
from textrep.progress import track
from textrep.report.tsne import PERPLEXITY, neighbors_needed, tsne
from textrep.vectors import WordVectors
from textrep.vectors.rows import Rows, row_blocks
from textrep.vectors.search import Found, nearest

__all__ = ["LAYOUTS", "Drawing", "WordMap", "align", "draw_maps", "pca"]

LAYOUTS = ("tsne", "pca")
_SHOWN = 10  # neighbours that the page has of each word
_LEAST_WORDS = 10  # for t-SNE
_SPARSE_DIM = 50
_MEASURED = 2000  # words whose neighbours are looked for on a map
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
        Of each word, at most ten.
    """

    drawings: list[Drawing]
    neighbors: Found


def draw_maps(
    models: Sequence[WordVectors], layout: str, n_jobs: int | None = None
) -> list[WordMap]:
    """Lay out the words of each model, those of the second to lie like those of the first.

    Parameters
    ----------
    models : sequence of WordVectors
        Without zero vectors.
    layout : {"tsne", "pca"}
        "tsne": both; the second model's begins from a map that lies like the first's.
    n_jobs : int, optional
        Threads; every core by default.

    Returns
    -------
    list of WordMap
        Of each model. Fewer than ten words are laid out by PCA only.
    """
    both = layout == "tsne" and min(map(len, models)) >= _LEAST_WORDS
    maps: list[WordMap] = []
    for model in models:
        rows = Rows.of(model.matrix)
        found = _neighbors(rows, neighbors_needed(len(model)) if both else _SHOWN, n_jobs)
        shown = Found(found.ids[:, :_SHOWN], found.scores[:, :_SHOWN])
        points, share = pca(model, n_jobs)
        drawings = [
            Drawing("PCA", points, f"PCA: two directions with {share:.0%} of the variance.")
        ]
        if maps:
            pairs = _common(models[0], model)
            drawings[0] = _aligned(drawings[0], maps[0].drawings[-1], pairs)
        if both:
            distances = np.maximum(2.0 - 2.0 * found.scores, 0.0)
            points = tsne(found.ids, distances, drawings[0].points, n_jobs)
            drawings.insert(0, Drawing("t-SNE", points, f"t-SNE, perplexity {PERPLEXITY:g}."))
            if maps:
                drawings[0] = _aligned(drawings[0], maps[0].drawings[0], pairs)
        maps.append(WordMap([_with_kept(drawing, shown) for drawing in drawings], shown))
    return maps


def pca(model: WordVectors, n_jobs: int | None = None) -> tuple[NDArray[np.float64], float]:
    """Project the vectors, at length 1, on their first two principal components.

    Parameters
    ----------
    model : WordVectors
        Of sparse ones the strongest 50 dimensions are looked at, by a truncated SVD.
    n_jobs : int, optional
        Threads of that; every core by default.

    Returns
    -------
    points : float64 array of shape (n_words, 2)
    share : float
        Of the variance of what is looked at, from 0 to 1.
    """
    unit = model.normalized().matrix
    if model.is_sparse:
        threads = resolve_n_jobs(n_jobs, "pca")
        reduced = truncated_svd(unit, min(_SPARSE_DIM, *unit.shape), n_jobs=threads)
        unit = reduced.u * reduced.values.astype(np.float32)
    dim = unit.shape[1]
    mean = unit.mean(axis=0, dtype=np.float64)
    scatter = np.zeros((dim, dim))
    points = np.zeros((len(unit), 2))
    with one_blas_thread():  # several would add in orders of their own
        for _, block in row_blocks(unit):
            wide = block - mean
            scatter += wide.T @ wide
        values, vectors = np.linalg.eigh(scatter)
        directions = vectors[:, ::-1][:, :2]
        for first, block in row_blocks(unit):
            projected = (block - mean) @ directions
            points[first : first + len(block), : directions.shape[1]] = projected
    total = values.sum()
    return points, float(values[::-1][:2].sum() / total) if total > 0 else 1.0


def align(
    points: NDArray[np.float64], target: NDArray[np.float64], pairs: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Turn and mirror points so that some of them lie best like others; distances stay.

    Minimises Σ |R (x_i - x̄) - s (y_j - ȳ)|² over the orthogonal matrices R, for any s > 0.

    Parameters
    ----------
    points : float64 array of shape (n, 2)
    target : float64 array of shape (m, 2)
    pairs : int64 array of shape (n_pairs, 2)
        Rows i of ``points`` and j of ``target`` that belong together.

    Returns
    -------
    float64 array of shape (n, 2)

    References
    ----------
    Schönemann 1966, A generalized solution of the orthogonal Procrustes problem, Psychometrika.
    """
    mine, its = points[pairs[:, 0]], target[pairs[:, 1]]
    u, _, vt = np.linalg.svd((mine - mine.mean(axis=0)).T @ (its - its.mean(axis=0)))
    turned: NDArray[np.float64] = points @ (u @ vt)
    return turned


def _aligned(drawing: Drawing, target: Drawing, pairs: NDArray[np.int64]) -> Drawing:
    return replace(drawing, points=align(drawing.points, target.points, pairs))


def _common(first: WordVectors, second: WordVectors) -> NDArray[np.int64]:
    """Return the rows of the words that both have, in the second and in the first."""
    pairs = [(row, first.index[word]) for row, word in enumerate(second.words) if word in first]
    return np.array(pairs)


def _with_kept(drawing: Drawing, found: Found) -> Drawing:
    """Add to what is said of a drawing how many neighbours are also near on it."""
    n = found.ids.shape[1]
    if not n:
        return drawing
    rows = np.arange(0, len(found.ids), max(1, len(found.ids) // _MEASURED))
    near = KDTree(drawing.points).query(drawing.points[rows], n + 1)[1]
    kept = np.mean(
        [len(np.intersect1d(found.ids[row], there)) for row, there in zip(rows, near, strict=True)]
    )
    about = (
        f"Of a word's {n} nearest neighbours, {kept:.1f} are among its {n} nearest here, on "
        "average."
    )
    return replace(drawing, about=f"{drawing.about} {about}")


def _neighbors(rows: Rows, n: int, n_jobs: int | None) -> Found:
    """Return the ``n`` nearest of each row, or all where there are fewer."""
    total = len(rows.norms)
    parts = []
    with track("neighbours", total, "words") as task:
        for first in range(0, total, _QUERIES):
            ids = np.arange(first, min(first + _QUERIES, total))
            parts.append(nearest(rows, ids, ids[:, None], min(n, total - 1), n_jobs))
            task.advance(len(ids))
    return Found(*(np.concatenate(column) for column in zip(*parts, strict=True)))
