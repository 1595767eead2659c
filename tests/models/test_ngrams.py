"""The n-gram model against its equations, and as a language model."""

from __future__ import annotations

import numpy as np
import pytest
from reference import ngrams

from textrep import Corpus
from textrep.errors import InputError, InvalidParameterError, NotFittedError
from textrep.evaluation.protocols import LanguageModel
from textrep.models.ngrams import NGramModel


def text(seed, n_sentences, words="abcdefgh"):
    random = np.random.default_rng(seed)
    chances = 1.0 / np.arange(1, len(words) + 1)
    lengths = random.integers(1, 8, n_sentences)
    return [" ".join(random.choice(list(words), n, p=chances / chances.sum())) for n in lengths]


def corpus(lines):
    return Corpus.build(lines, tokenizer="whitespace", min_count=1)


def stream(lines):
    return ["", *(token for line in lines for token in [*line.split(), ""])]


@pytest.mark.parametrize("order", [1, 2, 3, 5])
@pytest.mark.parametrize("n_sentences", [3, 60])
def test_the_losses_are_those_of_the_equations(order, n_sentences):
    lines, asked = text(0, n_sentences, "abcd"), text(1, 25, "abcd")
    known = {word for line in lines for word in line.split()}
    asked = [line for line in asked if set(line.split()) <= known]
    found = NGramModel(order).fit(corpus(lines)).token_losses(asked)
    expected = ngrams.losses(stream(lines), stream(asked), order, len(known) + 1)
    np.testing.assert_allclose(found.losses, expected, rtol=1e-10)
    assert len(found.offsets) == len(asked) + 1


@pytest.mark.parametrize("order", [1, 2, 4])
def test_probabilities_after_any_context_sum_to_one(order):
    lines = text(0, 80)
    model = NGramModel(order).fit(corpus(lines))
    words = model.reading_.vocabulary.words
    for context in ("a b c", "h h h h", "a"):
        after = [model.token_losses([f"{context} {word}"]).losses[-2] for word in words]
        end = model.token_losses([context]).losses[-1]
        assert np.exp(-np.array([*after, end])).sum() == pytest.approx(1.0)


def test_longer_contexts_help_where_the_text_has_an_order():
    lines = ["a b c d", "b d a c"] * 50
    two, three = (NGramModel(order).fit(lines).token_losses(lines).mean() for order in (2, 3))
    assert 1.0 < three.perplexity < two.perplexity < 2.5


def test_it_is_a_language_model_whose_unknown_words_are_left_out():
    model = NGramModel(2).fit(["a b", "b a"] * 5)
    assert isinstance(model, LanguageModel)
    found = model.token_losses(["a zz b"])
    assert found.left_out
    assert found.unknown.tolist() == [1]
    assert found.basis == model.token_losses(["a b"]).basis


def test_bad_input_is_refused():
    with pytest.raises(InvalidParameterError, match="order parameter"):
        NGramModel(0).fit(["a b"] * 5)
    with pytest.raises(NotFittedError, match="call fit"):
        NGramModel().token_losses(["a"])
    with pytest.raises(InputError, match="nothing to predict"):
        NGramModel().fit(["a b"] * 5).token_losses(["zz"])


def test_a_text_shorter_than_the_order():
    found = NGramModel(10).fit(corpus(["a b"])).token_losses(["a b", "b a"])
    assert np.isfinite(found.losses).all()
