"""Categorization: whether clusters of vectors are the categories that people make."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from textrep.evaluation.outcome import Items, Outcome, by_category
from textrep.evaluation.protocols import Oov, Vectors
from textrep.evaluation.purity import memberships
from textrep.evaluation.tasks.cosines import Directions
from textrep.evaluation.tasks.matching import match
from textrep.parallel import one_blas_thread

__all__ = ["N_INIT", "SEEDS", "categorization"]

SEEDS = 10
"""Clusterings, with the random seeds 0, 1, 2 …, whose purities are averaged."""

N_INIT = 10
"""Beginnings of a clustering, of which the one with the least inertia is kept."""


def categorization(
    vectors: Vectors,
    columns: Mapping[str, Sequence[str]],
    *,
    lowercase: bool = False,
    oov: Oov = "skip",
) -> Outcome:
    """Cluster words, and compare the clusters with the words' categories.

    Vectors of length 1 are clustered by k-means (k-means++, Lloyd's algorithm), with as many
    clusters as there are categories among the words that are clustered. The purity
    ``1/n · Σ_k max_c |words of category c in cluster k|`` is averaged over ``SEEDS`` seeds.

    Parameters
    ----------
    vectors : Vectors
        The model.
    columns : mapping of str to sequence of str
        ``category`` and ``word``. One entry a word.
    lowercase : bool, default=False
        Whether a word that the model lacks may be looked up in lower case.
    oov : {"skip", "zero", "mean"}, default="skip"
        A word is covered if the model has it. Other words are left out ("skip"), are in no
        cluster and so count as wrong ("zero"), or are clustered with the others, the mean of all
        vectors standing for each of them ("mean"; only then do the clusters of the covered words
        depend on the others).

    Returns
    -------
    Outcome
        The mean purity. ``secondary`` has the standard deviation over the seeds ("sd_of_seeds"),
        the lowest and highest purity, and "chance", the mean purity of the same clusters when the
        categories are shuffled. ``categories`` has the share of each category's words that are
        in a cluster of which their category is the most frequent one.

    Notes
    -----
    The score of a part of the words, such as those that all models cover, is the purity of the
    same clusters with the other words taken out. A vector that is not finite is in no cluster.
    The order of the rows and the number of threads change nothing.

    References
    ----------
    Arthur and Vassilvitskii 2007, k-means++: The Advantages of Careful Seeding.
    Zhao and Karypis 2001, Criterion Functions for Document Clustering: Experiments and Analysis,
    University of Minnesota, technical report 01-40 (purity).
    """
    words, labels = columns["word"], columns["category"]
    forms = match(words, vectors, lowercase)
    covered = np.array([forms[word] is not None for word in words], dtype=np.bool_)
    number: dict[str, int] = {}
    gold = np.array([number.setdefault(label, len(number)) for label in labels], dtype=np.float64)
    # k-means depends on the order of its points: let it be alphabetical, not that of the rows.
    order = sorted(range(len(words)), key=lambda row: (words[row], labels[row]))
    asked = [row for row in order if covered[row] or oov == "mean"]
    clusters = np.full((SEEDS, len(words)), -1, dtype=np.int64)
    n_clusters = len(np.unique(gold[asked]))
    if n_clusters:
        known = [forms[words[row]] or words[row] for row in asked]
        directions = Directions(vectors, known, "mean" if oov == "mean" else "error")
        everything = np.arange(len(known))
        clusters[:, asked] = _clusters(directions.cosines(everything, everything), n_clusters)
    counted = covered | (oov != "skip")
    values = np.zeros(len(words))
    purities = memberships(clusters[:, counted], gold[counted])
    values[counted] = purities.mean(axis=0)
    items = Items(covered, values, gold, clusters=clusters)
    return Outcome(
        metric="purity",
        items=items,
        oov=oov,
        secondary=_spread(clusters[:, counted], gold[counted]),
        categories=by_category("accuracy", items, oov, labels),
        options={"n_clusters": n_clusters, "seeds": SEEDS, "n_init": N_INIT},
    )


def _clusters(cosines: NDArray[np.float64], n_clusters: int) -> NDArray[np.int64]:
    """Return the cluster of each word for each seed, ``(SEEDS, n_words)``.

    Points whose dot products are the cosines have the distances of the unit vectors, in as many
    dimensions as there are words at most: sparse vectors with many columns need no dense copy.
    """
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning
    from threadpoolctl import threadpool_limits

    clusters = np.full((SEEDS, len(cosines)), -1, dtype=np.int64)
    finite = np.isfinite(cosines.diagonal())
    if not finite.any():
        return clusters
    points = _points(cosines[np.ix_(finite, finite)])
    # Sums of several threads are added in any order.
    one_thread = threadpool_limits(limits=1, user_api="openmp")
    with one_blas_thread(), one_thread, warnings.catch_warnings():
        # Fewer distinct points than clusters: some clusters stay empty, which is no fault.
        warnings.simplefilter("ignore", ConvergenceWarning)
        for seed in range(SEEDS):
            k_means = KMeans(min(n_clusters, len(points)), n_init=N_INIT, random_state=seed)
            clusters[seed, finite] = k_means.fit_predict(points)
    return clusters


def _points(cosines: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points, one a row, whose dot products are ``cosines``."""
    values, vectors = np.linalg.eigh(cosines)  # ascending
    rank = max(1, int((values > 1e-12 * values[-1]).sum()))
    points: NDArray[np.float64] = vectors[:, -rank:] * np.sqrt(np.maximum(values[-rank:], 0.0))
    return points


def _spread(clusters: NDArray[np.int64], gold: NDArray[np.float64]) -> dict[str, float | None]:
    """Return how the purity differs between the seeds, and what chance would give."""
    names = ("sd_of_seeds", "lowest", "highest", "chance")
    if len(gold) == 0:
        return dict.fromkeys(names)
    purities = memberships(clusters, gold).mean(axis=1)
    rng = np.random.default_rng(0)
    chance = [memberships(clusters, rng.permutation(gold)).mean() for _ in range(10)]
    figures = (purities.std(ddof=1), purities.min(), purities.max(), np.mean(chance))
    return {name: float(figure) for name, figure in zip(names, figures, strict=True)}
