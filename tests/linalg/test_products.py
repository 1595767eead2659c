"""Products of sparse matrices with dense blocks, against SciPy in float64."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from textrep.linalg import SparseOperator, products


def random_sparse(rows, columns, density, seed):
    generator = np.random.default_rng(seed)
    matrix = sp.random_array(
        (rows, columns), density=density, rng=generator, dtype=np.float32, format="csr"
    )
    matrix.data = generator.standard_normal(matrix.nnz).astype(np.float32)
    matrix.sort_indices()
    return matrix


@settings(max_examples=80, deadline=None)
@given(
    rows=st.integers(1, 60),
    columns=st.integers(1, 60),
    width=st.sampled_from([1, 3, 16, 17, 48]),
    density=st.sampled_from([0.0, 0.02, 0.3, 1.0]),
    n_jobs=st.integers(1, 3),
    seed=st.integers(0, 1000),
)
def test_products_equal_scipys(rows, columns, width, density, n_jobs, seed):
    matrix = random_sparse(rows, columns, density, seed)
    generator = np.random.default_rng(seed)
    operator = SparseOperator(matrix, n_jobs)
    for sparse, multiply in ((matrix, operator.times), (matrix.T, operator.transposed_times)):
        dense = generator.standard_normal((sparse.shape[1], width)).astype(np.float32)
        found = multiply(dense)
        assert found.dtype == np.float32
        exact = sparse.astype(np.float64) @ dense.astype(np.float64)
        size = abs(sparse).astype(np.float64) @ np.abs(dense).astype(np.float64)
        assert (np.abs(found - exact) <= 1e-6 * size + 1e-30).all()


@pytest.mark.parametrize("n_jobs", [1, 2, 3])
def test_the_transpose_is_exact(n_jobs):
    matrix = random_sparse(90, 70, 0.1, 1)
    found = SparseOperator(matrix, n_jobs).transposed_times(np.eye(90, dtype=np.float32))
    np.testing.assert_array_equal(found, matrix.toarray().T)
    found = SparseOperator(matrix, n_jobs).times(np.eye(70, dtype=np.float32))
    np.testing.assert_array_equal(found, matrix.toarray())


@pytest.mark.parametrize("n_jobs", [2, 3])
def test_same_bytes_for_any_threads(n_jobs):
    matrix = random_sparse(500, 300, 0.1, 2)
    generator = np.random.default_rng(0)
    right = generator.standard_normal((300, 48)).astype(np.float32)
    left = generator.standard_normal((500, 48)).astype(np.float32)
    one, many = SparseOperator(matrix, 1), SparseOperator(matrix, n_jobs)
    assert one.times(right).tobytes() == many.times(right).tobytes()
    assert one.transposed_times(left).tobytes() == many.transposed_times(left).tobytes()


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_columns_need_not_be_sorted(n_jobs):
    matrix = random_sparse(60, 50, 0.2, 3)
    shuffled = matrix.copy()
    for row in range(60):
        place = slice(matrix.indptr[row], matrix.indptr[row + 1])
        shuffled.indices[place] = matrix.indices[place][::-1]
        shuffled.data[place] = matrix.data[place][::-1]
    shuffled.has_sorted_indices = False
    found = SparseOperator(shuffled, n_jobs).transposed_times(np.eye(60, dtype=np.float32))
    np.testing.assert_array_equal(found, matrix.toarray().T)


def test_doubles_64_bit_places_and_read_only_arrays():
    matrix = random_sparse(60, 50, 0.2, 4)
    other = matrix.astype(np.float64)
    other.indptr = other.indptr.astype(np.int64)
    for array in (other.indptr, other.indices, other.data):
        array.flags.writeable = False
    dense = np.ones((50, 48), np.float32)
    np.testing.assert_array_equal(
        SparseOperator(other, 2).times(dense), SparseOperator(matrix, 2).times(dense)
    )
    dense = np.ones((60, 48), np.float32)
    np.testing.assert_array_equal(
        SparseOperator(other, 2).transposed_times(dense),
        SparseOperator(matrix, 2).transposed_times(dense),
    )


def test_dense_blocks_in_any_layout():
    matrix = random_sparse(40, 30, 0.3, 5)
    dense = np.random.default_rng(0).standard_normal((5, 30)).astype(np.float32).T
    operator = SparseOperator(matrix, 1)
    np.testing.assert_array_equal(operator.times(dense), operator.times(dense.copy("C")))


@pytest.mark.parametrize("memory", [1, 400, 1 << 24])
@pytest.mark.parametrize("n_jobs", [1, 3])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_same_bytes_with_copies_on_disk(memory, n_jobs, dtype, monkeypatch):
    monkeypatch.setattr(products, "_STRETCH", 1000)
    matrix = random_sparse(500, 300, 0.1, 2).astype(dtype)
    generator = np.random.default_rng(0)
    right = generator.standard_normal((300, 48)).astype(np.float32)
    left = generator.standard_normal((500, 48)).astype(np.float32)
    free, capped = SparseOperator(matrix, n_jobs), SparseOperator(matrix, n_jobs, memory)
    assert free.times(right).tobytes() == capped.times(right).tobytes()
    assert free.transposed_times(left).tobytes() == capped.transposed_times(left).tobytes()


@pytest.mark.parametrize("memory", [None, 1])
def test_no_entries_at_all(memory):
    operator = SparseOperator(sp.csr_array((4, 3), dtype=np.float32), 2, memory)
    assert not operator.times(np.ones((3, 2), np.float32)).any()
    assert not operator.transposed_times(np.ones((4, 2), np.float32)).any()
