"""Counts that are added: the same bytes as both texts counted together."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from counting.corpora import MemoryCorpus
from counting.test_counter import assert_same_bytes, is_mapped, tiny_blocks
from hypothesis import given
from hypothesis import strategies as st

from textrep.corpus import Vocabulary
from textrep.counting import (
    BOUNDARIES,
    SIDES,
    WEIGHTS,
    CountPart,
    Window,
    add_counts,
    count_cooccurrences,
)
from textrep.errors import InvalidParameterError

words = st.integers(0, 19)
documents = st.lists(
    st.lists(st.lists(words, min_size=1, max_size=12), min_size=1, max_size=4),
    min_size=1,
    max_size=3,
)
windows = st.builds(
    Window,
    st.integers(1, 12),
    st.sampled_from(sorted(WEIGHTS)),
    st.sampled_from(sorted(SIDES)),
    st.sampled_from(sorted(set(BOUNDARIES) - {"none"})),
)


def part(counts, rows, columns):
    places = (np.array(rows, np.int32), np.array(columns, np.int32))
    return CountPart(counts.indptr, counts.indices, counts.data, *places)


def restricted(texts, present):
    """The corpus of texts over the words that are in it, numbered in the order of ``present``."""
    number = {word: i for i, word in enumerate(present)}
    renumbered = [[[number[word] for word in s] for s in document] for document in texts]
    return MemoryCorpus(renumbered, len(present))


def in_text(texts):
    return {word for document in texts for sentence in document for word in sentence}


@given(
    one=documents,
    other=documents,
    window=windows,
    shuffle=st.randoms(use_true_random=False),
    memory=st.none() | st.integers(16, 1000),
    entries=st.sampled_from([1, 8, 1 << 18]),
    n_jobs=st.integers(1, 3),
)
def test_the_sum_is_what_one_pass_counts(one, other, window, shuffle, memory, entries, n_jobs):
    parts = []
    for texts in (one, other):
        present = sorted(in_text(texts))
        shuffle.shuffle(present)  # each text has an order of its own
        counts = count_cooccurrences(restricted(texts, present), window)
        rows = np.full(20, -1)
        rows[present] = np.arange(len(present))
        parts.append(part(counts, rows, present))
    whole = MemoryCorpus([*one, *other], 20)
    most = int(whole.vocabulary.counts.max())
    with tiny_blocks(entries):
        expected = count_cooccurrences(whole, window, n_jobs=1)
        scale = window.whole_weights(most)[2]
        found = add_counts(*parts, 20, scale, memory=memory, n_jobs=n_jobs)
    assert_same_bytes(found, expected)


def test_worked_example():
    # a, b counted in one text; b, c in the other: b is row 1 of the first and row 0 of the second.
    one = part(sp.csr_array(np.array([[0.0, 1.5], [1.5, 2.0]])), [0, 1, -1], [0, 1])
    other = part(sp.csr_array(np.array([[0.5, 4.0], [4.0, 0.0]])), [-1, 0, 1], [1, 2])
    found = add_counts(one, other, 3, 2.0)
    assert found.toarray().tolist() == [[0, 1.5, 0], [1.5, 2.5, 4], [0, 4, 0]]
    assert found.nnz == 5


def test_sums_are_exact_where_floats_are_not():
    third = sp.csr_array([[1 / 3]])
    total = part(third, [0], [0])
    for thirds in range(2, 200):
        sum_of_both = add_counts(total, part(third, [0], [0]), 1, 3.0)
        assert sum_of_both[0, 0] == thirds / 3
        total = part(sum_of_both, [0], [0])


def test_sums_on_disk_and_too_little_memory():
    nothing = part(sp.csr_array((2, 2), dtype=np.float64), [0, 1], [0, 1])
    assert add_counts(nothing, nothing, 2, 1.0, memory=1 << 24).nnz == 0
    some = part(sp.csr_array(np.eye(2)), [0, 1], [0, 1])
    found = add_counts(some, nothing, 2, 1.0, memory=1 << 24)
    assert is_mapped(found.data)
    assert found.toarray().tolist() == np.eye(2).tolist()
    with pytest.raises(InvalidParameterError, match="memory"):
        add_counts(some, nothing, 2, 1.0, memory=1)


def test_joined_vocabularies_are_in_the_order_of_one():
    one = Vocabulary(["the", "cat", "a"], np.array([5, 3, 1]))
    other = Vocabulary(["cat", "dog", "b"], np.array([2, 2, 1]))
    joined = one.joined(other)
    assert list(joined.words) == ["cat", "the", "dog", "a", "b"]
    assert joined.counts.tolist() == [5, 5, 2, 1, 1]
    assert joined.counts.dtype == np.int64
