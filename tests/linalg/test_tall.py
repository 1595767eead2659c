"""Products of tall matrices, in stretches of rows."""

from __future__ import annotations

import numpy as np
import pytest

from textrep.linalg import tall


@pytest.fixture
def blocks(monkeypatch):
    monkeypatch.setattr(tall, "_ROWS", 64)
    generator = np.random.default_rng(0)
    return [generator.standard_normal((1000, width)).astype(np.float32) for width in (48, 5, 48)]


@pytest.mark.parametrize("n_jobs", [1, 2, 3])
def test_against_numpy(blocks, n_jobs):
    beside = np.hstack(blocks).astype(np.float64)
    right = blocks[0].astype(np.float64)
    found = tall.inner_products(blocks, blocks[0], n_jobs)
    np.testing.assert_allclose(found, beside.T @ right, atol=1e-3)
    exact = tall.inner_products(blocks, blocks[0], n_jobs, np.float64)
    np.testing.assert_allclose(exact, beside.T @ right, rtol=1e-12, atol=1e-11)
    weights = np.random.default_rng(1).standard_normal((101, 7))
    np.testing.assert_allclose(tall.combined(blocks, weights, n_jobs), beside @ weights, atol=1e-4)
    block = blocks[2][:, :7].copy()
    tall.subtract_combined(block, blocks, weights, n_jobs)
    np.testing.assert_allclose(block, blocks[2][:, :7] - beside @ weights, atol=1e-4)


def test_same_bytes_for_any_threads(blocks):
    one, three = (tall.inner_products(blocks, blocks[0], n) for n in (1, 3))
    assert one.tobytes() == three.tobytes()
    weights = np.ones((101, 9))
    assert (
        tall.combined(blocks, weights, 1).tobytes() == tall.combined(blocks, weights, 3).tobytes()
    )
