"""Texts to vectors, classes and tags: scikit-learn's estimators over representations."""

from __future__ import annotations

from textrep.pipeline.averager import WordVectorAverager
from textrep.pipeline.classifier import TextClassifier
from textrep.pipeline.cooccurrence import CooccurrenceVectorizer
from textrep.pipeline.encoder import Encoder, TextEncoder, load_encoder
from textrep.pipeline.tagger import TokenTagger

__all__ = [
    "CooccurrenceVectorizer",
    "Encoder",
    "TextClassifier",
    "TextEncoder",
    "TokenTagger",
    "WordVectorAverager",
    "load_encoder",
]
