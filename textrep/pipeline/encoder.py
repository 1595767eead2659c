"""Any trained model as an encoder of texts, by its path alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from textrep.corpus.bags import TextReader
from textrep.corpus.texts import as_texts
from textrep.errors import InvalidParameterError
from textrep.models import MODELS, load_model, model_class
from textrep.pipeline.average import WordAverage
from textrep.pipeline.sources import words_of
from textrep.pipeline.transformer import TextTransformer
from textrep.storage import read_model
from textrep.storage.model_folder import is_model_folder

if TYPE_CHECKING:
    from textrep.pipeline.classifier import TextClassifier

__all__ = ["Encoder", "TextEncoder", "encodes_itself", "load_encoder"]


@runtime_checkable
class Encoder(Protocol):
    """Whatever turns texts into vectors of one length."""

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return a vector a text, shape (n_texts, dim); zeros for a text without known words."""


def load_encoder(
    source: Any, tokenizer: str | None = None, caller: str = "load_encoder"
) -> Encoder:
    """Return the encoder that ``source`` is or names.

    Parameters
    ----------
    source : str, Path, WordVectors, fitted model or Encoder
        A model that encodes texts itself, or word vectors, which are averaged.
    tokenizer : str, optional
        For word vectors; as in `WordVectorAverager`.
    caller : str
        Named in the errors.

    Raises
    ------
    InvalidParameterError
        It is none of these.
    FormatError
        The path has no model that can be read.
    """
    if isinstance(source, str | Path):  # a str has a method encode of its own
        source = load_model(source) if encodes_itself(source) else Path(source)
    if isinstance(source, Encoder):
        return source
    words = words_of(source, "model", caller)
    return WordAverage(words.vectors, TextReader(tokenizer, words.tokenizer))


def encodes_itself(path: str | Path) -> bool:
    """Say whether a path is the folder of a model that encodes texts itself."""
    if not is_model_folder(path):
        return False
    class_name = read_model(path).class_name
    names = [name for name, entry in MODELS.items() if entry.class_name == class_name]
    return bool(names) and hasattr(model_class(names[0]), "encode")


class TextEncoder(TextTransformer):
    """Turn texts into vectors by a trained model.

    A model that encodes texts does so; of one that has vectors of words, a text's vector is the
    mean of those of its words.

    Parameters
    ----------
    model : str, Path, WordVectors or fitted model
        A model folder, a file of word vectors, or what ``textrep.load`` and ``fit`` return.
    tokenizer : str, optional
        How texts are cut into words, for vectors of words. Default: as the model's corpus was;
        "simple" where that is not known.

    Attributes
    ----------
    encoder_ : Encoder
        The loaded model.

    Raises
    ------
    InvalidParameterError, FormatError
        When it is first used: ``model`` is none of these or cannot be read.

    Notes
    -----
    ``fit`` loads the model and learns nothing, so it may be left out: ``encode`` and ``transform``
    load the model on their first call. Other averages than the mean are in `WordVectorAverager`.

    Examples
    --------
    >>> from textrep.vectors import WordVectors
    >>> encoder = TextEncoder(WordVectors(["cat", "dog"], [[1, 0], [0, 1]]))
    >>> encoder.encode(["cat and dog", "?"]).tolist()
    [[0.5, 0.5], [0.0, 0.0]]
    >>> [vectors.tolist() for vectors in encoder.encode_tokens(["cat and dog", "?"])]
    [[[1.0, 0.0], [0.0, 1.0]], []]
    """

    def __init__(self, model: Any, *, tokenizer: str | None = None) -> None:
        self.model = model
        self.tokenizer = tokenizer

    def encode_tokens(self, texts: Any) -> list[NDArray[np.float32]]:
        """Return the vectors of each text's words.

        Parameters
        ----------
        texts : iterable of str

        Returns
        -------
        list of ndarray of shape (n_words of the text, dim), float32
            Of an encoder the states of words in context; of other models the vectors of words.
            Words that the model does not know are left out.

        Raises
        ------
        InvalidParameterError
            ``texts`` is no list of texts, or the model has vectors of texts alone.
        InputError
            The vectors are sparse.
        """
        found: list[NDArray[np.float32]] = self._of_tokens("encode_tokens", texts)
        return found

    def tokens(self, texts: Any) -> list[list[str]]:
        """Return the words that :meth:`encode_tokens` gives vectors of, a list a text."""
        found: list[list[str]] = self._of_tokens("tokens", texts)
        return found

    def classifier(self) -> TextClassifier:
        """Return a classifier of texts that begins with the model, and is not fitted.

        Its other parameters are at their defaults; `textrep.evaluate` takes it for
        ``probe="finetuned"``.
        """
        from textrep.pipeline.classifier import TextClassifier

        return TextClassifier(self.model)

    def _of_tokens(self, method: str, texts: Any) -> Any:
        """Ask the model for what it has of tokens."""
        self._check_fitted()
        name = type(self).__name__
        if not hasattr(self.encoder_, method):
            rule = f"one with vectors of words, for {method}"
            raise InvalidParameterError("model", name, rule, type(self.encoder_).__name__)
        return getattr(self.encoder_, method)(as_texts(texts, f"{name}.{method}"))

    def _learn(self, texts: list[str]) -> None:
        self.encoder_ = load_encoder(self.model, self.tokenizer, type(self).__name__)

    def _encode(self, texts: list[str]) -> Any:
        return self.encoder_.encode(texts)

    @property
    def _n_features_out(self) -> int:
        return int(self._encode([""]).shape[1])

    def _check_fitted(self) -> None:
        if not self.__sklearn_is_fitted__():
            self._learn([])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags
