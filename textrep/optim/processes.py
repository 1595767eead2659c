"""Several processes that share the batches of each step, through torch.distributed.

Start them with torchrun, say, import this module, and call ``torch.distributed.init_process_group``
before a network is trained and ``destroy_process_group`` at the end. Each takes every so-manieth
batch of a step; their gradients are summed, so that all have the same weights at every time, and
those of one process that accumulates the same batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

if dist.is_available():
    # torch's optimizers import it. Imported after a group has begun, it holds the group, whose
    # threads destroy_process_group then leaves running: ending Python aborts the process now and
    # then (torch 2.13).
    import torch.distributed.fsdp

__all__ = ["Processes"]


class Processes:
    """The processes that train together; one if torch.distributed was not initialised.

    Attributes
    ----------
    rank : int
        The number of this one, from 0.
    size : int
        How many there are.
    """

    def __init__(self) -> None:
        together = dist.is_available() and dist.is_initialized()
        self.rank = dist.get_rank() if together else 0
        self.size = dist.get_world_size() if together else 1

    def share(self, items: Sequence[Any]) -> list[tuple[int, Any]]:
        """Return the items that are this process's, each with its number among all."""
        return list(enumerate(items))[self.rank :: self.size]

    def copy_from(self, rank: int, tensors: Iterable[Tensor]) -> None:
        """Give every process the values that the tensors have in one."""
        if self.size > 1:
            for tensor in tensors:
                dist.broadcast(tensor.detach(), rank)

    def sum(self, values: Tensor) -> Tensor:
        """Return the sums of the values of all processes."""
        if self.size > 1:
            dist.all_reduce(values)
        return values

    def sum_gradients(self, weights: Sequence[nn.Parameter]) -> None:
        """Sum the gradients of each weight; one that has none in any process keeps none."""
        if self.size == 1:
            return
        present = torch.tensor(
            [weight.grad is not None for weight in weights],
            dtype=torch.float32,
            device=weights[0].device,
        )
        gradients = [
            torch.zeros_like(weight) if weight.grad is None else weight.grad for weight in weights
        ]
        flat = self.sum(torch.cat([present, *(gradient.flatten() for gradient in gradients)]))
        sizes = [gradient.numel() for gradient in gradients]
        present, *summed = flat.split([len(weights), *sizes])
        for weight, values, anywhere in zip(weights, summed, present.tolist(), strict=True):
            weight.grad = values.view_as(weight) if anywhere else None
