"""Several linear maps of the same input, computed as one product."""

from __future__ import annotations

from torch import Tensor

from textrep.nn.linear import Linear

__all__ = ["FusedLinear"]


class FusedLinear(Linear):
    """Linear maps of one input to outputs of the same size.

    Their matrices are stacked, because one large product is faster than several small ones. What
    depends on the size of a map, initial weights for one, must take them apart again by `n_maps`.

    Parameters
    ----------
    n_inputs : int
        Numbers of the input.
    n_outputs : int
        Numbers of each output.
    n_maps : int
        How many maps.
    bias : bool, default=True
        Whether a vector is added to each output.
    """

    def __init__(self, n_inputs: int, n_outputs: int, n_maps: int, *, bias: bool = True) -> None:
        super().__init__(n_inputs, n_maps * n_outputs, bias)
        self.n_maps = n_maps

    def forward(self, inputs: Tensor) -> Tensor:
        """Map inputs of shape (..., n_inputs) to shape (..., n_maps, n_outputs)."""
        return super().forward(inputs).unflatten(-1, (self.n_maps, -1))
