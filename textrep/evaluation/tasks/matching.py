"""How a benchmark's words are found in a model.

A word is taken as it is written. If the model lacks that form and the recipe allows lower-casing,
its lower-cased form is taken. Nothing else is tried: no stemming, no joining of several words.
"""

from __future__ import annotations

from collections.abc import Iterable

from textrep.evaluation.protocols import Vectors

__all__ = ["match"]


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
