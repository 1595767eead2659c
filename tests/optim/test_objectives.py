"""Losses against sums written out, and what is drawn."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from textrep.errors import InvalidParameterError, TrainingError, UnknownNameError, UsageError
from textrep.optim.batches import IGNORED, Batch, LengthBatches
from textrep.optim.contrastive import Contrastive
from textrep.optim.network import Network
from textrep.optim.objectives import (
    CausalLanguageModel,
    Classification,
    MaskedLanguageModel,
    Tagging,
)
from textrep.optim.sequences import Sequences

from .networks import N_WORDS, TinyEncoder, mean, network, streams

LISTS = [[1, 2, 3, 4], [5], [6, 7]]


def batch_of(lists=LISTS, labels=None):
    batches = LengthBatches(Sequences.of(lists, labels), shuffle=False)
    return batches.batch(np.arange(len(lists)))


def log_shares(scores):
    scores = scores.detach().double().numpy()
    return scores - np.log(np.exp(scores).sum(-1, keepdims=True))


def alone(net, row):
    """States of one sequence, encoded by itself."""
    with torch.no_grad():
        return net(torch.tensor([row]), torch.tensor([len(row)])).layers[-1][0]


def test_causal_language_model():
    net = network().eval()
    objective = CausalLanguageModel()
    loss = objective.loss(net, objective.prepare(batch_of()))
    expected = [
        -log_shares(net.head(alone(net, row)))[at, row[at + 1]]
        for row in LISTS
        for at in range(len(row) - 1)
    ]
    assert loss.examples == len(expected) == 4
    assert loss.total.item() == pytest.approx(sum(expected), rel=1e-5)


def test_a_stream_is_labelled_already():
    batch = streams().batch((0, 0))
    prepared = CausalLanguageModel().prepare(batch)
    assert prepared.at is None
    assert (prepared.labels == batch.labels.flatten()).all()


def test_a_batch_without_a_next_token_has_no_example():
    objective = CausalLanguageModel()
    loss = objective.loss(network(), objective.prepare(batch_of([[1], [2]])))
    assert (loss.examples, loss.total.item()) == (0, 0.0)


def test_states_are_carried():
    net, objective = network().eval(), CausalLanguageModel()
    batches = streams(batch_size=2, bptt=5)
    whole = streams(batch_size=2, bptt=10)
    state, total = None, 0.0
    for step in range(2):
        batch = objective.prepare(batches.batch((step, 0)))
        loss = objective.loss(net, batch, state)
        state, total = loss.state, total + loss.total.item()
    once = objective.loss(net, objective.prepare(whole.batch((0, 0))))
    assert total == pytest.approx(once.total.item(), rel=1e-5)


def test_tagging():
    net, objective = network(n_classes=3).eval(), Tagging()
    labels = [[0, 1, IGNORED, 2], [1], [2, 0]]
    loss = objective.loss(net, objective.prepare(batch_of(labels=labels)))
    shares = [log_shares(net.head(alone(net, row))) for row in LISTS]
    pairs = [
        (share[at], tag)
        for share, tags in zip(shares, labels, strict=True)
        for at, tag in enumerate(tags)
        if tag != IGNORED
    ]
    assert loss.examples == len(pairs) == 6
    assert loss.total.item() == pytest.approx(-sum(s[tag] for s, tag in pairs), rel=1e-5)
    assert loss.correct.item() == sum(s.argmax() == tag for s, tag in pairs)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_classification(smoothing):
    net, objective = network(n_classes=3, dropout=0.0), Classification(smoothing)
    labels = [2, 0, 1]
    batch = objective.prepare(batch_of(labels=labels))
    shares = np.stack([log_shares(net.head(alone(net, row).mean(0))) for row in LISTS])
    right = shares[np.arange(3), labels]
    assert objective.loss(net, batch).total.item() == pytest.approx(
        -((1 - smoothing) * right + smoothing * shares.mean(1)).sum(), rel=1e-5
    )
    measured = objective.loss(net.eval(), batch)
    assert measured.total.item() == pytest.approx(-right.sum(), rel=1e-5)
    assert measured.correct.item() == (shares.argmax(1) == labels).sum()


def test_contrastive_neighbours():
    net = network(n_classes=4).eval()
    tokens = Sequences.of([[1, 2], [3], [4, 5, 6], [7, 8]])
    batches = LengthBatches(tokens, neighbours=True)
    objective = Contrastive("neighbour", temperature=0.3)
    loss = objective.loss(net, objective.prepare(batches.batch(np.array([0, 2]))))
    vectors = np.stack(
        [net.head(alone(net, row).mean(0)).detach() for row in ([1, 2], [4, 5, 6], [3], [7, 8])]
    ).astype(np.float64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scores = vectors[:2] @ vectors[2:].T / 0.3
    shares = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    assert loss.total.item() == pytest.approx(-np.log(shares.diagonal()).sum(), rel=1e-5)
    assert loss.correct.item() == (scores.argmax(1) == [0, 1]).sum()
    assert loss.examples == 2


def test_a_sentence_is_not_its_own_negative():
    net = network(n_classes=4).eval()
    rows = [[1, 2], [3], [4, 5, 6], [3], [4, 5, 6], [3, 3]]  # anchors, then partners
    batch = Contrastive("neighbour", 0.3).prepare(batch_of(rows))
    loss = Contrastive("neighbour", 0.3).loss(net, batch)
    vectors = np.stack([net.head(alone(net, row).mean(0)).detach() for row in rows])
    vectors = vectors.astype(np.float64) / np.linalg.norm(vectors, axis=1, keepdims=True)
    scores = np.exp(vectors[:3] @ vectors[3:].T / 0.3)
    scores[1, 0] = scores[2, 1] = 0.0  # [3] and [4, 5, 6] are partners of others
    expected = -np.log(scores.diagonal() / scores.sum(1)).sum()
    assert loss.total.item() == pytest.approx(expected, rel=1e-5)


def test_contrastive_dropout_masks_differ():
    net = Network(TinyEncoder(dropout=0.5), None, mean)
    objective = Contrastive()
    batch = objective.prepare(batch_of())
    assert batch.tokens.shape[0] == 6
    vectors = net.vectors(batch.tokens, batch.lengths)
    assert (vectors[:3] != vectors[3:]).any(1).all()
    still = net.eval().vectors(batch.tokens, batch.lengths)
    torch.testing.assert_close(still[:3], still[3:])
    assert objective.loss(net, batch).correct.item() == 3


class TestMasked:
    mask, n_words = 10, 5

    def drawn(self, rows=400, share=0.15):
        tokens = torch.randint(5, 10, (rows, 50))  # no random word is one of them
        lengths = torch.randint(1, 51, (rows,))
        batch = Batch(tokens * (torch.arange(50) < lengths[:, None]), lengths)
        objective = MaskedLanguageModel(self.mask, self.n_words, share)
        return batch, objective.prepare(batch)

    def test_fates(self):
        batch, masked = self.drawn()
        drawn = torch.zeros(batch.tokens.numel(), dtype=torch.bool)
        drawn[masked.at] = True
        real = (torch.arange(50) < batch.lengths[:, None]).flatten()
        before, after = batch.tokens.flatten(), masked.tokens.flatten()
        assert not (drawn & ~real).any()
        assert (after[~drawn] == before[~drawn]).all()
        assert (masked.labels == before[masked.at]).all()
        n, n_real = int(drawn.sum()), int(real.sum())
        for found, of, share in [
            (n, n_real, 0.15),
            ((after[drawn] == self.mask).sum(), n, 0.8),
            ((after[drawn] < self.n_words).sum(), n, 0.1),
            ((after[drawn] == before[drawn]).sum(), n, 0.1),
        ]:
            assert abs(int(found) - share * of) < 5 * math.sqrt(of * share * (1 - share))

    def test_one_at_least(self):
        _, masked = self.drawn(rows=1, share=1e-9)
        assert len(masked.labels) == 1

    def test_random_numbers_are_the_global_ones(self):
        drawn = []
        for _ in range(2):
            torch.manual_seed(5)
            drawn.append(self.drawn()[1])
        assert (drawn[0].tokens == drawn[1].tokens).all()

    def test_loss(self):
        net = network(bidirectional=True).eval()
        batch, masked = batch_of([[5, 6, 7], [8, 9]]), None
        objective = MaskedLanguageModel(10, 5, share=1.0)
        masked = objective.prepare(batch)
        loss = objective.loss(net, masked)
        with torch.no_grad():
            states = net(masked.tokens, masked.lengths).layers[-1]
        shares = log_shares(net.head(states))
        expected = [shares[0, at, 5 + at] for at in range(3)] + [
            shares[1, at, 8 + at] for at in (0, 1)
        ]
        assert loss.examples == 5
        assert loss.total.item() == pytest.approx(-sum(expected), rel=1e-5)


class OwnLosses(nn.Linear):
    """A head that has losses of its own, as an adaptive softmax has."""

    def losses(self, states, targets, smoothing):
        return states.sum(1) + targets + 100 * smoothing


def test_a_head_with_losses_of_its_own():
    net = Network(TinyEncoder(dropout=0.0), OwnLosses(8, N_WORDS), mean)
    objective = CausalLanguageModel(label_smoothing=0.1)
    batch = objective.prepare(batch_of([[1, 2]]))
    states = net(batch.tokens, batch.lengths).layers[-1][0, 0]
    assert objective.loss(net, batch).total.item() == pytest.approx(states.sum().item() + 12)
    shares = log_shares(net.eval().head(states))
    assert objective.loss(net, batch).total.item() == pytest.approx(-shares[2], rel=1e-5)


def test_metrics():
    assert CausalLanguageModel().metrics(math.log(8), 0.5) == {
        "perplexity": pytest.approx(8),
        "accuracy": 0.5,
    }
    assert CausalLanguageModel("characters").metrics(math.log(8), 0.5)["bits_per_character"] == 3
    assert MaskedLanguageModel(0, 1).metrics(0.0, 1.0) == {"masked_perplexity": 1, "accuracy": 1}
    for objective in (Tagging(), Classification(), Contrastive()):
        assert objective.metrics(1.0, 0.25) == {"accuracy": 0.25}


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: CausalLanguageModel("word"), UnknownNameError, "Did you mean 'words'"),
        (lambda: Contrastive("other"), UnknownNameError, "Known: itself, neighbour"),
        (lambda: Contrastive(temperature=0.0), InvalidParameterError, "temperature"),
        (lambda: MaskedLanguageModel(0, 1, share=0.0), InvalidParameterError, "share"),
        (lambda: Tagging(1.5), InvalidParameterError, "label_smoothing parameter of Tagging"),
        (lambda: Tagging().prepare(batch_of()), TrainingError, "a label for each token"),
        (lambda: Classification().prepare(batch_of()), TrainingError, "a label for each text"),
        (lambda: Contrastive("neighbour").prepare(batch_of()), UsageError, "come in pairs"),
        (
            lambda: Contrastive().loss(Network(TinyEncoder()), batch_of()),
            UsageError,
            "without a pooling has no vectors",
        ),
        (
            lambda: Tagging().loss(
                Network(TinyEncoder()), Tagging().prepare(batch_of([[1]], [[1]]))
            ),
            UsageError,
            "without a head predicts no labels",
        ),
        (lambda: Tagging().loss(network(), batch_of()), UsageError, "prepare it"),
    ],
)
def test_what_cannot_be(make, error, says):
    with pytest.raises(error, match=says):
        make()
