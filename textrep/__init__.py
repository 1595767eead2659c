"""textrep: every classic text representation, from raw text to an honest comparison.

The public names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str
    from textrep.corpus import Corpus as Corpus
    from textrep.corpus import Vocabulary as Vocabulary
    from textrep.corpus import as_corpus as as_corpus
    from textrep.errors import TextrepError as TextrepError
    from textrep.evaluation import BenchmarkPlateau as BenchmarkPlateau
    from textrep.evaluation import evaluate as evaluate
    from textrep.models import load_model as load_model
    from textrep.models.combine import Combine as Combine
    from textrep.models.cooccurrence import Cooccurrence as Cooccurrence
    from textrep.models.encoders.convolutional import ConvEncoder as ConvEncoder
    from textrep.models.encoders.recurrent import RecurrentEncoder as RecurrentEncoder
    from textrep.models.encoders.transformer import TransformerEncoder as TransformerEncoder
    from textrep.models.glove import GloVe as GloVe
    from textrep.models.onehot import OneHot as OneHot
    from textrep.models.pmi import PMI as PMI
    from textrep.models.pmi import PPMI as PPMI
    from textrep.models.svd import SVD as SVD
    from textrep.models.word2vec import Word2Vec as Word2Vec
    from textrep.pipeline import CooccurrenceVectorizer as CooccurrenceVectorizer
    from textrep.pipeline import TextClassifier as TextClassifier
    from textrep.pipeline import TextEncoder as TextEncoder
    from textrep.pipeline import TokenTagger as TokenTagger
    from textrep.pipeline import WordVectorAverager as WordVectorAverager
    from textrep.storage import load_vectors as load
    from textrep.training import Checkpoint as Checkpoint
    from textrep.training import LossPlateau as LossPlateau
    from textrep.training import TimeBudget as TimeBudget
    from textrep.vectors import WordVectors as WordVectors

# Public name -> module and the name there.
_EXPORTS = {
    "BenchmarkPlateau": ("textrep.evaluation", "BenchmarkPlateau"),
    "Checkpoint": ("textrep.training", "Checkpoint"),
    "Combine": ("textrep.models.combine", "Combine"),
    "ConvEncoder": ("textrep.models.encoders.convolutional", "ConvEncoder"),
    "Cooccurrence": ("textrep.models.cooccurrence", "Cooccurrence"),
    "CooccurrenceVectorizer": ("textrep.pipeline", "CooccurrenceVectorizer"),
    "Corpus": ("textrep.corpus", "Corpus"),
    "LossPlateau": ("textrep.training", "LossPlateau"),
    "GloVe": ("textrep.models.glove", "GloVe"),
    "OneHot": ("textrep.models.onehot", "OneHot"),
    "PMI": ("textrep.models.pmi", "PMI"),
    "PPMI": ("textrep.models.pmi", "PPMI"),
    "RecurrentEncoder": ("textrep.models.encoders.recurrent", "RecurrentEncoder"),
    "SVD": ("textrep.models.svd", "SVD"),
    "TextClassifier": ("textrep.pipeline", "TextClassifier"),
    "TextEncoder": ("textrep.pipeline", "TextEncoder"),
    "TextrepError": ("textrep.errors", "TextrepError"),
    "TimeBudget": ("textrep.training", "TimeBudget"),
    "TokenTagger": ("textrep.pipeline", "TokenTagger"),
    "TransformerEncoder": ("textrep.models.encoders.transformer", "TransformerEncoder"),
    "Vocabulary": ("textrep.corpus", "Vocabulary"),
    "Word2Vec": ("textrep.models.word2vec", "Word2Vec"),
    "WordVectorAverager": ("textrep.pipeline", "WordVectorAverager"),
    "WordVectors": ("textrep.vectors", "WordVectors"),
    "as_corpus": ("textrep.corpus", "as_corpus"),
    "evaluate": ("textrep.evaluation", "evaluate"),
    "load": ("textrep.storage", "load_vectors"),
    "load_model": ("textrep.models", "load_model"),
}

__all__ = [
    "PMI",
    "PPMI",
    "SVD",
    "BenchmarkPlateau",
    "Checkpoint",
    "Combine",
    "ConvEncoder",
    "Cooccurrence",
    "CooccurrenceVectorizer",
    "Corpus",
    "GloVe",
    "LossPlateau",
    "OneHot",
    "RecurrentEncoder",
    "TextClassifier",
    "TextEncoder",
    "TextrepError",
    "TimeBudget",
    "TokenTagger",
    "TransformerEncoder",
    "Vocabulary",
    "Word2Vec",
    "WordVectorAverager",
    "WordVectors",
    "__version__",
    "as_corpus",
    "evaluate",
    "load",
    "load_model",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("textrep")
    if name in _EXPORTS:
        module, attribute = _EXPORTS[name]
        return getattr(importlib.import_module(module), attribute)
    raise AttributeError(f"module 'textrep' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
