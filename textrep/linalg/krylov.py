"""A block Krylov space of A.T A, and the singular values of A in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from textrep.linalg.blocks import B, Blocks
from textrep.linalg.products import Operator

__all__ = ["WIDTH", "ErrorEstimate", "KrylovSpace"]

WIDTH = 48  # columns of a block: three cache lines

_LEAST_NEW = 1e-4  # length that a new direction of length 1 must keep outside the old ones
_LITTLE_SHORTER = 0.7  # where a direction keeps this length, it is as orthogonal as float32 allows
_MOST_PASSES = 4  # nearly always the first is enough
_ORTHONORMAL = 1e-5  # what float32 sums may be off
_UNKNOWN = 0.03  # of each direction outside the given vectors: enough to find what is new
_RESOLVED = 1e-4  # of the largest singular value: below, float32 leaves few digits, or only noise
_LEAST_RATIO = 0.5  # of two steps of the error: fewer steps than this are luck


Floats = NDArray[np.float32]


class KrylovSpace(Generic[B]):
    """An orthonormal basis V of a growing space, W = A V, and W.T W.

    The basis comes from block Lanczos steps on A.T A, so W.T W = V.T A.T A V is zero but for the
    blocks on and beside its diagonal.

    Parameters
    ----------
    operator : Operator
        The matrix A, of shape (n_rows, n_columns), which multiplies ``blocks``.
    blocks : Blocks
        Where V and W are, 4 bytes a dimension, row and column.
    seed : int
        Of the random start.
    start : ndarray of shape (n_rows, any), optional
        Vectors, float32, that are near the left singular vectors that are looked for: the space
        then begins with random combinations of them and little else, and settles sooner.

    Attributes
    ----------
    gram : ndarray of shape (size, size), float64
        W.T W.
    """

    def __init__(
        self,
        operator: Operator[B],
        blocks: Blocks[B],
        seed: int,
        *,
        start: Floats | None = None,
    ) -> None:
        self._operator = operator
        self._blocks = blocks
        self._random = np.random.default_rng(seed)
        self._v: list[B] = []
        self._w: list[B] = []
        self.gram = np.zeros((0, 0))
        random = self._random.standard_normal((operator.shape[0], WIDTH), np.float32)
        if start is not None:
            random *= np.float32(_UNKNOWN)
        first = blocks.block(random)
        if start is not None:
            weights = self._random.standard_normal((start.shape[1], WIDTH))
            blocks.subtract_combined(first, [blocks.block(start)], weights)
        self._next = operator.transposed_times(first)

    @property
    def size(self) -> int:
        """Dimensions of the space."""
        return len(self.gram)

    def grow(self) -> None:
        """Add a block of ``WIDTH`` dimensions.

        Where the space cannot grow by Lanczos steps because it is invariant (the matrix has low
        rank, or equal singular values), random directions fill the block.
        """
        block = self._new_directions(self._next)
        missing = WIDTH - block.shape[1]
        if missing:
            shape = (self._operator.shape[1], missing)
            random = self._blocks.block(self._random.standard_normal(shape, np.float32))
            block = self._blocks.beside(block, self._new_directions(random, block))
        product = self._operator.times(block)
        self._next = self._operator.transposed_times(product)
        n, width = self.size, block.shape[1]
        gram = np.zeros((n + width, n + width))
        gram[:n, :n] = self.gram
        beside = self._w[-1:]
        # Squares of small singular values are lost in float32 sums of squares of large ones.
        column = self._blocks.inner_products([*beside, product], product, in_double=True)
        gram[n + width - len(column) :, n:] = column
        gram[n:, n + width - len(column) :] = column.T
        self.gram = gram
        self._v.append(self._blocks.kept(block))
        self._w.append(self._blocks.kept(product))

    def decompose(self, rank: int) -> tuple[Floats, NDArray[np.float64], Floats]:
        """Return the largest singular values of A in the space, and their vectors.

        Returns
        -------
        u : ndarray of shape (n_rows, rank), float32
            Left singular vectors; those of singular values of zero are arbitrary.
        values : ndarray of shape (rank,), float64
            Singular values, largest first.
        v : ndarray of shape (n_columns, rank), float32
            Right singular vectors.
        """
        squares, z = scipy.linalg.eigh(self.gram, subset_by_index=_top(self.size, rank))
        values, z = np.sqrt(np.maximum(squares[::-1], 0.0)), z[:, ::-1]
        blocks = self._blocks
        u = blocks.combined(self._w, z / np.maximum(values, np.finfo(np.float32).tiny))
        return self._completed(u), values, blocks.array(blocks.combined(self._v, z))

    def _completed(self, block: B) -> Floats:
        """Return a block made orthonormal, from the first column on.

        Columns of small singular values may be short, or rounding for the most part.
        """
        gram = self._blocks.inner_products([block], block)
        u = self._blocks.array(block)
        if np.abs(gram - np.eye(len(gram))).max() < _ORTHONORMAL:
            return u
        short = np.diag(gram) < 0.5
        u[:, short] = self._random.standard_normal((len(u), int(short.sum())), np.float32)
        q, r = np.linalg.qr(u)
        return q * np.where(np.diag(r) < 0, np.float32(-1), np.float32(1))

    def _new_directions(self, block: B, *beside: B) -> B:
        """Return an orthonormal basis of what ``block`` adds to the space and to ``beside``.

        In exact arithmetic the last two blocks of V are all that a Lanczos step must be made
        orthogonal to; a second pass over all of V removes what rounding leaves. A direction that
        this shortens much is rounding for the most part, so it takes another pass.
        """
        least = 1e-6 * self._blocks.longest(block)
        block, _ = self._orthonormal(block, [*self._v[-2:], *beside], least)
        for _ in range(_MOST_PASSES):
            block, shortest = self._orthonormal(block, [*self._v, *beside], _LEAST_NEW)
            if shortest > _LITTLE_SHORTER:
                break
        return block

    def _orthonormal(self, block: B, others: Sequence[B], least: float) -> tuple[B, float]:
        """Take the space of ``others`` out of ``block``, in place, and orthonormalise the rest.

        Returns
        -------
        basis : block of shape (n_rows, at most the columns of block)
            Directions that are longer than ``least``.
        shortest : float
            Length of the shortest direction; infinite if there are none.
        """
        if others:
            weights = self._blocks.inner_products(others, block)
            self._blocks.subtract_combined(block, others, weights)
        squares, vectors = np.linalg.eigh(self._blocks.inner_products([block], block))
        alive = squares > max(least**2, squares.max(initial=0.0) * 1e-8)
        basis = self._blocks.combined([block], vectors[:, alive] / np.sqrt(squares[alive]))
        return basis, float(np.sqrt(max(squares.min(initial=np.inf), 0.0)))


class ErrorEstimate:
    """How far the worst of the leading singular values still has to rise.

    The values rise by steps that shrink about geometrically, so the rest of the way is the last
    step times ratio / (1 - ratio).

    Parameters
    ----------
    rank : int
        How many of the singular values must be right.
    """

    def __init__(self, rank: int) -> None:
        self._rank = rank
        self._values = np.zeros(0)
        self._step = np.inf

    def update(self, gram: NDArray[np.float64]) -> float:
        """Return the estimated relative error; infinite until there were two steps."""
        top = _top(len(gram), self._rank)
        squares = scipy.linalg.eigh(gram, eigvals_only=True, subset_by_index=top)
        values = np.sqrt(np.maximum(squares, 0.0))
        before, last_step = self._values, self._step
        self._values = values
        if len(before) != len(values):
            return np.inf
        resolved = values > _RESOLVED * values[-1]
        steps = (values - before)[resolved] / values[resolved]
        self._step = float(steps.max(initial=0.0))
        if not np.isfinite(last_step):
            return np.inf
        tiny = np.finfo(np.float64).tiny
        ratio = np.clip(self._step / max(last_step, tiny), _LEAST_RATIO, 0.9)
        return max(float(self._step * ratio / (1 - ratio)), float(np.finfo(np.float32).eps))


def _top(size: int, rank: int) -> tuple[int, int]:
    """Return the positions of the ``rank`` largest of ``size`` ascending values."""
    return max(0, size - rank), size - 1
