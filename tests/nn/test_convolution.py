"""Convolutional encoders against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from nn.networks import LENGTHS, N_WORDS, WIDTH, batch_of
from reference import encoders as plain

from textrep.errors import InvalidParameterError, UnknownNameError
from textrep.nn import ConvEncoder, WordEmbedding


def encoder_of(**options):
    options = {"channels": 4, "activation": "tanh"} | options
    encoder = ConvEncoder(WordEmbedding(N_WORDS, WIDTH), **options).double()
    for block in encoder.blocks:
        for weight in block.norm.parameters():
            torch.nn.init.normal_(weight)
    return encoder


def expected_layer(block, sequences, norm, causal):
    """What a layer makes of the sequences of a batch, without their padding."""
    states = []
    for inputs in sequences:
        parts = []
        for convolution in block.convolutions:
            W, b = (x.detach().numpy() for x in (convolution.weight, convolution.bias))
            width = W.shape[-1]
            left = width - 1 if causal else (width - 1) // 2
            parts.append(plain.convolution(W, b, inputs, left))
        states.append(np.concatenate(parts, 1))
    if norm != "none":
        gain, bias = (x.detach().numpy() for x in (block.norm.weight, block.norm.bias))
        together = {"layer": plain.layer_norm, "batch": plain.batch_norm}[norm](
            np.concatenate(states), gain, bias
        )
        states = np.split(together, np.cumsum([len(x) for x in states])[:-1])
    return [np.tanh(x) for x in states]


@pytest.mark.parametrize("lengths", [LENGTHS, [4, 4]])
@pytest.mark.parametrize("norm", ["none", "layer", "batch"])
@pytest.mark.parametrize(
    ("widths", "causal"), [((3,), False), ((1, 2, 4), False), ((3, 2), True), ((9,), False)]
)
def test_states_are_those_of_the_equations(widths, causal, norm, lengths):
    encoder = encoder_of(widths=widths, causal=causal, layers=2, norm=norm)
    encoded = encoder.train()(*batch_of(lengths))
    states = [encoded.layers[0][i, :n].detach().numpy() for i, n in enumerate(lengths)]
    for number, block in enumerate(encoder.blocks):
        states = expected_layer(block, states, norm, causal)
        for row, expected in enumerate(states):
            found = encoded.layers[number + 1][row, : len(expected)].detach()
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_running_means_are_those_of_real_tokens():
    encoder = encoder_of(norm="batch")
    batch = batch_of()
    found = []
    for time in (7, 30):
        tokens = torch.nn.functional.pad(batch[0], (0, time - 7))
        encoder.blocks[0].norm.reset_running_stats()
        encoder.train()(tokens, batch[1])
        found.append(encoder.blocks[0].norm.running_mean.clone())
    torch.testing.assert_close(*found)


def test_parameters_out_of_range():
    with pytest.raises(InvalidParameterError, match="The widths parameter"):
        encoder_of(widths=())
    for name, value in [("widths", (3, 0)), ("channels", 0), ("layers", 0)]:
        with pytest.raises(InvalidParameterError, match=f"The {name} parameter"):
            encoder_of(**{name: value})
    for name, value in [("activation", "rulu"), ("norm", "bach"), ("pooling", "weighted")]:
        with pytest.raises(UnknownNameError, match=f"Unknown {name} of ConvEncoder '{value}'"):
            encoder_of(**{name: value})
