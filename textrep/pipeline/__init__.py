"""Texts to vectors: scikit-learn transformers over trained representations."""

from __future__ import annotations

from textrep.pipeline.averager import WordVectorAverager
from textrep.pipeline.cooccurrence import CooccurrenceVectorizer
from textrep.pipeline.encoder import Encoder, TextEncoder, load_encoder

__all__ = [
    "CooccurrenceVectorizer",
    "Encoder",
    "TextEncoder",
    "WordVectorAverager",
    "load_encoder",
]
