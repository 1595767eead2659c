"""Which neighbours of a word are its contexts, and how much each counts."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from textrep.corpus.encoded import Corpus

__all__ = ["BOUNDARIES", "SIDES", "WEIGHTS", "Window"]

# Weight of the context at distance d, from 1 to size.
WEIGHTS: dict[str, Callable[[int, int], Fraction]] = {
    "flat": lambda _d, _size: Fraction(1),
    "harmonic": lambda d, _size: Fraction(1, d),
    # word2vec draws the window from 1 to size for each word: the share of draws that reach d.
    "dynamic": lambda d, size: Fraction(size - d + 1, size),
}

# Whether the contexts are those before the word, after it, or both.
SIDES: dict[str, tuple[bool, bool]] = {
    "both": (True, True),
    "left": (True, False),
    "right": (False, True),
}


def _document_offsets(corpus: Corpus) -> NDArray[np.int64]:
    return corpus.sentence_offsets[corpus.document_offsets]


# Where the stretches that no window crosses begin, and where the last ends.
BOUNDARIES: dict[str, Callable[[Corpus], NDArray[np.int64]]] = {
    "sentence": lambda corpus: corpus.sentence_offsets,
    "document": _document_offsets,
    "none": lambda corpus: np.array([0, corpus.n_tokens], np.int64),
}


@dataclass(frozen=True)
class Window:
    """The contexts of a word.

    Parameters
    ----------
    size : int
        Tokens to look at on each side.
    weights : {"flat", "harmonic", "dynamic"}
        What the context at distance d counts: 1; 1/d; (size - d + 1)/size.
    side : {"both", "left", "right"}
        Where to look.
    boundary : {"sentence", "document", "none"}
        What no window crosses.
    """

    size: int
    weights: str = "harmonic"
    side: str = "both"
    boundary: str = "sentence"

    def whole_weights(self, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64], float]:
        """Return the weights as whole numbers, so that sums of them do not depend on their order.

        Parameters
        ----------
        most : int
            Occurrences of the most frequent word: bounds the largest sum.

        Returns
        -------
        left, right : ndarrays of shape (size or 0,), int64
            Weights before and after the word, from distance 1 up.
        scale : float
            What a weight of 1 is.

        Notes
        -----
        The weights are multiplied by their common denominator, which makes counts exact: the
        nearest float64 as long as the whole number is below 2^53, and a few units in its last place
        off above. Where sums could pass 2^62 (harmonic weights from size 25 or so up, in large
        corpora) they are multiplied by the largest power of two that is safe, and rounded: relative
        errors stay below size/scale.
        """
        weigh = WEIGHTS[self.weights]
        fractions = [weigh(d, self.size) for d in range(1, self.size + 1)]
        scale = math.lcm(*(fraction.denominator for fraction in fractions))
        room = 2**62 / (2 * max(1, most) * float(sum(fractions)))
        if scale > room:
            scale = 2 ** int(math.log2(room))
        whole = np.array([round(fraction * scale) for fraction in fractions], np.int64)
        before, after = SIDES[self.side]
        return whole if before else whole[:0], whole if after else whole[:0], float(scale)
