"""The sums of t-SNE: affinities of neighbours, attraction, and repulsion through a grid.

The repulsion of all n points on each other is n² terms. Each point is instead spread over the nodes
of a regular grid by polynomials, what the nodes do to each other is a convolution, for FFTs outside
of here, and each point reads the sum off the nodes around it.

References
----------
van der Maaten and Hinton 2008, Visualizing Data using t-SNE, JMLR.
Linderman et al. 2019, Fast interpolation-based t-SNE for improved visualization of single-cell
RNA-seq data, Nature Methods.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel

__all__ = ["NODES", "affinities", "attract", "gather", "spread"]

NODES = 3  # of a cell of the grid, along a side
_SEARCHES = 60  # halvings of the interval that the width of a Gaussian is in
_ACCURACY = 1e-5  # of the entropy


@kernel
def affinities(distances: NDArray[np.float64], perplexity: float, out: NDArray[np.float64]) -> None:
    """Turn distances to neighbours into probabilities of a given perplexity.

    p_j ∝ exp(-β d_j), with the β whose entropy is log(perplexity).

    Parameters
    ----------
    distances : float64 array of shape (n, k)
        Squared.
    perplexity : float
        From 1 to k.
    out : float64 array of shape (n, k), changed
        Each row sums to 1.
    """
    wanted = math.log(perplexity)
    k = distances.shape[1]
    for row in range(distances.shape[0]):
        least = distances[row].min()
        beta, low, high = 1.0, 0.0, np.inf
        for _ in range(_SEARCHES):
            total = 0.0
            weighted = 0.0
            for j in range(k):
                beyond = distances[row, j] - least
                out[row, j] = math.exp(-beta * beyond)
                total += out[row, j]
                weighted += beyond * out[row, j]
            entropy = math.log(total) + beta * weighted / total
            for j in range(k):
                out[row, j] /= total
            if abs(entropy - wanted) < _ACCURACY:
                break
            if entropy > wanted:
                low = beta
                beta = 2 * beta if high == np.inf else (low + high) / 2
            else:
                high = beta
                beta = (low + high) / 2


@kernel
def attract(
    points: NDArray[np.float64],
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    values: NDArray[np.float32],
    first: int,
    last: int,
    forces: NDArray[np.float64],
) -> None:
    """Sum p_ij (y_i - y_j) / (1 + |y_i - y_j|²) over j, for some of the points.

    Parameters
    ----------
    points : float64 array of shape (n, 2)
    indptr, indices, values : int32, int32 and float32 arrays
        P in CSR form.
    first, last : int
        The points from ``first`` to before ``last``.
    forces : float64 array of shape (n, 2), changed
        Their rows are set.
    """
    for i in range(first, last):
        x, y = points[i, 0], points[i, 1]
        along, across = 0.0, 0.0
        for at in range(indptr[i], indptr[i + 1]):
            dx = x - points[indices[at], 0]
            dy = y - points[indices[at], 1]
            weight = values[at] / (1.0 + dx * dx + dy * dy)
            along += weight * dx
            across += weight * dy
        forces[i, 0] = along
        forces[i, 1] = across


@kernel
def _weights(place: float, out: NDArray[np.float64]) -> None:
    """Lagrange's polynomials of the nodes at 1/6, 1/2 and 5/6 of a cell."""
    out[0] = 4.5 * (place - 0.5) * (place - 5 / 6)
    out[1] = -9.0 * (place - 1 / 6) * (place - 5 / 6)
    out[2] = 4.5 * (place - 1 / 6) * (place - 0.5)


@kernel
def spread(
    places: NDArray[np.float64], points: NDArray[np.float64], grid: NDArray[np.float64]
) -> None:
    """Spread the points over the nodes of a grid.

    Parameters
    ----------
    places : float64 array of shape (n, 2)
        Where the points are, in cells of the grid from its corner.
    points : float64 array of shape (n, 2)
        Their x and y.
    grid : float64 array of shape (3, m, m), changed
        To each node is added: of each point its weight, and weight times x and y.
    """
    across, down = np.empty(NODES), np.empty(NODES)
    for i in range(places.shape[0]):
        column, line = int(places[i, 0]), int(places[i, 1])
        _weights(places[i, 0] - column, across)
        _weights(places[i, 1] - line, down)
        for b in range(NODES):
            for a in range(NODES):
                weight = down[b] * across[a]
                grid[0, NODES * line + b, NODES * column + a] += weight
                grid[1, NODES * line + b, NODES * column + a] += weight * points[i, 0]
                grid[2, NODES * line + b, NODES * column + a] += weight * points[i, 1]


@kernel
def gather(
    places: NDArray[np.float64],
    grid: NDArray[np.float64],
    first: int,
    last: int,
    out: NDArray[np.float64],
) -> None:
    """Read sums off the nodes around some of the points.

    Parameters
    ----------
    places : float64 array of shape (n, 2)
        As in `spread`.
    grid : float64 array of shape (c, m, m)
    first, last : int
        The points from ``first`` to before ``last``.
    out : float64 array of shape (n, c), changed
        Their rows are set.
    """
    across, down = np.empty(NODES), np.empty(NODES)
    for i in range(first, last):
        column, line = int(places[i, 0]), int(places[i, 1])
        _weights(places[i, 0] - column, across)
        _weights(places[i, 1] - line, down)
        for c in range(grid.shape[0]):
            total = 0.0
            for b in range(NODES):
                for a in range(NODES):
                    weight = down[b] * across[a]
                    total += weight * grid[c, NODES * line + b, NODES * column + a]
            out[i, c] = total
