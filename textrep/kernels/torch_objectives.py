"""What word2vec lowers, and the slope of it, for groups of hidden rows and the rows they meet.

A hidden row h predicts words t. With u the output rows, drawn words i, inner nodes n on the way to
t in a binary tree of the words with the codes c of the turns taken there, and p(t | h) the softmax
of all h · u, stochastic gradient descent lowers for each pair (h, t)

    -log σ(h · u_t) - Σ_i log σ(-h · u_i)           negative sampling
    -Σ_n log σ((1 - 2 c_n) h · u_n)                 hierarchical softmax
    Σ_i max(0, m - h · u_t + h · u_i)               margin
    -log p(t | h)                                   softmax

(Mikolov, Sutskever, Chen, Corrado and Dean 2013, Distributed Representations of Words and Phrases
and their Compositionality, NIPS, equations 2 to 4; Collobert and Weston 2008, A Unified
Architecture for Natural Language Processing, ICML, the ranking loss).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import softplus

__all__ = ["logistic_slopes", "margin_slopes", "negative_weights", "softmax_slopes"]


def negative_weights(words: Tensor, pairs: Tensor, drawn: Tensor, share: float) -> Tensor:
    """Return what each drawn word counts for each hidden row.

    Parameters
    ----------
    words : Tensor of shape (..., n_words), int64
        Predicted words.
    pairs : Tensor of shape (..., n_hidden, n_words), float32
        1 where the hidden row predicts the word, else 0.
    drawn : Tensor of shape (..., n_drawn), int64
        Drawn words.
    share : float
        What a drawn word counts for a pair.

    Returns
    -------
    Tensor of shape (..., n_hidden, n_drawn), float32
        ``share`` for each pair; a drawn word is no negative of a pair that predicts it.
    """
    others = (words.unsqueeze(-1) != drawn.unsqueeze(-2)).to(pairs.dtype)
    return share * (pairs @ others)


def logistic_slopes(scores: Tensor, truths: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """Return the loss of binary logistic regressions, and its slope.

    Parameters
    ----------
    scores : Tensor of shape (..., n_hidden, n_rows), float32
        Products of hidden and output rows.
    truths : Tensor that broadcasts to the same shape, float32
        1 for true pairs, 0 for false ones.
    weights : Tensor of the same shape, float32
        What each counts.

    Returns
    -------
    loss : Tensor of shape (), float64
        The sum.
    slopes : Tensor of the same shape as ``scores``, float32
        Its derivative by each score.
    """
    losses = weights * (softplus(scores) - truths * scores)
    return losses.sum(dtype=torch.float64), weights * (scores.sigmoid() - truths)


def margin_slopes(
    scores: Tensor,
    pairs: Tensor,
    words: Tensor,
    drawn: Tensor,
    share: float,
    margin: float,
) -> tuple[Tensor, Tensor]:
    """Return by how much true pairs miss the margin to drawn ones, and its slope.

    Parameters
    ----------
    scores : Tensor of shape (n_groups, n_hidden, n_words + n_drawn), float32
        Products of hidden rows with those of the predicted and of the drawn words.
    pairs, words, drawn, share :
        As for :func:`negative_weights`.
    margin : float
        m.

    Returns
    -------
    loss : Tensor of shape (), float64
        The sum.
    slopes : Tensor of the same shape as ``scores``, float32
        Its derivative by each score.
    """
    true, false = scores.split([words.shape[-1], drawn.shape[-1]], -1)
    misses = margin - true.unsqueeze(-1) + false.unsqueeze(-2)
    others = (words.unsqueeze(-1) != drawn.unsqueeze(-2)).unsqueeze(-3)
    weights = share * pairs.unsqueeze(-1) * others
    slopes = weights * (misses > 0)
    loss = (weights * misses.clamp(min=0)).sum(dtype=torch.float64)
    return loss, torch.cat([-slopes.sum(-1), slopes.sum(-2)], -1)


def softmax_slopes(hidden: Tensor, uses: Tensor, outputs: Tensor) -> tuple[Tensor, Tensor]:
    """Return the logarithms of the softmax's denominators, and their slopes.

    Parameters
    ----------
    hidden : Tensor of shape (n_hidden, dim), float32
        Hidden rows.
    uses : Tensor of shape (n_hidden,), float32
        Words that each predicts.
    outputs : Tensor of shape (n_words, dim), float32
        Output rows.

    Returns
    -------
    loss : Tensor of shape (), float64
        The sum of ``uses`` times the logarithms. Less the scores of the true pairs it is the loss.
    slopes : Tensor of shape (n_hidden, n_words), float32
        Its derivative by each product of a hidden and an output row.
    """
    scores = hidden @ outputs.T
    logarithms = scores.logsumexp(1)
    loss = (uses * logarithms).sum(dtype=torch.float64)
    slopes = scores.sub_(logarithms.unsqueeze(1)).exp_().mul_(uses.unsqueeze(1))
    return loss, slopes
