"""Initial weights by name."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from nn.networks import ENCODERS, encoder_of
from torch import nn

from textrep.errors import InvalidParameterError, UnknownNameError
from textrep.nn import (
    INITIALISERS,
    RecurrentEncoder,
    Softmax,
    TransformerEncoder,
    WordEmbedding,
    initialise,
)

N_IN, N_OUT = 400, 300


def generator_of(seed):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize(
    ("name", "std", "most"),
    [
        ("glorot", math.sqrt(2 / (N_IN + N_OUT)), math.sqrt(6 / (N_IN + N_OUT))),
        ("he", math.sqrt(2 / N_IN), None),
        ("lecun", math.sqrt(1 / N_IN), None),
        ("uniform", 0.1 / math.sqrt(3), 0.1),
    ],
)
@pytest.mark.parametrize("make", [nn.Linear, lambda i, o: nn.Conv1d(i // 4, o, 4)])
def test_sizes_are_those_of_the_papers(make, name, std, most):
    module = make(N_IN, N_OUT)
    convolution = module.weight.ndim == 3
    if name == "glorot" and convolution:  # the outputs count once for each place of the window
        std, most = math.sqrt(2 / (N_IN + 4 * N_OUT)), math.sqrt(6 / (N_IN + 4 * N_OUT))
    for scale in (1.0, 0.5):
        initialise(module, name, scale=scale)
        assert module.weight.std().item() == pytest.approx(scale * std, rel=0.01)
        assert abs(module.weight.mean().item()) < 0.01 * std
        assert not module.bias.any()
        if most is not None:
            largest = module.weight.abs().max().item()
            assert 0.999 * scale * most < largest <= scale * most


def test_stacked_maps_are_orthogonal_one_by_one():
    encoder = RecurrentEncoder(WordEmbedding(5, 6), units=6, layers=2, bidirectional=True)
    transformer = TransformerEncoder(WordEmbedding(5, 6), heads=1, feed_forward="swiglu", inner=6)
    for network in (encoder, transformer):
        initialise(network, "orthogonal", scale=2.0)
    maps = list(encoder.blocks[0].forwards.weight_ih_l0.split(6))
    maps += encoder.blocks[1].forwards.weight_hh_l0.split(6)
    maps += encoder.blocks[1].backwards.weight_hh_l0.split(6)
    maps += transformer.blocks[0].attention.projections.weight.split(6)
    maps += transformer.blocks[1].feed_forward.inner.weight.split(6)
    assert len(maps) == 4 + 4 + 4 + 3 + 2
    for matrix in maps:
        torch.testing.assert_close(matrix @ matrix.T, 4 * torch.eye(6))


def test_gates_count_as_maps_of_their_own():
    encoder = RecurrentEncoder(WordEmbedding(5, 200), units=200)
    initialise(encoder, "glorot")
    most = encoder.blocks[0].forwards.weight_ih_l0.abs().max().item()
    assert most == pytest.approx(math.sqrt(6 / 400), rel=1e-3)


def test_forget_gates_are_open():
    encoder = RecurrentEncoder(WordEmbedding(5, 6), units=3, bidirectional=True)
    initialise(encoder, "glorot")
    for cell in (encoder.blocks[0].forwards, encoder.blocks[0].backwards):
        bias = cell.bias_ih_l0 + cell.bias_hh_l0
        assert bias.tolist() == [0] * 3 + [1] * 3 + [0] * 6


@pytest.mark.parametrize("name", sorted(ENCODERS))
def test_all_weights_depend_on_the_generator_alone(name):
    for how in INITIALISERS:
        encoders = [encoder_of(name) for _ in range(2)]
        for encoder in encoders:
            initialise(encoder, how, generator=generator_of(5))
        ours, theirs = (encoder.state_dict() for encoder in encoders)
        assert all(torch.equal(ours[key], theirs[key]) for key in ours)
        norms = [value for key, value in ours.items() if "norm" in key and "weight" in key]
        assert all(bool((value == 1).all()) for value in norms)


def test_given_vectors_stay():
    matrix = np.ones((5, 4), np.float32)
    head = Softmax(4, 5, tied=WordEmbedding.from_matrix(matrix))
    encoder = nn.ModuleList([WordEmbedding.from_matrix(matrix), WordEmbedding(5, 4), head])
    before = encoder[1].weight.clone()
    initialise(encoder, "uniform")
    assert bool((encoder[0].weight == 1).all())
    assert not torch.equal(encoder[1].weight, before)


def test_what_does_not_fit():
    with pytest.raises(UnknownNameError, match="Did you mean 'glorot'"):
        initialise(nn.Linear(2, 2), "glorrot")
    with pytest.raises(InvalidParameterError, match="The scale parameter of initialise"):
        initialise(nn.Linear(2, 2), "he", scale=0.0)
