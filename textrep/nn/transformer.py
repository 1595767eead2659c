"""Transformer encoders: each state from all tokens, by attention."""

from __future__ import annotations

from torch import Tensor, nn

from textrep.checks import check_choice, check_integer
from textrep.errors import InvalidParameterError
from textrep.nn.attention import SelfAttention
from textrep.nn.dropout import SequenceDropout
from textrep.nn.embeddings import Embedding
from textrep.nn.encoder import Encoder, State, check_dropouts
from textrep.nn.feed_forward import FEED_FORWARDS, feed_forward_part
from textrep.nn.padding import Padding
from textrep.nn.positions import POSITIONS, LearnedPositions, SinusoidalPositions

__all__ = ["NORM_PLACES", "TransformerEncoder"]

NORM_PLACES = ("pre", "post")


class TransformerEncoder(Encoder):
    """Layers of self-attention and a feed-forward part.

    Its width is that of the embeddings.

    Parameters
    ----------
    embedding : Embedding
        The vectors of tokens.
    heads : int, default=4
        Heads of attention; divides the width.
    layers : int, default=2
        Layers, from 1 up.
    positions : {"rotary", "sinusoidal", "learned"}, default="rotary"
        How the order of tokens is known; see `textrep.nn.positions`.
    longest : int, default=512
        Most tokens of a row with learned positions; the others have no limit.
    norm : {"pre", "post"}, default="pre"
        Whether a part of a layer is x + part(norm(x)), with a norm of the output, or
        norm(x + part(x)).
    feed_forward : {"gelu", "relu", "swiglu"}, default="gelu"
        The feed-forward part; see `textrep.nn.feed_forward`.
    inner : int, optional
        Numbers inside of it; default: four times the width, or 8/3 times for "swiglu".
    causal : bool, default=False
        Whether a token sees only itself and those before, as a language model needs it.
    input_dropout, dropout, attention_dropout : float, default=0.0
        Dropout of the embeddings, of what each part adds, and of attention's probabilities. The
        last is slow on the CPU, where torch's fused kernel has none.
    cls : bool, default=False
        Whether a learned vector stands before each text; see `Encoder`.

    References
    ----------
    Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser and Polosukhin 2017, Attention Is All
    You Need, NIPS.
    Xiong, Yang, He, Zheng, Zheng, Xing, Zhang, Lan, Wang and Liu 2020, On Layer Normalization in
    the Transformer Architecture, ICML: pre and post.
    """

    def __init__(
        self,
        embedding: Embedding,
        *,
        heads: int = 4,
        layers: int = 2,
        positions: str = "rotary",
        longest: int = 512,
        norm: str = "pre",
        feed_forward: str = "gelu",
        inner: int | None = None,
        causal: bool = False,
        input_dropout: float = 0.0,
        dropout: float = 0.0,
        attention_dropout: float = 0.0,
        cls: bool = False,
    ) -> None:
        caller, width = type(self).__name__, embedding.width
        _check_heads(caller, heads, width, positions)
        check_integer("layers", caller, layers, 1)
        check_integer("longest", caller, longest, 1)
        check_choice("norm", caller, norm, NORM_PLACES)
        check_choice("feed_forward", caller, feed_forward, FEED_FORWARDS)
        if inner is not None:
            check_integer("inner", caller, inner, 1)
        check_dropouts(caller, dropout=dropout, attention_dropout=attention_dropout)
        super().__init__(embedding, [width] * layers, input_dropout=input_dropout, cls=cls)
        self.positions = {
            "sinusoidal": lambda: SinusoidalPositions(width),
            "learned": lambda: LearnedPositions(longest + cls, width),
            "rotary": nn.Identity,
        }[positions]()
        self.blocks = nn.ModuleList(
            _Block(
                SelfAttention(
                    width, heads, causal=causal, rotary=positions == "rotary",
                    dropout=attention_dropout,
                ),
                feed_forward_part(feed_forward, width, inner),
                width, norm, dropout,
            )
            for _ in range(layers)
        )  # fmt: skip
        self.norm = nn.LayerNorm(width) if norm == "pre" else nn.Identity()

    def attention(self, tokens: Tensor, lengths: Tensor) -> list[Tensor]:
        """Return how much each token takes from each, layer by layer.

        Parameters
        ----------
        tokens, lengths : Tensor
            As of :meth:`forward`.

        Returns
        -------
        list of Tensor of shape (batch, heads, time, time)
            As of `SelfAttention.weights`; rows of padding mean nothing.
        """
        seen: list[Tensor] = []

        def look(attention: SelfAttention, given: tuple[Tensor, Tensor | None]) -> None:
            seen.append(attention.weights(*given))

        looks = [block.attention.register_forward_pre_hook(look) for block in self.blocks]
        try:
            self(tokens, lengths)
        finally:
            for one in looks:
                one.remove()
        return seen

    def _encode(
        self, embedded: Tensor, padding: Padding, state: State | None
    ) -> tuple[list[Tensor], State | None]:
        self._refuse(state)
        keys = padding.real
        if keys is not None:  # something must be seen even in an empty row: its padding
            keys = keys.clone()
            keys[:, 0] = True
        states, layers = self.positions(embedded), []
        for block in self.blocks:
            states = block(states, keys)
            layers.append(padding.clear(states))
        layers[-1] = padding.clear(self.norm(states))
        return layers, None


class _Block(nn.Module):
    """A layer: attention, then the feed-forward part, each with a norm and a way around it."""

    def __init__(
        self, attention: SelfAttention, part: nn.Module, width: int, norm: str, dropout: float
    ) -> None:
        super().__init__()
        self.attention = attention
        self.feed_forward = part
        self.attention_norm = nn.LayerNorm(width)
        self.feed_forward_norm = nn.LayerNorm(width)
        self.dropout = SequenceDropout(dropout)
        self.pre = norm == "pre"

    def forward(self, states: Tensor, keys: Tensor | None) -> Tensor:
        """Return states of shape (batch, time, width); see `SelfAttention` for the keys."""
        if self.pre:
            attended = self.attention(self.attention_norm(states), keys)
            states = states + self.dropout(attended)
            return states + self.dropout(self.feed_forward(self.feed_forward_norm(states)))
        states = self.attention_norm(states + self.dropout(self.attention(states, keys)))
        return self.feed_forward_norm(states + self.dropout(self.feed_forward(states)))


def _check_heads(caller: str, heads: int, width: int, positions: str) -> None:
    """Raise an error unless positions are known, and heads divide the width as they need it."""
    check_choice("positions", caller, positions, POSITIONS)
    check_integer("heads", caller, heads, 1)
    even = positions == "rotary"
    if width % (2 * heads if even else heads):
        rule = f"a divisor of the width, {width}" + (", with an even quotient" if even else "")
        raise InvalidParameterError("heads", caller, rule, heads)
