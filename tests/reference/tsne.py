"""t-SNE over all pairs, written from van der Maaten and Hinton 2008."""

from __future__ import annotations

import numpy as np


def conditional(distances, perplexity):
    """Their p_j|i for one row of squared distances: equation 1, σ by bisection."""
    low, high = 1e-10, 1e10
    for _ in range(200):
        sigma = np.sqrt(low * high)
        p = np.exp(-(distances - distances.min()) / (2 * sigma**2))
        p /= p.sum()
        entropy = -(p[p > 0] * np.log2(p[p > 0])).sum()
        low, high = (sigma, high) if 2**entropy < perplexity else (low, sigma)
    return p


def affinities(points):
    """Their q_ij, equation 4, and the numbers that it divides."""
    difference = points[:, None] - points[None]
    kernel = 1 / (1 + (difference**2).sum(axis=-1))
    np.fill_diagonal(kernel, 0)
    return kernel / kernel.sum(), kernel, difference


def repulsion(points):
    """The second half of their equation 5, without the 4."""
    q, kernel, difference = affinities(points)
    return ((q * kernel)[..., None] * difference).sum(axis=1)


def attraction(p, points):
    """The first half of their equation 5, without the 4."""
    _, kernel, difference = affinities(points)
    return ((p * kernel)[..., None] * difference).sum(axis=1)


def divergence(p, points):
    """Their cost, equation 2."""
    q, _, _ = affinities(points)
    there = p > 0
    return (p[there] * np.log(p[there] / q[there])).sum()
