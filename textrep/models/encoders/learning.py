"""What an encoder learns from a corpus: its network, its objective and its batches."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textrep.models.encoders.text import N_OTHERS, Sentences
from textrep.training import InitialVectors
from textrep.vectors.subwords import END_OF_SENTENCE, Subwords, SubwordTable

if TYPE_CHECKING:
    from textrep.models.encoders.base import EncoderModel
    from textrep.nn import AdaptiveSoftmax, Embedding, Encoder, Head
    from textrep.optim.batches import Batches
    from textrep.optim.network import Network
    from textrep.optim.objectives import Objective

__all__ = ["batches_of", "begin_with", "make_network", "objective_of", "subword_table"]

_LEAST_STEPS = 10  # of an epoch of a language model: a short text is read as fewer streams


def subword_table(model: EncoderModel, words: Sequence[str]) -> SubwordTable | None:
    """Return the parts of the tokens that a model reads; None if they have a vector each."""
    if not model.subwords:
        return None
    no_word = END_OF_SENTENCE.decode()  # has no n-grams, as neither boundary nor mask has
    subwords = Subwords(model.min_n, model.max_n, model.buckets)
    return subwords.rows([no_word, *words, no_word])


def make_network(model: EncoderModel, n_words: int, table: SubwordTable | None = None) -> Network:
    """Return the network that a model trains, its weights drawn from its seed.

    Parameters
    ----------
    model : EncoderModel
        Its parameters are Python's own numbers.
    n_words : int
        Words of the vocabulary.
    table : SubwordTable, optional
        The parts of its tokens; see `subword_table`. Default: each has a vector of its own.
    """
    from textrep.nn import SubwordEmbedding, WordEmbedding, initialise
    from textrep.nn.pooling import pool_texts
    from textrep.optim.network import Network
    from textrep.optim.weights import drawn_from

    with drawn_from(model.random_state):
        embedding: Embedding
        options: dict[str, Any] = {
            "frozen": model.frozen,
            "word_dropout": model.word_dropout,
            "noise": model.input_noise,
        }
        if table is None:
            embedding = WordEmbedding(n_words + N_OTHERS, model.dim, **options)
        else:
            embedding = SubwordEmbedding(table.offsets, table.parts, model.dim, **options)
        encoder = model.make_encoder(embedding)
        encoder.pooling = model.pooling
        head = _head(model, encoder) if model.predicts_words else None
        network = Network(encoder, head, partial(pool_texts, pooling=model.pooling))
        initialise(network, model.initialiser)
    return network


def _head(model: EncoderModel, encoder: Encoder) -> Head:
    from textrep.nn import Softmax

    embedding = encoder.embedding
    if model.softmax == "adaptive":
        return _adaptive(encoder.width, embedding.n_words)
    tied = embedding if model.softmax == "tied" else None
    return Softmax(encoder.width, embedding.n_words, tied=tied)


def _adaptive(width: int, n_words: int) -> AdaptiveSoftmax:
    """Return an adaptive softmax whose groups narrow by 4, or less where states are narrow."""
    from textrep.nn import AdaptiveSoftmax
    from textrep.nn.heads import default_cutoffs

    cutoffs = default_cutoffs(n_words)
    narrowing = 4.0
    if width < narrowing ** len(cutoffs):
        narrowing = max(1.0, int(10 * width ** (1 / len(cutoffs))) / 10)
    return AdaptiveSoftmax(width, n_words, cutoffs=cutoffs, narrowing=narrowing)


def begin_with(network: Network, initial: InitialVectors, words: Sequence[str]) -> None:
    """Copy the vectors of words that ``initial`` has into the embeddings of a network."""
    matrix = network.encoder.embedding.weight.detach().numpy()  # shares memory
    initial.copy_to(words, matrix[1:-1])


def objective_of(model: EncoderModel, n_words: int, tokenizer: Any) -> Objective:
    """Return what a model learns from words that a tokenizer has cut."""
    from textrep.optim.contrastive import Contrastive
    from textrep.optim.objectives import CausalLanguageModel, MaskedLanguageModel

    if model.objective == "language-model":
        unit = "characters" if tokenizer.get("name") == "char" else "words"
        return CausalLanguageModel(unit, model.label_smoothing)
    if model.objective == "masked":
        mask = n_words + N_OTHERS - 1
        return MaskedLanguageModel(mask, mask, model.mask_share, model.label_smoothing)
    partner = "itself" if model.objective == "sentences" else "neighbour"
    return Contrastive(partner, model.temperature)


def batches_of(model: EncoderModel, sentences: Sentences, *, training: bool = True) -> Batches:
    """Return the batches that a model is trained on, or its loss measured on.

    Raises
    ------
    TrainingError
        There is too little text.
    """
    from textrep.optim.batches import LengthBatches, StreamBatches
    from textrep.optim.sequences import Sequences

    accumulate = model.accumulate if training else 1
    if model.objective == "language-model":
        stream = sentences.stream()
        most = len(stream) // (_LEAST_STEPS * model.bptt * accumulate)
        streams = max(1, min(model.most_tokens // model.bptt, most))
        return StreamBatches(
            stream,
            batch_size=streams,
            bptt=model.bptt,
            accumulate=accumulate,
            named="batch_tokens",
        )
    if model.objective == "masked":
        sequences = Sequences(sentences.tokens, sentences.offsets).split(model.longest)
    else:
        tokens, offsets, documents = sentences.cut_short(model.longest)
        sequences = Sequences(tokens, offsets, documents=documents)
    return LengthBatches(
        sequences,
        batch_tokens=model.most_tokens,
        accumulate=accumulate,
        shuffle=training,
        neighbours=model.objective == "neighbours",
        random_state=model.random_state,
    )
