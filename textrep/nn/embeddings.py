"""Vectors of tokens: one a word, or the mean of those of its parts."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from textrep.checks import check_integer, check_number
from textrep.errors import InvalidParameterError

__all__ = ["Embedding", "SubwordEmbedding", "WordEmbedding"]


class Embedding(nn.Module, ABC):
    """What encoders begin with.

    Parameters
    ----------
    n_words : int
        Tokens that have a vector: 0 to ``n_words`` - 1.
    n_rows : int
        Rows of the matrix that is learnt.
    width : int
        Numbers of a vector.
    frozen : bool
        Whether the vectors stay as they are in training.
    word_dropout : float
        Share of the words, from 0 to below 1, whose vectors are 0 in a batch of training,
        wherever they stand in it; the others are divided by 1 - ``word_dropout``.
    noise : float
        Standard deviation, 0 or more, of what is added to each number of a vector in training.

    Attributes
    ----------
    weight : Parameter of shape (n_rows, width)
        From a normal distribution of variance 1 / width at first, so that vectors have length 1.

    References
    ----------
    Gal and Ghahramani 2016, A Theoretically Grounded Application of Dropout in Recurrent Neural
    Networks, NIPS, section 4.2: dropout of words.
    Bishop 1995, Training with Noise is Equivalent to Tikhonov Regularization, Neural Computation
    7(1).
    """

    def __init__(
        self,
        n_words: int,
        n_rows: int,
        width: int,
        *,
        frozen: bool,
        word_dropout: float,
        noise: float,
    ) -> None:
        super().__init__()
        caller = type(self).__name__
        check_integer("n_words", caller, n_words, 1)
        check_integer("width", caller, width, 1)
        check_number("word_dropout", caller, word_dropout, 0.0, 0.99)
        check_number("noise", caller, noise, 0.0)
        self.n_words = n_words
        self.width = width
        self.word_dropout = word_dropout
        self.noise = noise
        self.is_given = False
        self.weight = nn.Parameter(torch.empty(n_rows, width), requires_grad=not frozen)
        self.reset()

    def reset(self, generator: torch.Generator | None = None) -> None:
        """Draw the vectors anew, unless they were given."""
        if not self.is_given:
            nn.init.normal_(self.weight, std=1 / math.sqrt(self.width), generator=generator)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the vectors of tokens.

        Parameters
        ----------
        tokens : Tensor of shape (batch, time), int64

        Returns
        -------
        Tensor of shape (batch, time, width)

        Raises
        ------
        InvalidParameterError
            A token is out of range. Looked at on the CPU only: a GPU would have to be waited for.
        """
        if tokens.device.type == "cpu":
            self._check(tokens)
        vectors = self._vectors(tokens)
        if not self.training:
            return vectors
        if self.word_dropout:
            kept = functional.dropout(vectors.new_ones(self.n_words), self.word_dropout)
            vectors = vectors * kept[tokens].unsqueeze(-1)
        return vectors + self.noise * torch.randn_like(vectors) if self.noise else vectors

    def _check(self, tokens: Tensor) -> None:
        least, most = (int(bound) for bound in tokens.aminmax())
        if least < 0 or most >= self.n_words:
            rule = f"from 0 to {self.n_words - 1}: was the text encoded with other words?"
            given = least if least < 0 else most
            raise InvalidParameterError("tokens", type(self).__name__, rule, given)

    @abstractmethod
    def _vectors(self, tokens: Tensor) -> Tensor:
        """Return the vectors of tokens of any shape."""

    @abstractmethod
    def matrix(self) -> Tensor:
        """Return the vectors of all words, of shape (n_words, width), for a tied output."""


class WordEmbedding(Embedding):
    """A vector a word.

    Parameters
    ----------
    n_words : int
        Words, from 1 up.
    width : int, default=200
        Numbers of a vector, from 1 up.
    frozen : bool, default=False
        Whether the vectors stay as they are in training.
    word_dropout, noise : float, default=0.0
        Share of the words that a batch of training does without, and the deviation of what it adds
        to the others; see `Embedding`.
    """

    def __init__(
        self,
        n_words: int,
        width: int = 200,
        *,
        frozen: bool = False,
        word_dropout: float = 0.0,
        noise: float = 0.0,
    ) -> None:
        super().__init__(
            n_words, n_words, width, frozen=frozen, word_dropout=word_dropout, noise=noise
        )

    @classmethod
    def from_matrix(cls, matrix: NDArray[np.floating], **options: Any) -> Self:
        """Return an embedding that begins with given vectors.

        Parameters
        ----------
        matrix : ndarray of shape (n_words, width)
            Copied.
        **options : Any
            ``frozen``, ``word_dropout`` and ``noise`` of the class.
        """
        if matrix.ndim != 2:
            rule = "of shape (n_words, width)"
            raise InvalidParameterError("matrix", cls.__name__, rule, matrix.shape)
        embedding = cls(*matrix.shape, **options)
        with torch.no_grad():
            embedding.weight.copy_(torch.tensor(matrix))
        embedding.is_given = True
        return embedding

    def _vectors(self, tokens: Tensor) -> Tensor:
        return functional.embedding(tokens, self.weight)

    def matrix(self) -> Tensor:
        """Return the vectors of all words, of shape (n_words, width)."""
        return self.weight


class SubwordEmbedding(Embedding):
    """The mean of the vectors of a word's parts: itself and its n-grams.

    Parameters
    ----------
    offsets : ndarray of shape (n_words + 1,), int64
        Where the parts of each word begin.
    parts : ndarray of shape (offsets[-1],)
        Rows of the matrix; a word has at least one. As in `textrep.vectors.subwords.SubwordTable`.
    width : int, default=200
        Numbers of a vector, from 1 up.
    frozen : bool, default=False
        Whether the vectors stay as they are in training.
    word_dropout, noise : float, default=0.0
        Share of the words that a batch of training does without, and the deviation of what it adds
        to the others; see `Embedding`.

    Notes
    -----
    A word that a batch holds more than once is composed once. An output tied to this embedding
    composes all words at every step.

    References
    ----------
    Bojanowski, Grave, Joulin and Mikolov 2017, Enriching Word Vectors with Subword Information,
    TACL 5.
    """

    offsets: Tensor
    parts: Tensor

    def __init__(
        self,
        offsets: NDArray[np.int64],
        parts: NDArray[np.integer],
        width: int = 200,
        *,
        frozen: bool = False,
        word_dropout: float = 0.0,
        noise: float = 0.0,
    ) -> None:
        n_rows = int(parts.max()) + 1 if len(parts) else 0
        if len(offsets) < 2 or offsets[-1] != len(parts) or (np.diff(offsets) < 1).any():
            rule = f"ascending numbers from 0 to {len(parts)}, the parts"
            raise InvalidParameterError("offsets", type(self).__name__, rule, offsets)
        super().__init__(
            len(offsets) - 1, n_rows, width, frozen=frozen, word_dropout=word_dropout, noise=noise
        )
        for name, numbers in (("offsets", offsets), ("parts", parts)):
            tensor = torch.tensor(numbers, dtype=torch.int64)
            self.register_buffer(name, tensor, persistent=False)  # they follow from the words

    def _vectors(self, tokens: Tensor) -> Tensor:
        words, places = tokens.unique(return_inverse=True)
        begins = self.offsets[words]
        sizes = self.offsets[words + 1] - begins
        ours = sizes.cumsum(0) - sizes  # where the parts of each word begin among those taken
        taken = torch.arange(int(sizes.sum()), device=tokens.device)
        taken += (begins - ours).repeat_interleave(sizes)
        means = functional.embedding_bag(self.parts[taken], self.weight, ours, mode="mean")
        return functional.embedding(places, means)

    def matrix(self) -> Tensor:
        """Return the vectors of all words, of shape (n_words, width)."""
        return functional.embedding_bag(self.parts, self.weight, self.offsets[:-1], mode="mean")
