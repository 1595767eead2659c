"""Products of a sparse matrix, and of its transpose, with dense blocks, on a torch device."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
import torch
from torch import Tensor

from textrep.linalg.products import Arrays, both_ways
from textrep.parallel import even_rows

__all__ = ["TorchOperator"]

_SHARD = 1 << 25  # entries that are copied together, about: 256 MiB
_RESIDENT_SHARE = 0.5  # of the device's free memory; the rest is for dense blocks
_RESIDENT_BYTES = 1 << 31  # where the device is the processor


class _Shard(NamedTuple):
    """Some rows of a matrix, all that its other rows are not needed for.

    Attributes
    ----------
    first, last : int
        The rows.
    on_device : Tensor, optional
        They themselves, if they stay on the device.
    """

    first: int
    last: int
    on_device: Tensor | None


class TorchOperator:
    """A sparse matrix A of which ``A @ X`` and ``A.T @ X`` are computed again and again.

    The matrix is cut into shards of whole rows. As many as half of the device's free memory holds
    stay there; each of the others is copied again for each product, so that neither the matrix nor
    its transpose has to fit.

    Parameters
    ----------
    matrix : csr_array of shape (n_rows, n_columns)
        The matrix; computed with as float32.
    device : str
        A device of torch.
    n_jobs, memory :
        Of the transposition on the host; see :class:`textrep.linalg.SparseOperator`.

    Raises
    ------
    InputError
        The disk is full.

    Notes
    -----
    Keeps a transposed copy, 8 bytes an entry, because both products are then sums along rows, and a
    shard of either gives rows of the product.
    """

    def __init__(
        self, matrix: sp.csr_array, device: str, n_jobs: int, memory: int | None = None
    ) -> None:
        self.shape: tuple[int, int] = matrix.shape
        self._device = torch.device(device)
        self._room = _room(self._device)
        forward, backward = both_ways(matrix, n_jobs, memory)
        self._forward = forward, self._shards(forward, self.shape[1])
        self._backward = backward, self._shards(backward, self.shape[0])

    def times(self, dense: Tensor) -> Tensor:
        """Return A @ dense, of shape (n_rows, width), float32."""
        return self._multiply(*self._forward, dense)

    def transposed_times(self, dense: Tensor) -> Tensor:
        """Return A.T @ dense, of shape (n_columns, width), float32."""
        return self._multiply(*self._backward, dense)

    def _shards(self, arrays: Arrays, n_columns: int) -> list[_Shard]:
        """Cut a matrix into shards, and copy those there is room for."""
        indptr = arrays[0]
        shards = []
        for first, last in even_rows(indptr, -(-int(indptr[-1]) // _SHARD)):
            n_bytes = 8 * int(indptr[last] - indptr[first]) + 4 * (last - first + 1)
            on_device = None
            if n_bytes <= self._room:
                self._room -= n_bytes
                on_device = self._copied(arrays, first, last, n_columns)
            shards.append(_Shard(first, last, on_device))
        return shards

    def _multiply(self, arrays: Arrays, shards: list[_Shard], dense: Tensor) -> Tensor:
        out = dense.new_empty(len(arrays[0]) - 1, dense.shape[1])
        for first, last, on_device in shards:
            if on_device is None:
                on_device = self._copied(arrays, first, last, len(dense))
            out[first:last] = on_device @ dense
        return out

    def _copied(self, arrays: Arrays, first: int, last: int, n_columns: int) -> Tensor:
        """Return rows of a matrix on the device."""
        indptr, indices, data = arrays
        begin, end = int(indptr[first]), int(indptr[last])
        parts = (
            (indptr[first : last + 1] - begin).astype(np.int32),  # a shard has fewer than 2^31
            np.array(indices[begin:end], np.int32),
            np.array(data[begin:end], np.float32),
        )
        with warnings.catch_warnings():  # torch calls its CSR matrices a beta, once
            warnings.filterwarnings("ignore", "Sparse CSR tensor support is in beta", UserWarning)
            return torch.sparse_csr_tensor(
                *(torch.from_numpy(part).to(self._device) for part in parts),
                size=(last - first, n_columns),
                check_invariants=False,
            )


def _room(device: torch.device) -> int:
    """Return how many bytes of a matrix may stay on a device."""
    if device.type != "cuda":
        return _RESIDENT_BYTES
    return int(_RESIDENT_SHARE * torch.cuda.mem_get_info(device)[0])
