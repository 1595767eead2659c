"""Many texts in batches of about one length."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from nn.networks import ENCODERS, N_WORDS, encoder_of

from textrep.errors import InvalidParameterError
from textrep.nn import encode_batches, encode_texts, encode_tokens, pool
from textrep.nn.encode import sorted_batches

LENGTHS = np.array([4, 0, 9, 1, 4, 3, 0, 12])
OFFSETS = np.concatenate([[0], np.cumsum(LENGTHS)])
TOKENS = np.random.default_rng(0).integers(0, N_WORDS, OFFSETS[-1]).astype(np.int32)
WEIGHTS = np.random.default_rng(1).random(len(TOKENS))


def one_by_one(encoder, pooling, layer=-1):
    vectors = []
    for begin, end in pairwise(OFFSETS):
        width = encoder.widths[layer]
        if begin == end:
            vectors.append(np.zeros(width))
            continue
        tokens = torch.from_numpy(TOKENS[begin:end].astype(np.int64)).unsqueeze(0)
        lengths = torch.tensor([end - begin])
        states = encoder(tokens, lengths).layers[layer]
        weights = torch.from_numpy(WEIGHTS[begin:end]).unsqueeze(0)
        pooled = pool(states, lengths, pooling, weights if pooling == "weighted" else None)
        vectors.append(pooled[0].detach().numpy())
    return np.array(vectors)


@pytest.mark.parametrize("name", sorted(set(ENCODERS) - {"learned"}))
@pytest.mark.parametrize("batch_tokens", [1, 13, 4096])
def test_batches_give_what_single_texts_give(name, batch_tokens):
    encoder = encoder_of(name)
    found = encode_texts(encoder, TOKENS, OFFSETS, batch_tokens=batch_tokens)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, one_by_one(encoder, encoder.pooling), rtol=0, atol=1e-6)


@pytest.mark.parametrize("pooling", ["mean", "max", "first", "last", "weighted"])
@pytest.mark.parametrize("layer", [0, 1, -1])
def test_any_layer_and_pooling(pooling, layer):
    encoder = encoder_of("lstm")
    weights = WEIGHTS if pooling == "weighted" else None
    found = encode_texts(encoder, TOKENS, OFFSETS, pooling=pooling, layer=layer, weights=weights)
    np.testing.assert_allclose(found, one_by_one(encoder, pooling, layer), rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", sorted(set(ENCODERS) - {"learned"}))
@pytest.mark.parametrize("layer", [0, -1])
@pytest.mark.parametrize("batch_tokens", [1, 13, 4096])
def test_tokens_have_the_states_of_their_texts(name, layer, batch_tokens):
    encoder = encoder_of(name)
    found = encode_tokens(encoder, TOKENS, OFFSETS, layer=layer, batch_tokens=batch_tokens)
    assert found.shape == (len(TOKENS), encoder.widths[layer])
    for begin, end in pairwise(OFFSETS):
        if begin < end:
            text = torch.from_numpy(TOKENS[begin:end].astype(np.int64)).unsqueeze(0)
            states = encoder(text, torch.tensor([end - begin])).layers[layer][0].detach().numpy()
            np.testing.assert_allclose(found[begin:end], states, rtol=0, atol=1e-6)
    nothing = encode_tokens(encoder, TOKENS[:0], np.zeros(3, np.int64), layer=layer)
    assert nothing.shape == (0, encoder.widths[layer])


def test_half_precision_gives_float32():
    encoder = encoder_of("rotary")
    exact = encode_texts(encoder, TOKENS, OFFSETS)
    found = encode_texts(encoder.bfloat16(), TOKENS, OFFSETS)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, exact, rtol=0, atol=0.1)


def test_places_are_those_of_the_tokens():
    encoder = encoder_of("mean")
    seen = []
    for batch in encode_batches(encoder, TOKENS, OFFSETS, batch_tokens=10):
        for row, places, length in zip(batch.rows, batch.places, batch.lengths, strict=True):
            assert places[:length].tolist() == list(range(OFFSETS[row], OFFSETS[row + 1]))
        seen.extend(batch.rows.tolist())
        assert batch.encoded.output.shape[:2] == batch.places.shape
    assert sorted(seen) == list(range(len(LENGTHS)))


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 100))
def test_batches_hold_every_text_once_and_keep_to_the_limit(lengths, batch_tokens):
    lengths = np.array(lengths, np.int64)
    batches = list(sorted_batches(lengths, batch_tokens))
    assert sorted(row for rows in batches for row in rows) == list(range(len(lengths)))
    assert all(
        len(rows) * lengths[rows].max() <= batch_tokens or len(rows) == 1 for rows in batches
    )
    in_order = [length for rows in batches for length in lengths[rows]]
    assert in_order == sorted(in_order, reverse=True)


def test_no_texts_and_no_tokens():
    encoder = encoder_of("lstm")
    none = np.array([], np.int32)
    assert encode_texts(encoder, none, np.array([0])).shape == (0, encoder.width)
    assert not encode_texts(encoder, none, np.array([0, 0, 0])).any()


def test_the_mode_of_the_encoder_comes_back():
    encoder = encoder_of("lstm").train()
    encoder.input_dropout.rate = 0.5
    first = encode_texts(encoder, TOKENS, OFFSETS)
    assert encoder.training
    np.testing.assert_array_equal(first, encode_texts(encoder, TOKENS, OFFSETS))
    batches = encode_batches(encoder, TOKENS, OFFSETS, batch_tokens=4)
    next(batches)
    batches.close()
    assert encoder.training


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layer": 3}, "layer parameter of encode_texts must be from -3 to 2"),
        ({"layer": -4}, "layer parameter of encode_texts must be from -3 to 2"),
        ({"batch_tokens": 0}, "batch_tokens parameter of encode_batches"),
        ({"pooling": "weighted"}, "weights parameter of pool"),
        ({"pooling": "weighted", "weights": WEIGHTS[:-1]}, "weights .* one for each of 33 tokens"),
    ],
)
def test_what_does_not_fit(options, message):
    with pytest.raises(InvalidParameterError, match=message):
        encode_texts(encoder_of("lstm"), TOKENS, OFFSETS, **options)
