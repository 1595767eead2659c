"""Vectors to begin a training with: those of another model, and what becomes of its other words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_boolean, check_text
from textrep.corpus import Vocabulary
from textrep.errors import FormatError, InvalidParameterError, VocabularyError
from textrep.progress import logger
from textrep.storage import ModelData, load_vectors, read_model
from textrep.storage.model_folder import is_model_folder
from textrep.vectors import WordVectors

__all__ = ["InitialVectors", "Kept", "check_initial"]

Matrix = NDArray[np.float32]
Parameters = Mapping[str, Any]


class _Contexts(NamedTuple):
    """What a model's folder says about its contexts, from its parameters."""

    are_words: Callable[[Parameters], bool]  # a row for each word
    are_added: Callable[[Parameters], bool]  # word_vectors are sums of both


# The models whose context vectors a training can begin with.
_CONTEXTS = {
    "Word2Vec": _Contexts(
        are_words=lambda given: given.get("objective") != "hierarchical-softmax",
        are_added=lambda given: given.get("add_context") is True,
    ),
    "GloVe": _Contexts(
        are_words=lambda given: given.get("vectors") != "context",
        are_added=lambda given: given.get("vectors") == "sum",
    ),
}


def check_initial(caller: str, initial: object, keep_words: object) -> None:
    """Raise InvalidParameterError unless the two parameters fit each other.

    Parameters
    ----------
    caller : str
        The model that has them.
    initial : object
        Must be None or a path, as a string.
    keep_words : object
        Must be a boolean, and false where there are no initial vectors.
    """
    if initial is not None:
        check_text("initial", caller, initial)
    check_boolean("keep_words", caller, keep_words)
    if keep_words and initial is None:
        rule = "false where no initial vectors are given"
        raise InvalidParameterError("keep_words", caller, rule, keep_words)


class Kept(NamedTuple):
    """What was learnt, with the words that were kept.

    Attributes
    ----------
    vocabulary : Vocabulary
        The words of both, by count and then by word. Counts are added up; where they were not
        known, they count as 0.
    word_vectors : ndarray of shape (n_words, dim), float32
        In the same order.
    context_vectors : ndarray of shape (n_words, context_dim), float32, or None
        In the same order; zeros where they were not known. None if none were given.
    """

    vocabulary: Vocabulary
    word_vectors: Matrix
    context_vectors: Matrix | None


@dataclass(frozen=True)
class InitialVectors:
    """The words and the vectors of another model.

    Attributes
    ----------
    name : str
        Where they were read.
    words : list of str
        The words.
    counts : ndarray of shape (n_words,), int64
        How often each occurred; 0 where that is not known.
    word_vectors : ndarray of shape (n_words, dim), float32
        Without the context vectors, where the model had added them.
    context_vectors : ndarray of shape (n_words, context_dim), float32, or None
        Those of the same words as contexts, where the model has them.
    """

    name: str
    words: list[str]
    counts: NDArray[np.int64]
    word_vectors: Matrix
    context_vectors: Matrix | None

    @classmethod
    def read(cls, path: str | Path, dim: int, caller: str) -> Self:
        """Read a model folder or a file of word vectors.

        Parameters
        ----------
        path : str or Path
            The folder or file.
        dim : int
            Dimensions that the vectors must have.
        caller : str
            The model that has the parameter ``dim``, for the error.

        Raises
        ------
        FormatError
            Nothing is there, it is damaged, or its vectors are sparse.
        InvalidParameterError
            The vectors have another number of dimensions.
        """
        found = load_vectors(path)
        if found.is_sparse:
            raise FormatError(f"{path} holds sparse vectors: no training can begin with them.")
        if found.dim != dim:
            rule = f"{found.dim}, the dimensions of the initial vectors in {path}"
            raise InvalidParameterError("dim", caller, rule, dim)
        words, contexts = found.matrix, None
        if is_model_folder(path):
            words, contexts = _both(found, read_model(path))
        counts = np.zeros(len(found), np.int64) if found.counts is None else found.counts
        return cls(str(path), found.words, counts, words, contexts)

    def copy_to(
        self,
        words: Sequence[str],
        word_vectors: Matrix,
        context_vectors: Matrix | None = None,
    ) -> int:
        """Copy the vectors of the words that both have; the others stay as they are.

        Parameters
        ----------
        words : sequence of str
            The words of the first rows of both matrices.
        word_vectors : ndarray of shape (n_words or more, dim or more), float32
            Changed; columns beyond ``dim`` are left alone.
        context_vectors : ndarray of shape (n_words or more, context_dim), float32, optional
            Changed if the other model has context vectors of that size.

        Returns
        -------
        int
            Words that both have.

        Raises
        ------
        VocabularyError
            There is none.
        """
        index = {word: row for row, word in enumerate(self.words)}
        theirs = np.fromiter((index.get(word, -1) for word in words), np.int64, len(words))
        ours = np.flatnonzero(theirs >= 0)
        if not len(ours):
            raise VocabularyError(
                f"None of the {len(words):,} words of the corpus is in {self.name}: "
                "prepare the text as it was prepared there, or begin without initial vectors."
            )
        word_vectors[ours, : self.word_vectors.shape[1]] = self.word_vectors[theirs[ours]]
        contexts = None if context_vectors is None else self._contexts(context_vectors.shape[1])
        copied = "not those of contexts"
        if contexts is not None and context_vectors is not None:
            context_vectors[ours] = contexts[theirs[ours]]
            copied = "those of contexts too"
        logger.info(
            "initial vectors of %s of %s words from %s, %s",
            f"{len(ours):,}", f"{len(words):,}", self.name, copied,
        )  # fmt: skip
        return len(ours)

    def keep_words(
        self,
        vocabulary: Vocabulary,
        word_vectors: Matrix,
        context_vectors: Matrix | None,
        combine: Callable[[Matrix, Matrix], Matrix] | None = None,
    ) -> Kept:
        """Add the words that the text lacks, with the vectors that they have here.

        Parameters
        ----------
        vocabulary : Vocabulary
            The words of the text.
        word_vectors : ndarray of shape (n_words, dim), float32
            What was learnt of them.
        context_vectors : ndarray of shape (n_words, context_dim), float32, or None
            The same; None for contexts that are not the words.
        combine : callable, optional
            How the model makes ``word_vectors`` of the vectors of words and of contexts. Default:
            they are those of words.

        Returns
        -------
        Kept
            Vocabulary and vectors of all words.
        """
        ours = vocabulary.encode(self.words)
        common, extra = np.flatnonzero(ours >= 0), np.flatnonzero(ours < 0)
        words = [*vocabulary.words, *(self.words[row] for row in extra)]
        counts = np.concatenate([vocabulary.counts, self.counts[extra]])
        counts[ours[common]] += self.counts[common]
        order = sorted(range(len(words)), key=lambda row: (-counts[row], words[row]))
        added, contexts = self.word_vectors[extra], None
        if combine is not None:
            known = self._contexts(added.shape[1])
            added = combine(added, np.zeros_like(added) if known is None else known[extra])
        if context_vectors is not None:
            rest = np.zeros((len(extra), context_vectors.shape[1]), np.float32)
            known = self._contexts(context_vectors.shape[1])
            if known is not None:
                rest[:] = known[extra]
            contexts = np.concatenate([context_vectors, rest])[order]
        return Kept(
            Vocabulary([words[row] for row in order], counts[order]),
            np.concatenate([word_vectors, added])[order],
            contexts,
        )

    def _contexts(self, dim: int) -> Matrix | None:
        """Return the context vectors, if there are any of so many dimensions."""
        contexts = self.context_vectors
        return contexts if contexts is not None and contexts.shape[1] == dim else None


def _both(vectors: WordVectors, data: ModelData) -> tuple[Matrix, Matrix | None]:
    """Return the word vectors of a model by themselves, and its context vectors."""
    contexts = data.tensors.get("context_vectors")
    of_words = _CONTEXTS.get(data.class_name)
    if (
        of_words is None
        or not of_words.are_words(data.parameters)
        or not isinstance(contexts, np.ndarray)
        or contexts.ndim != 2
        or len(contexts) != len(vectors)
    ):
        return vectors.matrix, None
    added = of_words.are_added(data.parameters) and contexts.shape == vectors.matrix.shape
    return (vectors.matrix - contexts if added else vectors.matrix), contexts
