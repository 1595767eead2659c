"""What is in batches, in which order, and how much of them is padding."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from textrep.errors import InputError, InvalidParameterError, TrainingError, UsageError
from textrep.optim.batches import IGNORED, LengthBatches, StreamBatches
from textrep.optim.sequences import Sequences

LISTS = st.lists(st.lists(st.integers(0, 99), max_size=12), min_size=1, max_size=40)


def all_steps(batches, epoch=0):
    return [step for part in range(batches.n_parts) for step in batches.steps(epoch, part)]


def real_rows(batch):
    return [row[:n] for row, n in zip(batch.tokens.tolist(), batch.lengths.tolist(), strict=True)]


@given(LISTS, st.integers(1, 30), st.integers(1, 5), st.integers(1, 3), st.integers(0, 3))
def test_every_sequence_is_in_one_batch_of_an_epoch(lists, most, rows, accumulate, epoch):
    if not any(lists):
        return
    batches = LengthBatches(
        Sequences.of(lists), batch_tokens=most, batch_size=rows, accumulate=accumulate
    )
    seen = []
    for step in all_steps(batches, epoch):
        assert 1 <= len(step) <= accumulate
        for name in step:
            batch = batches.batch(name)
            seen += real_rows(batch)
            n, width = batch.tokens.shape
            assert n <= rows
            assert n * width <= most or n == 1
            assert width == batch.lengths.max()
            padding = torch.arange(width) >= batch.lengths[:, None]
            assert not batch.tokens[padding].any()
    assert sorted(seen) == sorted(filter(None, lists))
    assert batches.work == sum(map(len, lists))


def test_the_order_depends_on_the_seed_and_the_epoch_alone():
    sequences = Sequences.of([[n] * (n % 7 + 1) for n in range(200)])

    def order(epoch, seed=0, **options):
        batches = LengthBatches(sequences, batch_tokens=40, random_state=seed, **options)
        return [row[0] for s in all_steps(batches, epoch) for row in real_rows(batches.batch(s[0]))]

    assert order(1) == order(1)
    assert order(1) != order(2)
    assert order(1) != order(1, seed=1)
    assert order(1, shuffle=False) == order(2, shuffle=False)


def test_parts_may_be_asked_for_in_any_order():
    batches = LengthBatches(Sequences.of([[1] * (n % 5 + 1) for n in range(100)]), batch_tokens=20)
    there = [[s[0].tolist() for s in batches.steps(3, part)] for part in range(batches.n_parts)]
    batches.steps(4, 0)
    back = [
        [s[0].tolist() for s in batches.steps(3, part)] for part in reversed(range(batches.n_parts))
    ]
    assert back[::-1] == there
    assert min(map(len, there)) >= 1


def test_hardly_anything_is_padding():
    random = np.random.default_rng(0)
    sequences = Sequences.of([[1] * n for n in random.geometric(0.05, 3000)])
    batches = LengthBatches(sequences, batch_tokens=1000)
    total = sum(batches.batch(step[0]).tokens.numel() for step in all_steps(batches))
    assert total < 1.05 * batches.work


@pytest.mark.parametrize("labelled", ["sequences", "tokens"])
def test_labels_go_with_their_sequences(labelled):
    lists = [[n + 1] * (n % 4 + 1) for n in range(20)]
    by_token = [[10 * token for token in row] for row in lists]
    labels = by_token if labelled == "tokens" else [10 * row[0] for row in lists]
    batches = LengthBatches(Sequences.of(lists, labels), batch_size=3)
    for step in all_steps(batches):
        batch = batches.batch(step[0])
        if labelled == "sequences":
            assert (batch.labels == 10 * batch.tokens[:, 0]).all()
        else:
            padding = torch.arange(batch.tokens.shape[1]) >= batch.lengths[:, None]
            assert (batch.labels == torch.where(padding, IGNORED, 10 * batch.tokens)).all()


def test_neighbours_are_of_one_document():
    sequences = Sequences(
        np.arange(9), np.array([0, 1, 3, 4, 4, 5, 7, 9]), documents=np.array([0, 2, 5, 7])
    )
    assert sequences.followed().tolist() == [0, 5]
    batches = LengthBatches(sequences, neighbours=True, batch_size=5)
    (name,) = batches.steps(0, 0)[0]
    assert sorted(name.tolist()) == [0, 5]
    rows = real_rows(batches.batch(np.array([5, 0])))
    assert rows == [[5, 6], [0], [7, 8], [1, 2]]
    assert batches.work == 7


@given(LISTS, st.integers(1, 5))
def test_split_keeps_every_token(lists, length):
    split = Sequences.of(lists, lists).split(length)
    assert (split.lengths <= length).all()
    assert (
        split.tokens.tolist() == split.labels.tolist() == [token for row in lists for token in row]
    )
    starts = set(split.offsets.tolist())
    assert set(np.cumsum([len(row) for row in lists]).tolist()) <= starts


def test_split_cuts_what_is_labelled_short():
    split = Sequences.of([[1, 2, 3], [], [4]], labels=[7, 8, 9]).split(2)
    assert split.tokens.tolist() == [1, 2, 4]
    assert split.offsets.tolist() == [0, 2, 2, 3]
    assert split.labels.tolist() == [7, 8, 9]


def test_labels_that_are_missing():
    with pytest.raises(InputError, match="There are 1 labels for 2 sequences: give one for each"):
        Sequences.of([[1], [2]], labels=[1])
    with pytest.raises(InputError, match="Sequence 1 has 2 tokens and 1 labels"):
        Sequences.of([[1], [2, 3]], labels=[[1], [2]])


def test_sequences_of_documents_are_not_cut():
    with pytest.raises(UsageError, match="leave out the documents"):
        Sequences(np.arange(3), np.array([0, 3]), documents=np.array([0, 1])).split(2)


def test_nothing_to_learn_from():
    with pytest.raises(TrainingError, match="no sequence with a token in it"):
        LengthBatches(Sequences.of([[], []]))
    with pytest.raises(TrainingError, match="with another after it in its document"):
        LengthBatches(Sequences.of([[1]]), neighbours=True)


@given(st.integers(2, 300), st.integers(1, 5), st.integers(1, 9), st.integers(1, 3))
def test_streams_read_the_text_once(n, rows, bptt, accumulate):
    n_streams = rows * accumulate
    if (n - 1) // n_streams < 1:
        with pytest.raises(TrainingError, match="too short for"):
            StreamBatches(np.arange(n), batch_size=rows, bptt=bptt, accumulate=accumulate)
        return
    streams = StreamBatches(np.arange(n), batch_size=rows, bptt=bptt, accumulate=accumulate)
    read = {stream: [] for stream in range(accumulate)}
    for part in range(streams.n_parts):
        (step,) = streams.steps(0, part)
        assert len(step) == accumulate
        for name in step:
            batch = streams.batch(name)
            assert batch.starts == (part == 0)
            assert batch.tokens.shape == (rows, int(batch.lengths[0]))
            assert batch.tokens.shape[1] <= bptt
            assert (batch.labels == batch.tokens + 1).all()
            read[batch.stream].append(batch.tokens)
    joined = torch.cat([torch.cat(read[stream], 1) for stream in range(accumulate)])
    assert joined.flatten().tolist() == list(range(streams.work))
    assert n - 1 - n_streams < streams.work <= n - 1


@pytest.mark.parametrize("name", ["batch_tokens", "batch_size", "accumulate"])
def test_parameters_of_batches(name):
    with pytest.raises(InvalidParameterError, match=f"The {name} parameter of a batch must be"):
        LengthBatches(Sequences.of([[1]]), **{name: 0})
