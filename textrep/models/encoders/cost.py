"""What training an encoder will cost: its weights several times over, and the states of a batch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textrep.counting.outlook import Outlook
from textrep.models.cost import PROGRAM_BYTES, Cost, Trial, buckets_in_use, folder_bytes
from textrep.vectors import Subwords

if TYPE_CHECKING:
    from textrep.models.encoders.base import EncoderModel

__all__ = ["encoding_cost"]

_FLOAT_BYTES = 4
_TOKEN_BYTES = 8  # in the corpus, and numbered anew
_TORCH_BYTES = 200 << 20  # the library
_KEPT = 2  # times that a state is there for its gradient
_HEADER_BYTES = 110  # of an array of a model folder
_ROW_BYTES = 340  # of an epoch in the history
_MORE_CONFIG_BYTES = 700  # there are more parameters than most models have
_PATIENCE = 1.0  # seconds

# Arrays as large as the weights: these, their gradients and the optimizer's state.
_COPIES = {"sgd": 2, "adam": 4, "adamw": 4, "adamax": 4, "nadam": 4, "adadelta": 4}


def encoding_cost(
    model: EncoderModel, sizes: Mapping[str, tuple[int, ...]], outlook: Outlook
) -> Cost:
    """Return what training a model on the text of ``outlook`` will cost.

    Parameters
    ----------
    model : EncoderModel
        Checked: its parameters are in their ranges.
    sizes : mapping of str to tuple of int
        The shape of everything that its network keeps, by name; without rows of n-grams.
    outlook : Outlook
        The text.
    """
    weights = sum(math.prod(shape) for shape in sizes.values())
    if model.subwords:
        subwords = Subwords(model.min_n, model.max_n, model.buckets)
        weights += model.dim * buckets_in_use(subwords, outlook)
    copies = _COPIES.get(model.optimizer, 3) + (model.average != "none")
    copies += 2 * model.halve_on_plateau
    trial = Trial(model, outlook, patience=_PATIENCE, epochs=1)
    vectors = outlook.n_words * int(trial.models[-1].word_vectors_.shape[1])
    states = model.most_tokens * _KEPT * _numbers_of_token(model, weights, outlook.n_words)
    kept = _FLOAT_BYTES * weights + _HEADER_BYTES * len(sizes)
    kept += _FLOAT_BYTES * vectors if model.vectors == "contexts" or model.subwords else 0
    kept += _ROW_BYTES * model.epochs + _MORE_CONFIG_BYTES
    work = [
        tokens * _work_of_token(model, weights, outlook.n_words, len(fitted.vocabulary_))
        for fitted, tokens in zip(trial.models, trial.n_tokens, strict=True)
    ]
    whole = _work_of_token(model, weights, outlook.n_words, outlook.n_words)
    return Cost(
        memory=PROGRAM_BYTES
        + _TORCH_BYTES
        + _TOKEN_BYTES * outlook.n_tokens
        + _FLOAT_BYTES * (copies * weights + 2 * vectors + states),
        disk=folder_bytes(outlook, kept),
        seconds=trial.seconds(model.epochs * outlook.n_tokens * whole, work),
    )


def _numbers_of_token(model: EncoderModel, weights: int, n_words: int) -> int:
    """Return about how many numbers a token has in memory: its states, and a score a word."""
    scored = n_words if model.predicts_words and model.softmax != "adaptive" else 0
    if model.objective == "masked":
        scored = round(model.mask_share * scored)
    inner = weights - model.dim * n_words
    return scored + 8 * model.dim + round(math.sqrt(max(0, inner)))


def _work_of_token(model: EncoderModel, weights: int, n_words: int, words_there: int) -> float:
    """Return about how many products a token takes where there are ``words_there`` words."""
    embedded = model.dim * n_words * (2 if model.softmax == "full" else 1)
    inner = max(0, weights - embedded) + model.dim
    if not model.predicts_words or model.softmax == "adaptive":
        return inner
    share = model.mask_share if model.objective == "masked" else 1.0
    return inner + share * model.dim * words_there
