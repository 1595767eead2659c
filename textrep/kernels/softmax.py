"""word2vec with the full softmax: the model that all others approximate.

The probability that a hidden row h predicts word t is exp(h · u_t) / Σ_w exp(h · u_w), over every
word of the vocabulary. Stochastic gradient descent lowers -log of it (Mikolov, Chen, Corrado and
Dean 2013, Efficient Estimation of Word Representations in Vector Space, ICLR workshop; Rong 2014,
word2vec Parameter Learning Explained, equations 4 to 13). Its cost is that of the vocabulary times
the text, so it is for small vocabularies, and to compare with.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.context import SKIPGRAM, add_hidden, fetch_hidden, fill_slots, list_near
from textrep.kernels.gather import Inputs
from textrep.kernels.jit import fast_kernel, kernel
from textrep.kernels.negatives import Scratch
from textrep.kernels.text import Text

__all__ = ["BLOCK", "scratch_shape", "train_softmax"]

BLOCK = 16  # words trained together
_CHUNK = 4096  # words of the vocabulary that are scored at a time

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


def scratch_shape(window: int) -> tuple[int, int]:
    """Return how many rows and slots the scratch of :func:`train_softmax` has."""
    return 2 * BLOCK, 2 * (BLOCK + 2 * window)


@fast_kernel
def _normalise(logits: Floats, uses: Integers, logs: NDArray[np.float64]) -> None:
    """Turn the scores of each hidden row into probabilities times its ``uses``.

    Parameters
    ----------
    logits : ndarray of shape (n_chunks, BLOCK, chunk), float32
        -inf where there is no word. Changed.
    uses : ndarray of shape (BLOCK,), int32
        How many words each row predicts.
    logs : ndarray of shape (BLOCK,), float64
        Becomes log Σ_w exp(score) of each row. Changed.
    """
    for i in range(len(uses)):
        if uses[i] == 0:
            logits[:, i] = 0.0
            continue
        largest, total = logits[:, i].max(), 0.0
        for chunk in range(len(logits)):
            line = logits[chunk, i]
            part = np.float32(0)
            for w in range(len(line)):
                line[w] = math.exp(line[w] - largest)
                part += line[w]
            total += np.float64(part)
        logs[i] = np.float64(largest) + math.log(total)
        scale = np.float32(uses[i] / total)
        for chunk in range(len(logits)):
            line = logits[chunk, i]
            for w in range(len(line)):
                line[w] *= scale


@kernel
def train_softmax(
    text: Text,
    n: int,
    window: int,
    architecture: int,
    exact: bool,
    inputs: Inputs,
    outputs: Floats,
    rate: np.float32,
    scratch: Scratch,
) -> tuple[float, int]:
    """Train on a stretch of sampled text.

    Parameters
    ----------
    text, n, window, architecture, exact, inputs, outputs, rate :
        As for :func:`textrep.kernels.negatives.train_negatives`.
    scratch : Scratch
        Of at least :func:`scratch_shape`. Changed.

    Returns
    -------
    loss : float
        Sum over the pairs.
    n_pairs : int
        Pairs of a hidden row and the word that it predicts.
    """
    rows, slots = scratch
    n_slots, n_words = len(slots) // 2, len(outputs)
    chunk = min(_CHUNK, n_words)
    n_chunks = (n_words + chunk - 1) // chunk
    logits = np.empty((n_chunks, BLOCK, chunk), np.float32)
    slot_words, near = np.empty(n_slots, np.int32), np.empty(n_slots, np.int32)
    block_words, uses = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32)
    logs = np.zeros(BLOCK)
    skipgram = architecture == SKIPGRAM
    predicting = block_words if skipgram else slot_words
    predicted = slot_words if skipgram else block_words
    loss, n_pairs = 0.0, 0
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        fill_slots(text, n, start, size, window, slot_words)
        fill_slots(text, n, start, size, 0, block_words)
        rows[size:BLOCK] = 0.0
        fetch_hidden(text, start, size, window, architecture, inputs, predicting, slots, rows)
        logits[:] = -np.inf
        for c in range(n_chunks):
            part = outputs[c * chunk : (c + 1) * chunk]
            logits[c, :, : len(part)] = np.dot(rows[:BLOCK], part.T)
        for i in range(BLOCK):
            uses[i] = 0
            if i < size:
                uses[i] = list_near(text, start, i, window, skipgram, near)
            for t in range(uses[i]):
                word = predicted[near[t]]
                loss -= np.float64(logits[word // chunk, i, word % chunk])
        _normalise(logits, uses, logs)
        for i in range(size):
            n_pairs += uses[i]
            loss += uses[i] * logs[i]
            for t in range(list_near(text, start, i, window, skipgram, near)):
                word = predicted[near[t]]
                logits[word // chunk, i, word % chunk] -= np.float32(1)
        logits *= -rate
        rows[BLOCK:] = 0.0
        for c in range(n_chunks):
            part = outputs[c * chunk : (c + 1) * chunk]
            weights = np.ascontiguousarray(logits[c, :, : len(part)])
            rows[BLOCK:] += np.dot(weights, part)
            part += np.dot(weights.T, rows[:BLOCK])
        add_hidden(
            text, start, size, window, architecture, exact, rows, BLOCK, predicting, slots, inputs
        )
    return loss, n_pairs
