"""From text to numbers: readers, tokenizers, vocabulary, phrases, the encoded corpus on disk."""

from textrep.corpus.encoded import Corpus
from textrep.corpus.options import BuildOptions
from textrep.corpus.source import as_corpus
from textrep.corpus.vocabulary import Vocabulary

__all__ = ["BuildOptions", "Corpus", "Vocabulary", "as_corpus"]
