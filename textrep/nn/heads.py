"""What stands above an encoder: probabilities of words, of tags or of classes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from torch import Tensor, nn

from textrep.checks import check_integer, check_number
from textrep.errors import InvalidParameterError
from textrep.nn.cross_entropy import cross_entropy
from textrep.nn.embeddings import Embedding
from textrep.nn.linear import Linear, linear

__all__ = ["AdaptiveSoftmax", "Head", "Softmax", "default_cutoffs"]


class Head(nn.Module, ABC):
    """A distribution over classes for each vector.

    The classes are the words for a language model, whose vectors are those of tokens; the tags for
    a tagger; and those of texts, whose vectors are pooled, for a classifier.
    """

    @abstractmethod
    def forward(self, states: Tensor) -> Tensor:
        """Return log-probabilities of shape (..., n_classes) for states of shape (..., width)."""

    @abstractmethod
    def losses(self, states: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
        """Return what training lowers: -log of the probabilities of the true classes.

        Parameters
        ----------
        states : Tensor of shape (n, width)
            Without padding: ``states[real_positions(lengths, time)]``.
        targets : Tensor of shape (n,), int64
            The true classes.
        smoothing : float, default=0.0
            Share of the true class's part in the loss that all classes share, from 0 to 1.

        Returns
        -------
        Tensor of shape (n,)
            In nats.

        References
        ----------
        Szegedy, Vanhoucke, Ioffe, Shlens and Wojna 2016, Rethinking the Inception Architecture for
        Computer Vision, CVPR, section 7: smoothing.
        """


class Softmax(Head):
    """log softmax(W h + b).

    Parameters
    ----------
    width : int
        Numbers of a vector h.
    n_classes : int
        Words, tags or classes, from 1 up.
    tied : Embedding, optional
        Whose vectors of words are the rows of W. Where it has another width, h is mapped to that
        first.
    bias : bool, default=True
        Whether there is b.

    References
    ----------
    Press and Wolf 2017, Using the Output Embedding to Improve Language Models, EACL.
    """

    def __init__(
        self,
        width: int,
        n_classes: int,
        *,
        tied: Embedding | None = None,
        bias: bool = True,
    ) -> None:
        super().__init__()
        caller = type(self).__name__
        check_integer("n_classes", caller, n_classes, 1)
        if tied is not None and tied.n_words != n_classes:
            rule = f"{tied.n_words}, the words of the embedding that it is tied to"
            raise InvalidParameterError("n_classes", caller, rule, n_classes)
        # In a tuple, the embedding is no part of this module: saved and counted once, as its own.
        self._tied: tuple[Embedding, ...] = () if tied is None else (tied,)
        self.bias = None
        self.linear: nn.Module = nn.Identity()
        if tied is None:
            self.linear = Linear(width, n_classes, bias)
            return
        if tied.width != width:
            self.linear = Linear(width, tied.width, bias=False)
        if bias:
            self.bias = nn.Parameter(tied.weight.new_zeros(n_classes))

    def scores(self, states: Tensor) -> Tensor:
        """Return W h + b of shape (..., n_classes) for states of shape (..., width)."""
        return linear(*self._last(states))

    def _last(self, states: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        """Return what the last product is of: rows, a matrix, and b."""
        if isinstance(self.linear, Linear) and not self._tied:
            return states, self.linear.weight, self.linear.bias
        (embedding,) = self._tied
        return self.linear(states), embedding.matrix(), self.bias

    def forward(self, states: Tensor) -> Tensor:
        """Return log-probabilities of shape (..., n_classes) for states of shape (..., width)."""
        return self.scores(states).log_softmax(-1)

    def losses(self, states: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
        """Return -log of the true classes' probabilities; see `Head`."""
        return cross_entropy(*self._last(states), targets, smoothing)


class AdaptiveSoftmax(Head):
    """A softmax over frequent words and groups of rarer ones, then over the words of a group.

    log p(w) for a frequent word, log p(group) + log p(w | group) for another. A group's words have
    vectors that are the narrower, the rarer they are, so that most steps never touch most weights.

    Parameters
    ----------
    width : int
        Numbers of a vector.
    n_words : int
        Words, from 2 up, numbered from the most to the least frequent.
    cutoffs : sequence of int, optional
        The first word of each group, ascending, from 1 to ``n_words`` - 1. Default:
        `default_cutoffs`.
    narrowing : float, default=4.0
        How many times narrower the vectors of each group are than those of the one before, from 1.

    Notes
    -----
    It is torch's, with one matrix of weights for frequent words and groups and two for each group.
    It cannot be tied to an embedding, whose vectors are all of one width.

    References
    ----------
    Grave, Joulin, Cissé, Grangier and Jégou 2017, Efficient Softmax Approximation for GPUs, ICML.
    """

    def __init__(
        self,
        width: int,
        n_words: int,
        *,
        cutoffs: Sequence[int] | None = None,
        narrowing: float = 4.0,
    ) -> None:
        super().__init__()
        caller = type(self).__name__
        check_integer("n_words", caller, n_words, 2)
        check_number("narrowing", caller, narrowing, 1.0)
        firsts = list(default_cutoffs(n_words) if cutoffs is None else cutoffs)
        if not firsts or sorted({*firsts}) != firsts or firsts[0] < 1 or firsts[-1] >= n_words:
            rule = f"ascending numbers from 1 to {n_words - 1}"
            raise InvalidParameterError("cutoffs", caller, rule, cutoffs)
        n_groups = len(firsts)
        if width < narrowing**n_groups:
            rule = (
                f"at most {width ** (1 / n_groups):.4g}, for {n_groups} groups of a width {width}"
            )
            raise InvalidParameterError("narrowing", caller, rule, narrowing)
        self.softmax = nn.AdaptiveLogSoftmaxWithLoss(width, n_words, firsts, narrowing)

    def forward(self, states: Tensor) -> Tensor:
        """Return log-probabilities of shape (..., n_words) for states of shape (..., width)."""
        return self.softmax.log_prob(states.flatten(0, -2)).unflatten(0, states.shape[:-1])

    def losses(self, states: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
        """Return -log of the true words' probabilities; see `Head`. They cannot be smoothed."""
        if smoothing:
            rule = "0: an adaptive softmax never computes what smoothing needs, all probabilities"
            raise InvalidParameterError("smoothing", type(self).__name__, rule, smoothing)
        return -self.softmax(states, targets).output


def default_cutoffs(n_words: int) -> list[int]:
    """Return where the groups of an adaptive softmax begin: after 1/25 and 1/5 of the words.

    Parameters
    ----------
    n_words : int
        Words, from 2 up.

    Examples
    --------
    >>> default_cutoffs(10_000)
    [400, 2000]
    """
    return sorted({max(1, n_words // 25), max(1, n_words // 5)})
