"""Word vectors from contexts, beside one sentence after the other."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from textrep.corpus import Corpus
from textrep.models.encoders import contexts
from textrep.models.encoders.contexts import context_vectors
from textrep.models.encoders.text import FIRST_WORD
from textrep.nn import RecurrentEncoder, WordEmbedding

pytestmark = pytest.mark.usefixtures("one_torch_thread")


@pytest.fixture(scope="module")
def corpus():
    random = np.random.default_rng(3)
    lines = [random.choice(9, n, p=[0.4, *[0.075] * 8]) for n in random.integers(1, 8, 60)]
    return Corpus.build([[f"w{number}" for number in line] for line in lines], min_count=1)


@pytest.fixture(scope="module")
def encoder(corpus):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        embedding = WordEmbedding(len(corpus.vocabulary) + 2, 5)
        return RecurrentEncoder(embedding, units=3, bidirectional=True, input_dropout=0.5)


def states(encoder, tokens):
    with torch.no_grad():
        encoder.eval()
        batch = torch.tensor([tokens]) + FIRST_WORD
        return encoder(batch, torch.tensor([len(tokens)])).output[0].numpy()


def plain_means(encoder, corpus, longest=99):
    """The mean state of each word over all of its occurrences."""
    found = {number: [] for number in range(len(corpus.vocabulary))}
    for sentence in np.split(corpus.tokens, corpus.sentence_offsets[1:-1]):
        for first in range(0, len(sentence), longest):
            piece = sentence[first : first + longest].tolist()
            for number, state in zip(piece, states(encoder, piece), strict=True):
                found[number].append(state)
    return np.array([np.mean(found[number], 0) for number in sorted(found)])


@pytest.mark.parametrize("longest", [99, 3])
@pytest.mark.parametrize("block", [1 << 20, 40])
def test_means_over_all_occurrences(encoder, corpus, longest, block, monkeypatch):
    monkeypatch.setattr(contexts, "_BLOCK", block)
    vectors = context_vectors(encoder, corpus, 10_000, longest, 0)
    assert vectors.dtype == np.float32
    assert vectors == pytest.approx(plain_means(encoder, corpus, longest), abs=1e-6)


def test_some_occurrences_are_near_and_depend_on_the_seed(encoder, corpus):
    whole = plain_means(encoder, corpus)
    drawn = [context_vectors(encoder, corpus, 30, 99, seed) for seed in (0, 0, 1)]
    assert (drawn[0] == drawn[1]).all()
    assert not np.allclose(drawn[0][0], drawn[2][0], atol=1e-6)  # the frequent word
    assert np.allclose(drawn[0], whole, atol=0.1)
    few = corpus.vocabulary.counts <= 30
    assert drawn[2][few] == pytest.approx(whole[few], abs=1e-6)


def test_a_word_that_is_not_drawn_has_its_state_alone(encoder, corpus, monkeypatch):
    class Never:
        def random(self, n):
            return np.ones(n)

    monkeypatch.setattr(contexts.np.random, "default_rng", lambda seed: Never())
    vectors = context_vectors(encoder, corpus, 1, 99, 0)
    for number, vector in enumerate(vectors):
        if corpus.vocabulary.counts[number] > 1:
            assert vector == pytest.approx(states(encoder, [number])[0], abs=1e-6)
