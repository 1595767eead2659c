"""What a transformer is given, as a list of strings, or one clear line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from textrep.errors import InvalidParameterError

__all__ = ["BLOCK_CHARACTERS", "as_texts", "blocks_of"]

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
