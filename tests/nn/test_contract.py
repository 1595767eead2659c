"""What every encoder promises."""

from __future__ import annotations

import copy

import pytest
import torch
from nn.networks import ENCODERS, LENGTHS, N_WORDS, WIDTH, batch_of, encoder_of
from torch.func import functional_call

from textrep.errors import InvalidParameterError
from textrep.nn import (
    ConvEncoder,
    MeanEncoder,
    RecurrentEncoder,
    Softmax,
    TransformerEncoder,
    WordEmbedding,
    pool,
    pool_texts,
)

NAMES = sorted(ENCODERS)
CAUSAL = {"mean", "rnn", "lstm", "gru", "conv-norm", "learned"}
CARRYING = {"rnn", "lstm", "gru"}


@pytest.mark.parametrize("name", NAMES)
def test_layers_are_those_of_the_tokens(name):
    encoder, (tokens, lengths) = encoder_of(name), batch_of()
    encoded = encoder(tokens, lengths)
    shapes = [tuple(layer.shape) for layer in encoded.layers]
    assert shapes == [(*tokens.shape, width) for width in encoder.widths]
    assert encoded.output is encoded.layers[-1]
    assert encoder.width == encoder.widths[-1] == encoded.output.shape[-1]
    embedded = encoder.embedding(tokens)
    for row, length in enumerate(LENGTHS):
        torch.testing.assert_close(encoded.layers[0][row, :length], embedded[row, :length])


@pytest.mark.parametrize("name", NAMES)
def test_padding_is_zero_and_changes_nothing(name):
    encoder, (tokens, lengths) = encoder_of(name), batch_of()
    together = encoder(tokens, lengths).layers
    more, _ = batch_of(time=9)
    padded = torch.arange(9) >= lengths.unsqueeze(1)
    more[padded] = torch.randint(N_WORDS, (int(padded.sum()),))
    longer = encoder(more, lengths).layers
    for row, length in enumerate(LENGTHS):
        alone = encoder(tokens[row : row + 1, :length], lengths[row : row + 1]).layers
        for layer in range(len(alone)):
            assert not together[layer][row, length:].any()
            assert not longer[layer][row, length:].any()
            for found in (together, longer):
                torch.testing.assert_close(found[layer][row, :length], alone[layer][0])


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_row_is_zero_and_changes_nothing(name):
    encoder, (tokens, lengths) = encoder_of(name), batch_of([5, 0, 3])
    encoded = encoder(tokens, lengths).output
    assert not encoded[1].any()
    rest = torch.tensor([0, 2])
    torch.testing.assert_close(encoded[rest], encoder(tokens[rest], lengths[rest]).output)
    encoded.sum().backward()
    assert all(p.grad is None or p.grad.isfinite().all() for p in encoder.parameters())
    assert not encoder(*batch_of([0, 0], time=1)).output.any()


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_those_of_finite_differences(name):
    encoder, (tokens, lengths) = encoder_of(name), batch_of([3, 2])
    if name == "conv-batch":
        encoder.train()
        encoder.blocks[0].norm.track_running_stats = False
    names, weights = zip(*encoder.named_parameters(), strict=True)
    directions = torch.randn(2, 3, encoder.width, dtype=torch.float64)

    def loss(*values):
        state = dict(zip(names, values, strict=True))
        return (functional_call(encoder, state, (tokens, lengths)).output * directions).sum()

    values = [weight.detach().requires_grad_() for weight in weights]
    assert torch.autograd.gradcheck(loss, values, fast_mode=True)


@pytest.mark.parametrize("name", NAMES)
def test_ten_sentences_are_learnt_by_heart(name):
    encoder, labels = encoder_of(name).train(), torch.arange(10)
    tokens, lengths = batch_of([5, 3, 7, 4, 4, 6, 2, 7, 5, 3])
    head = Softmax(encoder.width, 10).double()
    optimizer = torch.optim.Adam([*encoder.parameters(), *head.parameters()], lr=0.03)
    for _ in range(500):
        vectors = pool(encoder(tokens, lengths).output, lengths, encoder.pooling)
        loss = head.losses(vectors, labels).mean()
        if loss.item() < 0.1:  # chance: 2.3
            return
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    pytest.fail(f"the loss is still {loss.item():.3f}")


def test_the_vector_before_a_text_sees_its_tokens_and_no_padding():
    encoder, (tokens, lengths) = encoder_of("cls"), batch_of([5, 0, 3])
    more = torch.cat([tokens, torch.full((3, 2), 7)], 1)
    for layer, (found, longer) in enumerate(
        zip(encoder(tokens, lengths).cls, encoder(more, lengths).cls, strict=True)
    ):
        assert found.shape == (3, WIDTH)
        assert not found[1].any()
        torch.testing.assert_close(found, longer)
        assert torch.equal(found[0], found[2]) is (layer == 0)  # it is the same before it has seen
    assert encoder_of("rotary")(tokens, lengths).cls is None


def test_texts_are_pooled_by_the_vector_before_them():
    encoder, (tokens, lengths) = encoder_of("cls"), batch_of()
    encoded = encoder(tokens, lengths)
    assert torch.equal(pool_texts(encoded, lengths, "cls"), encoded.cls[-1])
    assert torch.equal(pool_texts(encoded, lengths, "cls", 1), encoded.cls[1])
    mean = pool(encoded.layers[1], lengths, "mean")
    assert torch.equal(pool_texts(encoded, lengths, "mean", 1), mean)
    with pytest.raises(InvalidParameterError, match="without a learned vector"):
        pool_texts(encoder_of("rotary")(tokens, lengths), lengths, "cls")


@pytest.mark.parametrize("name", NAMES)
def test_a_causal_encoder_does_not_look_ahead(name):
    encoder, (tokens, lengths) = encoder_of(name), batch_of([7, 7])
    changed = tokens.clone()
    changed[:, 4:] = (tokens[:, 4:] + 1) % N_WORDS
    before = [encoder(given, lengths).output[:, :4] for given in (tokens, changed)]
    assert torch.allclose(*before) is (name in CAUSAL)


@pytest.mark.parametrize("name", NAMES)
def test_the_state_goes_on_where_it_ended(name):
    encoder, (tokens, lengths) = encoder_of(name), batch_of([8, 8])
    first = encoder(tokens[:, :3], torch.tensor([3, 3]))
    assert (first.state is not None) is (name in CARRYING)
    if first.state is None:
        with pytest.raises(InvalidParameterError, match=r"state parameter .* carries nothing"):
            encoder(tokens, lengths, (torch.zeros(2, 6),))
        return
    second = encoder(tokens[:, 3:], torch.tensor([5, 5]), first.state)
    whole = encoder(tokens, lengths)
    torch.testing.assert_close(torch.cat([first.output, second.output], 1), whole.output)
    for ours, expected in zip(second.state, whole.state, strict=True):
        torch.testing.assert_close(ours, expected)
    assert encoder(tokens, torch.tensor([8, 5]), first.state).state is None
    with pytest.raises(InvalidParameterError, match="The state parameter of RecurrentEncoder"):
        encoder(tokens[:1], lengths[:1], first.state)


@pytest.mark.parametrize("name", NAMES)
def test_copies_and_saved_weights_give_the_same(name):
    encoder, batch = encoder_of(name), batch_of()
    other = encoder_of(name)
    assert not torch.equal(other(*batch).output, encoder(*batch).output)
    other.load_state_dict(encoder.state_dict())
    assert torch.equal(other(*batch).output, encoder(*batch).output)
    assert torch.equal(copy.deepcopy(encoder)(*batch).output, encoder(*batch).output)
    assert encoder.float()(*batch).output.dtype == torch.float32


@pytest.mark.parametrize(
    ("kind", "option"),
    [
        (MeanEncoder, "input_dropout"),
        (RecurrentEncoder, "input_dropout"),
        (RecurrentEncoder, "hidden_dropout"),
        (RecurrentEncoder, "output_dropout"),
        (RecurrentEncoder, "recurrent_dropout"),
        (ConvEncoder, "input_dropout"),
        (ConvEncoder, "dropout"),
        (TransformerEncoder, "input_dropout"),
        (TransformerEncoder, "dropout"),
        (TransformerEncoder, "attention_dropout"),
    ],
)
def test_dropout_is_there_in_training_only(kind, option):
    options = {option: 0.5} | ({} if kind is MeanEncoder else {"layers": 2})
    encoder, batch = kind(WordEmbedding(N_WORDS, WIDTH), **options), batch_of()
    drawn = [encoder(*batch).output for _ in range(2)]
    assert not torch.allclose(*drawn)
    encoder.eval()
    assert torch.equal(encoder(*batch).output, encoder(*batch).output)
    with pytest.raises(InvalidParameterError, match=f"The {option} parameter .* up to 0.99"):
        kind(WordEmbedding(N_WORDS, WIDTH), **{option: 1.0})


@pytest.mark.parametrize(
    ("tokens", "lengths", "message"),
    [
        (torch.zeros(3, dtype=torch.int64), [1, 1, 1], r"tokens .* shape \(batch, time\)"),
        (torch.zeros(2, 0, dtype=torch.int64), [0, 0], r"tokens .* shape \(batch, time\)"),
        (torch.zeros(2, 3, dtype=torch.int64), [3], r"lengths .* shape \(2,\)"),
        (torch.zeros(2, 3, dtype=torch.int64), [3, 4], "lengths .* from 0 to 3.* Got 4"),
        (torch.zeros(2, 3, dtype=torch.int64), [3, -1], "lengths .* from 0 to 3.* Got -1"),
        (torch.full((2, 3), N_WORDS), [3, 3], "from 0 to 10: .* Got 11"),
        (torch.full((2, 3), -1), [3, 3], "from 0 to 10: .* Got -1"),
    ],
)
def test_batches_that_do_not_fit(tokens, lengths, message):
    with pytest.raises(InvalidParameterError, match=message):
        encoder_of("mean")(tokens, torch.tensor(lengths))
