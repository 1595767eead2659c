"""Where the tall blocks of a Krylov space are, and what is computed with them there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from textrep.linalg.tall import combined, inner_products, subtract_combined
from textrep.scratch import scratch_array

__all__ = ["B", "Blocks", "HostBlocks"]


class _Matrix(Protocol):
    @property
    def shape(self) -> tuple[int, ...]: ...


B = TypeVar("B", bound=_Matrix)
"""A matrix with many rows and few columns, of float32, wherever it is."""

Floats = NDArray[np.float32]


class Blocks(Protocol[B]):
    """Products of blocks, whose results are blocks, or small matrices on the host."""

    def block(self, array: Floats) -> B:
        """Return a matrix of the host as a block, which may share its memory."""

    def array(self, block: B) -> Floats:
        """Return a block as a matrix of the host, which may share its memory."""

    def kept(self, block: B) -> B:
        """Return a block where those that stay are kept."""

    def beside(self, left: B, right: B) -> B:
        """Return two blocks side by side."""

    def longest(self, block: B) -> float:
        """Return the length of the longest column; 0 if there is none."""

    def inner_products(
        self, lefts: Sequence[B], right: B, *, in_double: bool = False
    ) -> NDArray[np.float64]:
        """Return [lefts side by side].T @ right, computed in float64 if ``in_double``."""

    def subtract_combined(
        self, block: B, others: Sequence[B], weights: NDArray[np.float64]
    ) -> None:
        """Subtract [others side by side] @ weights from ``block``, in place."""

    def combined(self, blocks: Sequence[B], weights: NDArray[np.float64]) -> B:
        """Return [blocks side by side] @ weights."""


class HostBlocks:
    """Blocks that are NumPy arrays, and products on several threads.

    Parameters
    ----------
    n_jobs : int
        Threads; nothing depends on it.
    on_disk : bool
        Whether blocks that stay are kept in temporary files.
    """

    def __init__(self, n_jobs: int, *, on_disk: bool = False) -> None:
        self._n_jobs, self._on_disk = n_jobs, on_disk

    def block(self, array: Floats) -> Floats:
        """Return the matrix itself."""
        return array

    def array(self, block: Floats) -> Floats:
        """Return the block itself."""
        return block

    def kept(self, block: Floats) -> Floats:
        """Return the block, or a copy of it on disk."""
        if not self._on_disk:
            return block
        kept = scratch_array(block.shape, np.float32, on_disk=True)
        kept[:] = block
        return kept

    def beside(self, left: Floats, right: Floats) -> Floats:
        """Return two blocks side by side."""
        return np.hstack([left, right])

    def longest(self, block: Floats) -> float:
        """Return the length of the longest column; 0 if there is none."""
        return float(np.linalg.norm(block, axis=0).max(initial=0.0))

    def inner_products(
        self, lefts: Sequence[Floats], right: Floats, *, in_double: bool = False
    ) -> NDArray[np.float64]:
        """Return [lefts side by side].T @ right; see :func:`textrep.linalg.tall.inner_products`."""
        precision = np.float64 if in_double else np.float32
        return inner_products(lefts, right, self._n_jobs, precision)

    def subtract_combined(
        self, block: Floats, others: Sequence[Floats], weights: NDArray[np.float64]
    ) -> None:
        """Subtract [others side by side] @ weights from ``block``, in place."""
        subtract_combined(block, others, weights, self._n_jobs)

    def combined(self, blocks: Sequence[Floats], weights: NDArray[np.float64]) -> Floats:
        """Return [blocks side by side] @ weights."""
        return combined(blocks, weights, self._n_jobs)
