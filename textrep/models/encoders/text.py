"""The sentences of a corpus as an encoder reads them, and those that are held out of its training.

Tokens are numbered anew: the boundary between sentences is 0, word w of the vocabulary is w + 1, so
that frequent words stay before rare ones, and the mask comes last.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.corpus import Corpus
from textrep.errors import InvalidParameterError

__all__ = ["BOUNDARY", "FIRST_WORD", "N_OTHERS", "Sentences", "cut", "sentences_of"]

BOUNDARY = 0
FIRST_WORD = 1
N_OTHERS = 2
"""Tokens that are no words: the boundary and the mask."""

_STRETCHES = 1000  # what is held out is drawn from so many stretches of the text


class Sentences(NamedTuple):
    """Sentences of a corpus.

    Attributes
    ----------
    tokens : ndarray of shape (n_tokens,), int32
        Their words, as the encoder numbers them.
    offsets : ndarray of shape (n_sentences + 1,), int64
        Where each begins, and the last ends.
    documents : ndarray of shape (n_documents + 1,), int64
        Where each stretch of sentences that follow one another begins, and the last ends.
    """

    tokens: NDArray[np.int32]
    offsets: NDArray[np.int64]
    documents: NDArray[np.int64]

    def stream(self) -> NDArray[np.int32]:
        """Return one text, with the boundary before, between and after the sentences."""
        return np.insert(self.tokens, self.offsets, BOUNDARY)

    def cut_short(self, longest: int) -> Sentences:
        """Return the sentences without what is beyond their first ``longest`` words."""
        lengths = np.diff(self.offsets)
        if (lengths <= longest).all():
            return self
        within = np.arange(len(self.tokens)) - np.repeat(self.offsets[:-1], lengths)
        offsets = np.concatenate([[0], np.cumsum(np.minimum(lengths, longest))])
        return self._replace(tokens=self.tokens[within < longest], offsets=offsets)


def cut(offsets: NDArray[np.int64], longest: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut texts into pieces of at most so many tokens; an empty text is one piece.

    Parameters
    ----------
    offsets : ndarray of shape (n_texts + 1,), int64
        Where each text begins, and the last ends.
    longest : int
        Tokens, from 1 up.

    Returns
    -------
    offsets : ndarray of shape (n_pieces + 1,), int64
        Where each piece begins, and the last ends.
    firsts : ndarray of shape (n_texts,), int64
        The first piece of each text.

    Examples
    --------
    >>> offsets, firsts = cut(np.array([0, 5, 5, 7]), 3)
    >>> offsets.tolist(), firsts.tolist()
    ([0, 3, 5, 5, 7], [0, 2, 3])
    """
    n_pieces = np.maximum(1, -(-np.diff(offsets) // longest))
    firsts = np.cumsum(n_pieces) - n_pieces
    number = np.arange(n_pieces.sum()) - np.repeat(firsts, n_pieces)
    return np.append(np.repeat(offsets[:-1], n_pieces) + number * longest, offsets[-1]), firsts


def sentences_of(
    corpus: Corpus, holdout: float, random_state: int, caller: str
) -> tuple[Sentences, Sentences | None]:
    """Return the sentences to train on, and those that are held out.

    These are stretches of sentences, a thousandth of the text each, drawn from the seed.

    Parameters
    ----------
    corpus : Corpus
    holdout : float
        Share of the sentences; 0: none is held out.
    random_state : int
        Seed.
    caller : str
        The model that has these parameters, for the error.

    Raises
    ------
    InvalidParameterError
        The text is of one sentence, so none can be held out.
    """
    n = corpus.n_sentences
    if not holdout:
        return _selected(corpus, np.ones(n, np.bool_)), None
    n_stretches = min(n, _STRETCHES)
    if n_stretches < 2:
        rule = "0: the text is one sentence, of which none can be held out"
        raise InvalidParameterError("holdout", caller, rule, holdout)
    drawn = np.random.default_rng(random_state).permutation(n_stretches)
    n_drawn = min(max(1, round(holdout * n_stretches)), n_stretches - 1)
    stretch_of = np.arange(n) * n_stretches // n
    out = np.isin(stretch_of, drawn[:n_drawn])
    return _selected(corpus, ~out), _selected(corpus, out)


def _selected(corpus: Corpus, kept: NDArray[np.bool_]) -> Sentences:
    lengths = np.diff(corpus.sentence_offsets)
    tokens = corpus.tokens
    if not kept.all():
        tokens = tokens[np.repeat(kept, lengths)]
    places = np.flatnonzero(kept)
    gaps = np.flatnonzero(np.diff(places) > 1) + 1  # what is held out parts its neighbours
    before = np.concatenate([[0], np.cumsum(kept)])
    return Sentences(
        tokens + np.int32(FIRST_WORD),
        np.concatenate([[0], np.cumsum(lengths[kept])]).astype(np.int64),
        np.unique(np.concatenate([before[corpus.document_offsets], gaps])),
    )
