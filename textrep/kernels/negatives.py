"""word2vec with drawn negatives, a stretch of text at a time.

A hidden row h predicts a word t, and is told apart from words n drawn from the noise distribution.
Stochastic gradient descent lowers, for each pair (h, t), either

    -log σ(h · u_t) - Σ_n log σ(-h · u_n)               negative sampling
    Σ_n max(0, m - h · u_t + h · u_n)                   margin

(Mikolov, Sutskever, Chen, Corrado and Dean 2013, Distributed Representations of Words and Phrases
and their Compositionality, NIPS, equation 4; Collobert and Weston 2008, A Unified Architecture for
Natural Language Processing, ICML, the ranking loss).

How it is fast: ``BLOCK`` neighbouring words are trained together. Their windows overlap, so each
row is fetched once for all its pairs, and the block shares 16 drawn words (8 in CBOW, which has a
pair a word). Each counts negative / 16 (8) for each pair, so that products with them are small
matrix products in cache. Gradients within a block are those at its start, and are added up.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.context import (
    SKIPGRAM,
    combine,
    fill_slots,
    list_predicted,
    prefetch_next,
    spread,
)  # fmt: skip
from textrep.kernels.gather import (
    Inputs,
    add_inputs,
    add_rows,
    copy_inputs,
    copy_rows,
    prefetch_row,
)
from textrep.kernels.jit import fast_kernel, kernel
from textrep.kernels.logistic import LEAST, Likelihood, count_likely, loss_of, padded, sigmoid
from textrep.kernels.random import draw_alias, key_of
from textrep.kernels.text import Text
from textrep.kernels.tiles import add_outer, add_row_outer, dot_row, dot_rows

__all__ = ["BLOCK", "NEGATIVES", "Noise", "Scratch", "scratch_shape", "train_negatives"]

BLOCK = 16  # words trained together
NEGATIVES = 16  # words drawn for a block of skip-gram; CBOW, with a pair a word, draws half
_MARKS = 1024

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


class Scratch(NamedTuple):
    """Rows that stay in cache: what a block of words is trained on, and what it changes by.

    Attributes
    ----------
    rows : ndarray of shape (n_rows, width), float32
        Hidden rows, the predicted and the drawn words; then as many rows for what they change by.
    slots : ndarray of shape (2 * n_slots, width of the inputs), float32
        For CBOW, the words from ``window`` before the block to ``window`` after it; then as many
        rows for what they change by.
    """

    rows: Floats
    slots: Floats


def scratch_shape(window: int) -> tuple[int, int]:
    """Return how many rows and slots the scratch of :func:`train_negatives` has."""
    n_slots = BLOCK + 2 * window
    return 2 * (BLOCK + n_slots + NEGATIVES), 2 * n_slots


@fast_kernel
def _weigh_likelihood(
    i: int,
    scores: Floats,
    count: int,
    drawn_scores: Floats,
    allowed: Floats,
    share: np.float32,
    rate: np.float32,
    likelihood: Likelihood,
    weights: Floats,
    drawn_weights: Floats,
) -> None:
    """Turn the scores of hidden row ``i`` into the weights of its gradient, and count its loss.

    Row ``i`` of ``scores`` are those of ``count`` predicted words, of ``drawn_scores`` those of the
    drawn words, which count ``share`` for each predicted word where ``allowed``. Both become
    probabilities.
    """
    for t in range(padded(count)):
        p = sigmoid(scores[i, t])
        scores[i, t] = p if t < count else np.float32(1)
        weights[i, t] = (np.float32(1) - p) * rate
    count_likely(likelihood, scores, i, count)
    unlikely = 1.0
    factor = -rate * share * np.float32(count)
    for k in range(NEGATIVES):
        p = sigmoid(drawn_scores[i, k]) * allowed[i, k]
        unlikely *= np.float64(max(np.float32(1) - p, LEAST))
        drawn_scores[i, k] = p
        drawn_weights[i, k] = factor * p
    likelihood[1] -= np.float64(share) * count * math.log(unlikely)


@fast_kernel
def _weigh_margin(
    i: int,
    scores: Floats,
    count: int,
    drawn_scores: Floats,
    allowed: Floats,
    share: np.float32,
    rate: np.float32,
    weights: Floats,
    drawn_weights: Floats,
    margin: np.float32,
    words: Integers,
    drawn: Integers,
) -> float:
    """Turn the scores of a hidden row into weights as the margin has it; return its loss.

    The predicted words are ``words``; a drawn word that is the predicted one is no negative of it.
    Otherwise like :func:`_weigh_likelihood`.
    """
    loss = 0.0
    for k in range(NEGATIVES):
        drawn_weights[i, k] = 0.0
    for t in range(count):
        total = np.float32(0)
        for k in range(len(drawn)):
            slack = margin - scores[i, t] + drawn_scores[i, k]
            if slack > 0 and allowed[i, k] > 0 and words[t] != drawn[k]:
                loss += np.float64(share) * np.float64(slack)
                total += share
                drawn_weights[i, k] -= rate * share
        weights[i, t] = rate * total
    return loss


@kernel
def _allow(
    word: int, noise: Noise, drawn: Integers, negative: int, i: int, allowed: Floats
) -> np.float32:
    """Mark in row ``i`` which drawn words are negatives of a word; return what each counts."""
    seen = noise.seen[noise.seen_offsets[word] : noise.seen_offsets[word + 1]]
    left = 0
    for k in range(len(drawn)):
        at = np.searchsorted(seen, drawn[k])
        allowed[i, k] = 0.0 if at < len(seen) and seen[at] == drawn[k] else 1.0
        left += int(allowed[i, k])
    return np.float32(negative / max(1, left))


@fast_kernel
def _forgive(
    i: int,
    words: Integers,
    count: int,
    drawn: Integers,
    probabilities: Floats,
    share: np.float32,
    rate: np.float32,
    drawn_weights: Floats,
) -> float:
    """Take back that a drawn word counted as a negative where it is predicted; return the loss."""
    loss = 0.0
    for k in range(len(drawn)):
        for t in range(count):
            if words[t] == drawn[k]:
                p = probabilities[i, k]
                drawn_weights[i, k] += rate * share * p
                loss += np.float64(share) * math.log(max(np.float32(1) - p, LEAST))
    return loss


@kernel
def _draw(noise: Noise, key: np.uint64, start: int, drawn: Integers) -> None:
    """Draw the negatives of the block that begins at ``start``."""
    for k in range(len(drawn)):
        drawn[k] = draw_alias(key_of(key, start * NEGATIVES + k), noise.keep, noise.other)


@kernel
def train_negatives(
    text: Text,
    n: int,
    window: int,
    architecture: int,
    exact: bool,
    inputs: Inputs,
    outputs: Floats,
    noise: Noise,
    negative: int,
    margin: np.float32,
    rate: np.float32,
    key: np.uint64,
    scratch: Scratch,
) -> tuple[float, int]:
    """Train on a stretch of sampled text.

    Parameters
    ----------
    text : Text
        The words, of which the first ``n`` are there.
    n : int
        Words in it.
    window : int
        Largest distance of a context.
    architecture : int
        ``SKIPGRAM``, or how CBOW combines a window; see :mod:`textrep.kernels.context`.
    exact : bool
        Whether the parts of an average get its gradient, or the whole as in word2vec and fastText.
    inputs : Inputs
        The vectors that hidden rows are made of. Changed, without a lock: other threads may change
        them too.
    outputs : ndarray of shape (n_words, width), float32
        The vectors of predicted words; the width is that of the scratch, ``2 * window`` times that
        of the inputs if they are concatenated. Changed likewise.
    noise : Noise
        Where negatives come from.
    negative : int
        Negatives that a pair counts.
    margin : float32
        m; not above 0: negative sampling.
    rate : float32
        Learning rate.
    key : uint64
        Names the random numbers of this stretch.
    scratch : Scratch
        Of at least :func:`scratch_shape`. Changed.

    Returns
    -------
    loss : float
        Sum over the pairs.
    n_pairs : int
        Pairs of a hidden row and a word that it predicts.
    """
    rows, slots = scratch
    n_slots, half = len(slots) // 2, len(rows) // 2
    skipgram = architecture == SKIPGRAM
    flat_out = outputs.reshape(-1)
    width, flat = rows.shape[1], rows.reshape(-1)
    hidden, drawn = np.arange(BLOCK).astype(np.int32), np.arange(half - NEGATIVES, half)
    drawn_rows, near = drawn.astype(np.int32), np.empty(n_slots, np.int32)
    slot_words, block_words = np.empty(n_slots, np.int32), np.empty(BLOCK, np.int32)
    near_words = np.empty(n_slots, np.int32)
    n_drawn = NEGATIVES if skipgram else NEGATIVES // 2
    drawn_words, next_drawn = np.empty((2, n_drawn), np.int32)
    _draw(noise, key, 0, next_drawn)
    drawn_scores, allowed = np.zeros((2, BLOCK, NEGATIVES), np.float32)
    scores, weights = np.zeros((2, BLOCK, padded(n_slots)), np.float32)
    drawn_weights = np.zeros((BLOCK, NEGATIVES), np.float32)
    allowed[:, :n_drawn] = 1.0
    marks = np.zeros(_MARKS, np.bool_)  # of drawn words, by the last digits of their numbers
    likelihood = np.array([1.0, 0.0])
    share = np.float32(negative / n_drawn)
    loss, n_pairs = 0.0, 0
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        fill_slots(text, n, start, size, window, slot_words)
        for i in range(BLOCK):
            block_words[i] = text.words[start + i] if i < size else -1
        for k in range(n_drawn):
            drawn_words[k] = next_drawn[k]
            marks[drawn_words[k] % _MARKS] = True
        _draw(noise, key, start + BLOCK, next_drawn)
        rows[half:] = 0.0
        predicted = slot_words if skipgram else block_words
        if skipgram:
            copy_inputs(rows, 0, inputs, block_words, BLOCK)
        else:
            copy_inputs(slots, 0, inputs, slot_words, n_slots)
            rows[size:BLOCK] = 0.0
            combine(slots, text, start, size, window, architecture, rows)
        copy_rows(rows, BLOCK, outputs, predicted, len(predicted))
        copy_rows(rows, half - NEGATIVES, outputs, drawn_words, n_drawn)
        dot_rows(width, flat, hidden, BLOCK, flat, drawn_rows, n_drawn, drawn_scores)
        for i in range(size):
            prefetch_next(text, n, start + BLOCK + i, window, skipgram, inputs, outputs)
            if i < n_drawn:
                prefetch_row(flat_out, next_drawn[i], width)
            count = list_predicted(text, start, i, window, skipgram, near)
            drawn_too = False
            for t in range(count):
                near_words[t] = predicted[near[t]]
                drawn_too |= marks[near_words[t] % _MARKS]
                near[t] += BLOCK
            if count == 0:
                drawn_weights[i] = 0.0
                continue
            if len(noise.seen_offsets) > 0:
                share = _allow(block_words[i], noise, drawn_words, negative, i, allowed)
            dot_row(width, flat, hidden, i, flat, near, count, scores)
            if margin > 0:
                loss += _weigh_margin(
                    i, scores, count, drawn_scores, allowed, share, rate, weights, drawn_weights,
                    margin, near_words, drawn_words,
                )  # fmt: skip
            else:
                _weigh_likelihood(
                    i, scores, count, drawn_scores, allowed, share, rate, likelihood, weights,
                    drawn_weights,
                )  # fmt: skip
                if drawn_too:
                    loss += _forgive(
                        i, near_words, count, drawn_words, drawn_scores, share, rate, drawn_weights
                    )
            add_row_outer(width, flat, hidden, i, half, flat, near, count, half, weights)
            n_pairs += count
        for k in range(n_drawn):
            marks[drawn_words[k] % _MARKS] = False
        drawn_weights[size:] = 0.0
        add_outer(width, flat, hidden, BLOCK, half, flat, drawn_rows, n_drawn, half, drawn_weights)
        if skipgram:
            add_inputs(rows, half, inputs, block_words, BLOCK, exact)
        else:
            slots[n_slots:] = 0.0
            spread(rows, half, text, start, size, window, architecture, exact, slots)
            add_inputs(slots, n_slots, inputs, slot_words, n_slots, exact)
        add_rows(rows, half + BLOCK, outputs, predicted, len(predicted))
        add_rows(rows, 2 * half - NEGATIVES, outputs, drawn_words, n_drawn)
    return loss + loss_of(likelihood), n_pairs
