"""Linear maps, by the faster of the libraries that multiply matrices on a processor."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx, once_differentiable
from torch.nn import functional

__all__ = ["Linear", "linear", "product"]

# torch multiplies float32 matrices by MKL, which on processors not made by Intel leaves half of
# the vector units idle (189 GFLOP/s where oneDNN reaches 410, two cores of an AMD EPYC with
# AVX-512, same rounding). torch.compile calls oneDNN by this operator.
_onednn: Any = (
    getattr(torch.ops.mkldnn, "_linear_pointwise", None)
    if torch.backends.mkldnn.is_available()
    else None
)


def product(rows: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return x Wᵀ + b, of which no gradient can be taken.

    Parameters
    ----------
    rows : Tensor of shape (..., n_inputs)
        x.
    weight : Tensor of shape (n_outputs, n_inputs)
        W, however it lies in memory.
    bias : Tensor of shape (n_outputs,), optional
        b.

    Returns
    -------
    Tensor of shape (..., n_outputs)
    """
    if (
        _onednn is None
        or rows.dtype != torch.float32
        or rows.device.type != "cpu"
        or not rows.numel()
        or not weight.numel()
    ):
        return functional.linear(rows, weight, bias)
    found: Tensor = _onednn(rows, weight, bias, "none", [], "")
    return found


def linear(rows: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return x Wᵀ + b; see `product`. Gradients are products of the same kind."""
    mixed = torch.is_autocast_enabled(rows.device.type)
    if mixed or rows.dtype != torch.float32 or rows.device.type != "cpu":
        return functional.linear(rows, weight, bias)
    found: Tensor = _Linear.apply(rows, weight, bias)
    return found


class Linear(nn.Linear):
    """x Wᵀ + b, as `torch.nn.Linear`, by `linear`."""

    def forward(self, inputs: Tensor) -> Tensor:
        """Map inputs of shape (..., n_inputs) to shape (..., n_outputs)."""
        return linear(inputs, self.weight, self.bias)


class _Linear(torch.autograd.Function):
    @staticmethod
    def forward(ctx: FunctionCtx, rows: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        ctx.save_for_backward(rows, weight)
        return product(rows, weight, bias)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        rows, weight = ctx.saved_tensors
        of_rows = of_weight = of_bias = None
        flat = gradient.reshape(-1, weight.shape[0])
        if ctx.needs_input_grad[0]:
            of_rows = product(gradient, weight.t())
        if ctx.needs_input_grad[1]:
            of_weight = product(flat.t(), rows.reshape(-1, weight.shape[1]).t())
        if ctx.needs_input_grad[2]:
            of_bias = flat.sum(0)
        return of_rows, of_weight, of_bias
