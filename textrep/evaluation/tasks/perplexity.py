"""Language modelling: how well a model predicts the words of a text that it has not seen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from textrep.errors import InputError, UsageError
from textrep.evaluation.outcome import Items, Outcome
from textrep.evaluation.protocols import LanguageModel, Oov, TokenLosses

__all__ = ["outcome_of", "perplexity"]


def perplexity(
    model: LanguageModel | None,
    columns: Mapping[str, Sequence[str]],
    *,
    oov: Oov = "zero",
) -> Outcome:
    """Predict each word of sentences that follow one another, and the end of each.

    The perplexity is e to the mean of −log p.

    Parameters
    ----------
    model : LanguageModel or None
        One that predicts nothing has no score, and the outcome says why.
    columns : mapping of str to sequence of str
        ``sentence``, and ``document`` if the table has it.
    oov : {"skip", "zero"}, default="zero"
        A word that the model does not know is predicted as the word for unknown ones, if it has
        such; otherwise it is left out and the sentence is not covered. Sentences that are not
        covered count with the rest of their words, or not at all ("skip").

    Returns
    -------
    Outcome
        As :func:`outcome_of` makes it.
    """
    sentences = list(columns["sentence"])
    if model is None:
        return _nothing(len(sentences), oov, "it is no language model")
    try:
        found = model.token_losses(sentences)
    except (UsageError, InputError) as error:
        return _nothing(len(sentences), oov, str(error).rstrip("."))
    return outcome_of(found, sentences, columns.get("document"), oov=oov)


def outcome_of(
    found: TokenLosses,
    sentences: Sequence[str],
    documents: Sequence[str] | None = None,
    *,
    oov: Oov = "zero",
) -> Outcome:
    """Return the outcome of a model whose losses are known.

    Parameters
    ----------
    found : TokenLosses
        Of the sentences.
    sentences : sequence of str
    documents : sequence of str, optional
        The document of each: those of one are one group in intervals and tests. Default: sentences
        are taken as independent.
    oov : {"skip", "zero"}, default="zero"
        As for :func:`perplexity`.

    Returns
    -------
    Outcome
        An item is a sentence: its summed loss, and the number of predictions. ``secondary`` has the
        mean "loss" in nats, the number of "predictions", of "unknown" words, the share of the words
        that are "known", and "bits_per_character" of the text with one blank between words and an
        end of each line; None where a word is unknown, because the predictions do not spell the
        text then.
    """
    n_predicted = np.diff(found.offsets)
    sums = np.diff(np.concatenate([[0.0], np.cumsum(found.losses)])[found.offsets])
    n_unknown, total = int(found.unknown.sum()), float(found.losses.sum())
    n_words = int((n_predicted - (n_predicted > 0)).sum())
    n_words += n_unknown if found.left_out else 0
    n_characters = sum(len(" ".join(sentence.split())) + 1 for sentence in sentences)
    bits = None if n_unknown else total / math.log(2) / n_characters
    return Outcome(
        metric="perplexity",
        items=Items(
            covered=np.asarray(found.unknown == 0) | (not found.left_out),
            values=sums,
            weights=n_predicted.astype(np.float64),
            groups=None if documents is None else _numbers(documents),
        ),
        oov=oov,
        secondary={
            "loss": total / len(found.losses) if len(found.losses) else None,
            "bits_per_character": bits,
            "predictions": len(found.losses),
            "unknown": n_unknown,
            "known": 1.0 - n_unknown / max(1, n_words),
        },
        options={"unknown": "left out" if found.left_out else "predicted"},
        basis=found.basis,
    )


def _nothing(n_items: int, oov: Oov, reason: str) -> Outcome:
    items = Items(np.zeros(n_items, np.bool_), np.zeros(n_items), weights=np.zeros(n_items))
    return Outcome(metric="perplexity", items=items, oov=oov, reason=reason)


def _numbers(documents: Sequence[str]) -> NDArray[np.int64]:
    number: dict[str, int] = {}
    return np.array([number.setdefault(name, len(number)) for name in documents], np.int64)
