"""What the evaluation asks of a representation: words, and answers about their vectors.

The tasks know nothing else of a model, so anything that answers these questions can be evaluated.
``textrep.WordVectors`` does, without knowing this module.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Adapting",
    "AnalogyMethod",
    "Classifier",
    "Composing",
    "Encoder",
    "FittedModel",
    "LanguageModel",
    "Oov",
    "TokenEncoder",
    "TokenLosses",
    "Trainable",
    "Vectors",
]

Oov = Literal["skip", "zero", "mean", "subwords"]
AnalogyMethod = Literal["3cosadd", "3cosmul"]


@runtime_checkable
class Vectors(Protocol):
    """Words that have vectors."""

    @property
    def words(self) -> Sequence[str]:
        """The words, each once; the most frequent first if ``counts`` is None."""

    @property
    def index(self) -> Mapping[str, int]:
        """Position of each word in ``words``."""

    @property
    def counts(self) -> NDArray[np.int64] | None:
        """How often each word occurred in the corpus, shape ``(n_words,)``, if that is known."""

    def __len__(self) -> int:
        """Return the number of words."""

    def __contains__(self, word: object) -> bool:
        """Say whether ``word`` has a vector."""

    def similarities(
        self,
        words1: Sequence[str],
        words2: Sequence[str],
        unknown: Literal["error", "mean", "subwords"],
    ) -> NDArray[np.float64]:
        """Return the cosine of each pair, shape ``(n_pairs,)``; 0 where a vector is all zeros.

        ``unknown="mean"`` lets the mean of all vectors stand for a word that has none. "subwords"
        is asked of `Composing` vectors only, about words that they can compose.
        """

    def lookup(
        self, words: Sequence[str], unknown: Literal["error", "mean"]
    ) -> tuple[Any, NDArray[np.bool_]]:
        """Return the vector of each word, and whether the word has one of its own.

        The vectors are an array or a sparse array of shape ``(len(words), dim)``;
        ``unknown="mean"`` lets the mean of all vectors stand for a word that has none.
        """

    def solve_analogies(
        self,
        a: NDArray[np.int64],
        b: NDArray[np.int64],
        c: NDArray[np.int64],
        method: AnalogyMethod,
        n: int,
        n_jobs: int | None,
    ) -> NDArray[np.int64]:
        """Return the best ``n`` answers to "a is to b as c is to ?", best first.

        ``a``, ``b`` and ``c`` are positions in ``words``, shape ``(n_questions,)``; the answers
        have shape ``(n_questions, n)``, are never one of the three words of their question, and
        are -1 where there are no more words. ``n_jobs`` threads; None is every core.
        """

    def subset(self, words: Sequence[str]) -> Vectors:
        """Return the vectors of ``words`` only."""


@runtime_checkable
class Composing(Protocol):
    """Vectors that can compose those of unknown words from parts of them."""

    def composable(self, words: Sequence[str]) -> NDArray[np.bool_]:
        """Return for each word whether its vector can be composed, shape ``(len(words),)``."""


@runtime_checkable
class FittedModel(Protocol):
    """A model that holds its vectors, as every fitted estimator of textrep does."""

    @property
    def vectors_(self) -> Vectors:
        """The vectors that were learned."""


@runtime_checkable
class Encoder(Protocol):
    """Something that turns texts into vectors."""

    def encode(self, texts: list[str]) -> Any:
        """Return a vector a text: an array or a sparse array of shape ``(n_texts, dim)``.

        A text of which the encoder knows nothing has a vector of zeros.
        """


@runtime_checkable
class TokenEncoder(Protocol):
    """Something that turns each word of a text into a vector."""

    def encode_tokens(self, texts: list[list[str]]) -> Sequence[Any]:
        """Return for each text, which is a list of words, an array of shape (n_words, dim).

        A word that the encoder does not know has what the words around it say, or zeros.
        """

    def known_tokens(self, texts: list[list[str]]) -> Sequence[NDArray[np.bool_]]:
        """Say of each word of each text whether the encoder knows it, shape (n_words,)."""


class Classifier(Protocol):
    """Something that learns the labels of texts."""

    @property
    def classes_(self) -> NDArray[Any]:
        """The labels, once it has learnt them, shape (n_classes,)."""

    def fit(self, X: list[str], y: Sequence[str]) -> Any:
        """Learn the labels ``y`` of the texts ``X``, and forget others."""

    def predict_proba(self, X: list[str]) -> NDArray[np.float64]:
        """Return the probabilities of the labels, shape (n_texts, n_classes)."""


@runtime_checkable
class Trainable(Protocol):
    """An encoder that can be trained further on labels."""

    def classifier(self) -> Classifier:
        """Return a classifier that begins with what this encoder has learnt, and leaves it so."""


class TokenLosses(Protocol):
    """What a language model makes of each word of sentences that follow one another."""

    @property
    def losses(self) -> NDArray[np.float64]:
        """−log p of what was predicted, in nats, shape ``(n_predicted,)``."""

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where those of each sentence begin, and the last end, shape ``(n_sentences + 1,)``."""

    @property
    def unknown(self) -> NDArray[np.int64]:
        """Words of each sentence that the model does not know, shape ``(n_sentences,)``."""

    @property
    def left_out(self) -> bool:
        """Whether these were not predicted; otherwise the word for unknown ones was."""

    @property
    def basis(self) -> str:
        """The same where the same words were predicted from the same vocabulary."""


@runtime_checkable
class LanguageModel(Protocol):
    """Something that predicts each word of a text from those before it."""

    def token_losses(self, sentences: list[str], /) -> TokenLosses:
        """Return the losses of sentences that follow one another.

        Raises
        ------
        UsageError
            It was not trained to predict texts.
        InputError
            It knows no word of them.
        """


@runtime_checkable
class Adapting(Protocol):
    """An encoder that learns from texts without labels: their idf, their common components."""

    def adapted_to(self, texts: list[str]) -> Encoder:
        """Return an encoder that has learnt from ``texts``, and leave this one as it is."""


if TYPE_CHECKING:
    from textrep.vectors import SubwordVectors, WordVectors

    # For the type checker: it complains here when these no longer fit.
    _WORD_VECTORS_FIT: type[Vectors] = WordVectors
    _SUBWORD_VECTORS_FIT: type[Composing] = SubwordVectors
