"""One call for a matrix that is here and for one that is on a cluster."""

from __future__ import annotations

from typing import Any, TypeAlias

import scipy.sparse as sp

from textrep import counting, linalg
from textrep.distributed import counts as cluster_counts
from textrep.distributed import svd as cluster_svd
from textrep.distributed.matrix import DistributedMatrix
from textrep.errors import InvalidParameterError

__all__ = ["Matrix", "collected", "pmi", "truncated_svd"]

Matrix: TypeAlias = sp.csr_array | DistributedMatrix


def collected(matrix: Matrix) -> sp.csr_array:
    """Return the matrix here."""
    return matrix.collect() if isinstance(matrix, DistributedMatrix) else matrix


def pmi(counts: Matrix, *, on_disk: bool = False, n_jobs: int = 1, **options: Any) -> Matrix:
    """Return the PMI of counts, where they are; see :func:`textrep.counting.pmi`."""
    if isinstance(counts, DistributedMatrix):
        return cluster_counts.pmi(counts, **options)
    return counting.pmi(counts, on_disk=on_disk, n_jobs=n_jobs, **options)


def truncated_svd(
    matrix: Matrix, rank: int, *, memory: int | None = None, device: str = "cpu", **options: Any
) -> linalg.TruncatedSVD:
    """Decompose a matrix where it is; see :func:`textrep.linalg.truncated_svd`.

    Raises
    ------
    InvalidParameterError
        The matrix is on a cluster, and the device another than "cpu".
    """
    if not isinstance(matrix, DistributedMatrix):
        return linalg.truncated_svd(matrix, rank, memory=memory, device=device, **options)
    if device != "cpu":
        rule = "'cpu' on a cluster, whose workers compute on their processors"
        raise InvalidParameterError("device", "SVD", rule, device)
    return cluster_svd.truncated_svd(matrix, rank, **options)
