"""Heads against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from reference import encoders as plain

from textrep.errors import InvalidParameterError
from textrep.nn import AdaptiveSoftmax, Softmax, WordEmbedding
from textrep.nn.heads import default_cutoffs

N_WORDS, WIDTH = 20, 8
STATES = torch.randn(7, WIDTH, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
TARGETS = torch.tensor([0, 19, 3, 4, 9, 10, 1])


def head_of(name):
    tied = WordEmbedding(N_WORDS, 5 if name == "projected" else WIDTH).double()
    head = {
        "untied": lambda: Softmax(WIDTH, N_WORDS),
        "without bias": lambda: Softmax(WIDTH, N_WORDS, bias=False),
        "tied": lambda: Softmax(WIDTH, N_WORDS, tied=tied),
        "tied without bias": lambda: Softmax(WIDTH, N_WORDS, tied=tied, bias=False),
        "projected": lambda: Softmax(WIDTH, N_WORDS, tied=tied),
        "adaptive": lambda: AdaptiveSoftmax(WIDTH, N_WORDS, cutoffs=[4, 10], narrowing=2.0),
    }[name]().double()
    for weight in head.parameters():
        if weight.ndim == 1:
            torch.nn.init.normal_(weight)
    return head, tied


def expected_probabilities(name, head, tied):
    """Those of all words for each state."""

    def numbers(tensor):
        return tensor.detach().numpy()

    if name == "adaptive":
        tails = [(numbers(a.weight), numbers(b.weight)) for a, b in head.softmax.tail]
        first = numbers(head.softmax.head.weight)
        return np.array([plain.adaptive_softmax(first, tails, [4, 10], h) for h in STATES.numpy()])
    states = STATES.numpy()
    if name == "projected":
        states = states @ numbers(head.linear.weight).T
    source = tied if name.startswith(("tied", "projected")) else head.linear
    scores = states @ numbers(source.weight).T
    bias = head.bias if source is tied else source.bias
    return plain.softmax(scores if bias is None else scores + numbers(bias))


NAMES = ["untied", "without bias", "tied", "tied without bias", "projected", "adaptive"]


@pytest.mark.parametrize("name", NAMES)
def test_probabilities_are_those_of_the_equations(name):
    head, tied = head_of(name)
    expected = expected_probabilities(name, head, tied)
    np.testing.assert_allclose(expected.sum(1), 1)
    np.testing.assert_allclose(head(STATES).detach().exp(), expected, rtol=0, atol=1e-12)
    losses = head.losses(STATES, TARGETS).detach()
    np.testing.assert_allclose(losses, -np.log(expected[range(7), TARGETS]), rtol=0, atol=1e-12)
    cube = head(STATES[:6].view(2, 3, WIDTH))
    torch.testing.assert_close(cube, head(STATES[:6]).view(2, 3, N_WORDS))


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_those_of_finite_differences(name):
    head, tied = head_of(name)
    weights = dict(head.named_parameters())
    values = [weight.detach().requires_grad_() for weight in weights.values()]

    def losses(states, *values):
        state = dict(zip(weights, values, strict=True))
        return torch.func.functional_call(head, state, (states,)).diagonal()

    assert torch.autograd.gradcheck(losses, (STATES.clone().requires_grad_(), *values))
    head.losses(STATES, TARGETS).sum().backward()
    assert (tied.weight.grad is not None) is name.startswith(("tied", "projected"))


def test_the_embedding_is_no_part_of_a_head_tied_to_it():
    head, _ = head_of("tied")
    assert set(head.state_dict()) == {"bias"}
    head, _ = head_of("projected")
    assert set(head.state_dict()) == {"bias", "linear.weight"}


def test_labels_are_smoothed():
    head = Softmax(WIDTH, N_WORDS).double()
    log_probabilities = head(STATES).detach()
    true = log_probabilities[torch.arange(7), TARGETS]
    expected = -(0.8 * true + 0.2 * log_probabilities.mean(1))
    torch.testing.assert_close(head.losses(STATES, TARGETS, 0.2).detach(), expected)
    adaptive, _ = head_of("adaptive")
    with pytest.raises(InvalidParameterError, match="The smoothing parameter of AdaptiveSoftmax"):
        adaptive.losses(STATES, TARGETS, 0.2)


def test_default_cutoffs_suit_any_number_of_words():
    for n_words in (2, 3, 5, 10, 26, 10_000, 1_000_000):
        cutoffs = default_cutoffs(n_words)
        assert cutoffs == sorted(set(cutoffs))
        assert 1 <= cutoffs[0] <= cutoffs[-1] < n_words
        AdaptiveSoftmax(16, min(n_words, 1000))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Softmax(4, 0), "n_classes parameter of Softmax"),
        (lambda: Softmax(4, 3, tied=WordEmbedding(5, 4)), "n_classes parameter .* must be 5"),
        (lambda: AdaptiveSoftmax(4, 1), "n_words parameter of AdaptiveSoftmax"),
        (lambda: AdaptiveSoftmax(64, 9, cutoffs=[]), "cutoffs parameter"),
        (lambda: AdaptiveSoftmax(64, 9, cutoffs=[0, 3]), "cutoffs parameter"),
        (lambda: AdaptiveSoftmax(64, 9, cutoffs=[3, 3]), "cutoffs parameter"),
        (lambda: AdaptiveSoftmax(64, 9, cutoffs=[3, 9]), "cutoffs .* from 1 to 8"),
        (lambda: AdaptiveSoftmax(64, 9, narrowing=0.5), "narrowing parameter"),
        (lambda: AdaptiveSoftmax(9, 99, narrowing=4.0), "narrowing .* at most 3, for 2 groups"),
    ],
)
def test_what_does_not_fit(make, message):
    with pytest.raises(InvalidParameterError, match=f"The {message}"):
        make()
