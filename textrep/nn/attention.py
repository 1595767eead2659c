"""Multi-head self-attention."""

from __future__ import annotations

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
        projected = self.projections(inputs).unflatten(-1, (self.heads, -1))
        projected = projected.permute(2, 0, 3, 1, 4)  # (3, batch, heads, time, d)
        if self.rotary is None:
            query, key, value = projected
        else:
            query, key = self.rotary(projected[:2])
            value = projected[2]
        attended = functional.scaled_dot_product_attention(
            query, key, value,
            attn_mask=None if keys is None or self.causal else keys[:, None, None],
            dropout_p=self.dropout if self.training else 0.0,
            is_causal=self.causal,
        )  # fmt: skip
        return self.output(attended.transpose(1, 2).flatten(2))
