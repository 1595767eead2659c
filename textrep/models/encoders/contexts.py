"""Word vectors from contexts: the mean of a word's states where it occurs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from textrep.corpus import Corpus
from textrep.models.encoders.text import FIRST_WORD, cut
from textrep.progress import track

if TYPE_CHECKING:
    from textrep.nn import Encoder

__all__ = ["context_vectors"]

_BLOCK = 1 << 20  # tokens that are looked at together


def context_vectors(
    encoder: Encoder, corpus: Corpus, occurrences: int, longest: int, random_state: int
) -> NDArray[np.float32]:
    """Return the mean state of each word over some of its occurrences.

    An occurrence of a word that the corpus has n times is drawn with probability
    ``occurrences`` / n. A word of which none is drawn has the state that it has alone.

    Parameters
    ----------
    encoder : Encoder
        It numbers words as `textrep.models.encoders.text` says.
    corpus : Corpus
    occurrences : int
        How many of each word are expected to be drawn; of a rarer one all are.
    longest : int
        Sentences are cut into pieces of at most so many words.
    random_state : int
        Seed.

    Returns
    -------
    ndarray of shape (n_words, width), float32
    """
    from textrep.nn.contexts import add_states

    counts = corpus.vocabulary.counts
    chances = occurrences / np.maximum(1, counts)
    random = np.random.default_rng(random_state)
    n_rows = FIRST_WORD + len(counts)
    sums, n_added = np.zeros((n_rows, encoder.width), np.float32), np.zeros(n_rows, np.int64)
    with track("words in context", corpus.n_tokens, "tokens") as task:
        for first, last in _blocks(corpus.sentence_offsets):
            offsets = corpus.sentence_offsets[first : last + 1]
            words = corpus.tokens[offsets[0] : offsets[-1]]
            chosen = random.random(len(words)) < chances[words]
            kept, pieces = _holding(chosen, cut(offsets - offsets[0], longest)[0])
            add_states(encoder, words[kept] + FIRST_WORD, pieces, chosen[kept], sums, n_added)
            task.advance(len(words))
    alone = FIRST_WORD + np.flatnonzero(n_added[FIRST_WORD:] == 0)
    each = np.ones(len(alone), np.bool_)
    add_states(encoder, alone, np.arange(len(alone) + 1), each, sums, n_added)
    sums /= np.maximum(1, n_added)[:, None].astype(np.float32)
    return sums[FIRST_WORD:]


def _blocks(offsets: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return stretches of sentences of about ``_BLOCK`` tokens: the first, and that after the last.

    Examples
    --------
    >>> _blocks(np.array([0, 700_000, 800_000, 2_000_000]))
    [(0, 2), (2, 3)]
    """
    blocks, first, n = [], 0, len(offsets) - 1
    while first < n:
        fitting = int(np.searchsorted(offsets, offsets[first] + _BLOCK, "right")) - 1
        last = max(first + 1, fitting)
        blocks.append((first, last))
        first = last
    return blocks


def _holding(
    chosen: NDArray[np.bool_], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return which tokens are in pieces that hold a chosen one, and the offsets of these pieces."""
    lengths = np.diff(offsets)
    before = np.concatenate([[0], np.cumsum(chosen)])
    holds = np.diff(before[offsets]) > 0
    kept = np.repeat(holds, lengths)
    return kept, np.concatenate([[0], np.cumsum(lengths[holds])]).astype(np.int64)
