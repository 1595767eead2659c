"""What all encoders of sequences have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from textrep.corpus import Corpus
from textrep.corpus.texts import as_texts, as_words
from textrep.counting.outlook import Outlook
from textrep.errors import CorpusError, FormatError, UsageError
from textrep.models.cost import Cost
from textrep.models.encoders.contexts import context_vectors
from textrep.models.encoders.cost import encoding_cost
from textrep.models.encoders.learning import (
    batches_of,
    begin_with,
    make_network,
    objective_of,
    subword_table,
)
from textrep.models.encoders.parameters import EncoderParameters
from textrep.models.encoders.prediction import TextLoss, TokenLosses, token_losses
from textrep.models.encoders.tensors import from_tensors, to_tensors
from textrep.models.encoders.text import sentences_of
from textrep.models.encoders.texts import TextEncoding
from textrep.sgd.devices import device_or_cpu, require_torch, resolve_device
from textrep.storage import ModelData
from textrep.training import Callback, InitialVectors
from textrep.vectors.subwords import SubwordTable

if TYPE_CHECKING:
    from textrep.nn import Embedding, Encoder
    from textrep.optim.network import Network
    from textrep.optim.trainer import NetworkTrainer

__all__ = ["EncoderModel"]


@dataclass(kw_only=True, eq=False, repr=False)
class EncoderModel(EncoderParameters):
    """A representation of words in context, and of texts.

    A subclass has parameters of its own as fields, and implements :meth:`make_encoder`.
    """

    on_clusters = False
    replicated = False
    averaged = False

    weights_: dict[str, NDArray[Any]] = field(init=False)
    tokenizer_: str | None = field(init=False)
    network_: Network = field(init=False)

    @abstractmethod
    def make_encoder(self, embedding: Embedding) -> Encoder:
        """Return the encoder above embeddings; parameters are checked by its constructor."""

    @property
    def is_causal(self) -> bool:
        """Whether the state of a word must not depend on those after it."""
        return self.objective == "language-model"

    def check_parameters(self) -> None:
        """Check the parameters; those of the encoder by making one without weights."""
        name = type(self).__name__
        require_torch(name)
        self.check_shared()
        self._check_own(name)
        self._sizes(2)
        resolve_device(self.device)

    def _check_own(self, name: str) -> None:
        """Raise InvalidParameterError for a parameter that the encoder itself does not check."""

    def _sizes(self, n_words: int, table: SubwordTable | None = None) -> dict[str, tuple[int, ...]]:
        """Return the shape of everything that the network keeps, by name."""
        from textrep.optim.weights import sizes_of, weightless

        with weightless():
            return sizes_of(make_network(self.plain(), n_words, table))

    def _trainer(self, source: Corpus) -> NetworkTrainer:
        from textrep.optim.trainer import NetworkTrainer

        name, chosen = type(self).__name__, self.plain()
        n_words = len(self.vocabulary_)
        if n_words < 2:
            raise CorpusError(f"{name} needs a text of at least two different words.")
        if np.diff(source.sentence_offsets).max() < 2:
            raise self._nothing()
        train, out = sentences_of(source, chosen.holdout, chosen.random_state, name)
        network = self._beginning(chosen, self.vocabulary_.words)
        self.tokenizer_ = source.tokenizer_json()
        self.__dict__.pop("network_", None)  # that of an earlier fit
        return NetworkTrainer(
            network,
            objective_of(chosen, n_words, self.corpus_["tokenizer"]),
            batches_of(chosen, train),
            chosen.training_settings(),
            held_out=None if out is None else batches_of(chosen, out, training=False),
            vectors=partial(_word_vectors, chosen, network.encoder, source),
        )

    def _reports(self, trainer: Any) -> Sequence[Callback]:
        return (trainer.report,)

    def _take(self, trainer: NetworkTrainer) -> None:
        from textrep.optim.weights import weights_of

        self.word_vectors_ = trainer.vectors()
        self.network_ = trainer.settle()
        self.weights_ = weights_of(self.network_)

    def _nothing(self) -> CorpusError:
        return CorpusError(
            "No word has a context: the sentences have one word each. Build the corpus with "
            "sentences='none'."
        )

    def encode(
        self, texts: Any, *, pooling: str | None = None, layer: int = -1
    ) -> NDArray[np.float32]:
        """Return a vector for each text.

        Texts are cut into words as the corpus was. Words that it did not have are left out.

        Parameters
        ----------
        texts : iterable of str
            A list, an array or a column of texts.
        pooling : {"mean", "max", "last", "first", "weighted", "cls"}, optional
            How the vectors of words become one; "weighted": their mean, weighted by SIF's
            0.001 / (0.001 + p(w)) with the share p(w) of the word in the corpus; "cls": the state
            before them, of a transformer that was trained with it. Default: that of the model.
        layer : int, default=-1
            Of which layer they are: 0 the embeddings, -1 the output.

        Returns
        -------
        ndarray of shape (n_texts, width of the layer), float32
            Zeros for a text without a known word.

        Raises
        ------
        NotFittedError
            The model has not been trained.
        InvalidParameterError
            ``texts`` is no list of texts, or there is no such layer.
        UnknownNameError
            No pooling has such a name.
        InputError
            The corpus was cut into subwords, and the tokenizer that did it is missing.
        """
        chosen = self.pooling if pooling is None else pooling
        return self.reading().encode(texts, chosen, layer, type(self).__name__)

    def encode_tokens(self, texts: Any, *, layer: int = -1) -> list[NDArray[np.float32]]:
        """Return a vector for each word of each text.

        Parameters
        ----------
        texts : iterable of str, or list of lists of str
            As for :meth:`encode`, and cut in the same way; or texts as lists of their words.
        layer : int, default=-1
            Of which layer they are: 0 the embeddings, -1 the output.

        Returns
        -------
        list of ndarray of shape (n_words of the text, width of the layer), float32
            Known words only: of a text without one, no row. Of words that are given, all: the
            state of the first piece of each, and an unknown one is read as a hidden word. Of more
            words than ``longest``, each sees only those of its own piece.

        Raises
        ------
        NotFittedError, InvalidParameterError, InputError
            As :meth:`encode` does.
        """
        return self.reading().encode_tokens(texts, layer, type(self).__name__)

    def known_tokens(self, texts: Any) -> list[NDArray[np.bool_]]:
        """Say of each given word of each text whether the model knows it, all its pieces.

        Parameters
        ----------
        texts : list of lists of str

        Returns
        -------
        list of ndarray of shape (n_words of the text,), bool
        """
        sentences = as_words(texts, f"{type(self).__name__}.known_tokens")
        known = self.reading().read_words(sentences).known
        return np.split(known, np.cumsum([len(words) for words in sentences]))[:-1]

    def tokens(self, texts: Any) -> list[list[str]]:
        """Return the words that :meth:`encode_tokens` gives vectors of, a list a text.

        Parameters
        ----------
        texts : iterable of str
            As for :meth:`encode`.
        """
        return self.reading().tokens(texts, type(self).__name__)

    def text_loss(self, sentences: Any) -> TextLoss:
        """Return how well a language model predicts sentences that follow one another.

        Parameters
        ----------
        sentences : iterable of str
            Cut into words as the corpus was.

        Returns
        -------
        TextLoss
            Mean loss, perplexity, and how many words are unknown.

        Raises
        ------
        NotFittedError
            The model has not been trained.
        UsageError
            It is no language model.
        InputError
            There is nothing in the sentences that it knows.
        """
        return self.token_losses(sentences).mean()

    def token_losses(self, sentences: Any) -> TokenLosses:
        """Return how well a language model predicts each word of sentences.

        Parameters
        ----------
        sentences : iterable of str
            They follow one another, and are cut into words as the corpus was.

        Returns
        -------
        TokenLosses
            The loss of each known word and of the end of each sentence.

        Raises
        ------
        NotFittedError, UsageError, InputError
            As :meth:`text_loss` does.
        """
        name, reading = type(self).__name__, self.reading()
        if self.objective != "language-model":
            raise UsageError(
                f"{name} was trained with objective={self.objective!r}: only a language model "
                "predicts a text. Train one with objective='language-model'."
            )
        given = as_texts(sentences, f"{name}.token_losses")
        from textrep.optim.prediction import losses_of

        return token_losses(
            partial(losses_of, self._network(), bptt=self.bptt), reading, given, name
        )

    def reading(self) -> TextEncoding:
        """Return the trained encoder, and how texts become what it reads.

        Raises
        ------
        NotFittedError
            The model has not been trained.
        """
        self._check_fitted()
        return TextEncoding(
            self.vocabulary_,
            self.corpus_["tokenizer"],
            self.tokenizer_,
            self._network().encoder,
            self.longest,
        )

    def untrained(self, corpus: Corpus) -> TextEncoding:
        """Return an encoder of these parameters that was not trained, for the words of a corpus.

        Its weights are drawn from the seed; vectors of words begin as ``initial`` has them.

        Raises
        ------
        InvalidParameterError, UnknownNameError
            A parameter is out of its range.
        """
        self.check_parameters()
        words, chosen = corpus.vocabulary, self.plain()
        return TextEncoding(
            words,
            corpus.manifest.tokenizer,
            corpus.tokenizer_json(),
            self._beginning(chosen, words.words).encoder,
            self.longest,
        )

    def _beginning(self, chosen: Self, words: Sequence[str]) -> Network:
        """Return the network at the beginning of a training, of parameters in Python's numbers."""
        network = make_network(chosen, len(words), subword_table(chosen, words))
        if chosen.initial is not None:
            initial = InitialVectors.read(chosen.initial, chosen.dim, type(self).__name__)
            begin_with(network, initial, words)
        return network

    def _network(self) -> Network:
        """Return the trained network; of a loaded model it is made on the first call."""
        from textrep.optim.weights import load_weights

        if not hasattr(self, "network_"):
            chosen, words = self.plain(), self.vocabulary_.words
            network = make_network(chosen, len(words), subword_table(chosen, words))
            load_weights(network, self.weights_)
            self.network_ = network.eval().to(device_or_cpu(self.device))
        return self.network_

    def predict_cost(self, outlook: Outlook) -> Cost:
        """Return what the text of ``outlook`` will cost; see :class:`PredictsCost`."""
        self.check_parameters()
        return encoding_cost(self, self._sizes(outlook.n_words), outlook)

    @property
    def _rows_are_words(self) -> bool:
        """Whether the embedding holds the word vectors as they are."""
        return self.vectors == "embedding" and not self.subwords

    def _tensors(self) -> dict[str, Any]:
        return {**super()._tensors(), **to_tensors(self.weights_, self._rows_are_words)}

    def _tokenizer_json(self) -> str | None:
        return self.tokenizer_

    @classmethod
    def from_data(cls, data: ModelData, name: str) -> Self:
        """Return the fitted model that ``data``, read from ``name``, describes.

        Raises
        ------
        FormatError
            Parameters, words, weights or the tokenizer do not fit one another.
        """
        model = super().from_data(data, name)
        require_torch(cls.__name__)
        model.check_shared()
        rows = model.word_vectors_ if model._rows_are_words else None
        found = from_tensors(data.tensors, rows)
        expected = model._sizes(len(data.words), subword_table(model.plain(), data.words))
        if {key: tuple(tensor.shape) for key, tensor in found.items()} != expected:
            raise FormatError(
                f"{name} is damaged: its weights are not those of a {cls.__name__} with its "
                f"parameters and {len(data.words):,} words."
            )
        model.weights_, model.tokenizer_ = found, data.tokenizer
        return model


def _word_vectors(model: EncoderModel, encoder: Encoder, corpus: Corpus) -> NDArray[np.float32]:
    """Return the word vectors of an encoder under training, of shape (n_words, width)."""
    if model.vectors == "contexts":
        return context_vectors(
            encoder, corpus, model.occurrences, model.longest, model.random_state
        )
    vectors: NDArray[np.float32] = encoder.embedding.matrix().detach().cpu().numpy()
    return vectors[1:-1].copy()
