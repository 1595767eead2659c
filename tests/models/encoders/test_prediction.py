"""What a language model makes of a text."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from textrep import Corpus, RecurrentEncoder, TransformerEncoder
from textrep.errors import InputError, NotFittedError, UsageError

SENTENCES = ["a b c d", "b c", "d a b", "c d a"] * 4
pytestmark = pytest.mark.usefixtures("one_torch_thread")


@pytest.fixture(scope="module")
def model():
    return RecurrentEncoder(dim=6, units=6, epochs=1, bptt=3).fit(SENTENCES)


def step_by_step(model, words):
    """Mean of −log p of each word and of each end, one word at a time; ends are ""."""
    network, numbers = model.network_, {"": 0}
    numbers |= {word: 1 + n for n, word in enumerate(model.vocabulary_.words)}
    state, losses = None, []
    for word, after in itertools.pairwise(words):
        with torch.no_grad():
            encoded = network(torch.tensor([[numbers[word]]]), torch.tensor([1]), state)
            chances = network.head(encoded.layers[-1][0, 0])
        state = encoded.state
        losses.append(-float(chances[numbers[after]]))
    return np.mean(losses), len(losses)


def test_the_loss_is_that_of_each_word_after_those_before_it(model):
    found = model.text_loss(["a b c", "d d a b"])
    expected, n = step_by_step(model, ["", "a", "b", "c", "", "d", "d", "a", "b", ""])
    assert found.loss == pytest.approx(expected, abs=1e-6)
    assert (found.n_predicted, found.n_unknown, found.left_out) == (n, 0, False)
    assert found.perplexity == pytest.approx(np.exp(expected), rel=1e-5)
    assert found.bits == pytest.approx(expected / np.log(2), rel=1e-5)


def test_unknown_words_are_left_out_and_counted(model):
    found = model.text_loss(["a zz b c", "qq", "d d a b"])
    assert found.loss == pytest.approx(model.text_loss(["a b c", "d d a b"]).loss)
    assert (found.n_unknown, found.left_out) == (2, True)


def test_unknown_words_are_predicted_as_the_word_for_them():
    lines = ["a b <unk> c", "b <unk>"] * 4
    corpus = Corpus.build(lines, tokenizer="whitespace", min_count=1)
    model = RecurrentEncoder(dim=6, units=6, epochs=1).fit(corpus)
    found = model.text_loss(["a zz c"])
    assert found.loss == model.text_loss(["a <unk> c"]).loss
    assert (found.n_predicted, found.n_unknown, found.left_out) == (4, 1, False)


def test_a_trained_model_predicts_its_own_text_better_than_by_chance():
    model = RecurrentEncoder(dim=16, units=16, epochs=30, learning_rate=0.02, dropout=0.0)
    found = model.fit(SENTENCES).text_loss(SENTENCES)
    assert 1 < found.perplexity < 3


def test_only_language_models_predict(model):
    masked = TransformerEncoder(dim=8, heads=2, objective="masked", epochs=1)
    with pytest.raises(NotFittedError):
        masked.text_loss(["a"])
    with pytest.raises(UsageError, match="only a language model"):
        masked.fit(SENTENCES).text_loss(["a b"])
    for nothing in (["zz"], [], [""]):
        with pytest.raises(InputError, match="nothing to predict"):
            model.text_loss(nothing)
