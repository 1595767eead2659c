"""Every encoder with the objectives that fit it: it learns, and goes on from its arrays exactly."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from textrep.nn.convolution import ConvEncoder
from textrep.nn.embeddings import WordEmbedding
from textrep.nn.encoder import MeanEncoder
from textrep.nn.heads import AdaptiveSoftmax, Softmax
from textrep.nn.pooling import pool_texts
from textrep.nn.recurrent import RecurrentEncoder
from textrep.nn.transformer import TransformerEncoder
from textrep.optim.contrastive import Contrastive
from textrep.optim.network import Network
from textrep.optim.objectives import CausalLanguageModel, MaskedLanguageModel

from .networks import N_WORDS, lengths, streams
from .networks import trainer as make

WIDTH = 8
ENCODERS = {
    "lstm": lambda words: RecurrentEncoder(words, cell="lstm", units=WIDTH, layers=2),
    "gru": lambda words: RecurrentEncoder(words, cell="gru", units=WIDTH),
    "causal": lambda words: TransformerEncoder(words, heads=2, layers=1, causal=True, dropout=0.1),
    "transformer": lambda words: TransformerEncoder(words, heads=2, layers=1, dropout=0.1),
    "conv": lambda words: ConvEncoder(words),
    "mean": lambda words: MeanEncoder(words),
}
OBJECTIVES = {
    "stream": lambda: (CausalLanguageModel(), streams()),
    "next": lambda: (CausalLanguageModel(label_smoothing=0.1), lengths()),
    "masked": lambda: (MaskedLanguageModel(0, N_WORDS), lengths()),
    "contrastive": lambda: (Contrastive(temperature=0.5), lengths()),
}
FITTING = [
    ("lstm", "stream", "tied"),
    ("lstm", "next", "tied"),
    ("gru", "stream", "adaptive"),
    ("causal", "next", "tied"),
    ("transformer", "masked", "tied"),
    ("transformer", "contrastive", "none"),
    ("conv", "masked", "full"),
    ("mean", "contrastive", "none"),
]


def build(encoder, objective, head):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        words = WordEmbedding(N_WORDS, WIDTH, word_dropout=0.1)
        made = ENCODERS[encoder](words)
        heads = {
            "tied": lambda: Softmax(made.width, N_WORDS, tied=words),
            "full": lambda: Softmax(made.width, N_WORDS),
            "adaptive": lambda: AdaptiveSoftmax(made.width, N_WORDS, cutoffs=[4]),
            "none": lambda: None,
        }
        net = Network(made, heads[head](), partial(pool_texts, pooling="mean"))
    learnt, batches = OBJECTIVES[objective]()
    return make(batches=batches, net=net, objective=learnt)


@pytest.mark.parametrize(("encoder", "objective", "head"), FITTING)
def test_every_encoder_goes_on_exactly(encoder, objective, head):
    whole, cut, rest = (build(encoder, objective, head) for _ in range(3))
    half = whole.n_parts // 2
    losses = []
    for epoch in range(4):
        measured = list(whole.train(epoch, range(whole.n_parts)))
        losses.append(sum(m.loss for m in measured) / sum(m.examples for m in measured))
    assert losses[-1] < losses[0]
    list(cut.train(0, range(half)))
    for name, array in rest.arrays().items():
        array[...] = cut.arrays()[name]
    list(rest.train(0, range(half, rest.n_parts)))
    for epoch in range(1, 4):
        list(rest.train(epoch, range(rest.n_parts)))
    for name, array in whole.arrays().items():
        assert array.tobytes() == rest.arrays()[name].tobytes(), name
