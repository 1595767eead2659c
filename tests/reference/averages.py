"""Averages of word vectors, written from the equations, one text and one word at a time.

Arora, Liang and Ma 2017, A Simple but Tough-to-Beat Baseline for Sentence Embeddings, algorithm 1.
"""

from __future__ import annotations

import math
import re
from collections import Counter

import numpy as np


def words_of(text):
    """The rule of the tokenizer "simple", for ASCII."""
    return re.findall("[a-z0-9]+", text.lower())


def mean(texts, table):
    """The mean of the vectors of the words that ``table`` has."""
    return weighted(texts, table, lambda word: 1.0, by_weight=True)


def tfidf(texts, table, fitted_on):
    """The mean weighted by log((1 + n) / (1 + df)) + 1."""
    frequency = Counter(word for text in fitted_on for word in set(words_of(text)))
    n = len(fitted_on)
    return weighted(
        texts, table, lambda w: math.log((1 + n) / (1 + frequency[w])) + 1, by_weight=True
    )


def sif(texts, table, counts, a):
    """1/|s| times the sum of a / (a + p(w)) v(w): lines 1 to 3 of the algorithm."""
    total = sum(counts.values())
    return weighted(texts, table, lambda w: a / (a + counts[w] / total), by_weight=False)


def weighted(texts, table, weight, by_weight):
    rows = []
    for text in texts:
        total, n = np.zeros(len(next(iter(table.values())))), 0.0
        for word in words_of(text):
            if word in table:
                total += weight(word) * np.asarray(table[word])
                n += weight(word) if by_weight else 1.0
        rows.append(total / n if n else total)
    return np.array(rows)


def without_components(rows, fitted_on, n):
    """v - u u.T v with the first right singular vectors: lines 4 to 7."""
    directions = np.linalg.svd(fitted_on)[2][:n]
    return np.array([row - sum((row @ u) * u for u in directions) for row in rows])


def contexts(texts, window, weigh):
    """M(w, c): the weights of all places where c is at most ``window`` words from w."""
    found: dict[tuple[str, str], float] = {}
    for text in texts:
        words = words_of(text)
        for i, word in enumerate(words):
            for j, other in enumerate(words):
                if i != j and abs(i - j) <= window:
                    found[word, other] = found.get((word, other), 0.0) + weigh(abs(i - j))
    return found
