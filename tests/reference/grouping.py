"""Purity, area under the ROC curve and compactness from their definitions, by loops."""

from __future__ import annotations

import itertools

from reference.plain_vectors import cosine


def purity(clusters, gold):
    """One clustering; words with the cluster -1 are in none."""
    found = 0
    for cluster in set(clusters) - {-1}:
        inside = [g for c, g in zip(clusters, gold, strict=True) if c == cluster]
        found += max(inside.count(category) for category in inside)
    return found / len(gold)


def area(positive, negative):
    """The chance that a positive value is the larger one, ties counting one half."""
    wins = [(p > n) + 0.5 * (p == n) for p, n in itertools.product(positive, negative)]
    return sum(wins) / len(wins)


def compactness(words, left_out):
    """Camacho-Collados and Navigli's c(w): the mean cosine of the ordered pairs without ``w``."""
    rest = [row for place, row in enumerate(words) if place != left_out]
    n = len(rest)
    pairs = itertools.permutations(rest, 2)
    return sum(cosine(x, y) for x, y in pairs) / (n * (n - 1))


def inertia(points, clusters):
    """The sum of squared distances of points to the means of their clusters."""
    total = 0.0
    for cluster in set(clusters):
        inside = [p for p, c in zip(points, clusters, strict=True) if c == cluster]
        mean = [sum(column) / len(inside) for column in zip(*inside, strict=True)]
        total += sum((x - m) ** 2 for point in inside for x, m in zip(point, mean, strict=True))
    return total


def best_clusters(points, k):
    """The clustering of least inertia, by trying every one."""
    return min(
        itertools.product(range(k), repeat=len(points)),
        key=lambda clusters: (inertia(points, clusters), clusters),
    )
