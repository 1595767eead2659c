"""From the words of a window to what predicts: the hidden rows of skip-gram and CBOW, and back.

In skip-gram each word of a window is a hidden row of its own, and predicts the word in the middle,
as in word2vec.c; with the full softmax, where hidden rows are dear, it is the other way round. In
CBOW the words of a window together make one hidden row, which predicts the word in the middle:
their sum, their average, or one after the other (Mikolov, Chen, Corrado and Dean 2013, Efficient
Estimation of Word Representations in Vector Space, ICLR workshop; concatenated: Bengio, Ducharme,
Vincent and Jauvin 2003, A Neural Probabilistic Language Model, JMLR 3).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.gather import Inputs, add_inputs, copy_inputs, prefetch_row
from textrep.kernels.jit import step
from textrep.kernels.simd import add_scaled
from textrep.kernels.text import Text

__all__ = [
    "AVERAGE",
    "CONCATENATION",
    "SKIPGRAM",
    "SUM",
    "add_hidden",
    "fetch_hidden",
    "fill_slots",
    "list_near",
    "prefetch_next",
]

SKIPGRAM, SUM, AVERAGE, CONCATENATION = range(4)

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


@step
def fill_slots(text: Text, n: int, start: int, size: int, window: int, words: Integers) -> None:
    """Write the words from ``window`` before a block to ``window`` after it; -1 outside the text.

    Parameters
    ----------
    text : Text
        Of ``n`` words.
    start, size : int
        First word of the block, and how many it has.
    window : int
        Largest distance of a context.
    words : ndarray, int32
        What is beyond ``size + 2 * window`` becomes -1. Changed.
    """
    for i in range(len(words)):
        at = start - window + i
        inside = 0 <= at < n and i < size + 2 * window
        words[i] = text.words[at] if inside else -1


@step
def list_near(text: Text, start: int, i: int, window: int, skipgram: bool, near: Integers) -> int:
    """List the hidden rows near word ``i`` of a block: slots, or in CBOW what they make, row ``i``.

    ``near`` is filled. Returns how many there are: none where the word has no context.
    """
    at = start + i
    begin, end = text.begins[at], text.ends[at]
    if not skipgram:
        near[0] = i
        return 1 if end - begin > 1 else 0
    count = 0
    for context in range(begin, end):
        if context != at:
            near[count] = context - start + window
            count += 1
    return count


@step
def prefetch_next(
    text: Text, n: int, at: int, window: int, inputs: Inputs, outputs: Floats
) -> None:
    """Start loading the vectors that word ``at`` is the first to need.

    Asked for one by one, long before they are needed, they arrive while others are trained.
    """
    if at + window < n and len(inputs.offsets) == 0:
        word = text.words[at + window]
        prefetch_row(inputs.vectors.reshape(-1), word, inputs.vectors.shape[1])
    if at < n:
        prefetch_row(outputs.reshape(-1), text.words[at], outputs.shape[1])


@step
def fetch_hidden(
    text: Text,
    start: int,
    size: int,
    window: int,
    architecture: int,
    inputs: Inputs,
    words: Integers,
    slots: Floats,
    rows: Floats,
) -> None:
    """Make the hidden rows of a block.

    Parameters
    ----------
    text, start, size, window :
        As for :func:`fill_slots`.
    architecture : int
        ``SKIPGRAM``: a row a word; ``SUM``, ``AVERAGE`` or ``CONCATENATION``: a row a window.
    inputs : Inputs
        The vectors of words.
    words : ndarray, int32
        The words that the rows are made of; in CBOW, as :func:`fill_slots` lists them.
    slots : ndarray of shape (2 * n_slots, width of the inputs), float32
        For CBOW: its first half becomes the vectors of the words. Changed.
    rows : ndarray of shape (n_rows, width), float32
        Its first rows become the hidden rows. Changed.
    """
    if architecture == SKIPGRAM:
        copy_inputs(rows, 0, inputs, words, len(words))
    else:
        copy_inputs(slots, 0, inputs, words, len(words))
        _combine(slots, text, start, size, window, architecture, rows)


@step
def add_hidden(
    text: Text,
    start: int,
    size: int,
    window: int,
    architecture: int,
    exact: bool,
    rows: Floats,
    begin: int,
    words: Integers,
    slots: Floats,
    inputs: Inputs,
) -> None:
    """Add what hidden rows learnt to the vectors that they were made of.

    Parameters
    ----------
    text, start, size, window, architecture, words :
        As for :func:`fetch_hidden`.
    exact : bool
        Whether each word of an average gets its share, which is the gradient (İrsoy, Benton and
        Stratos 2021, Corrected CBOW Performs as well as Skip-gram), or the whole, as in word2vec;
        and likewise each part of a word.
    rows : ndarray of shape (n_rows, width), float32
        The rows from ``begin`` on are what the hidden rows shall change by.
    slots : ndarray of shape (2 * n_slots, width of the inputs), float32
        For CBOW: its second half becomes what the words shall change by. Changed.
    inputs : Inputs
        Changed, without a lock.
    """
    if architecture == SKIPGRAM:
        add_inputs(rows, begin, inputs, words, len(words), exact)
    else:
        slots[len(words) :] = 0.0
        _spread(rows, begin, text, start, size, window, architecture, exact, slots)
        add_inputs(slots, len(words), inputs, words, len(words), exact)


@step
def _combine(
    slots: Floats, text: Text, start: int, size: int, window: int, how: int, rows: Floats
) -> None:
    """Make the hidden rows of CBOW out of the vectors of the words around them.

    Parameters
    ----------
    slots : ndarray of shape (at least size + 2 * window, width), float32
        Vectors of the words from ``window`` before the block on.
    text : Text
        What the windows are read from.
    start, size, window : int
        As for :func:`fill_slots`.
    how : int
        ``SUM``, ``AVERAGE`` or ``CONCATENATION``.
    rows : ndarray of shape (n_rows, width or 2 * window * width), float32
        The first ``size`` rows become the hidden rows. Changed.
    """
    width, wide = slots.shape[1], rows.shape[1]
    flat_slots, flat_rows = slots.reshape(-1), rows.reshape(-1)
    rows[:size] = 0.0
    for i in range(size):
        at = start + i
        scale = np.float32(1)
        if how == AVERAGE:
            scale /= np.float32(max(1, text.ends[at] - text.begins[at] - 1))
        for context in range(text.begins[at], text.ends[at]):
            if context != at:
                column = width * _position(text, at, context, window) if how == CONCATENATION else 0
                slot = context - start + window
                add_scaled(flat_rows, i * wide + column, flat_slots, slot * width, scale, width)


@step
def _spread(
    rows: Floats,
    begin: int,
    text: Text,
    start: int,
    size: int,
    window: int,
    how: int,
    exact: bool,
    slots: Floats,
) -> None:
    """Add what hidden rows of CBOW learnt to the words that they were made of.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, width or 2 * window * width), float32
        The rows from ``begin`` on are what the hidden rows shall change by.
    begin, text, start, size, window, how :
        As for :func:`_combine`.
    exact : bool
        As for :func:`add_hidden`.
    slots : ndarray of shape (2 * n_slots, width), float32
        The second half of the rows is added to: row ``n_slots`` is that of the word ``window``
        before the block. Changed.
    """
    width, wide = slots.shape[1], rows.shape[1]
    flat_slots, flat_rows = slots.reshape(-1), rows.reshape(-1)
    for i in range(size):
        at = start + i
        scale = np.float32(1)
        if how == AVERAGE and exact:
            scale /= np.float32(max(1, text.ends[at] - text.begins[at] - 1))
        for context in range(text.begins[at], text.ends[at]):
            if context != at:
                column = width * _position(text, at, context, window) if how == CONCATENATION else 0
                slot = len(slots) // 2 + context - start + window
                add_scaled(
                    flat_slots, slot * width, flat_rows, (begin + i) * wide + column, scale, width
                )


@step
def _position(text: Text, at: int, context: int, window: int) -> int:
    """Return which of the ``2 * window`` places around a word a context has."""
    distance = int(text.places[context]) - int(text.places[at])
    return window + distance - (1 if distance > 0 else 0)
