"""What reads the texts of a classifier or tagger: a trained encoder, one to be trained, vectors."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import clone

from textrep.corpus import Corpus, Vocabulary
from textrep.errors import InvalidParameterError
from textrep.models.encoders.base import EncoderModel
from textrep.models.encoders.texts import TextEncoding
from textrep.models.registry import load_model
from textrep.pipeline.encoder import encodes_itself
from textrep.pipeline.estimators import is_fitted
from textrep.pipeline.sources import words_of

__all__ = ["reading_of"]

_WHOLE = 100_000  # words of a text that are averaged together; a longer one is read in pieces


def reading_of(
    source: Any, seed: int, build: Callable[[], Corpus], caller: str
) -> tuple[TextEncoding, str]:
    """Return what reads texts, with an encoder that may be changed, and how it pools them.

    Parameters
    ----------
    source : str, Path, EncoderModel, WordVectors or Representation
        A trained encoder or its folder; an untrained one, of which only the shape is taken; or
        what has word vectors.
    seed : int
        What the weights of an untrained one are drawn from.
    build : callable
        Returns the corpus of the texts at hand, for the words of an untrained one.
    caller : str
        Named in errors.

    Raises
    ------
    InvalidParameterError
        It is none of these, or its vectors are sparse.
    FormatError
        The path has nothing that can be read.
    """
    if isinstance(source, str | Path) and encodes_itself(source):
        source = load_model(source)
    if not isinstance(source, EncoderModel):
        return _of_words(source, caller), "mean"
    if not is_fitted(source):
        untrained = clone(source).set_params(random_state=seed)
        return untrained.untrained(build()), source.pooling
    reading = source.reading()
    return replace(reading, encoder=copy.deepcopy(reading.encoder)), source.pooling


def _of_words(source: Any, caller: str) -> TextEncoding:
    """Return what looks up the words of texts."""
    from textrep.nn import MeanEncoder, WordEmbedding

    words = words_of(source, "encoder", caller)
    if words.vectors.is_sparse:
        rule = f"of dense vectors; these have {words.vectors.dim:,} sparse dimensions: reduce them"
        raise InvalidParameterError("encoder", caller, rule, type(source).__name__)
    matrix = np.pad(words.vectors.matrix, ((1, 1), (0, 0)))  # no text holds a boundary or a mask
    counts = words.vectors.counts
    if counts is None:
        counts = np.zeros(len(words.vectors), np.int64)
    vocabulary = Vocabulary(words.vectors.words, counts)
    encoder = MeanEncoder(WordEmbedding.from_matrix(matrix))
    return TextEncoding(vocabulary, words.tokenizer, None, encoder, _WHOLE)
