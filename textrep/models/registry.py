"""Models by name, without importing them before they are asked for."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from textrep.errors import FormatError, UnknownNameError

if TYPE_CHECKING:
    from textrep.corpus import Corpus
    from textrep.models.base import Representation

__all__ = ["MODELS", "ModelEntry", "load_model", "model_class", "resolve_source"]


class ModelEntry(NamedTuple):
    """Where a model is defined, what it is in a few words, and if a million tokens take minutes."""

    module: str
    class_name: str
    summary: str
    slow: bool = False


MODELS = {
    "onehot": ModelEntry("textrep.models.onehot", "OneHot", "a dimension of its own a word"),
    "cooccurrence": ModelEntry(
        "textrep.models.cooccurrence", "Cooccurrence", "counts of the words nearby"
    ),
    "pmi": ModelEntry("textrep.models.pmi", "PMI", "pointwise mutual information with contexts"),
    "ppmi": ModelEntry("textrep.models.pmi", "PPMI", "the positive part of PMI"),
    "svd": ModelEntry(
        "textrep.models.svd", "SVD", "counts, PMI or PPMI reduced to a few dense dimensions"
    ),
    "glove": ModelEntry(
        "textrep.models.glove", "GloVe", "vectors whose products are logarithms of counts"
    ),
    "word2vec": ModelEntry(
        "textrep.models.word2vec", "Word2Vec", "vectors that predict the words nearby"
    ),
    "recurrent": ModelEntry(
        "textrep.models.encoders.recurrent",
        "RecurrentEncoder",
        "words in context and texts by an LSTM, GRU or RNN",
        slow=True,
    ),
    "convolutional": ModelEntry(
        "textrep.models.encoders.convolutional",
        "ConvEncoder",
        "words in context and texts by convolutions",
        slow=True,
    ),
    "transformer": ModelEntry(
        "textrep.models.encoders.transformer",
        "TransformerEncoder",
        "words in context and texts by self-attention",
        slow=True,
    ),
    "combine": ModelEntry(
        "textrep.models.combine", "Combine", "several representations of the same words in one"
    ),
}
"""The models of ``textrep train``."""


def model_class(name: str) -> type[Representation]:
    """Return the class of a model.

    Raises
    ------
    UnknownNameError
        There is no such model; names the nearest.
    """
    if name not in MODELS:
        raise UnknownNameError("model", name, MODELS)
    entry = MODELS[name]
    found: type[Representation] = getattr(importlib.import_module(entry.module), entry.class_name)
    return found


def load_model(path: str | Path) -> Representation:
    """Load a trained model.

    Parameters
    ----------
    path : str or Path
        A model folder.

    Returns
    -------
    Representation
        The estimator, fitted. Its arrays are read-only memory maps.

    Raises
    ------
    FormatError
        The folder is missing, damaged, or of a model that this version does not have.
    """
    from textrep.storage import read_model

    data = read_model(path)
    for name, entry in MODELS.items():
        if entry.class_name == data.class_name:
            return model_class(name).from_data(data, str(path))
    if data.structure:
        kind = data.class_name
        raise FormatError(f"{path} holds a {kind}, which textrep.{kind}.load reads.")
    raise FormatError(
        f"{path} holds {data.class_name}, which is no model that this version of textrep can train "
        "from. For its vectors use textrep.load."
    )


def resolve_source(source: Any) -> Corpus | Representation:
    """Return what a model is trained on: a trained model where ``source`` is one, else a corpus.

    Parameters
    ----------
    source : Representation, Corpus, str, Path or iterable
        A trained model or its folder (counts for PMI, counts or PMI for SVD), or anything that
        :func:`textrep.corpus.as_corpus` takes.
    """
    from textrep.corpus import as_corpus
    from textrep.models.base import Representation
    from textrep.storage.model_folder import is_model_folder

    if isinstance(source, Representation):
        return source
    if isinstance(source, str | Path) and is_model_folder(source):
        return load_model(source)
    return as_corpus(source)
