"""The states that streams carry from batch to batch."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from textrep.optim.batches import Batch

__all__ = ["CarriedStates"]


class CarriedStates:
    """One state for each stream, in memory that stays where it is.

    Parameters
    ----------
    state : tuple of Tensor, or None
        A state such as the encoder carries, for its shapes; None if it carries none.
    n_streams : int
        How many there are.
    """

    def __init__(self, state: tuple[Tensor, ...] | None, n_streams: int) -> None:
        like = state or ()
        self._states = [
            tuple(torch.zeros(part.shape, dtype=part.dtype, device=part.device) for part in like)
            for _ in range(n_streams)
        ]
        self._begun = torch.zeros(n_streams, dtype=torch.int64)

    def tensors(self) -> dict[str, Tensor]:
        """Return what changes, by name."""
        named = {
            f"{stream}.{number}": part
            for stream, parts in enumerate(self._states)
            for number, part in enumerate(parts)
        }
        return {**named, "begun": self._begun} if named else {}

    def before(self, batch: Batch) -> tuple[Tensor, ...] | None:
        """Return the state that a batch begins with; None at the beginning of a stream."""
        if batch.stream is None or batch.starts or not self._begun[batch.stream]:
            return None
        return self._states[batch.stream]

    def after(self, batch: Batch, state: Any) -> None:
        """Keep the state that a batch ends with."""
        if batch.stream is None or state is None:
            return
        for kept, part in zip(self._states[batch.stream], state, strict=True):
            kept.copy_(part.detach())
        self._begun[batch.stream] = 1

    def begin_all(self) -> None:
        """Let all streams have begun: other processes have read theirs."""
        self._begun.fill_(1)
