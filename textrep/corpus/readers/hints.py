"""The nearest known name, as a sentence for an error."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["did_you_mean"]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'xyz'?`` for the known name nearest to ``name``, or nothing.

    Examples
    --------
    >>> did_you_mean("txet", ["text", "label"])
    " Did you mean 'text'?"
    >>> did_you_mean("body", ["text", "label"])
    ''
    """
    near = difflib.get_close_matches(name, list(known)[:10_000], n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""
