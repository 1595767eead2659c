"""Which positions of a padded batch are real."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from textrep.errors import InvalidParameterError

__all__ = ["Padding", "real_positions"]


def real_positions(lengths: Tensor, time: int) -> Tensor:
    """Return which positions hold tokens and which are padding.

    Parameters
    ----------
    lengths : Tensor of shape (batch,), int64
        Tokens of each sequence.
    time : int
        Positions of the batch.

    Returns
    -------
    Tensor of shape (batch, time), bool
        True at the first ``lengths[i]`` positions of row i.
    """
    return torch.arange(time, device=lengths.device) < lengths.unsqueeze(1)


@dataclass(frozen=True)
class Padding:
    """The lengths of a batch, and where it is padded.

    Attributes
    ----------
    lengths : Tensor of shape (batch,), int64, on the CPU
        Tokens of each sequence; 0 for an empty one.
    real : Tensor of shape (batch, time), bool, on the device of the tokens; or None
        Which positions hold tokens. None where all do: most batches of sorted sequences need no
        masks at all.
    """

    lengths: Tensor
    real: Tensor | None

    @classmethod
    def of(cls, tokens: Tensor, lengths: Tensor, caller: str) -> Self:
        """Return the padding of a batch.

        Parameters
        ----------
        tokens : Tensor of shape (batch, time)
            With at least one row and one position.
        lengths : Tensor of shape (batch,), int64
            From 0 to ``time``. On the CPU they cost a GPU no waiting.
        caller : str
            Class that was given the batch.

        Raises
        ------
        InvalidParameterError
            The shapes do not fit each other, or a length is out of range.
        """
        if tokens.ndim != 2 or not tokens.numel():
            rule = "of shape (batch, time), neither of them 0"
            raise InvalidParameterError("tokens", caller, rule, tuple(tokens.shape))
        batch, time = tokens.shape
        if lengths.shape != (batch,):
            rule = f"of shape ({batch},), as many as there are rows of tokens"
            raise InvalidParameterError("lengths", caller, rule, tuple(lengths.shape))
        lengths = lengths.cpu()
        least, most = (int(bound) for bound in lengths.aminmax())
        if least < 0 or most > time:
            rule = f"from 0 to {time}, the positions of the batch"
            raise InvalidParameterError("lengths", caller, rule, least if least < 0 else most)
        full = least == time
        return cls(lengths, None if full else real_positions(lengths, time).to(tokens.device))

    def shifted(self) -> Padding:
        """Return the padding of the same batch with one more token before each sequence."""
        real = self.real
        if real is not None:
            real = torch.cat([torch.ones_like(real[:, :1]), real], 1)
        return Padding(self.lengths + 1, real)

    def clear(self, states: Tensor) -> Tensor:
        """Return states of shape (batch, time, width) with zeros at padded positions."""
        if self.real is None:
            return states
        return states.masked_fill(~self.real.unsqueeze(-1), 0.0)

    def reverse(self, states: Tensor) -> Tensor:
        """Return states of shape (batch, time, width) with each row's real positions backwards."""
        if self.real is None:
            return states.flip(1)
        places, ends = torch.arange(states.shape[1]), self.lengths.unsqueeze(1)
        mirrored = torch.where(places < ends, ends - 1 - places, places).to(states.device)
        return states.gather(1, mirrored.unsqueeze(-1).expand_as(states))
