"""word2vec with drawn negatives, a stretch of text at a time.

A hidden row h predicts a word t, and is told apart from words n drawn from the noise distribution.
Stochastic gradient descent lowers, for each pair (h, t), either

    -log σ(h · u_t) - Σ_n log σ(-h · u_n)               negative sampling
    Σ_n max(0, m - h · u_t + h · u_n)                   margin

(Mikolov, Sutskever, Chen, Corrado and Dean 2013, Distributed Representations of Words and Phrases
and their Compositionality, NIPS, equation 4; Collobert and Weston 2008, A Unified Architecture for
Natural Language Processing, ICML, the ranking loss).

How it is fast: ``BLOCK`` neighbouring words are trained together. Their windows overlap, so each
row is fetched once for all its pairs, and the block shares 24 drawn words (8 in CBOW, which has a
pair a word). Each counts negative / 24 (8) for each pair, so that products with them are small
matrix products in cache. Gradients within a block are those at its start, and are added up. With
16 drawn words a block is a sixth faster, but the vectors answer fewer analogies.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.context import (
    SKIPGRAM,
    add_hidden,
    fetch_hidden,
    fill_slots,
    list_near,
    prefetch_next,
)  # fmt: skip
from textrep.kernels.gather import Inputs, add_rows, copy_rows, prefetch_row
from textrep.kernels.jit import kernel
from textrep.kernels.logistic import loss_of, no_likelihood, padded
from textrep.kernels.pairs import (
    CBOW_NEGATIVES,
    MARKS,
    NEGATIVES,
    Noise,
    draw,
    mark,
    share_out,
    use_drawn,
    use_shares,
    weigh_drawn,
    weigh_margin,
    weigh_pairs,
)
from textrep.kernels.text import Text
from textrep.kernels.tiles import add_outer, add_row_outer, dot_row, dot_rows

__all__ = ["BLOCK", "Scratch", "scratch_shape", "train_negatives"]

BLOCK = 32  # words trained together

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


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
    return 2 * (n_slots + BLOCK + NEGATIVES), 2 * n_slots


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
    width, flat = rows.shape[1], rows.reshape(-1)
    skipgram = architecture == SKIPGRAM
    n_hidden = n_slots if skipgram else BLOCK
    n_drawn = NEGATIVES if skipgram else CBOW_NEGATIVES
    every_row = np.arange(half).astype(np.int32)
    hidden, targets, drawn = every_row[:n_hidden], every_row[n_slots:], every_row[n_slots + BLOCK :]
    slot_words, block_words = np.empty(n_slots, np.int32), np.empty(BLOCK, np.int32)
    near = np.empty(n_slots, np.int32)
    drawn_words, next_drawn = np.empty(n_drawn, np.int32), np.empty(n_drawn, np.int32)
    scores = np.zeros((BLOCK, padded(n_slots)), np.float32)
    drawn_scores = np.zeros((n_hidden, n_drawn), np.float32)
    weights, drawn_weights = np.zeros_like(scores), np.zeros_like(drawn_scores)
    shares, share = np.zeros(n_drawn, np.float32), np.float32(negative / n_drawn)
    times, less = np.zeros(n_hidden, np.float32), np.zeros_like(drawn_scores)
    has_seen = len(noise.seen_offsets) > 0
    marks = np.zeros(MARKS, np.bool_)
    flat_out, likelihood = outputs.reshape(-1), no_likelihood()
    loss, n_pairs = 0.0, 0
    draw(noise, key, 0, next_drawn)
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        fill_slots(text, n, start, size, window, slot_words)
        fill_slots(text, n, start, size, 0, block_words)
        drawn_words[:] = next_drawn
        mark(drawn_words, True, marks)
        draw(noise, key, start + BLOCK, next_drawn)
        rows[size:BLOCK] = rows[half:] = 0.0
        fetch_hidden(text, start, size, window, architecture, inputs, slot_words, slots, rows)
        copy_rows(rows, n_slots, outputs, block_words, BLOCK)
        copy_rows(rows, n_slots + BLOCK, outputs, drawn_words, n_drawn)
        dot_rows(width, flat, hidden, n_hidden, flat, drawn, n_drawn, drawn_scores)
        times[:] = drawn_weights[:] = 0.0
        for i in range(size):
            prefetch_next(text, n, start + BLOCK + i, window, inputs, outputs)
            if i < n_drawn:
                prefetch_row(flat_out, next_drawn[i], width)
            count = list_near(text, start, i, window, skipgram, near)
            if count == 0:
                continue
            n_pairs += count
            dot_row(width, flat, targets, i, flat, near, count, scores)
            if margin > 0 or has_seen:
                share_out(block_words[i], noise, drawn_words, negative, shares)
            if margin > 0:
                loss += weigh_margin(
                    i, scores, near, count, drawn_scores, shares, rate, weights, drawn_weights,
                    margin,
                )  # fmt: skip
            else:
                weigh_pairs(i, scores, count, rate, likelihood, weights)
                if has_seen:
                    use_shares(near, count, shares, less)
                else:
                    drawn_too = marks[block_words[i] % MARKS]
                    use_drawn(
                        block_words[i], near, count, drawn_words, drawn_too, share, times, less
                    )
            add_row_outer(width, flat, targets, i, half, flat, near, count, half, weights)
        if margin <= 0:
            loss += weigh_drawn(drawn_scores, times, share, less, rate, drawn_weights)
        mark(drawn_words, False, marks)
        add_outer(width, flat, hidden, n_hidden, half, flat, drawn, n_drawn, half, drawn_weights)
        add_hidden(
            text, start, size, window, architecture, exact, rows, half, slot_words, slots, inputs
        )
        add_rows(rows, half + n_slots, outputs, block_words, BLOCK)
        add_rows(rows, half + n_slots + BLOCK, outputs, drawn_words, n_drawn)
    return loss + loss_of(likelihood), n_pairs
