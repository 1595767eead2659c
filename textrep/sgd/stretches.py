"""A corpus in stretches that threads train on one at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Stretch", "Stretches"]

_TOKENS = 16384  # of a stretch: its sampled text takes at most 192 KiB a thread


class Stretch(NamedTuple):
    """Sentences that are trained together.

    Attributes
    ----------
    number : int
        Which stretch of the text it is.
    first, last : int
        The sentences ``first`` up to, not including, ``last``.
    begin : int
        Tokens before it.
    """

    number: int
    first: int
    last: int
    begin: int


class Stretches:
    """The stretches of a text; they depend on the text alone.

    Parameters
    ----------
    offsets : ndarray of shape (n_sentences + 1,), int64
        Where sentences begin, and where the last ends.

    Attributes
    ----------
    offsets : ndarray, int64
        The same with longer sentences cut into pieces of at most 16,384 tokens, which no window
        crosses. No token is left out.
    longest : int
        Tokens of the longest stretch.
    """

    def __init__(self, offsets: NDArray[np.int64]) -> None:
        lengths = np.diff(offsets)
        inside = [
            np.arange(offsets[i] + _TOKENS, offsets[i + 1], _TOKENS)
            for i in np.flatnonzero(lengths > _TOKENS)
        ]
        self.offsets = np.sort(np.concatenate([offsets, *inside])).astype(np.int64)
        self._firsts = [0]
        while self._firsts[-1] < len(self.offsets) - 1:
            first = self._firsts[-1]
            limit = self.offsets[first] + _TOKENS
            last = int(np.searchsorted(self.offsets, limit, side="right")) - 1
            self._firsts.append(max(first + 1, last))
        self.longest = int(np.diff(self.offsets[self._firsts]).max(initial=0))

    def __len__(self) -> int:
        return len(self._firsts) - 1

    def __getitem__(self, number: int) -> Stretch:
        first, last = self._firsts[number], self._firsts[number + 1]
        return Stretch(number, first, last, int(self.offsets[first]))
