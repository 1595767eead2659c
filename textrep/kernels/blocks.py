"""Passes over blocks of word numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel

__all__ = ["document_frequency", "remap_block"]


@kernel
def remap_block(
    ids: NDArray[np.int32],
    ends: NDArray[np.int32],
    documents: NDArray[np.int32],
    numbers: NDArray[np.int32],
) -> int:
    """Renumber the words of a block in place and leave out those whose new number is negative.

    Parameters
    ----------
    ids : ndarray of shape (n_tokens,), int32
        Word numbers. Its first entries become the kept words' new numbers. Changed.
    ends, documents : ndarrays of shapes (n_sentences,) and (n_documents,), int32
        Where sentences and documents end; become positions among the kept words. Changed.
    numbers : ndarray of shape (n_words,), int32
        The new number of each word; negative to leave it out.

    Returns
    -------
    int
        How many words were kept.
    """
    kept = 0
    sentence = 0
    document = 0
    for i in range(len(ids)):
        while sentence < len(ends) and ends[sentence] == i:
            ends[sentence] = kept
            sentence += 1
        while document < len(documents) and documents[document] == i:
            documents[document] = kept
            document += 1
        number = numbers[ids[i]]
        if number >= 0:
            ids[kept] = number
            kept += 1
    ends[sentence:] = kept
    documents[document:] = kept
    return kept


@kernel
def document_frequency(
    ids: NDArray[np.int32],
    documents: NDArray[np.int32],
    numbers: NDArray[np.int32],
    last: NDArray[np.int64],
    frequency: NDArray[np.int64],
    document: int,
    begun: bool,
) -> tuple[int, bool]:
    """Count in how many documents each word is, block after block.

    Parameters
    ----------
    ids : ndarray of shape (n_tokens,), int32
        Word numbers of the block.
    documents : ndarray of shape (n_documents,), int32
        Where documents end in it.
    numbers : ndarray of shape (n_table,), int32
        The row of ``last`` and ``frequency`` for each word number.
    last : ndarray of shape (n_words,), int64
        Number of the last document in which each word was seen; -1 at first. Changed.
    frequency : ndarray of shape (n_words,), int64
        Documents in which each word is. Changed.
    document : int
        Number of the document in which the block begins.
    begun : bool
        Whether that document has words already.

    Returns
    -------
    document, begun
        The same for the next block. Documents without a word have no number.
    """
    ended = 0
    for i in range(len(ids) + 1):
        while ended < len(documents) and documents[ended] <= i:
            ended += 1
            if begun:
                document += 1
                begun = False
        if i == len(ids):
            break
        begun = True
        word = numbers[ids[i]]
        if last[word] != document:
            last[word] = document
            frequency[word] += 1
    return document, begun
