"""Binary trees whose leaves are words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel

__all__ = ["fill_paths", "huffman_parents", "path_lengths"]

Integers = NDArray[np.int32]


@kernel
def huffman_parents(counts: NDArray[np.int64], order: NDArray[np.int64], parents: Integers) -> None:
    """Join the two least frequent subtrees until one is left (Huffman 1952).

    Parameters
    ----------
    counts : ndarray of shape (n,), int64
        How frequent the leaves are.
    order : ndarray of shape (n,), int64
        The leaves from the least to the most frequent.
    parents : ndarray of shape (2 n - 1,), int32
        Parent of each node: leaves 0 to n - 1, inner nodes in the order in which they are made; the
        root, made last, is its own. Changed.

    Notes
    -----
    Inner nodes are made in ascending order of frequency, so that the least of what is left is at
    the head of one of two queues: leaves and inner nodes.
    """
    n = len(counts)
    sums = np.zeros(n, np.int64)
    leaf, inner = 0, 0
    for made in range(n - 1):
        for _ in range(2):
            if leaf < n and (inner >= made or counts[order[leaf]] <= sums[inner]):
                least, frequency = order[leaf], counts[order[leaf]]
                leaf += 1
            else:
                least, frequency = n + inner, sums[inner]
                inner += 1
            parents[least] = n + made
            sums[made] += frequency
    parents[2 * n - 2] = 2 * n - 2


@kernel
def path_lengths(parents: Integers, lengths: Integers) -> None:
    """Count the inner nodes above each leaf.

    Parameters
    ----------
    parents : ndarray of shape (2 n - 1,), int32
        As :func:`huffman_parents` leaves them; a parent has a higher number than its children.
    lengths : ndarray of shape (n,), int32
        Changed.
    """
    nodes, n = len(parents), len(lengths)
    depths = np.zeros(nodes, np.int32)
    for node in range(nodes - 2, -1, -1):
        depths[node] = depths[parents[node]] + 1
    lengths[:] = depths[:n]


@kernel
def fill_paths(
    parents: Integers, offsets: NDArray[np.int64], nodes: Integers, codes: NDArray[np.uint8]
) -> None:
    """Write the way from the root to each leaf.

    Parameters
    ----------
    parents : ndarray of shape (2 n - 1,), int32
        As for :func:`path_lengths`.
    offsets : ndarray of shape (n + 1,), int64
        Where the path of each leaf begins.
    nodes : ndarray, int32
        The inner nodes of each path, numbered from the root, 0, so that those near it lie together.
        Changed.
    codes : ndarray, uint8
        For each of them which way the path goes on: 1 to the child with the higher number. Changed.
    """
    n = (len(parents) + 1) // 2
    higher = np.zeros(len(parents), np.int32)  # the child with the higher number, of inner nodes
    for node in range(len(parents) - 1):
        higher[parents[node]] = max(higher[parents[node]], node)
    for leaf in range(n):
        node = leaf
        for at in range(offsets[leaf + 1] - 1, offsets[leaf] - 1, -1):
            above = parents[node]
            nodes[at] = 2 * n - 2 - above
            codes[at] = 1 if higher[above] == node else 0
            node = above
