"""Words and their vectors: lookup, neighbours, arithmetic; they know nothing of training."""

from __future__ import annotations

from textrep.vectors.word_vectors import Neighbor, WordVectors

__all__ = ["Neighbor", "WordVectors"]
