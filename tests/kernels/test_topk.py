"""The running k best of tiles against sorting everything."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from textrep.kernels.topk import offer_analogies, offer_scores, pair_dots, sparse_pair_dots


def offered(scores, k, width, excluded=None):
    """Offer ``scores`` in tiles and return ids and scores, best first, lower ids first on ties."""
    queries, candidates = scores.shape
    if excluded is None:
        excluded = np.full((queries, 1), -1)
    best_scores = np.full((queries, k), -np.inf, np.float32)
    best_ids = np.full((queries, k), -1)
    for first in range(0, candidates, width):
        tile = np.ascontiguousarray(scores[:, first : first + width])
        offer_scores(tile, first, excluded, best_scores, best_ids)
    order = np.lexsort((best_ids, -best_scores), axis=-1)
    return np.take_along_axis(best_ids, order, 1), np.take_along_axis(best_scores, order, 1)


@pytest.mark.parametrize("width", [1, 63, 64, 65, 200, 1000])
@pytest.mark.parametrize("k", [1, 7, 40])
def test_k_best_are_those_of_a_full_sort(width, k):
    scores = np.random.default_rng(0).standard_normal((5, 1000)).astype(np.float32)
    ids, values = offered(scores, k, width)
    expected = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    np.testing.assert_array_equal(ids, expected)
    np.testing.assert_array_equal(values, np.take_along_axis(scores, expected, 1))


@settings(max_examples=60, deadline=None)
@given(
    scores=st.lists(st.integers(-3, 3), min_size=1, max_size=300),
    k=st.integers(1, 20),
    width=st.integers(1, 150),
)
def test_of_equal_scores_the_lower_index_stays(scores, k, width):
    row = np.array([scores], np.float32)
    k = min(k, len(scores))
    ids, _ = offered(row, k, width)
    np.testing.assert_array_equal(ids, np.argsort(-row, axis=1, kind="stable")[:, :k])


def test_excluded_candidates_never_appear_and_missing_ones_stay_marked():
    scores = np.arange(6, dtype=np.float32)[None, :]
    ids, values = offered(scores, 6, 4, excluded=np.array([[5, 2]]))
    assert ids[0].tolist() == [4, 3, 1, 0, -1, -1]
    assert values[0, 4:].tolist() == [-np.inf, -np.inf]


@pytest.mark.parametrize("multiply", [False, True])
def test_analogy_scores_are_the_formulas(multiply):
    generator = np.random.default_rng(1)
    cosines = generator.uniform(-1, 1, (4, 500)).astype(np.float32)
    questions = np.array([[0, 1, 2], [3, 0, 1], [2, 2, 3]])
    excluded = np.array([[10, 11, 12], [0, 1, 2], [400, 401, 402]])
    best_scores = np.full((3, 9), -np.inf, np.float32)
    best_ids = np.full((3, 9), -1)
    for first in (0, 130, 260, 390):
        tile = np.ascontiguousarray(cosines[:, first : min(first + 130, 500)])
        offer_analogies(tile, questions, multiply, first, excluded, best_scores, best_ids)
    for question, (a, b, c) in enumerate(questions):
        ca, cb, cc = (cosines[row].astype(np.float64) for row in (a, b, c))
        if multiply:
            expected = (cb + 1) / 2 * (cc + 1) / 2 / ((ca + 1) / 2 + 0.001)
        else:
            expected = cb - ca + cc
        expected[excluded[question]] = -np.inf
        best = np.argsort(-expected)[:9]
        assert set(best_ids[question]) == set(best)
        np.testing.assert_allclose(
            best_scores[question], expected[best_ids[question]], rtol=2e-6, atol=2e-6
        )


def test_pair_dots_are_float64_dot_products_dense_and_sparse():
    generator = np.random.default_rng(2)
    matrix = generator.standard_normal((30, 17)).astype(np.float32)
    matrix[generator.random(matrix.shape) < 0.6] = 0
    left = generator.standard_normal((4, 17)).astype(np.float32)
    rows = np.array([3, 0, 0])
    ids = np.array([[1, -1], [29, 4], [0, 0]])
    expected = np.zeros((3, 2))
    for q in range(3):
        for i in range(2):
            if ids[q, i] >= 0:
                expected[q, i] = left[rows[q]].astype(float) @ matrix[ids[q, i]].astype(float)
    dense, sparse = np.full((3, 2), np.nan), np.full((3, 2), np.nan)
    pair_dots(left, rows, matrix, ids, dense)
    csr = sp.csr_array(matrix)
    sparse_pair_dots(left, rows, csr.indptr, csr.indices, csr.data, ids, sparse)
    np.testing.assert_allclose(dense, expected, rtol=1e-13)
    np.testing.assert_allclose(sparse, expected, rtol=1e-13)
