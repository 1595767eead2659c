"""Skip-gram with negative sampling, a stretch of text at a time.

For each pair of a word w and a context c at most b words away, with negatives n_1 … n_k drawn from
the noise distribution, stochastic gradient descent lowers

    -log σ(v_c · u_w) - Σ_i log σ(-v_c · u_{n_i})

(Mikolov, Sutskever, Chen, Corrado and Dean 2013, Distributed Representations of Words and Phrases
and their Compositionality, NIPS, equation 4; v of the context and u of the word, as in word2vec.c).

How it is fast: ``BLOCK`` neighbouring words are trained together. Their contexts overlap, so each
row of v is fetched once for all its pairs, and the block shares ``NEGATIVES`` drawn words, each
counting k / NEGATIVES, so that products with them are small matrix products in cache. Gradients
within a block are those at its start, and are added up.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import fast_kernel, kernel
from textrep.kernels.prefetch import prefetch
from textrep.kernels.random import draw_alias, key_of
from textrep.kernels.tiles import add_outer, add_row_outer, dot_row, dot_rows

__all__ = ["BLOCK", "NEGATIVES", "sample_text", "scratch_rows", "sigmoid", "train_skipgram"]

BLOCK = 32  # words trained together
NEGATIVES = 16  # words drawn for a block

_LEAST = np.float32(1e-7)  # probabilities below count as this, so that a loss is finite
_LINE = 16  # float32 numbers in a cache line

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


@kernel
def sample_text(
    tokens: Integers,
    offsets: NDArray[np.int64],
    first: int,
    last: int,
    keep: NDArray[np.uint32],
    window: int,
    dynamic: bool,
    key: np.uint64,
    words: Integers,
    begins: Integers,
    ends: Integers,
) -> int:
    """Draw which words of a stretch of text are kept, and how far their windows reach.

    Parameters
    ----------
    tokens : ndarray of shape (n_tokens,), int32
        The text.
    offsets : ndarray of shape (n_sentences + 1,), int64
        Where its sentences begin and the last ends.
    first, last : int
        The sentences ``first`` up to, not including, ``last``.
    keep : ndarray of shape (n_words,), uint32
        Probability that an occurrence of the word is kept, times 2^32 - 1.
    window : int
        Largest distance of a context.
    dynamic : bool
        Whether the reach of each window is drawn from 1 to ``window``.
    key : uint64
        Names the random numbers; what is drawn for a token depends on it and the position alone.
    words : ndarray, int32
        The kept words. Changed.
    begins, ends : ndarrays, int32
        For each kept word, the kept words from ``begins`` up to, not including, ``ends`` are in its
        window (it is among them). Changed.

    Returns
    -------
    int
        Words kept.
    """
    n = 0
    for sentence in range(first, last):
        start = n
        for position in range(offsets[sentence], offsets[sentence + 1]):
            bits = key_of(key, position)
            word = tokens[position]
            if (bits & np.uint64(0xFFFFFFFF)) <= np.uint64(keep[word]):
                reach = window
                if dynamic:
                    drawn = ((bits >> np.uint64(32)) * np.uint64(window)) >> np.uint64(32)
                    reach = 1 + int(drawn)
                words[n] = word
                begins[n] = max(start, n - reach)
                ends[n] = n + reach + 1
                n += 1
        for i in range(start, n):
            ends[i] = min(ends[i], n)
    return n


@fast_kernel
def sigmoid(x: np.float32) -> np.float32:
    """Return 1 / (1 + exp(-x)) to about 1e-7; constant beyond ±16.

    It is (1 + tanh(x / 2)) / 2 with tanh(z) ≈ z · p(z²) / q(z²), fitted by weighted least squares
    to a relative error of 1.3e-9 for |z| up to 9. Unlike a call of exp it becomes vector code.
    """
    z = min(max(x * np.float32(0.5), np.float32(-8)), np.float32(8))
    square = z * z
    p = square * np.float32(-1.2246155836576205e-11) + np.float32(3.0642400578032647e-08)
    p = square * p + np.float32(2.80312566115849e-05)
    p = square * p + np.float32(0.0038695052712130165)
    p = square * p + np.float32(0.13680854265196565)
    p = square * p + np.float32(0.9999999987267306)
    q = square * np.float32(1.2890313416715664e-06) + np.float32(0.0003940708601373406)
    q = square * q + np.float32(0.02725014663649269)
    q = square * q + np.float32(0.4701418635594787)
    q = square * q + np.float32(1)
    return np.float32(0.5) + np.float32(0.5) * (z * p / q)


@kernel
def scratch_rows(window: int) -> tuple[int, int]:
    """Return how many contexts a block can have (a multiple of four), and rows of its scratch."""
    contexts = (BLOCK + 2 * window + 3) // 4 * 4
    return contexts, 2 * (contexts + BLOCK + NEGATIVES) + 4


@fast_kernel
def _gather(rows: Floats, to: int, vectors: Floats, words: Integers, n: int) -> None:
    """Copy the vectors of words to the rows from ``to`` on; zeros for negative numbers."""
    width = rows.shape[1]
    for i in range(n):
        word = words[i]
        if word >= 0:
            for j in range(width):
                rows[to + i, j] = vectors[word, j]
        else:
            for j in range(width):
                rows[to + i, j] = 0.0


@fast_kernel
def _scatter(rows: Floats, begin: int, vectors: Floats, words: Integers, n: int) -> None:
    """Add the rows from ``begin`` on to the vectors of words; negative numbers are left out."""
    width = rows.shape[1]
    for i in range(n):
        word = words[i]
        if word >= 0:
            for j in range(width):
                vectors[word, j] += rows[begin + i, j]


@kernel
def _prefetch_row(flat: Floats, word: int, width: int) -> None:
    for j in range(0, width, _LINE):
        prefetch(flat, np.int64(word) * width + j)


@fast_kernel
def _weigh_pairs(
    scores: Floats, n: int, own: int, rate: np.float32, weights: Floats, uses: Integers, first: int
) -> float:
    """Turn the scores of one word's contexts into the weights of its gradient.

    Returns the loss of its pairs. ``own`` is the place of the word itself, which is no context;
    ``uses`` counts the pairs of each context from ``first`` on.
    """
    likelihood = 1.0
    for i in range(n):
        p = sigmoid(scores[i])
        weights[i] = (np.float32(1) - p) * rate
        if i != own:
            likelihood *= np.float64(max(p, _LEAST))
            uses[first + i] += 1
    weights[own] = 0.0
    for i in range(n, n + 3):
        weights[i] = 0.0
    return -math.log(likelihood)


@fast_kernel
def _weigh_negatives(
    scores: Floats, n_contexts: int, uses: Integers, rate: np.float32, share: float, weights: Floats
) -> float:
    """Turn the scores of contexts and drawn words into the weights of their gradients.

    Returns the loss of the drawn words; each counts ``share`` for each pair of a context.
    """
    loss = 0.0
    for i in range(n_contexts):
        likelihood = 1.0
        for k in range(NEGATIVES):
            weights[i, k] = sigmoid(scores[i, k])
            likelihood *= np.float64(max(np.float32(1) - weights[i, k], _LEAST))
        loss -= share * uses[i] * math.log(likelihood)
        factor = -rate * np.float32(share) * np.float32(uses[i])
        for k in range(NEGATIVES):
            weights[i, k] *= factor
    return loss


@kernel
def train_skipgram(
    words: Integers,
    begins: Integers,
    ends: Integers,
    n: int,
    window: int,
    negative: int,
    contexts_v: Floats,
    words_u: Floats,
    keep: NDArray[np.uint32],
    other: Integers,
    rate: np.float32,
    key: np.uint64,
    rows: Floats,
    layout: NDArray[np.int64],
) -> tuple[float, int]:
    """Train on a stretch of sampled text.

    Parameters
    ----------
    words, begins, ends : ndarrays, int32
        As :func:`sample_text` leaves them.
    n : int
        Words in them.
    window : int
        Largest distance of a context.
    negative : int
        Negatives that a pair counts.
    contexts_v, words_u : ndarrays of shape (n_words, width), float32
        The vectors of contexts (word2vec's word vectors) and of predicted words. Changed, without
        a lock: other threads may change them too.
    keep, other : ndarrays of shape (n_words,), uint32 and int32
        Alias table of the noise distribution.
    rate : float32
        Learning rate.
    key : uint64
        Names the random numbers of this stretch.
    rows : ndarray of shape (scratch_rows(window)[1], width), float32
        Scratch. Changed.
    layout : ndarray of shape (1,), int64
        ``scratch_rows(window)[0]``. An array, because the products in cache are slow when the
        compiler knows where their operands are; see :mod:`textrep.kernels.tiles`.

    Returns
    -------
    loss : float
        Sum over the pairs.
    n_pairs : int
        Pairs of a word and a context.
    """
    contexts = layout[0]
    y, drawn = contexts, contexts + BLOCK
    to_x = drawn + NEGATIVES
    to_y, to_drawn = to_x + contexts, to_x + contexts + BLOCK
    width = rows.shape[1]
    flat_v, flat_u = contexts_v.reshape(-1), words_u.reshape(-1)
    context_words, block_words = np.empty(contexts, np.int32), np.empty(BLOCK, np.int32)
    drawn_words, uses = np.empty(NEGATIVES, np.int32), np.empty(contexts + 4, np.int32)
    scores = np.zeros((contexts, max(NEGATIVES, contexts) + 4), np.float32)
    weights = np.zeros((contexts, NEGATIVES), np.float32)
    line, line_weights = np.zeros(contexts + 4, np.float32), np.zeros(contexts + 4, np.float32)
    share = negative / NEGATIVES
    loss, n_pairs = 0.0, 0
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        origin = start - window  # word of the first context row
        for i in range(contexts):
            at = origin + i
            inside = 0 <= at < n and i < size + 2 * window
            context_words[i] = words[at] if inside else -1
            uses[i] = 0
        for i in range(BLOCK):
            block_words[i] = words[start + i] if i < size else -1
            if start + BLOCK + i < n:
                _prefetch_row(flat_u, words[start + BLOCK + i], width)
            if start + BLOCK + window + i < n:
                _prefetch_row(flat_v, words[start + BLOCK + window + i], width)
        for k in range(NEGATIVES):
            drawn_words[k] = draw_alias(key_of(key, start * NEGATIVES + k), keep, other)
        _gather(rows, 0, contexts_v, context_words, contexts)
        _gather(rows, y, words_u, block_words, BLOCK)
        _gather(rows, drawn, words_u, drawn_words, NEGATIVES)
        rows[to_x:] = 0.0
        for i in range(size):
            at = start + i
            first, count = begins[at] - origin, ends[at] - begins[at]
            dot_row(rows, first, count, y + i, line)
            loss += _weigh_pairs(line, count, at - begins[at], rate, line_weights, uses, first)
            n_pairs += count - 1
            add_row_outer(rows, first, count, y + i, to_x + first, to_y + i, line_weights)
        dot_rows(rows, 0, contexts, drawn, NEGATIVES, scores)
        loss += _weigh_negatives(scores, contexts, uses, rate, share, weights)
        for k in range(NEGATIVES):  # a drawn word is no negative of its own contexts
            for i in range(size):
                if block_words[i] == drawn_words[k]:
                    at = start + i
                    for context in range(begins[at], ends[at]):
                        if context != at:
                            row = context - origin
                            p = sigmoid(scores[row, k])
                            weights[row, k] += rate * np.float32(share) * p
                            loss += share * math.log(max(np.float32(1) - p, _LEAST))
        add_outer(rows, 0, contexts, drawn, NEGATIVES, to_x, to_drawn, weights)
        for i in range(contexts):
            if uses[i] == 0:
                context_words[i] = -1
        _scatter(rows, to_x, contexts_v, context_words, contexts)
        _scatter(rows, to_y, words_u, block_words, BLOCK)
        _scatter(rows, to_drawn, words_u, drawn_words, NEGATIVES)
    return loss, n_pairs
