"""What a transformer is given, as a list of strings, or one clear line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

import numpy as np

from textrep.errors import InvalidParameterError

__all__ = ["BLOCK_CHARACTERS", "as_sentences", "as_texts", "as_words", "blocks_of", "is_split"]

BLOCK_CHARACTERS = 1 << 22
"""About how many characters of text are cut into words at a time."""

_RULE = "texts: a list, an array or a column of strings"


def as_texts(X: Any, caller: str) -> list[str]:
    """Return ``X`` as a list of texts.

    Parameters
    ----------
    X : iterable of str
        A list, an array of shape ``(n_texts,)`` or ``(n_texts, 1)``, a column of a data frame, or a
        data frame of one column.
    caller : str
        Named in the errors.

    Raises
    ------
    InvalidParameterError
        It is one string, not iterable, of several columns, or holds something that is no string.
    """
    if isinstance(X, str | bytes):
        rule = f"{_RULE}; put a single text into a list"
        raise InvalidParameterError("X", caller, rule, _shortened(X))
    if isinstance(X, Mapping | Set) or not isinstance(X, Iterable):
        raise InvalidParameterError("X", caller, _RULE, type(X).__name__)
    texts: list[Any] = list(_one_column(X, caller))
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            got = f"{type(text).__name__} at position {place}"
            hint = "; decode bytes first" if isinstance(text, bytes) else ""
            raise InvalidParameterError("X", caller, _RULE + hint, got)
    return texts


def _one_column(X: Any, caller: str) -> Iterable[Any]:
    """Return the texts of something that may have columns."""
    shape = getattr(X, "shape", None)
    if shape is None or len(shape) == 1:
        column: Iterable[Any] = X
        return column
    if len(shape) != 2 or shape[1] != 1:
        rule = f"{_RULE}; name one column, without brackets around it"
        raise InvalidParameterError("X", caller, rule, f"shape {tuple(shape)}")
    # Iterating over a data frame gives the names of its columns.
    array = X.to_numpy() if hasattr(X, "to_numpy") else X
    return array[:, 0]  # type: ignore[no-any-return]


def _shortened(text: str | bytes) -> str:
    start = str(text[:40])
    return start if len(text) <= 40 else f"{start}…"


def blocks_of(texts: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield stretches of texts of about ``BLOCK_CHARACTERS``, each with the place of its first."""
    first, size = 0, 0
    for place, text in enumerate(texts):
        size += len(text)
        if size >= BLOCK_CHARACTERS:
            yield first, texts[first : place + 1]
            first, size = place + 1, 0
    if first < len(texts):
        yield first, texts[first:]


def is_split(X: Any) -> bool:
    """Say whether texts are given as lists of their words."""
    return isinstance(X, list | tuple) and bool(X) and isinstance(X[0], list | tuple)


def as_sentences(values: Any, parameter: str, caller: str) -> list[list[Any]]:
    """Return sentences as lists: of words, or of tags.

    Parameters
    ----------
    values : iterable of sequences
    parameter, caller : str
        Named in the errors.

    Raises
    ------
    InvalidParameterError
        It is no list of lists; a single sentence must be in a list too.
    """
    what = "words" if parameter == "X" else "tags"
    rule = f"a list of sentences, each a list of {what}"
    if values is None or isinstance(values, str | bytes | Mapping | Set):
        got = None if values is None else type(values).__name__
        raise InvalidParameterError(parameter, caller, rule, got)
    if not isinstance(values, Iterable):
        raise InvalidParameterError(parameter, caller, rule, type(values).__name__)
    sentences = list(values)
    for place, sentence in enumerate(sentences):
        if not isinstance(sentence, list | tuple | np.ndarray):
            got = f"{type(sentence).__name__} at position {place}"
            hint = "; split it into words" if isinstance(sentence, str) and what == "words" else ""
            raise InvalidParameterError(parameter, caller, rule + hint, got)
    return [list(sentence) for sentence in sentences]


def as_words(X: Any, caller: str) -> list[list[str]]:
    """Return sentences as lists of words, all of them strings.

    Parameters
    ----------
    X : iterable of sequences of str
    caller : str
        Named in the errors.

    Raises
    ------
    InvalidParameterError
        It is no list of lists, or a word is no string.
    """
    sentences = as_sentences(X, "X", caller)
    for place, words in enumerate(sentences):
        for word in words:
            if not isinstance(word, str):
                rule = "a list of sentences, each a list of words, which are strings"
                got = f"{type(word).__name__} in sentence {place}"
                raise InvalidParameterError("X", caller, rule, got)
    return sentences
