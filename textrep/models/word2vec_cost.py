"""What word2vec will cost: two vectors a word, and passes over the text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from textrep.counting.outlook import Outlook
from textrep.models.cooccurrence import Cooccurrence
from textrep.models.cost import PROGRAM_BYTES, Cost, Trial, buckets_in_use, folder_bytes
from textrep.models.counting_cost import counting_ahead

if TYPE_CHECKING:
    from textrep.models.word2vec import Word2Vec

__all__ = ["word2vec_cost"]

_FLOAT_BYTES = 4
_PADDED = 16  # rows are padded to multiples of it while they are trained
_TOKEN_BYTES = 4
_PATIENCE = 1.0  # seconds: a softmax over all words takes long on any text
_ID_BYTES = 4


def word2vec_cost(model: Word2Vec, outlook: Outlook) -> Cost:
    """Return what training ``model`` on the text of ``outlook`` will cost.

    Parameters
    ----------
    model : Word2Vec
        Checked: its parameters are in their ranges.
    outlook : Outlook
        The text.
    """
    outputs = outlook.n_words * (2 * model.window if model.concatenates else 1)
    inputs = outlook.n_words
    if model.n_grams is not None:
        inputs += buckets_in_use(model.n_grams, outlook)
    kept = _FLOAT_BYTES * model.dim * (inputs + outputs)
    trained = _FLOAT_BYTES * -(-model.dim // _PADDED) * _PADDED * (inputs + outputs)
    memory = _TOKEN_BYTES * outlook.n_tokens + trained
    memory += 0 if trained == kept else kept  # the padding is cut off at the end
    if model.subwords:  # the inputs are kept beside the vectors that are made of them
        kept += _FLOAT_BYTES * model.dim * outlook.n_words + _ID_BYTES * (inputs - outlook.n_words)
    if model.unseen_negatives:
        pairs = Cooccurrence(window=model.window, weights="flat", n_jobs=model.n_jobs)
        memory += math.ceil(counting_ahead(pairs, outlook).memory)
    trial = Trial(model, outlook, patience=_PATIENCE, epochs=1)
    work: list[float] = [
        tokens * (len(fitted.vocabulary_) if model.objective == "softmax" else 1)
        for fitted, tokens in zip(trial.models, trial.n_tokens, strict=True)
    ]
    whole = model.epochs * outlook.n_tokens
    return Cost(
        memory=PROGRAM_BYTES + memory,
        disk=folder_bytes(outlook, kept),
        seconds=trial.seconds(
            whole * (outlook.n_words if model.objective == "softmax" else 1), work
        ),
    )
