"""How a benchmark's words are found in a model.

A word is taken as it is written. If the model lacks that form and the recipe allows lower-casing,
its lower-cased form is taken. Nothing else is tried: no stemming, no joining of several words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from textrep.evaluation.protocols import Composing, Oov, Vectors

__all__ = ["asked_policy", "has_both", "match", "with_composed"]


def match(words: Iterable[str], vectors: Vectors, lowercase: bool) -> dict[str, str | None]:
    """Return the form under which the model has each word, or None.

    Parameters
    ----------
    words : iterable of str
        The benchmark's words; repeated ones are looked up once.
    vectors : Vectors
        The model.
    lowercase : bool
        Whether a word that the model lacks may be looked up in lower case.

    Returns
    -------
    dict of str to str or None
    """
    forms: dict[str, str | None] = {}
    for word in words:
        if word in forms:
            continue
        if word in vectors:
            forms[word] = word
        elif lowercase and word.lower() in vectors:
            forms[word] = word.lower()
        else:
            forms[word] = None
    return forms


def with_composed(
    forms: Mapping[str, str | None], vectors: Vectors, lowercase: bool, oov: Oov
) -> dict[str, str | None]:
    """Return ``forms`` and, under "subwords", those of words whose vectors can be composed.

    Parameters
    ----------
    forms : mapping of str to str or None
        What ``match`` returned.
    vectors, lowercase
        As for ``match``. Where a word may be looked up in lower case, it is composed in lower case:
        n-grams with capitals are unknown to a model of lower-cased text.
    oov : str
        The policy.

    Returns
    -------
    dict of str to str or None
    """
    unknown = [word for word, form in forms.items() if form is None]
    if oov != "subwords" or not unknown or not isinstance(vectors, Composing):
        return dict(forms)
    written = [word.lower() if lowercase else word for word in unknown]
    possible = vectors.composable(written)
    new = zip(unknown, written, possible, strict=True)
    return {**forms, **{word: form for word, form, can in new if can}}


def has_both(
    forms: Mapping[str, str | None], words1: Sequence[str], words2: Sequence[str]
) -> NDArray[np.bool_]:
    """Return for each pair of words whether both have a form, shape ``(n_pairs,)``."""
    pairs = zip(words1, words2, strict=True)
    return np.array([forms[one] is not None and forms[two] is not None for one, two in pairs], bool)


def asked_policy(oov: Oov) -> Literal["error", "mean", "subwords"]:
    """Return what to ask of vectors: only "mean" and "subwords" give unknown words a vector."""
    return oov if oov == "mean" or oov == "subwords" else "error"
