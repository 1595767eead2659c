"""What a language model makes of a text."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from textrep import Corpus, RecurrentEncoder, TransformerEncoder
from textrep.errors import InputError, NotFittedError, UsageError
from textrep.models.encoders.prediction import mean_of_probabilities

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


def test_the_losses_of_each_sentence_are_told_apart(model):
    found = model.token_losses(["a zz b", "qq", "", "d"])
    assert found.offsets.tolist() == [0, 3, 3, 3, 5]
    assert found.unknown.tolist() == [1, 1, 0, 0]
    each = [step_by_step(model, words)[0] * n for words, n in ((["", "a", "b", ""], 3),)]
    assert found.losses[:3].sum() == pytest.approx(each[0], abs=1e-5)
    assert found.mean() == model.text_loss(["a zz b", "qq", "", "d"])


def test_the_basis_says_whether_losses_compare(model):
    texts = ["a zz b", "d"]
    other = RecurrentEncoder(dim=4, units=4, epochs=1, random_state=5)
    # The same words, but in another order of frequency.
    other.fit(["d d d d a", "c b a"] * 5)
    assert other.vocabulary_.words != model.vocabulary_.words
    assert other.token_losses(texts).basis == model.token_losses(texts).basis
    assert model.token_losses(["a b", "d"]).basis == model.token_losses(texts).basis
    assert model.token_losses(["b a", "d"]).basis != model.token_losses(texts).basis
    more = RecurrentEncoder(dim=4, units=4, epochs=1).fit([*SENTENCES, *["e a"] * 5])
    assert more.token_losses(texts).basis != model.token_losses(texts).basis


def test_an_ensemble_has_the_mean_of_the_probabilities(model):
    texts = ["a b c", "d d a"]
    models = {"one": model}
    for seed in (1, 2):
        models[str(seed)] = RecurrentEncoder(dim=6, units=6, epochs=1, random_state=seed)
        models[str(seed)].fit(SENTENCES)
    parts = {name: one.token_losses(texts) for name, one in models.items()}
    found = mean_of_probabilities(parts)
    chances = np.mean([np.exp(-part.losses) for part in parts.values()], axis=0)
    np.testing.assert_allclose(found.losses, -np.log(chances), rtol=1e-12)
    assert found.basis == parts["one"].basis
    assert found.losses.mean() <= np.mean([part.losses.mean() for part in parts.values()])


def test_an_ensemble_needs_one_vocabulary(model):
    more = RecurrentEncoder(dim=4, units=4, epochs=1).fit([*SENTENCES, *["e a"] * 5])
    parts = {"one": model.token_losses(["a"]), "more": more.token_losses(["a"])}
    with pytest.raises(InputError, match="one and more have different vocabularies"):
        mean_of_probabilities(parts)
