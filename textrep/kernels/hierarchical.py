"""word2vec with hierarchical softmax, a stretch of text at a time.

The probability that a hidden row h predicts a word is the product of those of the turns on the way
from the root of a binary tree to the word: at an inner node n with code c, σ((1 - 2 c) h · u_n).
Stochastic gradient descent lowers -log of it (Morin and Bengio 2005, Hierarchical Probabilistic
Neural Network Language Model, AISTATS; Mikolov, Sutskever, Chen, Corrado and Dean 2013, Distributed
Representations of Words and Phrases and their Compositionality, NIPS, equation 3).

How it is fast: in skip-gram the words of a window predict the word in the middle, as in
word2vec.c, so that the products with the way to it are small matrix products, and its nodes are
trained in place. They are numbered from the root, so that those of every path share a few pages.
Those next to it are trained as copies, and what a block changed is added to them at its end: else
threads would wait for each other's cache lines at every word.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.context import SKIPGRAM, combine, fill_slots, list_predicted, spread
from textrep.kernels.gather import (
    Inputs,
    add_inputs,
    copy_inputs,
    prefetch_row,
)  # fmt: skip
from textrep.kernels.jit import fast_kernel, kernel
from textrep.kernels.logistic import Likelihood, count_likely, loss_of, padded, sigmoid
from textrep.kernels.negatives import Scratch
from textrep.kernels.text import Text
from textrep.kernels.tiles import add_outer, dot_rows

__all__ = ["BLOCK", "Paths", "scratch_shape", "train_hierarchical"]

BLOCK = 16  # words trained together
_OWN = 32  # nodes next to the root that a thread has copies of for a block
_HOT = 512  # the first so many nodes are on the way to most words, and stay in cache

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


class Paths(NamedTuple):
    """The way from the root of a tree to each word.

    Attributes
    ----------
    offsets : ndarray of shape (n_words + 1,), int64
        Where the path of each word begins.
    nodes : ndarray, int32
        Its inner nodes, from the root, 0, on.
    codes : ndarray, uint8
        Which of two ways it takes at each.
    longest : int
        Nodes of the longest path.
    """

    offsets: NDArray[np.int64]
    nodes: Integers
    codes: NDArray[np.uint8]
    longest: int


def scratch_shape(window: int) -> tuple[int, int]:
    """Return how many rows and slots the scratch of :func:`train_hierarchical` has."""
    n_slots = BLOCK + 2 * window
    return 2 * n_slots + 2 * _OWN + 1, 2 * n_slots


@fast_kernel
def _weigh_turns(
    scores: Floats,
    count: int,
    n: int,
    signs: Floats,
    rate: np.float32,
    likelihood: Likelihood,
    weights: Floats,
) -> None:
    """Turn the scores of ``count`` rows with ``n`` nodes into a gradient's weights; count the loss.

    Scores become the probabilities of the turns; ``signs`` are 1 - 2 c, and 0 beyond the nodes.
    """
    for i in range(count):
        for k in range(padded(n)):
            p = sigmoid(scores[i, k])
            right = p if signs[k] > 0 else np.float32(1) - p
            weights[i, k] = signs[k] * (np.float32(1) - right) * rate
            scores[i, k] = right if signs[k] != 0 else np.float32(1)
        count_likely(likelihood, scores, i, n)


@kernel
def train_hierarchical(
    text: Text,
    n: int,
    window: int,
    architecture: int,
    exact: bool,
    inputs: Inputs,
    outputs: Floats,
    paths: Paths,
    rate: np.float32,
    scratch: Scratch,
) -> tuple[float, int]:
    """Train on a stretch of sampled text.

    Parameters
    ----------
    text, n, window, architecture, exact, inputs, rate :
        As for :func:`textrep.kernels.negatives.train_negatives`.
    outputs : ndarray of shape (n_words, width of ``scratch.rows``), float32
        The vectors of the n_words - 1 inner nodes, and a row of zeros. Changed, without a lock.
    paths : Paths
        The tree.
    scratch : Scratch
        Of at least :func:`scratch_shape`: its rows are hidden rows, as many as slots, and what they
        change by; copies of the nodes next to the root, as they are and as they were; and zeros.
        Changed.

    Returns
    -------
    loss : float
        Sum over the pairs.
    n_pairs : int
        Pairs of a hidden row and the word that it predicts.
    """
    rows, slots = scratch
    n_slots, first_own = len(slots) // 2, 2 * (len(slots) // 2)
    n_own, width = min(_OWN, len(outputs)), rows.shape[1]
    flat, flat_out = rows.reshape(-1), outputs.reshape(-1)
    own, begun = rows[first_own : first_own + n_own], rows[first_own + _OWN : first_own + 2 * _OWN]
    begun = begun[:n_own]
    rows[-1] = 0.0
    slot_words, near = np.empty(n_slots, np.int32), np.empty(n_slots, np.int32)
    path = np.empty(paths.longest + 3, np.int32)
    scores, weights = np.zeros((2, n_slots, padded(len(path))), np.float32)
    signs = np.zeros(padded(len(path)), np.float32)
    skipgram = architecture == SKIPGRAM
    likelihood = np.array([1.0, 0.0])
    n_pairs = 0
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        fill_slots(text, n, start, size, window, slot_words)
        rows[n_slots:first_own] = 0.0
        own[:] = outputs[:n_own]
        begun[:] = own
        if skipgram:
            copy_inputs(rows, 0, inputs, slot_words, n_slots)
        else:
            copy_inputs(slots, 0, inputs, slot_words, n_slots)
            combine(slots, text, start, size, window, architecture, rows)
        for i in range(size):
            at = start + i
            if at + 1 < n:
                word = text.words[at + 1]
                for turn in range(paths.offsets[word], paths.offsets[word + 1]):
                    if paths.nodes[turn] >= _HOT:
                        prefetch_row(flat_out, paths.nodes[turn], width)
            count = list_predicted(text, start, i, window, skipgram, near)
            if count == 0:
                continue
            n_pairs += count
            turn, end = paths.offsets[text.words[at]], paths.offsets[text.words[at] + 1]
            for copied in (True, False):
                n_nodes = 0
                while turn < end and (not copied or paths.nodes[turn] < n_own):
                    path[n_nodes] = paths.nodes[turn] + (first_own if copied else 0)
                    signs[n_nodes] = 1 - 2 * np.int32(paths.codes[turn])
                    n_nodes += 1
                    turn += 1
                signs[n_nodes:] = 0.0
                turns, nothing = n_nodes, len(rows) - 1 if copied else len(outputs) - 1
                while n_nodes % 4:
                    path[n_nodes] = nothing
                    n_nodes += 1
                nodes = flat if copied else flat_out
                dot_rows(width, flat, near, count, nodes, path, n_nodes, scores)
                _weigh_turns(scores, count, turns, signs, rate, likelihood, weights)
                add_outer(width, flat, near, count, n_slots, nodes, path, n_nodes, 0, weights)
        if skipgram:
            add_inputs(rows, n_slots, inputs, slot_words, n_slots, exact)
        else:
            slots[n_slots:] = 0.0
            spread(rows, n_slots, text, start, size, window, architecture, exact, slots)
            add_inputs(slots, n_slots, inputs, slot_words, n_slots, exact)
        outputs[:n_own] += own - begun
    return loss_of(likelihood), n_pairs
