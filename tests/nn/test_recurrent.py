"""Recurrent encoders against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from nn.networks import LENGTHS, N_WORDS, WIDTH, batch_of
from reference import encoders as plain
from torch.nn import functional

from textrep.errors import InvalidParameterError, UnknownNameError
from textrep.nn import CELLS, RecurrentEncoder, WordEmbedding

GATES = {"rnn": [""], "rnn-relu": [""], "lstm": "ifgo", "gru": "rzn"}
KINDS = {"weight_ih": "W", "weight_hh": "U", "bias_ih": "b", "bias_hh": "c"}


def weights_of(module, cell):
    """The weights of one direction of a layer, by the names of the equations."""
    weights = {}
    for name, letter in KINDS.items():
        stacked = getattr(module, f"{name}_l0").detach().numpy()
        for gate, part in zip(GATES[cell], np.split(stacked, len(GATES[cell])), strict=True):
            weights[letter + gate] = part
    return weights


def encoder_of(cell, **options):
    encoder = RecurrentEncoder(WordEmbedding(N_WORDS, WIDTH), cell=cell, **options)
    return encoder.double().eval()


def zeros(module, cell):
    return (np.zeros(module.hidden_size),) * (2 if cell == "lstm" else 1)


@pytest.mark.parametrize("lengths", [LENGTHS, [4, 4]])
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("cell", sorted(CELLS))
def test_states_are_those_of_the_equations(cell, layers, lengths):
    encoder = encoder_of(cell, units=5, layers=layers, last_units=3)
    encoded = encoder(*batch_of(lengths))
    ends = []
    for row, length in enumerate(lengths):
        inputs = encoded.layers[0][row, :length].detach().numpy()
        ends.append([])
        for number, module in enumerate(x.forwards for x in encoder.blocks):
            inputs, state = plain.recurrent_layer(
                plain.STEPS[cell], weights_of(module, cell), inputs, zeros(module, cell)
            )
            found = encoded.layers[number + 1][row, :length].detach().numpy()
            np.testing.assert_allclose(found, inputs, rtol=0, atol=1e-12)
            ends[-1].extend(state)
    if lengths == [4, 4]:
        for found, expected in zip(encoded.state, zip(*ends, strict=True), strict=True):
            np.testing.assert_allclose(found.detach(), np.array(expected), rtol=0, atol=1e-12)


@pytest.mark.parametrize("lengths", [LENGTHS, [4, 4]])
@pytest.mark.parametrize("cell", sorted(CELLS))
def test_both_directions_are_those_of_the_equations(cell, lengths):
    encoder = encoder_of(cell, units=3, layers=2, bidirectional=True)
    encoded = encoder(*batch_of(lengths))
    for row, length in enumerate(lengths):
        inputs = encoded.layers[0][row, :length].detach().numpy()
        for number, module in enumerate(encoder.blocks):
            there, back = (weights_of(x, cell) for x in (module.forwards, module.backwards))
            inputs = plain.bidirectional_layer(
                plain.STEPS[cell], there, back, inputs, zeros(module.forwards, cell)
            )
            found = encoded.layers[number + 1][row, :length].detach().numpy()
            np.testing.assert_allclose(found, inputs, rtol=0, atol=1e-12)


def test_layers_are_normalised():
    encoder = encoder_of("gru", units=5, layer_norm=True)
    module, norm = encoder.blocks[0].forwards, encoder.norms[0]
    torch.nn.init.normal_(norm.weight)
    tokens, lengths = batch_of([6])
    encoded = encoder(tokens, lengths)
    inputs = encoded.layers[0][0].detach().numpy()
    states, _ = plain.recurrent_layer(
        plain.gru_step, weights_of(module, "gru"), inputs, zeros(module, "gru")
    )
    gain, bias = (x.detach().numpy() for x in (norm.weight, norm.bias))
    expected = plain.layer_norm(states, gain, bias)
    np.testing.assert_allclose(encoded.output[0].detach(), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", sorted(CELLS))
def test_recurrent_dropout_is_that_of_weights(cell, bidirectional):
    encoder = encoder_of(cell, units=4, bidirectional=bidirectional, recurrent_dropout=0.4)
    batch = batch_of()
    torch.manual_seed(3)
    found = encoder.train()(*batch).output
    torch.manual_seed(3)
    with torch.no_grad():
        for name, weight in encoder.blocks[0].named_parameters():
            if "weight_hh" in name:
                weight.copy_(functional.dropout(weight, 0.4))
    assert torch.allclose(found, encoder.eval()(*batch).output)
    found.sum().backward()
    assert encoder.blocks[0].forwards.weight_hh_l0.grad.any()


def test_parameters_out_of_range():
    with pytest.raises(UnknownNameError, match="Unknown cell of RecurrentEncoder 'ltsm'"):
        encoder_of("ltsm")
    for name in ("units", "layers", "last_units"):
        with pytest.raises(InvalidParameterError, match=f"The {name} parameter"):
            encoder_of("lstm", **{name: 0})
