"""t-SNE of tens of thousands of points, from their neighbours alone.

Nothing in it is random, and sums do not depend on the number of threads.

References
----------
van der Maaten and Hinton 2008, Visualizing Data using t-SNE, JMLR.
Linderman et al. 2019, Fast interpolation-based t-SNE for improved visualization of single-cell
RNA-seq data, Nature Methods.
Belkina et al. 2019, Automated optimized parameters for t-distributed stochastic neighbor embedding
improve visualization and analysis of large datasets, Nature Communications: the learning rate.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import scipy.fft
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.kernels.tsne import NODES, affinities, attract, gather, spread
from textrep.parallel import even_rows, resolve_n_jobs, run_all
from textrep.progress import track

__all__ = ["PERPLEXITY", "Repulsion", "joint_probabilities", "neighbors_needed", "tsne"]

PERPLEXITY = 30.0
_EXAGGERATION = 12.0  # of the attraction in the first steps, so that clusters find each other
_FIRST_STEPS, _STEPS = 250, 500
_FIRST_MOMENTUM, _MOMENTUM = 0.5, 0.8
_LEAST_RATE = 200.0
_LONGEST_STEP = 5.0
_START = 1e-4  # spread of the points before the first step
_LEAST_CELLS = 24  # along a side of the grid
_CELL = 1.0  # most that a side of one is: the kernel (1 + d²)⁻¹ is smooth over it
_STRETCH = 4096  # points that a thread takes at once


def neighbors_needed(n: int) -> int:
    """Return how many neighbours of each of ``n`` points `tsne` wants."""
    return min(n - 1, round(3 * PERPLEXITY))


def tsne(
    ids: NDArray[np.int64],
    distances: NDArray[np.float64],
    start: NDArray[np.float64],
    n_jobs: int | None = None,
) -> NDArray[np.float64]:
    """Lay out points in the plane so that neighbours stay neighbours.

    Minimises KL(P‖Q), P the affinities of neighbours and q_ij ∝ (1 + |y_i - y_j|²)⁻¹.

    Parameters
    ----------
    ids : int64 array of shape (n, k)
        Neighbours of each point; see `neighbors_needed`.
    distances : float64 array of shape (n, k)
        Squared distances to them.
    start : float64 array of shape (n, 2)
        A rough layout, such as PCA's; its scale does not matter.
    n_jobs : int, optional
        Threads; every core by default.

    Returns
    -------
    float64 array of shape (n, 2)
    """
    n = len(ids)
    threads = resolve_n_jobs(n_jobs, "tsne")
    p = joint_probabilities(ids, distances)
    repulsion = Repulsion(threads)
    points = start / (start.std() or 1.0) * _START
    velocity, gains = np.zeros_like(points), np.ones_like(points)
    rate = max(n / _EXAGGERATION, _LEAST_RATE)
    attraction = np.empty_like(points)
    stretches = even_rows(p.indptr, 4 * threads)
    with track("t-SNE", _FIRST_STEPS + _STEPS, "steps") as task:
        for step in range(_FIRST_STEPS + _STEPS):
            first = step < _FIRST_STEPS
            sums = partial(_attract, points, p, attraction)
            run_all(sums, stretches, threads)
            gradient = attraction * (_EXAGGERATION if first else 1.0) - repulsion.of(points)
            same = np.sign(gradient) == np.sign(velocity)
            gains = np.maximum(np.where(same, gains * 0.8, gains + 0.2), 0.01)
            velocity *= _FIRST_MOMENTUM if first else _MOMENTUM
            velocity -= rate * gains * gradient
            length = np.linalg.norm(velocity, axis=1, keepdims=True)
            points = points + velocity * np.minimum(1.0, _LONGEST_STEP / np.maximum(length, 1e-12))
            points -= points.mean(axis=0)
            task.advance(1)
    return points


def _attract(
    points: NDArray[np.float64], p: sp.csr_array, out: NDArray[np.float64], rows: tuple[int, int]
) -> None:
    attract(points, p.indptr, p.indices, p.data, *rows, out)


def joint_probabilities(ids: NDArray[np.int64], distances: NDArray[np.float64]) -> sp.csr_array:
    """Return P = (p_j|i + p_i|j) / 2n, with conditionals of one perplexity.

    Parameters
    ----------
    ids, distances
        As in `tsne`.

    Returns
    -------
    csr_array of shape (n, n), float32
        It sums to 1.
    """
    n, k = ids.shape
    conditional = np.empty((n, k))
    affinities(
        np.ascontiguousarray(distances), min(PERPLEXITY, k / 3 if k >= 3 else 1.0), conditional
    )
    indptr = np.arange(0, n * k + 1, k, dtype=np.int32)
    one_way = sp.csr_array(
        (conditional.ravel() / (2 * n), ids.ravel().astype(np.int32), indptr), (n, n)
    )
    p = sp.csr_array(one_way + one_way.T, dtype=np.float32)
    p.sort_indices()
    return p


class Repulsion:
    """What pushes points apart, in time linear in their number.

    Parameters
    ----------
    threads : int
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._kept: tuple[tuple[int, float], NDArray[np.complex128]] | None = None

    def of(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return Σ_j q_ij (1 + |y_i - y_j|²)⁻¹ (y_i - y_j) for each point, as shape (n, 2)."""
        low = points.min(axis=0)
        span = float((points.max(axis=0) - low).max())
        # A multiple of eight, so that the transforms of the kernels hold for many steps.
        cells = max(_LEAST_CELLS, -8 * int(-span / _CELL // 8))
        side = max(span, 1e-9) / cells if span < _LEAST_CELLS * _CELL else _CELL
        places = np.clip((points - low) / side, 0.0, cells * (1 - 1e-12))
        nodes = cells * NODES
        grid = np.zeros((3, nodes, nodes))
        spread(places, points, grid)
        size = int(scipy.fft.next_fast_len(2 * nodes, real=True))
        charges = scipy.fft.rfft2(grid, (size, size), workers=self.threads)
        near, nearer = self._transforms(size, side)
        product = np.concatenate([charges[:1] * near, charges * nearer])
        sums = scipy.fft.irfft2(product, (size, size), workers=self.threads)
        fields = np.empty((len(points), 4))
        stretches = [
            (start, min(start + _STRETCH, len(points))) for start in range(0, len(points), _STRETCH)
        ]
        run_all(lambda rows: gather(places, sums, *rows, fields), stretches, self.threads)
        total = fields[:, 0].sum() - len(points)  # without each point's own (1 + 0)⁻¹
        pushed: NDArray[np.float64] = points * fields[:, 1:2] - fields[:, 2:]
        pushed /= max(total, 1e-12)
        return pushed

    def _transforms(self, size: int, side: float) -> NDArray[np.complex128]:
        """Return the transforms of (1 + d²)⁻¹ and (1 + d²)⁻² between nodes."""
        if self._kept is None or self._kept[0] != (size, side):
            steps = np.arange(size)
            offsets = np.minimum(steps, size - steps) * (side / NODES)
            near = 1.0 / (1.0 + offsets[:, None] ** 2 + offsets[None, :] ** 2)
            both = scipy.fft.rfft2(np.stack([near, near**2]), workers=self.threads)
            self._kept = ((size, side), both)
        return self._kept[1]
