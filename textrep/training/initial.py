"""Vectors to begin a training with: those of another model, and what becomes of its other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_boolean, check_text
from textrep.corpus import Vocabulary
from textrep.errors import FormatError, InvalidParameterError, VocabularyError
from textrep.progress import logger
from textrep.storage import load_vectors, read_model
from textrep.storage.model_folder import is_model_folder
from textrep.vectors import WordVectors

__all__ = ["InitialVectors", "check_initial"]

Matrix = NDArray[np.float32]


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


@dataclass(frozen=True)
class InitialVectors:
    """The words and the vectors of another model.

    Attributes
    ----------
    name : str
        Where they were read.
    vectors : WordVectors
        Words, word vectors, and counts where they are known.
    context_vectors : ndarray of shape (n_words, dim), float32, or None
        Those of the same words as contexts; None where the model has none, or others.
    """

    name: str
    vectors: WordVectors
    context_vectors: Matrix | None

    @classmethod
    def read(cls, path: str | Path, dim: int, caller: str) -> Self:
        """Read a model folder or a file of word vectors.

        Parameters
        ----------
        path : str or Path
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
        vectors = load_vectors(path)
        if vectors.is_sparse:
            raise FormatError(f"{path} holds sparse vectors: no training can begin with them.")
        if vectors.dim != dim:
            rule = f"{vectors.dim}, the dimensions of the initial vectors in {path}"
            raise InvalidParameterError("dim", caller, rule, dim)
        contexts = (
            read_model(path).tensors.get("context_vectors") if is_model_folder(path) else None
        )
        of_words = isinstance(contexts, np.ndarray) and contexts.shape == vectors.matrix.shape
        return cls(str(path), vectors, contexts if of_words else None)

    def copy_to(
        self, words: Sequence[str], word_vectors: Matrix, context_vectors: Matrix | None = None
    ) -> int:
        """Copy the vectors of the words that both have; the others stay as they are.

        Parameters
        ----------
        words : sequence of str
            The words of the rows.
        word_vectors : ndarray of shape (n_words, dim or more), float32
            Changed; columns beyond ``dim`` are left alone.
        context_vectors : ndarray of shape (n_words, dim or more), float32, optional
            Changed where the other model has vectors of contexts.

        Returns
        -------
        int
            Words that both have.

        Raises
        ------
        VocabularyError
            There is none.
        """
        index, dim = self.vectors.index, self.vectors.dim
        theirs = np.fromiter((index.get(word, -1) for word in words), np.int64, len(words))
        ours = np.flatnonzero(theirs >= 0)
        if not len(ours):
            raise VocabularyError(
                f"None of the {len(words):,} words of the corpus is in {self.name}: "
                "prepare the text as it was prepared there, or begin without initial vectors."
            )
        word_vectors[ours, :dim] = self.vectors.matrix[theirs[ours]]
        both = self.context_vectors is not None and context_vectors is not None
        if self.context_vectors is not None and context_vectors is not None:
            context_vectors[ours, :dim] = self.context_vectors[theirs[ours]]
        logger.info(
            "initial vectors of %s of %s words from %s, %s",
            f"{len(ours):,}",
            f"{len(words):,}",
            self.name,
            "those of contexts too" if both else "not those of contexts",
        )
        return len(ours)

    def keep_words(
        self, vocabulary: Vocabulary, word_vectors: Matrix, context_vectors: Matrix
    ) -> tuple[Vocabulary, Matrix, Matrix]:
        """Add the words that the text lacks, with the vectors that they have here.

        Parameters
        ----------
        vocabulary : Vocabulary
            The words of the text.
        word_vectors, context_vectors : ndarrays of shape (n_words, dim), float32
            What was learnt of them.

        Returns
        -------
        vocabulary : Vocabulary
            The words of both, by count and then by word. Counts are added up; where they are not
            known here, they count as 0.
        word_vectors, context_vectors : ndarrays of shape (n_words, dim), float32
            In the same order. A context vector that is not known here is 0.
        """
        words, counts, extra = self._both(vocabulary)
        order = np.array(sorted(range(len(words)), key=lambda row: (-counts[row], words[row])))
        if self.context_vectors is None:
            contexts = np.zeros((len(extra), self.vectors.dim), np.float32)
        else:
            contexts = self.context_vectors[extra]
        return (
            Vocabulary([words[row] for row in order], counts[order]),
            np.concatenate([word_vectors, self.vectors.matrix[extra]])[order],
            np.concatenate([context_vectors, contexts])[order],
        )

    def _both(
        self, vocabulary: Vocabulary
    ) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
        """Return the words of the text and then the others, their counts, the others' rows."""
        theirs = self.vectors.words
        known = self.vectors.counts
        counted = np.zeros(len(theirs), np.int64) if known is None else known
        ours = vocabulary.encode(theirs)
        common, extra = np.flatnonzero(ours >= 0), np.flatnonzero(ours < 0)
        counts = np.concatenate([vocabulary.counts, counted[extra]])
        counts[ours[common]] += counted[common]
        return [*vocabulary.words, *(theirs[row] for row in extra)], counts, extra
