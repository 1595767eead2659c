"""Gradients that are kept short."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["clip_gradients"]


def clip_gradients(
    gradients: Sequence[Tensor], scale: float, norm: float | None, value: float | None
) -> Tensor | None:
    """Scale gradients, then shorten them if they are too long; both in one pass.

    Parameters
    ----------
    gradients : sequence of Tensor
        Sums over examples; changed in place.
    scale : float
        What they are multiplied by first: one over the number of examples.
    norm : float or None
        Longest norm of all of them together; they are multiplied by norm / ‖g‖ if it is more.
        Infinity: only measure.
    value : float or None
        Largest component, after that; larger ones are set to it.

    Returns
    -------
    Tensor of shape (n_tensors,) or None
        The norm of each gradient, scaled but not yet clipped; None if ``norm`` is None.

    References
    ----------
    Pascanu, Mikolov and Bengio 2013, On the Difficulty of Training Recurrent Neural Networks, ICML.
    """
    found: Tensor | None = None
    factor: Tensor | float = scale
    if norm is not None:
        found = torch.stack(torch._foreach_norm(list(gradients))) * scale
        whole = torch.linalg.vector_norm(found)
        factor = scale * (norm / (whole + 1e-12)).clamp(max=1.0)
    torch._foreach_mul_(list(gradients), factor)
    if value is not None:
        torch._foreach_clamp_min_(list(gradients), -value)
        torch._foreach_clamp_max_(list(gradients), value)
    return found
