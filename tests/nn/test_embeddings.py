"""Embeddings of words and of their parts."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from nn.networks import batch_of

from textrep.errors import InvalidParameterError
from textrep.nn import MeanEncoder, SubwordEmbedding, WordEmbedding
from textrep.vectors import Subwords

WORDS = ["cat", "cats", "catch", "a", "dog"]


def subword_embedding(**options):
    table = Subwords(min_n=3, max_n=4, buckets=50).rows(WORDS)
    return table, SubwordEmbedding(table.offsets, table.parts, 6, **options).double()


def test_words_have_a_row_each():
    embedding = WordEmbedding(5, 3)
    tokens = torch.tensor([[4, 0], [0, 2]])
    assert torch.equal(embedding(tokens), embedding.weight[tokens])
    assert embedding.matrix() is embedding.weight


def test_words_are_means_of_their_parts():
    table, embedding = subword_embedding()
    assert embedding.weight.shape == (table.n_rows, 6)
    weight = embedding.weight.detach().numpy()
    spans = zip(table.offsets[:-1], table.offsets[1:], strict=True)
    expected = np.array([weight[table.parts[begin:end]].mean(0) for begin, end in spans])
    np.testing.assert_allclose(embedding.matrix().detach(), expected, rtol=0, atol=1e-14)
    tokens = torch.tensor([[4, 1, 1], [2, 2, 4]])
    found = embedding(tokens).detach()
    np.testing.assert_allclose(found, expected[tokens], rtol=0, atol=1e-14)


def test_parts_learn_their_share():
    _, embedding = subword_embedding()
    direction = torch.randn(2, 2, 6, dtype=torch.float64)
    tokens = torch.tensor([[1, 3], [1, 0]])
    (embedding(tokens) * direction).sum().backward()
    found, embedding.weight.grad = embedding.weight.grad, None
    (embedding.matrix()[tokens] * direction).sum().backward()
    torch.testing.assert_close(found, embedding.weight.grad)


@pytest.mark.parametrize("make", [lambda **o: WordEmbedding(5, 6, **o), subword_embedding])
def test_noise_is_added_in_training_only(make):
    torch.manual_seed(0)
    embedding = make(noise=0.5)
    embedding = embedding[1] if isinstance(embedding, tuple) else embedding
    tokens = torch.randint(0, 5, (20, 500))
    expected = embedding.eval()(tokens)
    assert torch.equal(embedding(tokens), expected)
    added = (embedding.train()(tokens) - expected).detach()
    assert abs(added.mean()) < 0.01
    assert added.std() == pytest.approx(0.5, rel=0.02)
    assert abs((added[:, 1:] * added[:, :-1]).mean()) < 0.01  # drawn anew at each place


@pytest.mark.parametrize("make", [lambda **o: WordEmbedding(5, 6, **o), subword_embedding])
def test_a_dropped_word_is_dropped_wherever_it_stands(make):
    embedding = make(word_dropout=0.5)
    embedding = embedding[1] if isinstance(embedding, tuple) else embedding
    tokens = torch.tensor([[0, 1, 2, 3, 4, 0], [4, 3, 2, 1, 0, 0]])
    expected = embedding.eval()(tokens)
    seen = set()
    for _ in range(50):
        ratios = embedding.train()(tokens) / expected
        of_words = {}
        for word, ratio in zip(tokens.flatten().tolist(), ratios.flatten(0, 1), strict=True):
            assert torch.allclose(ratio, ratio[:1])
            assert of_words.setdefault(word, round(ratio[0].item(), 4)) == round(ratio[0].item(), 4)
        seen |= set(of_words.items())
    assert seen == {(word, ratio) for word in range(5) for ratio in (0.0, 2.0)}


def test_frozen_vectors_do_not_learn():
    for frozen in (False, True):
        embedding = WordEmbedding.from_matrix(np.ones((11, 4), np.float32), frozen=frozen)
        output = MeanEncoder(embedding)(*batch_of()).output
        assert output.requires_grad is not frozen
        assert "embedding.weight" in MeanEncoder(embedding).state_dict()


def test_given_vectors_are_copied_and_kept():
    matrix = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    embedding = WordEmbedding.from_matrix(matrix)
    np.testing.assert_array_equal(embedding.weight.detach(), matrix)
    embedding.reset()
    np.testing.assert_array_equal(embedding.weight.detach(), matrix)
    with torch.no_grad():
        embedding.weight.zero_()
    assert matrix.all()


def test_first_vectors_have_length_one():
    lengths = WordEmbedding(500, 300).weight.norm(dim=1)
    assert abs(lengths.mean().item() - 1) < 0.01


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: WordEmbedding(0, 3), "n_words parameter of WordEmbedding"),
        (lambda: WordEmbedding(3, 0), "width parameter of WordEmbedding"),
        (lambda: WordEmbedding(3, 3, word_dropout=1.0), "word_dropout parameter"),
        (lambda: WordEmbedding(3, 3, noise=-1.0), "noise parameter"),
        (lambda: WordEmbedding.from_matrix(np.ones(3)), "matrix parameter of WordEmbedding"),
        (lambda: SubwordEmbedding(np.array([0, 2, 2]), np.array([0, 1])), "offsets parameter"),
        (lambda: SubwordEmbedding(np.array([0, 1]), np.array([0, 1])), "offsets parameter"),
        (lambda: SubwordEmbedding(np.array([0]), np.array([], int)), "offsets parameter"),
    ],
)
def test_what_does_not_fit(make, message):
    with pytest.raises(InvalidParameterError, match=f"The {message}"):
        make()
