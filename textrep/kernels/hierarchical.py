"""word2vec with hierarchical softmax, a stretch of text at a time.

The probability that a hidden row h predicts a word is the product of those of the turns on the way
from the root of a binary tree to the word: at an inner node n with code c, σ((1 - 2 c) h · u_n).
Stochastic gradient descent lowers -log of it (Morin and Bengio 2005, Hierarchical Probabilistic
Neural Network Language Model, AISTATS; Mikolov, Sutskever, Chen, Corrado and Dean 2013, Distributed
Representations of Words and Phrases and their Compositionality, NIPS, equation 3).

How it is fast: in skip-gram the words of a window predict the word in the middle, as in
word2vec.c, so that the products with the way to it are small matrix products, and its nodes are
trained right away. They are numbered from the root. Those next to it are on the way to most words:
threads that all changed them would wait for each other's cache lines at every word. So each thread
trains copies of these, and adds its share of what it learnt to them every few hundred words.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.context import SKIPGRAM, add_hidden, fetch_hidden, fill_slots, list_near
from textrep.kernels.gather import Inputs, prefetch_row
from textrep.kernels.jit import fast_step, kernel, step
from textrep.kernels.logistic import (
    Likelihood,
    count_likely,
    loss_of,
    no_likelihood,
    padded,
    sigmoid,
)
from textrep.kernels.negatives import Scratch
from textrep.kernels.simd import add_scaled
from textrep.kernels.text import Text
from textrep.kernels.tiles import add_outer, dot_rows

__all__ = ["BLOCK", "OWN", "Own", "Paths", "scratch_shape", "train_hierarchical"]

BLOCK = 16  # words trained together
OWN = 256  # nodes, from the root on, that each of several threads trains copies of
_ALONE = 1024  # words that a thread trains before it shares what it learnt of them

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


class Own(NamedTuple):
    """Copies of the nodes next to the root that one thread trains.

    Attributes
    ----------
    n : int
        How many nodes there are copies of, from the root on; 0: all nodes are trained in place.
    row : int
        The copies are the ``n`` rows of the nodes' matrix from this one on; as many more are what
        they were.
    share : float32
        What part of what a copy learnt is added to the node. With n threads it is 1 / n: the node
        then goes where their copies are on average. Sums would overshoot where all go one way.
    """

    n: int
    row: int
    share: np.float32


def scratch_shape(window: int) -> tuple[int, int]:
    """Return how many rows and slots the scratch of :func:`train_hierarchical` has."""
    n_slots = BLOCK + 2 * window
    return 2 * n_slots, 2 * n_slots


@step
def _copy_own(outputs: Floats, own: Own) -> None:
    """Copy the first nodes, twice: to be trained, and as they were."""
    width = outputs.shape[1]
    for node in range(own.n):
        for j in range(width):
            number = outputs[node, j]
            outputs[own.row + node, j] = outputs[own.row + own.n + node, j] = number


@step
def _share_own(outputs: Floats, own: Own) -> None:
    """Add a share of what the copies of the first nodes learnt to these."""
    width, flat = outputs.shape[1], outputs.reshape(-1)
    for node in range(own.n):
        copy, before = (own.row + node) * width, (own.row + own.n + node) * width
        add_scaled(flat, copy, flat, before, np.float32(-1), width)
        add_scaled(flat, node * width, flat, copy, own.share, width)


@step
def _prefetch_path(paths: Paths, word: int, own: Own, flat_out: Floats, width: int) -> None:
    """Start loading the nodes on the way to a word that are not copied."""
    for turn in range(paths.offsets[word], paths.offsets[word + 1]):
        if paths.nodes[turn] >= own.n:
            prefetch_row(flat_out, paths.nodes[turn], width)


@step
def _list_path(paths: Paths, word: int, own: Own, path: Integers, signs: Floats) -> int:
    """List the rows of the nodes on the way to a word, and 1 - 2 c; return how many there are."""
    begin, end = paths.offsets[word], paths.offsets[word + 1]
    turns = int(end - begin)
    for k in range(turns):
        node = paths.nodes[begin + k]
        path[k] = node + own.row if node < own.n else node
    for k in range(padded(turns)):
        signs[k] = 1 - 2 * np.int32(paths.codes[begin + k]) if k < turns else 0
    return turns


@fast_step
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
    count_likely(likelihood, scores, 0, count, n)


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
    own: Own,
    rate: np.float32,
    scratch: Scratch,
) -> tuple[float, int]:
    """Train on a stretch of sampled text.

    Parameters
    ----------
    text, n, window, architecture, exact, inputs, rate :
        As for :func:`textrep.kernels.negatives.train_negatives`.
    outputs : ndarray of shape (at least n_words, width of ``scratch.rows``), float32
        The vectors of the n_words - 1 inner nodes, a row of zeros, and rows for the threads'
        copies. Changed, without a lock.
    paths : Paths
        The tree.
    own : Own
        Which nodes this thread trains copies of, and where these are.
    scratch : Scratch
        Of at least :func:`scratch_shape`: its rows are hidden rows, as many as slots, and what they
        change by. Changed.

    Returns
    -------
    loss : float
        Sum over the pairs.
    n_pairs : int
        Pairs of a hidden row and the word that it predicts.
    """
    rows, slots = scratch
    n_slots, half = len(slots) // 2, len(rows) // 2
    nothing = len(paths.offsets) - 2
    width, flat, flat_out = rows.shape[1], rows.reshape(-1), outputs.reshape(-1)
    slot_words, near = np.empty(n_slots, np.int32), np.empty(n_slots, np.int32)
    path = np.empty(paths.longest + 3, np.int32)
    scores = np.zeros((n_slots, padded(len(path))), np.float32)
    weights = np.zeros_like(scores)
    signs = np.zeros(padded(len(path)), np.float32)
    skipgram = architecture == SKIPGRAM
    likelihood = no_likelihood()
    n_pairs = 0
    _copy_own(outputs, own)
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        if start % _ALONE == 0 and start > 0:
            _share_own(outputs, own)
            _copy_own(outputs, own)
        fill_slots(text, n, start, size, window, slot_words)
        rows[half:] = 0.0
        fetch_hidden(text, start, size, window, architecture, inputs, slot_words, slots, rows)
        for i in range(size):
            at = start + i
            if at + 1 < n:
                _prefetch_path(paths, text.words[at + 1], own, flat_out, width)
            count = list_near(text, start, i, window, skipgram, near)
            if count == 0:
                continue
            turns = _list_path(paths, text.words[at], own, path, signs)
            in_fours = (turns + 3) // 4 * 4
            path[turns:in_fours] = nothing
            dot_rows(width, flat, near, count, flat_out, path, in_fours, scores)
            _weigh_turns(scores, count, turns, signs, rate, likelihood, weights)
            add_outer(width, flat, near, count, half, flat_out, path, in_fours, 0, weights)
            n_pairs += count
        add_hidden(
            text, start, size, window, architecture, exact, rows, half, slot_words, slots, inputs
        )
    _share_own(outputs, own)
    return loss_of(likelihood), n_pairs
