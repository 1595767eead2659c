"""Linear algebra on large sparse matrices: parallel products and truncated SVD."""

from textrep.linalg.products import Operator, SparseOperator
from textrep.linalg.svd import SOLVERS, TruncatedSVD, operator_svd, truncated_svd

__all__ = [
    "SOLVERS",
    "Operator",
    "SparseOperator",
    "TruncatedSVD",
    "operator_svd",
    "truncated_svd",
]
