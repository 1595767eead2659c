"""PMI from counts: by hand, and equal to the definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.sparse as sp
from counting.test_counter import assert_same_bytes, is_mapped
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from reference import pmi as reference

from textrep.counting import pmi, rows

FLOAT32 = {"rtol": 2e-7, "atol": 1e-12}


def csr(counts):
    return sp.csr_array(np.asarray(counts, np.float64))


def test_worked_example():
    # 8 pairs in all; rows sum to 5 and 3, columns too.
    found = pmi(csr([[4, 1], [1, 2]]), positive=False).toarray()
    by_hand = [
        # p(w,c)/(p(w)p(c)) = (4/8) / (5/8 · 5/8), (1/8) / (5/8 · 3/8), …
        [math.log(32 / 25), math.log(8 / 15)],
        [math.log(8 / 15), math.log(16 / 9)],
    ]
    np.testing.assert_allclose(found, by_hand, **FLOAT32)
    positive = pmi(csr([[4, 1], [1, 2]]), positive=True)
    np.testing.assert_allclose(
        positive.toarray(), [[math.log(32 / 25), 0], [0, math.log(16 / 9)]], **FLOAT32
    )
    assert positive.nnz == 2


def test_worked_example_smoothed_and_shifted():
    # α = 1/2: p_α(c) = √5/(√5 + √3) and √3/(√5 + √3). k = 2: log 2 is subtracted.
    found = pmi(csr([[4, 1], [1, 2]]), positive=False, context_smoothing=0.5, shift=2.0)
    mass = math.sqrt(5) + math.sqrt(3)
    expected = math.log(4 / 5 * mass / math.sqrt(5)) - math.log(2)
    assert found[0, 0] == pytest.approx(expected, rel=1e-6)
    assert found[1, 1] == pytest.approx(math.log(2 / 3 * mass / math.sqrt(3) / 2), rel=1e-6)


def test_independent_words_have_no_information():
    found = pmi(csr([[4, 8], [1, 2]]), positive=False)
    np.testing.assert_allclose(found.data, 0, atol=1e-15)
    assert found.nnz == 4


counts_strategy = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=12),
    # Counts are multiples of the least weight.
    elements=st.integers(0, 60).map(lambda n: n / 12),
    fill=st.just(0.0),
)
options_strategy = st.fixed_dictionaries(
    {
        "context_smoothing": st.sampled_from([0.0, 0.25, 0.75, 1.0]),
        "shift": st.sampled_from([1.0, 2.0, 5.0, 1e9]),
    }
)


@settings(max_examples=150, deadline=None)
@given(counts=counts_strategy, options=options_strategy, n_jobs=st.integers(1, 3))
def test_equals_the_definition(counts, options, n_jobs):
    matrix = csr(counts)
    expected = reference.pmi(counts, **options)
    found = pmi(matrix, positive=False, n_jobs=n_jobs, **options)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found.indices, matrix.indices)
    np.testing.assert_array_equal(found.indptr, matrix.indptr)
    np.testing.assert_allclose(found.toarray(), expected, rtol=2e-7, atol=1e-14)

    positive = pmi(matrix, positive=True, n_jobs=n_jobs, **options)
    np.testing.assert_allclose(
        positive.toarray(), reference.ppmi(counts, **options), rtol=2e-7, atol=1e-14
    )
    assert (positive.data > 0).all()
    clear = np.abs(expected) > 1e-14
    assert ((positive.toarray() > 0) == (expected > 0))[clear].all()


@settings(deadline=None)
@given(counts=counts_strategy)
def test_ppmi_is_the_positive_part_of_pmi(counts):
    matrix = csr(counts)
    whole = pmi(matrix, positive=False, context_smoothing=0.75).toarray()
    part = pmi(matrix, positive=True, context_smoothing=0.75).toarray()
    np.testing.assert_array_equal(part, np.maximum(whole, 0))


def test_contexts_that_never_occur_have_no_share():
    counts = [[4, 0, 1], [1, 0, 2], [0, 0, 0]]
    for alpha in (0.0, 0.5, 1.0):
        with_empty = pmi(csr(counts), positive=False, context_smoothing=alpha).toarray()
        without = pmi(csr([[4, 1], [1, 2]]), positive=False, context_smoothing=alpha).toarray()
        np.testing.assert_array_equal(with_empty[:2, [0, 2]], without)
        assert not with_empty[2].any()


@pytest.mark.parametrize("shape", [(1, 1), (3, 4), (5, 0)])
@pytest.mark.parametrize("positive", [False, True])
def test_no_counts_at_all(shape, positive):
    found = pmi(sp.csr_array(shape, dtype=np.float64), positive=positive, n_jobs=2)
    assert found.shape == shape
    assert found.nnz == 0


@pytest.fixture(scope="module")
def large():
    generator = np.random.default_rng(5)
    counts = sp.random_array((700, 500), density=0.05, rng=generator, format="csr")
    counts.data = np.ceil(counts.data * 1000) / 12
    counts.sort_indices()
    return counts


@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("n_jobs", [2, 3])
def test_same_bytes_for_any_threads(large, positive, n_jobs):
    one = pmi(large, positive=positive, context_smoothing=0.75, n_jobs=1)
    many = pmi(large, positive=positive, context_smoothing=0.75, n_jobs=n_jobs)
    for name in ("indptr", "indices", "data"):
        assert getattr(one, name).tobytes() == getattr(many, name).tobytes()


def test_one_long_row_among_empty_ones():
    counts = np.zeros((40, 30))
    counts[17] = np.arange(1, 31)
    for n_jobs in (1, 2):
        found = pmi(csr(counts), positive=False, context_smoothing=0.5, n_jobs=n_jobs)
        np.testing.assert_allclose(
            found.toarray(), reference.pmi(counts, context_smoothing=0.5), **FLOAT32
        )


def test_read_only_memory_maps_are_fine_and_not_changed(large, tmp_path):
    expected = pmi(large, positive=True)
    mapped = sp.csr_array(large.shape, dtype=np.float64)
    for name in ("indptr", "indices", "data"):
        np.save(tmp_path / f"{name}.npy", getattr(large, name))
        setattr(mapped, name, np.load(tmp_path / f"{name}.npy", mmap_mode="r"))
    found = pmi(mapped, positive=True, n_jobs=2)
    assert (found != expected).nnz == 0
    np.testing.assert_array_equal(mapped.data, large.data)


def test_64_bit_places(large, monkeypatch):
    monkeypatch.setattr(rows, "_INT32_ENTRIES", 1)
    wide = rows.csr(large.data, large.indices, large.indptr.astype(np.int64), large.shape[1])
    found = pmi(wide, positive=True)
    assert found.indptr.dtype == np.int64
    assert found.indices.dtype == np.int32
    assert (found != pmi(large, positive=True)).nnz == 0


@pytest.mark.parametrize("positive", [False, True])
def test_values_on_disk_are_the_same_bytes(large, positive):
    expected = pmi(large, positive=positive, context_smoothing=0.75)
    for n_jobs in (1, 3):
        found = pmi(large, positive=positive, context_smoothing=0.75, on_disk=True, n_jobs=n_jobs)
        assert is_mapped(found.data)
        assert is_mapped(found.indices)
        assert_same_bytes(found, expected)
