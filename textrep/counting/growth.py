"""How many entries a co-occurrence matrix will have, from a sample of the text.

Different words and different pairs grow with the text by a power below 1 (Heaps' law). The number
of pairs bends a little below a straight line in logarithms, because pairs of frequent words run
out, so a parabola is laid through what was counted after 1/32, 1/16 … 1 of the sample.

References
----------
Heaps 1978, Information Retrieval: Computational and Theoretical Aspects, section 7.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.counting.window import SIDES, Window
from textrep.kernels.growth import distinct_pairs

__all__ = ["PairGrowth", "extrapolate", "marks_of", "pair_growth"]

_HALVINGS = 5  # of the sample; what is left of it then is too little to learn from


def marks_of(n: int) -> NDArray[np.int64]:
    """Return n/32, n/16 … n, without what falls below 1."""
    return np.unique([max(1, n >> halving) for halving in range(_HALVINGS + 1)])


@dataclass(frozen=True)
class PairGrowth:
    """Entries of the matrix after each part of a sample.

    Attributes
    ----------
    tokens : ndarray of shape (n_marks,), int64
        Tokens of each part.
    entries : ndarray of shape (n_marks,), int64
        Entries that they make.
    entries_a_token : float
        Entries that a token would make if no pair occurred twice.
    """

    tokens: NDArray[np.int64]
    entries: NDArray[np.int64]
    entries_a_token: float

    def at(self, n_tokens: float) -> float:
        """Return the entries that so many tokens make."""
        return extrapolate(self.tokens, self.entries, n_tokens, bend=True)


def pair_growth(
    tokens: NDArray[np.int32],
    offsets: NDArray[np.int64],
    n_words: int,
    window: Window,
    context_of: NDArray[np.int32] | None = None,
) -> PairGrowth:
    """Count the entries that parts of a sample make.

    Parameters
    ----------
    tokens : ndarray of shape (n_tokens,), int32
        A sample of sentences in random order, as word numbers.
    offsets : ndarray of shape (n_sentences + 1,), int64
        Where they begin, and where the last ends.
    n_words : int
        Above every word number.
    window : Window
        Its boundary is taken to be the sentence.
    context_of : ndarray of shape (n_words,), int32, optional
        Negative for words that are no contexts. Default: every word is one.

    Notes
    -----
    Takes up to 32 bytes for each pair of neighbours in the sample.
    """
    is_context = np.ones(n_words, np.uint8)
    if context_of is not None:
        is_context = (context_of >= 0).astype(np.uint8)
    left, right = SIDES[window.side]
    marks = marks_of(len(offsets) - 1)
    entries = np.zeros(len(marks), np.int64)
    most = max(1, len(tokens) * window.size)
    table = np.zeros(1 << (most * 5 // 4).bit_length(), np.uint64)
    all_new = distinct_pairs(
        tokens, offsets, window.size, not (left and right),
        is_context if left else np.zeros_like(is_context),
        is_context if right else np.zeros_like(is_context),
        marks, table, entries,
    )  # fmt: skip
    return PairGrowth(offsets[marks], entries, all_new / max(1, len(tokens)))


def extrapolate(
    sizes: NDArray[np.integer[Any]],
    values: NDArray[np.integer[Any]],
    size: float,
    *,
    bend: bool,
) -> float:
    """Return the value at ``size`` of a growing quantity, on a line or parabola in logarithms.

    Parameters
    ----------
    sizes, values : ndarrays of shape (n_marks,)
        What is known, the largest last; not negative.
    size : float
        Where the value is wanted. Up to the last of ``sizes`` it is interpolated.
    bend : bool
        Whether the power may fall as the quantity grows; otherwise it is the mean power.

    Returns
    -------
    float
        At least the last value, where ``size`` is beyond the last size; its power never exceeds 1.
    """
    known = (sizes > 0) & (values > 0)
    if not known.any():
        return 0.0
    x, y = np.log(sizes[known]), np.log(values[known])
    target = np.log(max(size, 1.0))
    if target <= x[-1]:
        return float(np.exp(np.interp(target, x, y)))
    further = target - x[-1]
    if len(x) < 3:
        return float(np.exp(y[-1] + further))  # too little is known to expect less than a line
    bent = np.polyfit(x, y, 2)
    if bend and bent[0] < 0:
        end = min(target, max(x[-1], -bent[1] / (2 * bent[0])))  # beyond, the parabola falls
        rise = np.polyval(bent, end) - np.polyval(bent, x[-1])
    else:
        rise = np.polyfit(x, y, 1)[0] * further
    return float(np.exp(y[-1] + min(max(rise, 0.0), further)))
