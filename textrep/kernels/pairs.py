"""Pairs of a hidden row and a word, true or drawn: what each counts, and weighs in a gradient.

A block of words shares the words that are drawn for it. Each counts as a negative of each of the
block's words, but not of itself, and not of a word that it may not be a negative of.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import fast_step, step
from textrep.kernels.logistic import LEAST, Likelihood, count_likely, padded, sigmoid
from textrep.kernels.random import draw_alias, key_of

__all__ = [
    "CBOW_NEGATIVES",
    "MARKS",
    "NEGATIVES",
    "Noise",
    "draw",
    "mark",
    "share_out",
    "use_drawn",
    "use_shares",
    "weigh_drawn",
    "weigh_margin",
    "weigh_pairs",
]

NEGATIVES, CBOW_NEGATIVES = 24, 8  # words drawn for a block; CBOW has only a pair a word
MARKS = 1024  # of drawn words, by the last digits of their numbers

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


class Noise(NamedTuple):
    """Where negatives come from.

    Attributes
    ----------
    keep, other : ndarrays of shape (n_words,), uint32 and int32
        Alias table of the noise distribution.
    seen_offsets : ndarray of shape (n_words + 1,) or (0,), int64
        ``seen[seen_offsets[i]:seen_offsets[i + 1]]`` are no negatives of word ``i``. Empty: every
        word is a negative of every other.
    seen : ndarray, int32
        Words, in ascending order for each word.
    """

    keep: NDArray[np.uint32]
    other: Integers
    seen_offsets: NDArray[np.int64]
    seen: Integers


@step
def draw(noise: Noise, key: np.uint64, start: int, drawn: Integers) -> None:
    """Draw the negatives of the block that begins at ``start``."""
    for k in range(len(drawn)):
        drawn[k] = draw_alias(key_of(key, start * NEGATIVES + k), noise.keep, noise.other)


@step
def mark(drawn: Integers, is_drawn: bool, marks: NDArray[np.bool_]) -> None:
    """Mark drawn words, or take the marks away, by the last digits of their numbers.

    A word without a mark is not among them; most are told apart by that alone.
    """
    for k in range(len(drawn)):
        marks[drawn[k] % MARKS] = is_drawn


@step
def share_out(word: int, noise: Noise, drawn: Integers, negative: int, shares: Floats) -> None:
    """Write what each drawn word counts as a negative of a word: the word itself does not."""
    left, has_seen = len(drawn), len(noise.seen_offsets) > 0
    if has_seen:
        seen = noise.seen[noise.seen_offsets[word] : noise.seen_offsets[word + 1]]
        for k in range(len(drawn)):
            at = np.searchsorted(seen, drawn[k])
            shares[k] = 0.0 if at < len(seen) and seen[at] == drawn[k] else 1.0
            left -= shares[k] == 0.0
    for k in range(len(drawn)):
        allowed = drawn[k] != word and (not has_seen or shares[k] > 0)
        shares[k] = np.float32(negative / max(1, left)) if allowed else np.float32(0)


@step
def use_drawn(
    word: int,
    near: Integers,
    count: int,
    drawn: Integers,
    drawn_too: bool,
    share: np.float32,
    times: Floats,
    less: Floats,
) -> None:
    """Count the drawn words as negatives of a word, for each hidden row that predicts it."""
    for t in range(count):
        times[near[t]] += 1
    if drawn_too:
        for k in range(len(drawn)):
            if drawn[k] == word:
                for t in range(count):
                    less[near[t], k] += share


@step
def use_shares(near: Integers, count: int, shares: Floats, less: Floats) -> None:
    """Count each drawn word by its share as a negative, for each hidden row that predicts it."""
    for t in range(count):
        for k in range(len(shares)):
            less[near[t], k] -= shares[k]


@fast_step
def weigh_pairs(
    i: int, scores: Floats, count: int, rate: np.float32, likelihood: Likelihood, weights: Floats
) -> None:
    """Turn the first ``count`` scores of row ``i`` into weights of a gradient; count the loss."""
    for t in range(padded(count)):
        p = sigmoid(scores[i, t])
        scores[i, t] = p if t < count else np.float32(1)
        weights[i, t] = (np.float32(1) - p) * rate
    count_likely(likelihood, scores, i, 1, count)


@fast_step
def weigh_drawn(
    scores: Floats,
    times: Floats,
    share: np.float32,
    less: Floats,
    rate: np.float32,
    weights: Floats,
) -> float:
    """Turn scores of hidden rows and drawn words into weights of a gradient; return the loss.

    A drawn word counts ``share`` as often as a hidden row is used, less what it counts less there.
    """
    loss = 0.0
    for i in range(len(times)):
        every, unlikely, most = share * times[i], 1.0, np.float32(0)
        for k in range(scores.shape[1]):
            p = sigmoid(scores[i, k])
            weights[i, k] = -rate * every * p
            unlikely *= np.float64(max(np.float32(1) - p, LEAST))
            most = max(most, abs(less[i, k]))
        loss -= np.float64(every) * math.log(unlikely)
        if most > 0:
            for k in range(scores.shape[1]):
                if less[i, k] != 0:
                    p = sigmoid(scores[i, k])
                    weights[i, k] += rate * less[i, k] * p
                    loss += np.float64(less[i, k]) * math.log(max(np.float32(1) - p, LEAST))
                    less[i, k] = 0.0
    return loss


@fast_step
def weigh_margin(
    i: int,
    scores: Floats,
    near: Integers,
    count: int,
    drawn_scores: Floats,
    shares: Floats,
    rate: np.float32,
    weights: Floats,
    drawn_weights: Floats,
    margin: np.float32,
) -> float:
    """Turn scores into weights as the margin has it, for word ``i`` and the rows that predict it.

    Returns the loss.
    """
    loss = 0.0
    for t in range(count):
        total = np.float32(0)
        for k in range(len(shares)):
            slack = margin - scores[i, t] + drawn_scores[near[t], k]
            if slack > 0:
                loss += np.float64(shares[k]) * np.float64(slack)
                total += shares[k]
                drawn_weights[near[t], k] -= rate * shares[k]
        weights[i, t] = rate * total
    return loss
