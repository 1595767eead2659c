"""t-SNE through a grid gives what the sums over all pairs give."""

from __future__ import annotations

import numpy as np
import pytest
from reference import tsne as plain

from textrep.kernels.tsne import affinities, attract
from textrep.report.tsne import Repulsion, joint_probabilities, neighbors_needed, tsne


def neighbours(data, k):
    distances = ((data[:, None] - data[None]) ** 2).sum(axis=-1)
    np.fill_diagonal(distances, np.inf)
    ids = np.argsort(distances, axis=1)[:, :k]
    return ids, np.take_along_axis(distances, ids, axis=1)


@pytest.fixture(scope="module")
def clusters():
    """Five clouds far from each other in ten dimensions, 60 points each."""
    rng = np.random.default_rng(0)
    return np.repeat(rng.standard_normal((5, 10)) * 8, 60, axis=0) + rng.standard_normal((300, 10))


@pytest.mark.parametrize(("scale", "error"), [(1e-4, 1e-9), (1.0, 1e-3), (5.0, 0.03), (30.0, 0.1)])
def test_repulsion_is_that_of_all_pairs(scale, error):
    points = np.random.default_rng(1).standard_normal((700, 2)) * scale
    wanted = plain.repulsion(points)
    found = Repulsion(2).of(points)
    assert np.linalg.norm(found - wanted) <= error * np.linalg.norm(wanted)


def test_repulsion_does_not_depend_on_threads():
    points = np.random.default_rng(1).standard_normal((9000, 2)) * 20
    assert np.array_equal(Repulsion(1).of(points), Repulsion(3).of(points))


def test_affinities_have_the_perplexity(clusters):
    _, distances = neighbours(clusters, 30)
    found = np.empty(distances.shape)
    affinities(distances, 10.0, found)
    wanted = np.array([plain.conditional(row, 10.0) for row in distances])
    assert found == pytest.approx(wanted, abs=1e-4)


def test_affinities_of_equal_distances_are_equal():
    found = np.empty((2, 6))
    affinities(np.array([[0.0] * 6, [2.0] * 6]), 2.0, found)
    assert found == pytest.approx(np.full((2, 6), 1 / 6))


def test_attraction_is_that_of_all_pairs(clusters):
    ids, distances = neighbours(clusters, 90)
    p = joint_probabilities(ids, distances)
    assert p.sum() == pytest.approx(1.0, abs=1e-5)
    assert abs(p - p.T).max() == 0
    points = np.random.default_rng(2).standard_normal((300, 2))
    found = np.full(points.shape, np.nan)
    attract(points, p.indptr, p.indices, p.data, 0, 100, found)
    attract(points, p.indptr, p.indices, p.data, 100, 300, found)
    assert found == pytest.approx(plain.attraction(p.toarray(), points), rel=1e-5, abs=1e-9)


@pytest.fixture
def few_steps(monkeypatch):
    """A layout that is not finished, but soon there."""
    monkeypatch.setattr("textrep.report.tsne._FIRST_STEPS", 10)
    monkeypatch.setattr("textrep.report.tsne._STEPS", 10)


def test_layouts_do_not_depend_on_threads(clusters, few_steps):
    ids, distances = neighbours(clusters, neighbors_needed(300))
    one, three = (tsne(ids, distances, clusters[:, :2], n_jobs) for n_jobs in (1, 3))
    assert np.array_equal(one, three)


def test_clusters_come_apart_and_the_cost_falls(clusters):
    ids, distances = neighbours(clusters, neighbors_needed(300))
    start = clusters[:, :2]
    points = tsne(ids, distances, start)
    kinds = np.repeat(np.arange(5), 60)
    near, _ = neighbours(points, 10)
    assert (kinds[near] == kinds[:, None]).mean() > 0.99
    p = joint_probabilities(ids, distances).toarray()
    assert plain.divergence(p, points) < 0.3 * plain.divergence(p, start / start.std())


def test_points_that_coincide(few_steps):
    same = np.zeros((12, 3))
    ids, distances = neighbours(same, neighbors_needed(12))
    assert np.isfinite(tsne(ids, distances, np.zeros((12, 2)))).all()
