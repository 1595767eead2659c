"""Sampled text: which words of a stretch of text are kept, and how far their windows reach."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel
from textrep.kernels.random import key_of

__all__ = ["Text", "sample_text"]

Integers = NDArray[np.int32]


class Text(NamedTuple):
    """Kept words in the order of the text, and the window of each.

    Attributes
    ----------
    words : ndarray, int32
        The kept words.
    begins, ends : ndarrays, int32
        For each kept word, the kept words from ``begins`` up to, not including, ``ends`` are in its
        window (it is among them).
    places : ndarray, int32
        What distances are counted in: the number of the kept word, or its place in the text.
    """

    words: Integers
    begins: Integers
    ends: Integers
    places: Integers


@kernel
def sample_text(
    tokens: Integers,
    offsets: NDArray[np.int64],
    first: int,
    last: int,
    keep: NDArray[np.uint32],
    window: int,
    dynamic: bool,
    in_text: bool,
    held_out: bool,
    holdout: int,
    key: np.uint64,
    sentence_key: np.uint64,
    text: Text,
) -> int:
    """Draw which words of a stretch of text are kept, and how far their windows reach.

    Parameters
    ----------
    tokens : ndarray of shape (n_tokens,), int32
        The text.
    offsets : ndarray of shape (n_sentences + 1,), int64
        Where its sentences begin and the last ends.
    first, last : int
        The sentences ``first`` up to, not including, ``last``.
    keep : ndarray of shape (n_words,), uint32
        Probability that an occurrence of the word is kept, times 2^32 - 1.
    window : int
        Largest distance of a context.
    dynamic : bool
        Whether the reach of each window is drawn from 1 to ``window``.
    in_text : bool
        Whether distances are counted in the text, or among the kept words alone.
    held_out : bool
        Whether to take the sentences that are held out, or the others.
    holdout : int
        Share of the sentences that are held out, times 2^32.
    key : uint64
        Names the random numbers; what is drawn for a token depends on it and the position alone.
    sentence_key : uint64
        Names those that tell which sentences are held out.
    text : Text
        The result. Changed.

    Returns
    -------
    int
        Words kept.
    """
    n = 0
    origin = offsets[first]
    for sentence in range(first, last):
        if holdout > 0 or held_out:
            drawn_share = key_of(sentence_key, sentence) >> np.uint64(32)
            if (drawn_share < np.uint64(holdout)) != held_out:
                continue
        start = n
        for position in range(offsets[sentence], offsets[sentence + 1]):
            bits = key_of(key, position)
            word = tokens[position]
            if (bits & np.uint64(0xFFFFFFFF)) <= np.uint64(keep[word]):
                reach = window
                if dynamic:
                    drawn = ((bits >> np.uint64(32)) * np.uint64(window)) >> np.uint64(32)
                    reach = 1 + int(drawn)
                text.words[n] = word
                text.places[n] = position - origin if in_text else n
                text.ends[n] = reach
                n += 1
        for i in range(start, n):
            reach = text.ends[i]
            begin, end = max(start, i - reach), min(n, i + reach + 1)
            if in_text:
                while text.places[i] - text.places[begin] > reach:
                    begin += 1
                while text.places[end - 1] - text.places[i] > reach:
                    end -= 1
            text.begins[i], text.ends[i] = begin, end
    return n
