"""Words and their vectors: lookup, neighbours, arithmetic; they know nothing of training."""

from __future__ import annotations

from textrep.vectors.subword_vectors import SubwordVectors
from textrep.vectors.subwords import Subwords
from textrep.vectors.word_vectors import Neighbor, WordVectors

__all__ = ["Neighbor", "SubwordVectors", "Subwords", "WordVectors"]
