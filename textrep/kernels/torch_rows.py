"""Reading and changing the rows of a matrix that many words of a step share."""

from __future__ import annotations

from torch import Tensor

__all__ = ["add_rows", "gather_rows", "row_shares"]


def gather_rows(matrix: Tensor, rows: Tensor) -> Tensor:
    """Return the rows of a matrix of shape (n_rows, dim); the result is of shape (..., dim)."""
    return matrix.index_select(0, rows.flatten()).view(*rows.shape, matrix.shape[1])


def add_rows(matrix: Tensor, rows: Tensor, changes: Tensor, factor: float) -> None:
    """Add ``factor * changes`` of shape (..., dim) to ``matrix``; what meets in a row adds up.

    On a GPU the order of the sums, and so their rounding, changes from run to run;
    ``torch.use_deterministic_algorithms(True)`` makes torch keep to one order.
    """
    matrix.index_add_(0, rows.flatten(), changes.flatten(0, -2), alpha=factor)


def row_shares(totals: Tensor, rows: Tensor, weights: Tensor, most: float) -> Tensor:
    """Return the share of its gradient that each row may take, so that no row goes too far.

    A step adds up gradients at one place. For a row that meets few examples that is what one
    example after the other would do. A row that meets hundreds would go hundreds of steps in the
    first direction, when after a few it should turn. It is given ``most`` examples' worth of their
    mean instead.

    Parameters
    ----------
    totals : Tensor of shape (n_rows,), float32
        Scratch. Changed.
    rows : Tensor, int64
        Rows of a matrix, of any shape.
    weights : Tensor of the same shape, float32
        Examples that each stands for.
    most : float
        Examples of a row that count in full.

    Returns
    -------
    Tensor of the same shape as ``rows``, float32
        min(1, ``most`` / examples of the row in this step).
    """
    places = rows.flatten()
    totals.zero_().index_add_(0, places, weights.flatten())
    return (most / totals.index_select(0, places)).clamp_(max=1.0).view(rows.shape)
