"""Transformer encoders against plain NumPy, and against torch's own."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from nn.networks import LENGTHS, N_WORDS, WIDTH, batch_of
from reference import encoders as plain
from torch import nn

from textrep.errors import InvalidParameterError, UnknownNameError
from textrep.nn import TransformerEncoder, WordEmbedding, attention_of
from textrep.nn.positions import POSITIONS, RotaryPositions, SinusoidalPositions


def encoder_of(**options):
    encoder = TransformerEncoder(WordEmbedding(N_WORDS, WIDTH), **{"heads": 2} | options)
    for name, weight in encoder.named_parameters():
        if weight.ndim == 1:  # biases and norms that do something
            nn.init.normal_(weight, mean=1.0 if "norm.weight" in name else 0.0, std=0.3)
    return encoder.double().eval()


def numbers(*tensors):
    return [tensor.detach().numpy() for tensor in tensors]


def weights_of(block, part):
    """The weights of a layer, by the names of the equations."""
    projections, output = block.attention.projections, block.attention.output
    attention = {"Wo": output.weight, "bo": output.bias}
    for letter, weight, bias in zip(
        "qkv", projections.weight.chunk(3), projections.bias.chunk(3), strict=True
    ):
        attention |= {f"W{letter}": weight, f"b{letter}": bias}
    inner, outer = block.feed_forward.inner, block.feed_forward.output
    if part == "swiglu":
        gate, value = inner.weight.chunk(2)
        forward = {"W": gate, "V": value, "W2": outer.weight}
    else:
        forward = {"W1": inner.weight, "b1": inner.bias, "W2": outer.weight, "b2": outer.bias}
    norms = [block.attention_norm, block.feed_forward_norm]
    return {
        "attention": {name: numbers(x)[0] for name, x in attention.items()},
        "feed_forward": {name: numbers(x)[0] for name, x in forward.items()},
        "norm1": numbers(norms[0].weight, norms[0].bias),
        "norm2": numbers(norms[1].weight, norms[1].bias),
    }


def with_positions(encoder, embedded, positions):
    time = len(embedded)
    if positions == "sinusoidal":
        waves = np.array([plain.sinusoid(t, WIDTH) for t in range(time)])
        return np.sqrt(WIDTH) * embedded + waves
    if positions == "learned":
        return embedded + encoder.positions.vectors.weight.detach().numpy()[:time]
    return embedded


@pytest.mark.parametrize("lengths", [LENGTHS, [6, 6]])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("part", ["relu", "gelu", "swiglu"])
@pytest.mark.parametrize("norm", ["pre", "post"])
@pytest.mark.parametrize("positions", POSITIONS)
def test_states_are_those_of_the_equations(positions, norm, part, causal, lengths):
    encoder = encoder_of(positions=positions, norm=norm, feed_forward=part, causal=causal)
    encoded = encoder(*batch_of(lengths))
    for row, length in enumerate(lengths):
        states = with_positions(
            encoder, encoded.layers[0][row, :length].detach().numpy(), positions
        )
        for number, block in enumerate(encoder.blocks):
            states = plain.transformer_layer(
                weights_of(block, part), states, 2, norm, part, causal, positions == "rotary"
            )
            if norm == "pre" and number == 1:
                states = plain.layer_norm(states, *numbers(encoder.norm.weight, encoder.norm.bias))
            found = encoded.layers[number + 1][row, :length].detach()
            np.testing.assert_allclose(found, states, rtol=0, atol=1e-11)


@pytest.mark.parametrize("norm", ["pre", "post"])
@pytest.mark.parametrize("part", ["relu", "gelu"])
def test_states_are_those_of_torch(norm, part):
    encoder = encoder_of(norm=norm, feed_forward=part, positions="learned", inner=20)
    theirs = nn.TransformerEncoder(
        nn.TransformerEncoderLayer(
            WIDTH, 2, 20, 0.0, part, batch_first=True, norm_first=norm == "pre"
        ),
        2, norm=encoder.norm if norm == "pre" else None, enable_nested_tensor=False,
    ).double()  # fmt: skip
    for ours, layer in zip(encoder.blocks, theirs.layers, strict=True):
        for source, target in [
            (ours.attention.output, layer.self_attn.out_proj),
            (ours.feed_forward.inner, layer.linear1),
            (ours.feed_forward.output, layer.linear2),
            (ours.attention_norm, layer.norm1),
            (ours.feed_forward_norm, layer.norm2),
        ]:
            target.load_state_dict(source.state_dict())
        with torch.no_grad():
            layer.self_attn.in_proj_weight.copy_(ours.attention.projections.weight)
            layer.self_attn.in_proj_bias.copy_(ours.attention.projections.bias)
    tokens, lengths = batch_of()
    padded = torch.arange(tokens.shape[1]) >= lengths.unsqueeze(1)
    embedded = encoder.positions(encoder.embedding(tokens))
    expected = theirs(embedded, src_key_padding_mask=padded)
    torch.testing.assert_close(encoder(tokens, lengths).output, expected.masked_fill(
        padded.unsqueeze(-1), 0.0
    ))  # fmt: skip


def test_rotary_products_depend_on_distances():
    rotary = RotaryPositions(6)
    query, key = torch.randn(2, 6, dtype=torch.float64)
    products = rotary(query.repeat(9, 1)) @ rotary(key.repeat(9, 1)).T
    for distance in range(-8, 9):
        diagonal = products.diagonal(distance)
        torch.testing.assert_close(diagonal, diagonal[:1].expand_as(diagonal))
    torch.testing.assert_close(products[0, 0], query @ key)


def test_waves_that_are_kept_serve_any_length_type_and_mode():
    kept = SinusoidalPositions(6)
    with torch.inference_mode():
        kept(torch.zeros(1, 3, 6))
    for given in (torch.zeros(1, 2, 6), torch.zeros(1, 40, 6, dtype=torch.float64)):
        assert torch.equal(kept(given), SinusoidalPositions(6)(given))
    encoder, batch = encoder_of(), batch_of()
    with torch.inference_mode():
        encoder(*batch)
    encoder(*batch).output.sum().backward()  # with waves that were made without gradients


def test_some_key_is_seen_even_in_an_empty_row():
    """Not every kernel of torch makes numbers of a softmax over nothing."""
    encoder, seen = encoder_of(), []
    for block in encoder.blocks:
        block.attention.register_forward_pre_hook(lambda _, given: seen.append(given[1]))
    encoder(*batch_of([3, 0]))
    assert [keys.tolist() for keys in seen] == [[[True] * 3, [True, False, False]]] * 2


def test_attention_dropout_keeps_the_mean():
    encoder = encoder_of(layers=1, attention_dropout=0.3)
    attention = encoder.blocks[0].attention
    inputs = torch.randn(1, 5, WIDTH, dtype=torch.float64).expand(20_000, 5, WIDTH)
    expected = attention(inputs[:1])[0]
    mean = attention.train()(inputs).mean(0)
    torch.testing.assert_close(mean, expected, rtol=0, atol=0.02)


def test_parameters_out_of_range():
    for options, message in [
        ({"heads": 3}, "heads parameter .* divisor of the width, 8, with an even quotient"),
        ({"heads": 8}, "with an even quotient"),
        ({"heads": 3, "positions": "learned"}, r"divisor of the width, 8\. Got 3"),
        ({"layers": 0}, "The layers parameter"),
        ({"inner": 0}, "The inner parameter"),
        ({"longest": 0}, "The longest parameter"),
    ]:
        with pytest.raises(InvalidParameterError, match=message):
            encoder_of(**options)
    encoder_of(heads=8, positions="learned")
    for name in ("positions", "norm", "feed_forward"):
        with pytest.raises(UnknownNameError, match=f"Unknown {name} of TransformerEncoder 'x'"):
            encoder_of(**{name: "x"})
    with pytest.raises(InvalidParameterError, match="at most 4 long"):
        encoder_of(positions="learned", longest=4)(*batch_of([5]))


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("norm", ["pre", "post"])
@pytest.mark.parametrize("positions", POSITIONS)
def test_attention_is_that_of_the_equations(positions, norm, causal):
    encoder = encoder_of(positions=positions, norm=norm, causal=causal)
    rotary = positions == "rotary"
    tokens, lengths = batch_of([6, 4])
    states = encoder(tokens, lengths).layers
    found = attention_of(encoder, tokens[1, :4].numpy())
    assert found.shape == (2, 2, 4, 4)
    inputs = with_positions(encoder, states[0][1, :4].detach().numpy(), positions)
    for number, block in enumerate(encoder.blocks):
        weights = weights_of(block, "gelu")
        seen = plain.layer_norm(inputs, *weights["norm1"]) if norm == "pre" else inputs
        expected = plain.attention_weights(weights["attention"], seen, 2, causal, rotary)
        np.testing.assert_allclose(found[number], expected, atol=1e-6)
        inputs = plain.transformer_layer(weights, inputs, 2, norm, "gelu", causal, rotary)


def test_attention_of_a_padded_row_is_that_of_the_row_alone():
    encoder = encoder_of()
    tokens, lengths = batch_of([6, 4])
    together = encoder.attention(tokens, lengths)
    alone = attention_of(encoder, tokens[1, :4].numpy())
    for layer, weights in enumerate(together):
        np.testing.assert_allclose(weights[1, :, :4, :4].detach(), alone[layer], atol=1e-6)
        assert not weights[1, :, :4, 4:].any()


def test_looking_leaves_the_encoder_as_it_was():
    encoder = encoder_of(dropout=0.5).train()
    tokens, _ = batch_of([6, 4])
    first = attention_of(encoder, tokens[0].numpy())
    assert encoder.training
    np.testing.assert_array_equal(attention_of(encoder, tokens[0].numpy()), first)
    assert not any(block.attention._forward_pre_hooks for block in encoder.blocks)
