"""The tall blocks of a Krylov space on a torch device."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from textrep.errors import DeviceError

__all__ = ["TorchBlocks", "explaining_memory"]

_ROWS = 1 << 16  # rows whose sums are in float32; more are added up in float64

Floats = NDArray[np.float32]


@contextlib.contextmanager
def explaining_memory(device: str) -> Iterator[None]:
    """Turn torch's account of a full memory into advice."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise DeviceError(
            f"The memory of {device} is too small for a space of so many dimensions: ask for a "
            "lower dim or a higher tolerance, or use device='cpu', with memory if need be."
        ) from error


class TorchBlocks:
    """Blocks that are tensors; a :class:`textrep.linalg.blocks.Blocks`.

    Products are in float32. TF32, which torch can be told to use, is never switched on here: with
    it no basis is orthogonal.

    Parameters
    ----------
    device : str
        Where the blocks are.
    """

    def __init__(self, device: str) -> None:
        self._device = torch.device(device)

    def block(self, array: Floats) -> Tensor:
        """Return a matrix of the host as a tensor on the device."""
        return torch.from_numpy(np.ascontiguousarray(array)).to(self._device)

    def array(self, block: Tensor) -> Floats:
        """Return a block on the host."""
        array: Floats = block.cpu().numpy()
        return array

    def kept(self, block: Tensor) -> Tensor:
        """Return the block, which stays on the device."""
        return block

    def beside(self, left: Tensor, right: Tensor) -> Tensor:
        """Return two blocks side by side."""
        return torch.cat([left, right], 1)

    def longest(self, block: Tensor) -> float:
        """Return the length of the longest column; 0 if there is none."""
        return float(block.norm(dim=0).max()) if block.shape[1] else 0.0

    def inner_products(
        self, lefts: Sequence[Tensor], right: Tensor, *, in_double: bool = False
    ) -> NDArray[np.float64]:
        """Return [lefts side by side].T @ right, of shape (columns of all lefts, columns).

        Sums of ``_ROWS`` rows are in float32, or with ``in_double`` in float64, as those of more.
        """
        precision = torch.float64 if in_double else torch.float32
        shape = sum(left.shape[1] for left in lefts), right.shape[1]
        total = torch.zeros(shape, dtype=torch.float64, device=self._device)
        for first in range(0, len(right), _ROWS):
            rows = slice(first, first + _ROWS)
            factor = right[rows].to(precision)
            total += torch.cat([left[rows].to(precision).T @ factor for left in lefts])
        products: NDArray[np.float64] = total.cpu().numpy()
        return products

    def subtract_combined(
        self, block: Tensor, others: Sequence[Tensor], weights: NDArray[np.float64]
    ) -> None:
        """Subtract [others side by side] @ weights from ``block``, in place."""
        factors = self.block(weights.astype(np.float32))
        for other, part in zip(
            others, factors.split([other.shape[1] for other in others]), strict=True
        ):
            block.addmm_(other, part, alpha=-1.0)

    def combined(self, blocks: Sequence[Tensor], weights: NDArray[np.float64]) -> Tensor:
        """Return [blocks side by side] @ weights."""
        total = blocks[0].new_zeros(len(blocks[0]), weights.shape[1])
        self.subtract_combined(total, blocks, -weights)
        return total
