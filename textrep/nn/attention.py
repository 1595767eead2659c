"""Multi-head self-attention."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from textrep.nn.fused import FusedLinear
from textrep.nn.linear import Linear
from textrep.nn.positions import RotaryPositions

__all__ = ["SelfAttention"]


class SelfAttention(nn.Module):
    """Each position takes from others what fits it.

    For each head, with queries Q, keys K and values V that are linear in the inputs, softmax(Q Kᵀ /
    √d) V with d = width / heads; a linear map of all heads' results follows.

    Parameters
    ----------
    width : int
        Numbers of an input and of an output.
    heads : int
        Heads; divides ``width``.
    causal : bool, default=False
        Whether a position sees only itself and those before.
    rotary : bool, default=False
        Whether queries and keys know their positions; d must be even.
    dropout : float, default=0.0
        Dropout of the softmax's probabilities. On the CPU torch's fused kernel has none; any makes
        it compute the whole table of them.

    References
    ----------
    Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser and Polosukhin 2017, Attention Is All
    You Need, NIPS, section 3.2.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        *,
        causal: bool = False,
        rotary: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.heads = heads
        self.causal = causal
        self.dropout = dropout
        self.projections = FusedLinear(width, width, 3)  # queries, keys and values
        self.rotary = RotaryPositions(width // heads) if rotary else None
        self.output = Linear(width, width)

    def forward(self, inputs: Tensor, keys: Tensor | None = None) -> Tensor:
        """Attend.

        Parameters
        ----------
        inputs : Tensor of shape (batch, time, width)
        keys : Tensor of shape (batch, time), bool, optional
            The positions that may be seen, at least one in each row. Default: all. What a causal
            position sees is real wherever itself is, so that padding needs no mask there.

        Returns
        -------
        Tensor of shape (batch, time, width)
        """
        query, key, value = self._projected(inputs)
        attended = functional.scaled_dot_product_attention(
            query, key, value,
            attn_mask=None if keys is None or self.causal else keys[:, None, None],
            dropout_p=self.dropout if self.training else 0.0,
            is_causal=self.causal,
        )  # fmt: skip
        return self.output(attended.transpose(1, 2).flatten(2))

    def weights(self, inputs: Tensor, keys: Tensor | None = None) -> Tensor:
        """Return how much each position takes from each: the softmax, for people to look at.

        Parameters
        ----------
        inputs : Tensor of shape (batch, time, width)
        keys : Tensor of shape (batch, time), bool, optional
            As of :meth:`forward`.

        Returns
        -------
        Tensor of shape (batch, heads, time, time)
            Rows sum to 1: the position that attends, then the one that it attends to.
        """
        query, key, _ = self._projected(inputs)
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        if self.causal:
            time = inputs.shape[1]
            later = torch.ones(time, time, dtype=torch.bool, device=inputs.device).triu(1)
            scores = scores.masked_fill(later, -torch.inf)
        elif keys is not None:
            scores = scores.masked_fill(~keys[:, None, None], -torch.inf)
        return scores.softmax(-1)

    def _projected(self, inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return queries, keys and values, each of shape (batch, heads, time, d)."""
        projected = self.projections(inputs).unflatten(-1, (self.heads, -1))
        projected = projected.permute(2, 0, 3, 1, 4)  # (3, batch, heads, time, d)
        query, key = projected[:2] if self.rotary is None else self.rotary(projected[:2])
        return query, key, projected[2]
