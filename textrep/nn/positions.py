"""Where a token stands, told to what would not know it: attention."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from textrep.errors import InvalidParameterError

__all__ = ["POSITIONS", "LearnedPositions", "RotaryPositions", "SinusoidalPositions"]

POSITIONS = ("sinusoidal", "learned", "rotary")

_BASE = 10_000.0  # the longest wave has 2π times as many positions


class _Waves(nn.Module):
    """Cosines and sines of t / 10000^(2i / width) for positions t and i < width / 2."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self._table = torch.empty(2, 0, (width + 1) // 2)  # grows with what is asked for

    def forward(self, time: int, like: Tensor) -> Tensor:
        """Return a tensor of shape (2, time, ⌈width / 2⌉), of the type and device of ``like``."""
        table = self._table
        if table.shape[1] < time or table.dtype != like.dtype or table.device != like.device:
            with torch.inference_mode(False):  # training may use what encoding has left here
                powers = torch.arange(0, self.width, 2, dtype=torch.float64) / self.width
                angles = torch.arange(time, dtype=torch.float64).unsqueeze(1) / _BASE**powers
                table = torch.stack([angles.cos(), angles.sin()]).to(like.device, like.dtype)
            self._table = table
        return table[:, :time]


class SinusoidalPositions(nn.Module):
    """Sines and cosines of a position, added to embeddings.

    Number 2i of position t is sin(t / 10000^(2i / width)), number 2i + 1 the cosine of the same.
    The embeddings are multiplied by √width first, for both to be of one size.

    Parameters
    ----------
    width : int
        Numbers of an embedding.

    References
    ----------
    Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser and Polosukhin 2017, Attention Is All
    You Need, NIPS, sections 3.4 and 3.5.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self._scale = math.sqrt(width)
        self._waves = _Waves(width)

    def forward(self, embedded: Tensor) -> Tensor:
        """Return embeddings of shape (batch, time, width) with their positions."""
        _, time, width = embedded.shape
        cosines, sines = self._waves(time, embedded)
        waves = torch.stack([sines, cosines], -1).flatten(1)[:, :width]
        return embedded * self._scale + waves


class LearnedPositions(nn.Module):
    """A vector for each position, added to embeddings.

    Parameters
    ----------
    longest : int
        Positions that have a vector.
    width : int
        Numbers of an embedding.

    References
    ----------
    Gehring, Auli, Grangier, Yarats and Dauphin 2017, Convolutional Sequence to Sequence Learning,
    ICML, section 3.1.
    """

    def __init__(self, longest: int, width: int) -> None:
        super().__init__()
        self.vectors = nn.Embedding(longest, width)
        nn.init.normal_(self.vectors.weight, std=1 / math.sqrt(width))

    def forward(self, embedded: Tensor) -> Tensor:
        """Return embeddings of shape (batch, time, width) with their positions."""
        time, longest = embedded.shape[1], self.vectors.num_embeddings
        if time > longest:
            rule = f'at most {longest} long, its `longest`; positions="rotary" have no limit'
            raise InvalidParameterError("tokens", "TransformerEncoder", rule, time)
        return embedded + self.vectors.weight[:time]


class RotaryPositions(nn.Module):
    """Queries and keys turned by angles in proportion to their positions.

    The pair of numbers i and i + width / 2 of position t is turned by t / 10000^(2i / width), so
    that the product of a query and a key depends on the distance between them.

    Parameters
    ----------
    width : int
        Numbers of a query, even.

    Notes
    -----
    The paper pairs neighbours, 2i and 2i + 1. The order of the numbers means nothing to attention,
    and whole halves are faster to turn.

    References
    ----------
    Su, Lu, Pan, Murtadha, Wen and Liu 2021, RoFormer: Enhanced Transformer with Rotary Position
    Embedding.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self._waves = _Waves(width)

    def forward(self, vectors: Tensor) -> Tensor:
        """Return vectors of shape (..., time, width), turned."""
        cosines, sines = self._waves(vectors.shape[-2], vectors)
        left, right = vectors.chunk(2, -1)
        return torch.cat([left * cosines - right * sines, right * cosines + left * sines], -1)
