"""Linear algebra on large sparse matrices: parallel products and truncated SVD."""

from textrep.linalg.products import SparseOperator
from textrep.linalg.svd import SOLVERS, TruncatedSVD, truncated_svd

__all__ = ["SOLVERS", "SparseOperator", "TruncatedSVD", "truncated_svd"]
