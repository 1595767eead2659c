"""Word vectors as the content of a model folder, and back.

Vectors of n-grams are two more arrays, ``input_vectors`` (a row for each word, then one for each
bucket in use) and ``subword_ids`` (these buckets), and the parameters ``min_n``, ``max_n`` and
``buckets``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from textrep.errors import FormatError, InvalidParameterError, VocabularyError
from textrep.storage.model_folder import ModelData
from textrep.vectors import Subwords, SubwordVectors, WordVectors

__all__ = ["contents_of", "vectors_of"]


def contents_of(
    vectors: WordVectors,
    context_vectors: Any = None,
    parameters: Mapping[str, Any] = MappingProxyType({}),
) -> ModelData:
    """Return what a model folder with these vectors holds.

    Parameters
    ----------
    vectors : WordVectors
    context_vectors : ndarray or csr_array of shape (n_contexts, dim), optional
        Saved beside them.
    parameters : mapping, optional
        How they were trained, where that is known.
    """
    known = dict(parameters)
    tensors = {"word_vectors": vectors.matrix}
    if isinstance(vectors, SubwordVectors):
        known |= dataclasses.asdict(vectors.subwords)
        tensors["input_vectors"] = vectors.input_vectors
        tensors["subword_ids"] = vectors.bucket_ids
    if context_vectors is not None:
        tensors["context_vectors"] = context_vectors
    return ModelData("WordVectors", known, list(vectors.words), vectors.counts, tensors)


def vectors_of(data: ModelData, name: str) -> WordVectors:
    """Return the vectors of a model folder's content, which was read from ``name``.

    Returns
    -------
    WordVectors
        `SubwordVectors` where there are ``subword_ids``: the buckets that have a row in
        ``input_vectors``, behind those of the words.

    Raises
    ------
    FormatError
        There are no word vectors, or the parts do not fit together.
    """
    tensors = data.tensors
    if data.structure:
        kind = data.class_name
        raise FormatError(
            f"{name} holds a {kind}, no word vectors. Read it by textrep.{kind}.load."
        )
    if "word_vectors" not in tensors:
        raise FormatError(f"{name} holds no word vectors, only {', '.join(tensors)}.")
    try:
        if "subword_ids" not in tensors:
            return WordVectors(data.words, tensors["word_vectors"], data.counts)
        return SubwordVectors(
            data.words,
            tensors["word_vectors"],
            _subwords(data.parameters),
            tensors["subword_ids"],
            tensors["input_vectors"],
            data.counts,
        )
    except KeyError as error:
        raise FormatError(f"{name} is damaged: it has n-grams, but lacks {error}.") from None
    except (InvalidParameterError, VocabularyError) as error:
        raise FormatError(f"{name} is damaged: {error}") from None


def _subwords(parameters: Mapping[str, Any]) -> Subwords:
    return Subwords(*(parameters[name] for name in ("min_n", "max_n", "buckets")))
