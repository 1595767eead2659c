"""How well clusters of words keep to the categories that people put the words in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.evaluation.statistics import Estimate, share_with_interval

__all__ = ["memberships", "purity"]


def memberships(clusters: NDArray[np.int64], gold: NDArray[np.float64]) -> NDArray[np.float64]:
    """Say whether each word is of the category that most words of its cluster are of.

    Parameters
    ----------
    clusters : ndarray of int64, shape (n_runs, n_words)
        Number of each word's cluster, from 0, in each clustering; -1 for a word in none.
    gold : ndarray of float64, shape (n_words,)
        Number of each word's category.

    Returns
    -------
    ndarray of float64, shape (n_runs, n_words)
        1 or 0; 1/m for the words of m categories that are equally frequent in the cluster, which
        add up to the words of one of them.
    """
    categories, codes = np.unique(gold, return_inverse=True)
    result = np.zeros(clusters.shape)
    for labels, row in zip(clusters, result, strict=True):
        placed = np.flatnonzero(labels >= 0)
        counts = np.zeros((labels.max(initial=-1) + 1, len(categories)), dtype=np.int64)
        np.add.at(counts, (labels[placed], codes[placed]), 1)
        largest = counts == counts.max(axis=1, initial=0, keepdims=True)
        shares = largest / largest.sum(axis=1, keepdims=True)
        row[placed] = shares[labels[placed], codes[placed]]
    return result


def purity(clusters: NDArray[np.int64], gold: NDArray[np.float64]) -> Estimate:
    """Share of the words that are of the most frequent category of their cluster.

    ``1/n · Σ_k max_c |words of category c in cluster k|``, the mean over several clusterings.

    Parameters
    ----------
    clusters, gold
        As for ``memberships``. A word that is in no cluster counts in n only.

    Returns
    -------
    Estimate
        The interval is Wilson's, for n independent words and with the clusters taken as given.
        There is no value where every clustering would be pure or none could be: words of one
        category only, or each of its own.

    References
    ----------
    Zhao and Karypis 2001, Criterion Functions for Document Clustering: Experiments and Analysis,
    University of Minnesota, technical report 01-40.
    Wilson 1927, Probable Inference, the Law of Succession, and Statistical Inference, Journal of
    the American Statistical Association 22.
    """
    n = len(gold)
    if n == 0:
        return Estimate(None, reason="no word is covered")
    if len(np.unique(gold)) in (1, n):
        reason = "purity needs two categories of words, one of them with several words"
        return Estimate(None, n=n, reason=reason)
    return share_with_interval(float(np.mean(memberships(clusters, gold))), n, n)
