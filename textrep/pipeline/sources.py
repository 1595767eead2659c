"""Word vectors from whatever a transformer is given, and how their words were cut."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from textrep.errors import InvalidParameterError
from textrep.models.base import Representation
from textrep.storage import load_vectors, read_model
from textrep.storage.contents import vectors_of
from textrep.storage.model_folder import is_model_folder
from textrep.vectors import WordVectors

__all__ = ["Words", "words_of"]


class Words(NamedTuple):
    """Word vectors and the tokenizer of their corpus, as far as it is known."""

    vectors: WordVectors
    tokenizer: Mapping[str, Any]


def words_of(source: Any, parameter: str, caller: str) -> Words:
    """Return the vectors that ``source`` has or names.

    Parameters
    ----------
    source : str, Path, WordVectors or Representation
        A model folder, a file of vectors, vectors, or a fitted model.
    parameter, caller : str
        Named in the error.

    Raises
    ------
    InvalidParameterError
        It is none of these.
    FormatError
        The path has no vectors that can be read.
    NotFittedError
        The model has not been trained.
    """
    if isinstance(source, WordVectors):
        return Words(source, {})
    if isinstance(source, Representation):
        return Words(source.vectors_, _tokenizer(source.corpus_))
    if not isinstance(source, str | Path):
        rule = "a model folder, a file of word vectors, WordVectors or a fitted model"
        raise InvalidParameterError(parameter, caller, rule, type(source).__name__)
    if is_model_folder(source):
        data = read_model(source)
        return Words(vectors_of(data, str(source)), _tokenizer(data.corpus))
    return Words(load_vectors(source), {})


def _tokenizer(corpus: Mapping[str, Any]) -> Mapping[str, Any]:
    known = corpus.get("tokenizer", {})
    return known if isinstance(known, Mapping) else {}
