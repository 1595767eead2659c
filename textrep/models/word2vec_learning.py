"""What word2vec is trained by: its trainer, and the vectors that a training begins with."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from textrep.corpus import Corpus, Vocabulary
from textrep.counting import Window, count_cooccurrences
from textrep.errors import CorpusError, InvalidParameterError
from textrep.sgd import Trainer
from textrep.sgd.word2vec import Word2VecTrainer
from textrep.sgd.word2vec_settings import Lists, Settings
from textrep.storage import load_vectors
from textrep.training import InitialVectors
from textrep.vectors import SubwordVectors
from textrep.vectors.subwords import SubwordTable

if TYPE_CHECKING:
    from textrep.models.word2vec import Word2Vec

__all__ = ["begin_with", "make_trainer", "matrices_of"]

Floats = NDArray[np.float32]

_SETTINGS = tuple(field.name for field in dataclasses.fields(Settings) if field.name != "n_jobs")


def make_trainer(
    model: Word2Vec,
    corpus: Corpus,
    vocabulary: Vocabulary,
    table: SubwordTable | None,
    *,
    device: str,
    n_threads: int,
) -> Trainer:
    """Return what trains a model on a corpus, its vectors as they are drawn.

    Parameters
    ----------
    model : Word2Vec
        Its parameters, which are checked.
    corpus : Corpus
        The text.
    vocabulary : Vocabulary
        Its words.
    table : SubwordTable, optional
        The parts that words are made of; None: each has a vector of its own.
    device : str
        "cpu", or a GPU as torch calls it.
    n_threads : int
        Threads of a training that need not be deterministic.

    Raises
    ------
    CorpusError
        The text has not two different words.
    InvalidParameterError
        There are fewer words than negatives, or no pair of words is held out.
    """
    counts = vocabulary.counts
    if corpus.n_tokens < 2 or len(counts) < 2:
        raise CorpusError("Word2Vec needs a text of at least two different words.")
    if model.objective in ("negative-sampling", "margin") and model.negative > len(counts):
        rule = f"at most the number of words, {len(counts):,}"
        raise InvalidParameterError("negative", "Word2Vec", rule, model.negative)
    settings = Settings(
        **{name: getattr(model, name) for name in _SETTINGS},
        n_jobs=1 if model.deterministic else n_threads,
    )
    text = corpus.tokens, corpus.sentence_offsets, counts
    trainer: Trainer
    if device == "cpu":
        parts = None if table is None else Lists(table.offsets, table.parts)
        seen = _seen(corpus, model.window, n_threads) if model.unseen_negatives else None
        trainer = Word2VecTrainer(settings, *text, parts, seen)
    else:
        from textrep.sgd.word2vec_torch import Word2VecTorchTrainer

        trainer = Word2VecTorchTrainer(settings, *text, device, model.batch_size)
    measured = trainer.held_out()
    if measured is not None and measured.examples == 0:
        rule = "larger: no pair of words is in the sentences that are held out"
        raise InvalidParameterError("holdout", "Word2Vec", rule, model.holdout)
    return trainer


def _seen(corpus: Corpus, window: int, n_threads: int) -> Lists:
    """Return the words in the window of each word, and the word itself."""
    counts = count_cooccurrences(
        corpus,
        Window(window, "flat", "both", "sentence"),
        context_of=np.arange(len(corpus.vocabulary), dtype=np.int32),
        cap=np.inf,
        memory=None,
        n_jobs=n_threads,
    )
    return Lists(counts.indptr.astype(np.int64), counts.indices.astype(np.int32))


def begin_with(
    initial: InitialVectors,
    model: Word2Vec,
    trainer: Trainer,
    words: Sequence[str],
    table: SubwordTable | None,
) -> None:
    """Copy the vectors that another model has for ``words`` into a trainer.

    Raises
    ------
    InvalidParameterError
        The training is with subwords, and the other model has none or not the same.
    """
    inputs, outputs = matrices_of(trainer)
    if table is not None:
        initial = _begin_n_grams(initial, model, inputs, table)
    if model.objective == "hierarchical-softmax":  # its outputs are of nodes
        initial.copy_to(words, inputs)
        return
    places = outputs.reshape(len(words), -1, inputs.shape[1])[:, :, : model.dim]
    contexts = places.reshape(len(words), -1)  # a copy only if a context has several places
    initial.copy_to(words, inputs, contexts)
    places[...] = contexts.reshape(places.shape)


def _begin_n_grams(
    initial: InitialVectors, model: Word2Vec, inputs: Floats, table: SubwordTable
) -> InitialVectors:
    """Copy the vectors of n-grams; return those that composed words have for themselves."""
    found = load_vectors(initial.name)
    if not isinstance(found, SubwordVectors) or found.subwords != model.n_grams:
        rule = "a model with the same n-grams (min_n, max_n, buckets) for a training with subwords"
        raise InvalidParameterError("initial", "Word2Vec", rule, model.initial)
    _, ours, theirs = np.intersect1d(
        table.bucket_ids, found.bucket_ids, assume_unique=True, return_indices=True
    )
    n_words = len(table.offsets) - 1
    inputs[n_words + ours, : model.dim] = found.input_vectors[len(found) + theirs]
    return dataclasses.replace(initial, word_vectors=found.input_vectors[: len(found)])


def matrices_of(trainer: Trainer) -> tuple[Floats, Floats]:
    """Return the input and the output vectors under training; what is written there counts."""
    arrays = trainer.arrays()
    return arrays["inputs"], arrays["outputs"]
