"""Centring and all-but-the-top against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from textrep.errors import InvalidParameterError
from textrep.vectors import WordVectors, rows


@pytest.fixture
def vectors(monkeypatch):
    monkeypatch.setattr(rows, "BLOCK_VALUES", 700)  # several blocks
    generator = np.random.default_rng(0)
    matrix = generator.standard_normal((150, 12)) * np.linspace(3, 0.2, 12) + 1
    return WordVectors([f"w{i}" for i in range(150)], matrix, counts=np.arange(150))


def test_centered_subtracts_the_mean(vectors):
    result = vectors.centered()
    expected = vectors.matrix - vectors.matrix.mean(axis=0)
    np.testing.assert_allclose(result.matrix, expected, atol=1e-6)
    assert result.counts.tolist() == list(range(150))


@pytest.mark.parametrize("n_components", [0, 1, 4, 11])
def test_all_but_the_top_removes_the_first_right_singular_vectors(vectors, n_components):
    result = vectors.all_but_the_top(n_components).matrix
    centred = vectors.matrix.astype(np.float64) - vectors.matrix.astype(np.float64).mean(axis=0)
    top = np.linalg.svd(centred, full_matrices=False)[2][:n_components]
    np.testing.assert_allclose(result, centred - centred @ top.T @ top, atol=2e-5)


def test_default_is_a_hundredth_of_the_dimension_at_least_one(vectors):
    np.testing.assert_array_equal(
        vectors.all_but_the_top().matrix, vectors.all_but_the_top(1).matrix
    )
    matrix = np.random.default_rng(1).standard_normal((300, 200))
    wide = WordVectors([f"w{i}" for i in range(300)], matrix)
    np.testing.assert_array_equal(wide.all_but_the_top().matrix, wide.all_but_the_top(2).matrix)


@pytest.mark.parametrize("n_components", [-1, 12])
def test_components_out_of_range_are_refused(vectors, n_components):
    with pytest.raises(InvalidParameterError, match="between 0 and dim - 1 = 11"):
        vectors.all_but_the_top(n_components)
