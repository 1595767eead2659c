"""Spearman's and Pearson's correlation from their definitions, by loops."""

from __future__ import annotations

import math


def ranks(values):
    """Rank from 1; equal values share the mean of the ranks they occupy."""
    result = []
    for value in values:
        below = sum(other < value for other in values)
        equal = sum(other == value for other in values)
        result.append(below + (equal + 1) / 2)
    return result


def pearson(x, y):
    n = len(x)
    mean_x, mean_y = sum(x) / n, sum(y) / n
    together = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    alone_x = math.sqrt(sum((a - mean_x) ** 2 for a in x))
    alone_y = math.sqrt(sum((b - mean_y) ** 2 for b in y))
    return together / (alone_x * alone_y)


def spearman(x, y):
    return pearson(ranks(x), ranks(y))
