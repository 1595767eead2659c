"""Which share of a frequent word's occurrences is kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["keep_probabilities"]


def keep_probabilities(counts: NDArray[np.int64], threshold: float) -> NDArray[np.uint32]:
    """Return the probability that an occurrence of each word is kept, times 2^32 - 1.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), int64
        Occurrences of each word.
    threshold : float
        t: words with a share f of the text above it are kept with probability
        (√(f/t) + 1) · t/f, as in word2vec. 0 keeps all.
    """
    if threshold == 0.0:
        return np.full(len(counts), 2**32 - 1, np.uint32)
    share = np.maximum(counts, 1) / max(int(counts.sum()), 1)
    keep = np.minimum((np.sqrt(share / threshold) + 1.0) * threshold / share, 1.0)
    return (keep * (2**32 - 1)).astype(np.uint32)
