"""The objectives of word2vec on a torch device: what hidden rows meet, and what both learn of it.

Each trains the output rows that it needs and returns the gradient of the hidden rows. All are
written for groups of words, so that everything is a product of small matrices, group by group.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from textrep.kernels.hierarchical import Paths
from textrep.kernels.torch_objectives import (
    logistic_slopes,
    margin_slopes,
    negative_weights,
    softmax_slopes,
)
from textrep.kernels.torch_random import draw_alias, key_of
from textrep.kernels.torch_rows import add_rows, gather_rows, row_shares
from textrep.sgd.noise import NoiseTable

__all__ = [
    "HierarchicalSoftmax",
    "Learnt",
    "Margin",
    "NegativeSampling",
    "Objective",
    "Predictions",
    "Softmax",
]

_LOGITS = 2**26  # numbers of a chunk of the softmax: 256 MiB


class Predictions(NamedTuple):
    """What the hidden rows of a part, or of a step of it, predict.

    Attributes
    ----------
    words : Tensor of shape (n_steps, n_groups, n_words), int64
        Predicted words.
    pairs : Tensor of shape (n_steps, n_groups, n_hidden, n_words), float32
        1 where the hidden row predicts the word, else 0.
    drawn : Tensor of shape (n_steps, n_groups, n_drawn), int64
        Words that are negatives for all hidden rows of the group; n_drawn may be 0.
    """

    words: Tensor
    pairs: Tensor
    drawn: Tensor

    def step(self, number: int) -> Predictions:
        """Return the predictions of one step, without the first dimension."""
        return Predictions(self.words[number], self.pairs[number], self.drawn[number])


class Learnt(NamedTuple):
    """What became of a step.

    Attributes
    ----------
    loss : Tensor of shape (), float64
        Sum over the pairs.
    gradient : Tensor of shape (n_groups, n_hidden, dim), float32
        That of the hidden rows.
    weights : Tensor of shape (n_groups, n_hidden), float32
        Examples that each hidden row met.
    """

    loss: Tensor
    gradient: Tensor
    weights: Tensor


class Objective(ABC):
    """Output rows under training.

    Parameters
    ----------
    outputs : Tensor of shape (n_rows, dim), float32
        Changed by :meth:`learn`.
    most : float
        Examples of a row that count in full in one step; see
        :func:`textrep.kernels.torch_rows.row_shares`.
    """

    def __init__(self, outputs: Tensor, most: float) -> None:
        self.outputs = outputs
        self._most = most
        self._totals = outputs.new_zeros(len(outputs))

    def draw(self, numbers: Tensor, key: int) -> Tensor:
        """Return the words drawn for each group; none where the objective needs none.

        Parameters
        ----------
        numbers : Tensor of shape (n_steps, n_groups), int64
            Which groups of the part they are.
        key : int
            Names the random numbers of the part.
        """
        del key
        return numbers.new_empty((*numbers.shape, 0))

    @abstractmethod
    def learn(self, hidden: Tensor, step: Predictions, rate: float) -> Learnt:
        """Take one step.

        Parameters
        ----------
        hidden : Tensor of shape (n_groups, n_hidden, dim), float32
            Hidden rows.
        step : Predictions
            What they predict.
        rate : float
            Learning rate; 0 only measures.
        """

    def _change(
        self, hidden: Tensor, rows: Tensor, slopes: Tensor, weights: Tensor, rate: float
    ) -> None:
        """Move output rows of shape (n_groups, n_rows) down the slopes of their scores."""
        shares = row_shares(self._totals, rows, weights.sum(-2), self._most)
        add_rows(self.outputs, rows, (slopes * shares.unsqueeze(-2)).mT @ hidden, -rate)


class _Noisy(Objective):
    """An objective with drawn words.

    Parameters
    ----------
    outputs, most :
        As for :class:`Objective`; a row a word.
    noise : NoiseTable
        What negatives are drawn from.
    n_drawn : int
        Words drawn for a group.
    negative : int
        Negatives that a pair counts.
    """

    def __init__(
        self, outputs: Tensor, most: float, noise: NoiseTable, n_drawn: int, negative: int
    ) -> None:
        super().__init__(outputs, most)
        self._keep = torch.from_numpy(noise.keep.astype(np.int64)).to(outputs.device)
        self._other = torch.from_numpy(noise.other.astype(np.int64)).to(outputs.device)
        self._n_drawn, self._negative = n_drawn, negative
        self._share = negative / n_drawn

    def draw(self, numbers: Tensor, key: int) -> Tensor:
        """Return the words drawn for each group."""
        each = torch.arange(self._n_drawn, device=numbers.device)
        bits = key_of(key, numbers.unsqueeze(-1) * self._n_drawn + each)
        return draw_alias(bits, self._keep, self._other)


class NegativeSampling(_Noisy):
    """Each pair is told apart from drawn words; for the parameters see :class:`_Noisy`."""

    def learn(self, hidden: Tensor, step: Predictions, rate: float) -> Learnt:
        """Take one step down the negative log-likelihood."""
        rows = torch.cat([step.words, step.drawn], -1)
        negatives = negative_weights(step.words, step.pairs, step.drawn, self._share)
        weights = torch.cat([step.pairs, negatives], -1)
        truths = torch.zeros_like(weights[0, 0])
        truths[: step.words.shape[-1]] = 1.0
        targets = gather_rows(self.outputs, rows)
        loss, slopes = logistic_slopes(hidden @ targets.mT, truths, weights)
        if rate > 0:
            self._change(hidden, rows, slopes, weights, rate)
        return Learnt(loss, slopes @ targets, weights.sum(-1))


class Margin(_Noisy):
    """The score of each pair shall be a margin above those of drawn words.

    Parameters
    ----------
    outputs, most, noise, n_drawn, negative :
        As for :class:`_Noisy`.
    margin : float
        m.
    """

    def __init__(
        self,
        outputs: Tensor,
        most: float,
        noise: NoiseTable,
        n_drawn: int,
        negative: int,
        margin: float,
    ) -> None:
        super().__init__(outputs, most, noise, n_drawn, negative)
        self._margin = margin

    def learn(self, hidden: Tensor, step: Predictions, rate: float) -> Learnt:
        """Take one step towards scores that keep the margin."""
        rows = torch.cat([step.words, step.drawn], -1)
        targets = gather_rows(self.outputs, rows)
        loss, slopes = margin_slopes(
            hidden @ targets.mT, step.pairs, step.words, step.drawn, self._share, self._margin
        )
        negatives = negative_weights(step.words, step.pairs, step.drawn, self._share)
        weights = torch.cat([step.pairs * self._negative, negatives], -1)
        if rate > 0:
            self._change(hidden, rows, slopes, weights, rate)
        return Learnt(loss, slopes @ targets, weights.sum(-1))


class HierarchicalSoftmax(Objective):
    """Each predicted word is a way down a binary tree, a decision a node.

    Parameters
    ----------
    outputs, most :
        As for :class:`Objective`; a row an inner node.
    paths : Paths
        The way from the root of the tree to each word.
    """

    def __init__(self, outputs: Tensor, most: float, paths: Paths) -> None:
        super().__init__(outputs, most)
        lengths = np.diff(paths.offsets)
        inside = np.arange(lengths.max()) < lengths[:, None]  # (n_words, longest way)
        padded = np.zeros((2, *inside.shape), np.int64)
        padded[0][inside], padded[1][inside] = paths.nodes, 1 - paths.codes
        self._nodes = torch.from_numpy(padded[0]).to(outputs.device)
        self._truths = torch.from_numpy(padded[1]).to(outputs)
        self._inside = torch.from_numpy(inside).to(outputs)

    def learn(self, hidden: Tensor, step: Predictions, rate: float) -> Learnt:
        """Take one step down the negative log-likelihood of all decisions."""
        rows = self._nodes[step.words].flatten(-2)
        truths = self._truths[step.words].flatten(-2).unsqueeze(-2)
        inside = self._inside[step.words].unsqueeze(-3)
        weights = (step.pairs.unsqueeze(-1) * inside).flatten(-2)
        targets = gather_rows(self.outputs, rows)
        loss, slopes = logistic_slopes(hidden @ targets.mT, truths, weights)
        if rate > 0:
            self._change(hidden, rows, slopes, weights, rate)
        return Learnt(loss, slopes @ targets, weights.sum(-1))


class Softmax(Objective):
    """Each pair is told apart from all words: the model that the others approximate."""

    def learn(self, hidden: Tensor, step: Predictions, rate: float) -> Learnt:
        """Take one step down the negative log-likelihood, some hidden rows at a time."""
        targets = gather_rows(self.outputs, step.words)
        uses = step.pairs.sum(-1)
        flat, flat_uses = hidden.flatten(0, 1), uses.flatten()
        gradient, changes = torch.empty_like(flat), torch.zeros_like(self.outputs)
        totals = self._totals.zero_()
        totals.index_add_(0, step.words.flatten(), step.pairs.sum(-2).flatten())
        loss = -(step.pairs * (hidden @ targets.mT)).sum(dtype=torch.float64)
        n_rows = max(1, _LOGITS // len(self.outputs))
        for first in range(0, len(flat), n_rows):
            rows = slice(first, first + n_rows)
            part, slopes = softmax_slopes(flat[rows], flat_uses[rows], self.outputs)
            loss += part
            torch.mm(slopes, self.outputs, out=gradient[rows])
            changes.addmm_(slopes.T, flat[rows])
            totals += slopes.sum(0)
        gradient = gradient.view_as(hidden) - step.pairs @ targets
        if rate > 0:
            add_rows(changes, step.words, step.pairs.mT @ hidden, -1.0)
            changes *= (self._most / totals).clamp(max=1.0).unsqueeze(1)
            self.outputs.sub_(changes, alpha=rate)
        return Learnt(loss, gradient, uses)
