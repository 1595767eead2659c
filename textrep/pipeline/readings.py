"""What reads the texts of a classifier or tagger: a trained encoder, one to be trained, vectors."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

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

__all__ = ["Beginning", "NotKept", "reading_of"]

_WHOLE = 100_000  # words of a text that are averaged together; a longer one is read in pieces


class Beginning(NamedTuple):
    """What a network begins with.

    Attributes
    ----------
    reading : TextEncoding
        What reads texts; its encoder may be changed.
    pooling : str
        How it pools them.
    shape : EncoderModel or None
        An encoder with the parameters of this one; None: vectors of words are averaged.
    """

    reading: TextEncoding
    pooling: str
    shape: EncoderModel | None


class NotKept:
    """Stands for an encoder that was given as an object, in an estimator that was loaded.

    Parameters
    ----------
    kind : str
        Its class.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __repr__(self) -> str:
        return f"<{self.kind}, not kept in the folder>"


def reading_of(source: Any, seed: int, build: Callable[[], Corpus], caller: str) -> Beginning:
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
    if isinstance(source, NotKept):
        rule = "given again, for fit: a folder keeps what training made of it, not the beginning"
        raise InvalidParameterError("encoder", caller, rule, source)
    if not isinstance(source, EncoderModel):
        return Beginning(_of_words(source, caller), "mean", None)
    if not is_fitted(source):
        shape = clone(source).set_params(random_state=seed)
        return Beginning(shape.untrained(build()), source.pooling, shape)
    reading = source.reading()
    own = replace(reading, encoder=copy.deepcopy(reading.encoder))
    return Beginning(own, source.pooling, clone(source))


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
