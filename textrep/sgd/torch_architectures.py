"""Skip-gram and CBOW on a torch device: what hidden rows are made of, and what they predict."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor

from textrep.kernels.torch_rows import add_rows, gather_rows, row_shares
from textrep.kernels.torch_text import GROUP, Groups
from textrep.sgd.torch_objectives import Learnt

__all__ = ["Architecture", "Cbow", "SkipGram"]


class Architecture(ABC):
    """Word vectors under training.

    Parameters
    ----------
    vectors : Tensor of shape (n_words, dim), float32
        Changed by :meth:`learn`.
    most : float
        Examples of a row that count in full in one step; see
        :func:`textrep.kernels.torch_rows.row_shares`.
    """

    def __init__(self, vectors: Tensor, most: float) -> None:
        self.vectors = vectors
        self._most = most
        self._totals = vectors.new_zeros(len(vectors))

    @abstractmethod
    def predicted(self, groups: Groups) -> tuple[Tensor, Tensor]:
        """Return the words that the hidden rows of each group predict, and which predicts which.

        Returns
        -------
        words : Tensor of shape (n_steps, n_groups, n_words), int64
            Predicted words.
        pairs : Tensor of shape (n_steps, n_groups, n_hidden, n_words), float32
            1 where the hidden row predicts the word, else 0.
        """

    @abstractmethod
    def hidden(self, groups: Groups, step: int) -> Tensor:
        """Return the hidden rows of a step, of shape (n_groups, n_hidden, dim)."""

    @abstractmethod
    def learn(self, groups: Groups, step: int, learnt: Learnt, rate: float) -> None:
        """Move the vectors that the hidden rows were made of down the gradient."""


class SkipGram(Architecture):
    """Each word of a window is a hidden row, and predicts the word in the middle, as in word2vec.c.

    Parameters
    ----------
    vectors, most :
        As for :class:`Architecture`.
    outwards : bool
        Whether it is the other way round: the word in the middle predicts each word of its window.
        There are fewer hidden rows then, which counts where each meets every word.
    """

    def __init__(self, vectors: Tensor, most: float, outwards: bool) -> None:
        super().__init__(vectors, most)
        self._outwards = outwards

    def predicted(self, groups: Groups) -> tuple[Tensor, Tensor]:
        """Return the words of each group, or those around it."""
        if self._outwards:
            return groups.slots, groups.pairs
        return groups.words, groups.pairs.mT

    def hidden(self, groups: Groups, step: int) -> Tensor:
        """Return the vectors of the words around each group, or of its own."""
        return gather_rows(self.vectors, self._words(groups, step))

    def learn(self, groups: Groups, step: int, learnt: Learnt, rate: float) -> None:
        """Move the vectors that the hidden rows are."""
        words = self._words(groups, step)
        shares = row_shares(self._totals, words, learnt.weights, self._most)
        add_rows(self.vectors, words, learnt.gradient * shares.unsqueeze(-1), -rate)

    def _words(self, groups: Groups, step: int) -> Tensor:
        return groups.words[step] if self._outwards else groups.slots[step]


class Cbow(Architecture):
    """The words of a window make one hidden row, which predicts the word in the middle.

    Parameters
    ----------
    vectors, most :
        As for :class:`Architecture`.
    average : bool
        Whether the hidden row is the average of the window's vectors, or their sum.
    exact : bool
        Whether each word of an average gets its share, which is the gradient (İrsoy, Benton and
        Stratos 2021, Corrected CBOW Performs as well as Skip-gram), or the whole, as in word2vec.
    """

    def __init__(self, vectors: Tensor, most: float, average: bool, exact: bool) -> None:
        super().__init__(vectors, most)
        self._average, self._exact = average, exact

    def predicted(self, groups: Groups) -> tuple[Tensor, Tensor]:
        """Return the words of each group; those without contexts are not predicted."""
        own = torch.eye(GROUP, dtype=groups.uses.dtype, device=groups.uses.device)
        return groups.words, own * (groups.uses > 0).unsqueeze(-1)

    def hidden(self, groups: Groups, step: int) -> Tensor:
        """Return the averages or sums over windows."""
        shares = self._shares(groups, step, self._average)
        return shares @ gather_rows(self.vectors, groups.slots[step])

    def learn(self, groups: Groups, step: int, learnt: Learnt, rate: float) -> None:
        """Move the vectors of the words of all windows."""
        slots, pairs = groups.slots[step], groups.pairs[step]
        weights = (learnt.weights.unsqueeze(-2) @ pairs).squeeze(-2)
        limits = row_shares(self._totals, slots, weights, self._most)
        spread = self._shares(groups, step, self._average and self._exact)
        changes = (spread * limits.unsqueeze(-2)).mT @ learnt.gradient
        add_rows(self.vectors, slots, changes, -rate)

    def _shares(self, groups: Groups, step: int, average: bool) -> Tensor:
        pairs = groups.pairs[step]
        return pairs / groups.uses[step].clamp(min=1.0).unsqueeze(-1) if average else pairs
