"""Interpolated modified Kneser-Ney from its equations, one n-gram at a time."""

from __future__ import annotations

import math
from collections import Counter, defaultdict


def discounts(counts):
    """D1, D2 and D3+ of Chen and Goodman 1999, section 3."""
    n = Counter(counts.values())
    if not all(n[c] for c in (1, 2, 3, 4)):
        return {1: 0.5, 2: 1.0, 3: 1.5}
    y = n[1] / (n[1] + 2 * n[2])
    found = {1: 1 - 2 * y * n[2] / n[1], 2: 2 - 3 * y * n[3] / n[2], 3: 3 - 4 * y * n[4] / n[3]}
    return {c: min(max(d, 0.0), c) for c, d in found.items()}


def tables(stream, order):
    """Counts of the n-grams by length: how often the longest are there, words before the others."""
    found = {}
    for length in range(1, order + 1):
        if length == order:
            grams = [tuple(stream[i : i + length]) for i in range(len(stream) - length + 1)]
            found[length] = Counter(grams)
        else:
            before = defaultdict(set)
            for i in range(1, len(stream) - length + 1):
                before[tuple(stream[i : i + length])].add(stream[i - 1])
            found[length] = Counter({gram: len(words) for gram, words in before.items()})
    return found


def chance(word, context, counts, n_words):
    """p(word | context), the context being a tuple of words."""
    shorter = chance(word, context[1:], counts, n_words) if context else 1 / n_words
    table = counts[len(context) + 1]
    after = {gram: c for gram, c in table.items() if gram[:-1] == context}
    total = sum(after.values())
    if not total:
        return shorter
    d = discounts(table)
    taken = sum(d[min(c, 3)] for c in after.values())
    own = after.get((*context, word), 0)
    return (own - (d[min(own, 3)] if own else 0.0) + taken * shorter) / total


def losses(seen, asked, order, n_words):
    """−log p of each token of ``asked`` after the first."""
    counts = tables(seen, order)
    return [
        -math.log(chance(asked[i], tuple(asked[max(0, i - order + 1) : i]), counts, n_words))
        for i in range(1, len(asked))
    ]
