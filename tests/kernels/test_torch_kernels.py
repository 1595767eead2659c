"""The torch kernels draw what the compiled ones draw."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from textrep.kernels import (  # noqa: E402
    random,
    torch_glove,
    torch_random,
    torch_rows,
    torch_text,
)
from textrep.kernels.text import Text, sample_text  # noqa: E402
from textrep.sgd import NoiseTable  # noqa: E402

KEYS = st.integers(0, 2**64 - 1)
ALL = np.full(50, 2**32 - 1, np.uint32)


def unsigned(values):
    return values.numpy().view(np.uint64)


@given(KEYS, st.lists(st.integers(0, 2**40), min_size=1, max_size=20))
def test_keys_are_those_of_the_compiled_kernels(key, items):
    found = unsigned(torch_random.key_of(key, torch.tensor(items)))
    expected = [random.key_of(np.uint64(key), item) for item in items]
    np.testing.assert_array_equal(found, np.array(expected, np.uint64))


def test_draws_from_an_alias_table_are_those_of_the_compiled_kernels():
    counts = np.array([1000, 400, 50, 7, 1, 1, 30, 200], np.int64)
    table = NoiseTable.from_counts(counts, 0.75)
    bits = torch_random.key_of(3, torch.arange(5000))
    keep, other = (torch.from_numpy(x.astype(np.int64)) for x in (table.keep, table.other))
    expected = [random.draw_alias(x, table.keep, table.other) for x in unsigned(bits)]
    np.testing.assert_array_equal(torch_random.draw_alias(bits, keep, other).numpy(), expected)


def text_of(seed, n_sentences=400, n_words=50):
    random_state = np.random.default_rng(seed)
    offsets = np.concatenate([[0], np.cumsum(random_state.integers(0, 30, n_sentences))])
    return random_state.integers(0, n_words, offsets[-1]).astype(np.int32), offsets


def drawn_by_torch(tokens, offsets, keep, first=0, last=None, **options):
    """The sampled text of the sentences from ``first`` up to ``last``."""
    last = len(offsets) - 1 if last is None else last
    begin, end = offsets[first], offsets[last]
    options = {"window": 5, "dynamic": True, "in_text": False, "key": 2**63 + 11} | options
    return torch_text.sample_text(
        torch.from_numpy(tokens[begin:end]), torch.from_numpy(offsets[first : last + 1] - begin),
        int(begin), torch.from_numpy(keep.astype(np.int64)), **options,
    )  # fmt: skip


def drawn_by_numba(tokens, offsets, keep, first, last, window, dynamic, in_text, holdout):
    """The same by the compiled kernel; ``holdout`` of the sentences are left out."""
    text = Text(*np.empty((4, len(tokens)), np.int32))
    kept = sample_text(
        tokens, offsets, first, last, keep, window, dynamic, in_text, False, holdout,
        np.uint64(2**63 + 11), np.uint64(7), text,
    )  # fmt: skip
    return [column[:kept] for column in text[:3]]


@pytest.mark.parametrize(("window", "dynamic"), [(1, True), (5, True), (5, False), (100, True)])
@pytest.mark.parametrize(("first", "last"), [(0, 400), (37, 311), (5, 6)])
@pytest.mark.parametrize("in_text", [False, True])
@pytest.mark.parametrize("holdout", [0, 2**30])
def test_sampled_text_is_that_of_the_compiled_kernel(
    window, dynamic, first, last, in_text, holdout
):
    tokens, offsets = text_of(window)
    keep = np.random.default_rng(1).integers(0, 2**32, 50).astype(np.uint32)
    expected = drawn_by_numba(tokens, offsets, keep, first, last, window, dynamic, in_text, holdout)
    chosen = ~torch_text.chosen_sentences(first, last - first, holdout, 7, torch.device("cpu"))
    found = drawn_by_torch(
        tokens, offsets, keep, first, last, window=window, dynamic=dynamic, in_text=in_text,
        chosen=chosen if holdout else None,
    )  # fmt: skip
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs)


def test_about_the_share_of_sentences_is_chosen():
    chosen = torch_text.chosen_sentences(0, 4000, 2**30, 7, torch.device("cpu"))
    assert 900 < int(chosen.sum()) < 1100


@pytest.mark.parametrize(("batch", "window"), [(32, 5), (64, 1), (100, 7), (10_000, 3)])
def test_groups_hold_every_pair_once(batch, window):
    tokens, offsets = text_of(5)
    text = drawn_by_torch(tokens, offsets, ALL, window=window)
    groups = torch_text.group_words(text, window, batch)
    n_steps, n_groups = groups.numbers.shape
    assert n_groups * torch_text.GROUP <= max(batch, torch_text.GROUP)
    assert sorted(groups.numbers.flatten().tolist()) == list(range(n_steps * n_groups))
    found = []
    for step, group, i, slot in groups.pairs.nonzero().tolist():
        start = int(groups.numbers[step, group]) * torch_text.GROUP
        word, context = start + i, start - window + slot
        assert groups.words[step, group, i] == text.words[word]
        assert groups.slots[step, group, slot] == text.words[context]
        found.append((word, context))
    expected = [
        (i, j)
        for i, (begin, end) in enumerate(zip(text.begins, text.ends, strict=True))
        for j in range(begin, end)
        if j != i
    ]
    assert sorted(found) == expected
    assert int(groups.uses.sum()) == len(expected)


def test_rows_add_up_and_give_way_to_the_limit():
    matrix, rows = torch.zeros(5, 2), torch.tensor([[1, 3], [1, 1]])
    torch_rows.add_rows(matrix, rows, torch.ones(2, 2, 2), -0.5)
    assert matrix[:, 0].tolist() == [0, -1.5, 0, -0.5, 0]
    weights = torch.tensor([[2.0, 1.0], [4.0, 2.0]])
    shares = torch_rows.row_shares(torch.full((5,), 9.0), rows, weights, 4.0)
    assert shares.tolist() == [[0.5, 1.0], [0.5, 0.5]]


def test_a_step_of_glove_goes_down_the_gradient_of_the_cost():
    """In float64, with sums of squares so large that they divide every gradient by the same."""
    generator = torch.Generator().manual_seed(0)
    start = torch.randn(7, 5, generator=generator, dtype=torch.float64)
    start[:4, -1] = start[4:, -2] = 1.0
    places = torch.tensor([[0, 0, 2, 0], [4, 5, 4, 4]])
    logs, weights = torch.rand(2, 4, generator=generator, dtype=torch.float64)
    factors = torch.ones(2, 1, 5, dtype=torch.float64)
    factors[0, 0, -1] = factors[1, 0, -2] = 0.0

    def step(rows):
        sums = torch.full_like(rows, 1e12)
        loss = torch_glove.train_batch(
            rows, sums, places, logs, weights, factors, 1e9, 0.0, 1e6, 1.0
        )
        return float(loss)

    after = start.clone()
    step(after)
    for row, column in np.ndindex(*start.shape):
        moved = float(start[row, column] - after[row, column])
        if column == (4 if row < 4 else 3):
            assert moved == 0.0
            continue
        losses = []
        for shift in (1e-6, -1e-6):
            shifted = start.clone()
            shifted[row, column] += shift
            losses.append(step(shifted))
        assert moved == pytest.approx((losses[0] - losses[1]) / 2e-6, abs=1e-7)
