"""Networks small enough to train in a moment, and the settings of their training."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from textrep.optim.batches import LengthBatches, StreamBatches
from textrep.optim.network import Network
from textrep.optim.objectives import CausalLanguageModel
from textrep.optim.sequences import Sequences
from textrep.optim.settings import TrainingSettings
from textrep.optim.trainer import NetworkTrainer
from textrep.training import Identity, run

N_WORDS, WIDTH, EPOCHS = 11, 8, 2
IDENTITY = Identity("Toy", {"dim": WIDTH}, "f00d" * 16)


class Encoded(NamedTuple):
    layers: list
    state: tuple | None


class TinyEncoder(nn.Module):
    """Embeddings and an LSTM, with dropout before, between and after."""

    def __init__(self, dropout=0.2, bidirectional=False):
        super().__init__()
        self.embedding = nn.Embedding(N_WORDS, WIDTH)
        self.dropout = nn.Dropout(dropout)
        self.lstm = nn.LSTM(
            WIDTH, WIDTH // (1 + bidirectional), batch_first=True, bidirectional=bidirectional
        )

    def forward(self, tokens, lengths, state=None):
        embedded = self.dropout(self.embedding(tokens))
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        if state is not None:
            state = tuple(part.transpose(0, 1).contiguous() for part in state)
        states, after = self.lstm(packed, state)
        padded, _ = pad_packed_sequence(states, batch_first=True, total_length=tokens.shape[1])
        after = tuple(part.transpose(0, 1) for part in after)
        return Encoded([embedded, self.dropout(padded)], after)


def mean(encoded, lengths):
    """The mean over real positions; the encoder has put zeros at the others."""
    return encoded.layers[-1].sum(1) / lengths[:, None]


def network(n_classes=N_WORDS, seed=0, **options):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Network(TinyEncoder(**options), nn.Linear(WIDTH, n_classes), mean)


def text(n=400, seed=1):
    """Numbers that are mostly one more than the one before: there is something to learn."""
    random = np.random.default_rng(seed)
    return (np.cumsum(random.choice([1, 1, 1, 1, 3], n)) % N_WORDS).astype(np.int32)


def sentences(n=40, longest=9, seed=2):
    random = np.random.default_rng(seed)
    return Sequences.of(
        [text(random.integers(1, longest + 1), seed + row).tolist() for row in range(n)]
    )


def streams(n=250, **options):
    return StreamBatches(text(n), **{"batch_size": 4, "bptt": 7} | options)


def lengths(**options):
    return LengthBatches(sentences(), **{"batch_tokens": 40} | options)


def trainer(batches=None, held_out=None, net=None, objective=None, **settings):
    chosen = {"epochs": EPOCHS, "optimizer": "adam", "learning_rate": 0.02} | settings
    return NetworkTrainer(
        net or network(),
        objective or CausalLanguageModel(),
        batches or streams(),
        TrainingSettings(**chosen),
        held_out=held_out,
    )


def train(toy, **options):
    return run(toy, EPOCHS, words=[], identity=IDENTITY, **options)
