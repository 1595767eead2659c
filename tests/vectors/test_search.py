"""Blockwise search against sorting the whole score matrix."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from textrep.errors import UnknownNameError
from textrep.vectors import search
from textrep.vectors.rows import Rows


def matrix_of(n, dim, seed=0, density=1.0):
    generator = np.random.default_rng(seed)
    matrix = generator.standard_normal((n, dim)).astype(np.float32)
    matrix[generator.random(matrix.shape) >= density] = 0
    return matrix


def all_cosines(matrix):
    wide = matrix.astype(np.float64)
    norms = np.linalg.norm(wide, axis=1, keepdims=True)
    unit = np.divide(wide, norms, out=np.zeros_like(wide), where=norms > 0)
    return unit @ unit.T


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks so small that a test of a few hundred rows crosses many of their edges."""
    monkeypatch.setattr(search, "QUERY_ROWS", 37)
    monkeypatch.setattr(search, "TILE_ROWS", 100)
    monkeypatch.setattr(search, "GIVEN_WORDS", 31)
    monkeypatch.setattr(search, "ANALOGY_TILE_ROWS", 70)
    monkeypatch.setattr(search, "QUESTIONS", 23)


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("n_jobs", [1, 3])
@pytest.mark.usefixtures("small_blocks")
def test_neighbors_are_those_of_a_full_sort(sparse, n_jobs):
    matrix = matrix_of(333, 20, density=0.4)
    cosines = all_cosines(matrix)
    np.fill_diagonal(cosines, -np.inf)
    expected = np.argsort(-cosines, axis=1, kind="stable")[:, :5]
    rows = Rows.of(sp.csr_array(matrix) if sparse else matrix)
    ids = np.arange(333)
    found = search.nearest(rows, ids, ids[:, None], 5, n_jobs)
    np.testing.assert_array_equal(found.ids, expected)
    np.testing.assert_allclose(
        found.scores, np.take_along_axis(cosines, expected, 1), rtol=0, atol=1e-12
    )


def test_the_answer_does_not_depend_on_blocks_or_threads(monkeypatch):
    rows = Rows.of(matrix_of(500, 30, seed=3))
    ids = np.arange(500)
    whole = search.nearest(rows, ids, ids[:, None], 8, 1)
    monkeypatch.setattr(search, "QUERY_ROWS", 19)
    monkeypatch.setattr(search, "TILE_ROWS", 77)
    parts = search.nearest(rows, ids, ids[:, None], 8, 4)
    np.testing.assert_array_equal(whole.ids, parts.ids)
    np.testing.assert_array_equal(whole.scores, parts.scores)


def test_rounding_to_float32_costs_no_candidate_its_place():
    generator = np.random.default_rng(4)
    query = generator.standard_normal(50)
    query /= np.linalg.norm(query)
    near = query + 1e-7 * generator.standard_normal((9, 50))  # cosines equal to float32
    matrix = np.vstack([query, near, generator.standard_normal((200, 50))]).astype(np.float32)
    cosines = all_cosines(matrix)[0]
    cosines[0] = -np.inf
    found = search.nearest(Rows.of(matrix), np.array([0]), np.array([[0]]), 3)
    expected = np.sort(cosines)[::-1][:3]
    np.testing.assert_allclose(found.scores[0], expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("method", ["3cosadd", "3cosmul"])
@pytest.mark.usefixtures("small_blocks")
def test_analogies_are_those_of_a_loop_over_questions(method, sparse):
    matrix = matrix_of(150, 12, seed=5, density=0.5)
    cosines = all_cosines(matrix)
    questions = np.random.default_rng(6).integers(0, 150, (300, 3))
    rows = Rows.of(sp.csr_array(matrix) if sparse else matrix)
    found = search.solve(rows, questions, method, 4)
    for question, (a, b, c) in enumerate(questions):
        scores = []
        for x in range(150):
            ca, cb, cc = cosines[x, a], cosines[x, b], cosines[x, c]
            if x in (a, b, c):
                scores.append(-np.inf)
            elif method == "3cosadd":
                scores.append(cb - ca + cc)
            else:
                scores.append(((cb + 1) / 2) * ((cc + 1) / 2) / ((ca + 1) / 2 + 0.001))
        best = np.argsort(-np.array(scores), kind="stable")[:4]
        np.testing.assert_allclose(found.scores[question], np.array(scores)[best], rtol=1e-9)
        np.testing.assert_array_equal(found.ids[question], best)


def test_more_answers_than_words_are_marked():
    rows = Rows.of(matrix_of(4, 3))
    found = search.solve(rows, np.array([[0, 1, 2]]), "3cosadd", 3)
    assert found.ids.tolist() == [[3, -1, -1]]
    assert np.isneginf(found.scores[0, 1:]).all()


def test_no_questions_have_no_answers():
    rows = Rows.of(matrix_of(4, 3))
    assert search.solve(rows, np.empty((0, 3), np.int64), "3cosadd", 2).ids.shape == (0, 2)


def test_an_unknown_method_is_named_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean '3cosmul'"):
        search.solve(Rows.of(matrix_of(4, 3)), np.array([[0, 1, 2]]), "3cosmull", 1)


def test_a_vector_too_short_for_float32_counts_as_zero():
    matrix = np.array([[1, 1], [-1, 0], [1e-40, 1e-40], [0, 0]], np.float32)
    found = search.nearest(Rows.of(matrix), np.array([0]), np.array([[0]]), 3)
    assert found.ids.tolist() == [[2, 3, 1]]
    assert found.scores[0, :2].tolist() == [0.0, 0.0]
    reverse = search.nearest(Rows.of(matrix), np.array([2]), np.array([[2]]), 3)
    assert reverse.scores.tolist() == [[0.0, 0.0, 0.0]]


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_tiny_and_huge_vectors_neither_vanish_nor_overflow(scale):
    matrix = matrix_of(100, 10)
    ids = np.arange(100)
    plain = search.nearest(Rows.of(matrix), ids, ids[:, None], 3)
    scaled = search.nearest(Rows.of(matrix * np.float32(scale)), ids, ids[:, None], 3)
    np.testing.assert_array_equal(plain.ids, scaled.ids)
    np.testing.assert_allclose(plain.scores, scaled.scores, rtol=1e-5)
