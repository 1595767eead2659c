"""The trees of hierarchical softmax."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.hierarchical import Paths
from textrep.kernels.tree import fill_paths, huffman_parents, path_lengths

__all__ = ["TREES"]


def huffman_tree(counts: NDArray[np.int64], _seed: int) -> Paths:
    """Return the tree with the fewest steps a token: frequent words are near the root.

    References
    ----------
    Huffman 1952, A Method for the Construction of Minimum-Redundancy Codes, Proceedings of the IRE
    40(9).
    """
    parents = np.empty(2 * len(counts) - 1, np.int32)
    huffman_parents(counts, np.argsort(counts, kind="stable"), parents)
    return _paths(parents)


def random_tree(counts: NDArray[np.int64], seed: int) -> Paths:
    """Return a tree with words at random places of about equal depth.

    References
    ----------
    Mnih and Hinton 2009, A Scalable Hierarchical Distributed Language Model, NIPS, section 4.1,
    where it is what other trees are compared to.
    """
    n = len(counts)
    heap = (np.arange(2 * n - 1) - 1) // 2  # parents in a full tree, numbered from the root
    heap[0] = 0
    parents = (2 * n - 2 - heap[::-1]).astype(np.int32)  # numbered from the leaves
    leaves = np.random.default_rng(seed).permutation(n)
    parents[:n] = parents[leaves]
    return _paths(parents)


def _paths(parents: NDArray[np.int32]) -> Paths:
    n = (len(parents) + 1) // 2
    lengths = np.empty(n, np.int32)
    path_lengths(parents, lengths)
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    nodes, codes = np.empty(offsets[-1], np.int32), np.empty(offsets[-1], np.uint8)
    fill_paths(parents, offsets, nodes, codes)
    return Paths(offsets, nodes, codes, int(lengths.max()))


TREES: dict[str, Callable[[NDArray[np.int64], int], Paths]] = {
    "huffman": huffman_tree,
    "random": random_tree,
}
"""Trees by name: functions of the words' counts and a seed."""
