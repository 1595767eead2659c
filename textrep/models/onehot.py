"""One-hot vectors."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from textrep.corpus import Corpus
from textrep.counting.outlook import Outlook
from textrep.models.base import Representation
from textrep.models.cost import PROGRAM_BYTES, Cost, csr_bytes, folder_bytes

__all__ = ["OneHot"]

_SECONDS_A_WORD = 1e-6


@dataclass(eq=False, repr=False)
class OneHot(Representation):
    """A dimension of its own a word: no two words are alike.

    The vector of word i is 1 in dimension i and 0 elsewhere, x_i = e_i. It is what every other
    model starts from, and the baseline that knows nothing: the cosine of two words is 0.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The words and their counts.
    word_vectors_ : csr_array of shape (n_words, n_words), float32
        The identity.

    Examples
    --------
    >>> model = OneHot().fit([["a", "cat"], ["a", "dog"], ["a", "cat"], ["a", "cat", "a", "cat"],
    ...                       ["a", "cat"]])
    >>> model.vectors_.similarity("a", "cat")
    0.0
    """

    def check_parameters(self) -> None:
        """Do nothing: there are no parameters."""

    def predict_cost(self, outlook: Outlook) -> Cost:
        """Return what the text of ``outlook`` will cost; see :class:`PredictsCost`."""
        arrays = csr_bytes(outlook.n_words, 4, outlook.n_words)
        memory = PROGRAM_BYTES + math.ceil(arrays)
        return Cost(memory, folder_bytes(outlook, arrays), _SECONDS_A_WORD * outlook.n_words)

    def _learn(self, source: Corpus | Representation) -> None:
        n_words = len(self.vocabulary_)
        numbers = np.arange(n_words + 1, dtype=np.int32)
        ones = np.ones(n_words, np.float32)
        self.word_vectors_ = sp.csr_array((ones, numbers[:-1], numbers), shape=(n_words, n_words))
