"""The feed-forward part of a transformer's layer."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from textrep.nn.activations import ACTIVATIONS
from textrep.nn.fused import FusedLinear
from textrep.nn.linear import Linear

__all__ = ["FEED_FORWARDS", "FeedForward", "GatedFeedForward", "feed_forward_part"]

FEED_FORWARDS = ("relu", "gelu", "swiglu")


class FeedForward(nn.Module):
    """W₂ f(W₁ x + b₁) + b₂ at each position.

    Parameters
    ----------
    width : int
        Numbers of an input and of an output.
    inner : int
        Numbers in between.
    name : {"relu", "gelu"}
        f.

    References
    ----------
    Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser and Polosukhin 2017, Attention Is All
    You Need, NIPS, section 3.3.
    """

    def __init__(self, width: int, inner: int, name: str) -> None:
        super().__init__()
        self.inner = Linear(width, inner)
        self.output = Linear(inner, width)
        self.activation = ACTIVATIONS[name]

    def forward(self, inputs: Tensor) -> Tensor:
        """Map inputs of shape (..., width) to the same shape."""
        return self.output(self.activation(self.inner(inputs)))


class GatedFeedForward(nn.Module):
    """W₂ (silu(W x) ⊙ V x) at each position, without biases.

    Parameters
    ----------
    width : int
        Numbers of an input and of an output.
    inner : int
        Numbers in between.

    References
    ----------
    Shazeer 2020, GLU Variants Improve Transformer: FFN_SwiGLU.
    """

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.inner = FusedLinear(width, inner, 2, bias=False)
        self.output = Linear(inner, width, bias=False)

    def forward(self, inputs: Tensor) -> Tensor:
        """Map inputs of shape (..., width) to the same shape."""
        gate, value = self.inner(inputs).unbind(-2)
        return self.output(functional.silu(gate) * value)


def feed_forward_part(name: str, width: int, inner: int | None) -> nn.Module:
    """Return a feed-forward part.

    Parameters
    ----------
    name : {"relu", "gelu", "swiglu"}
        Which.
    width : int
        Numbers of an input and of an output.
    inner : int or None
        Numbers in between. None: 4 · ``width``; of "swiglu", which has three matrices in place of
        two, two thirds of it, for as many weights.
    """
    if name == "swiglu":
        return GatedFeedForward(width, 8 * width // 3 if inner is None else inner)
    return FeedForward(width, 4 * width if inner is None else inner, name)
