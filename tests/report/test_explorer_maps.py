"""Where words are: projections, alignment, neighbours."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from textrep.report.explorer_maps import align, draw_maps, pca
from textrep.vectors import WordVectors

RNG = np.random.default_rng(0)


def vectors(matrix):
    return WordVectors([f"w{row}" for row in range(matrix.shape[0])], matrix)


def test_pca_is_that_of_the_singular_vectors():
    model = vectors(RNG.standard_normal((50, 8)) * np.arange(8, 0, -1))
    unit = model.matrix / np.linalg.norm(model.matrix, axis=1, keepdims=True)
    u, values, _ = np.linalg.svd(unit - unit.mean(axis=0))
    points, share = pca(model)
    assert share == pytest.approx((values[:2] ** 2).sum() / (values**2).sum())
    for axis in range(2):
        wanted = u[:, axis] * values[axis]
        assert abs(points[:, axis] @ wanted) == pytest.approx(wanted @ wanted, rel=1e-5)


def test_pca_of_sparse_vectors_is_that_of_dense_ones():
    dense = RNG.random((40, 12)) * (RNG.random((40, 12)) < 0.4) + np.eye(40, 12)
    points, share = pca(vectors(dense))
    others, other_share = pca(vectors(sp.csr_array(dense)))
    assert other_share == pytest.approx(share, rel=1e-4)
    assert np.abs(others) == pytest.approx(np.abs(points), abs=1e-4)


def test_pca_of_one_dimension_and_of_equal_words():
    points, share = pca(vectors(np.array([[1.0], [-1.0]])))
    assert share == pytest.approx(1)
    assert points[:, 1].tolist() == [0, 0]
    points, share = pca(vectors(np.ones((3, 4))))
    assert np.isfinite(share)
    assert np.abs(points).max() < 1e-6


def test_align_finds_a_turn_and_a_mirror():
    target = RNG.standard_normal((30, 2))
    turn = np.array([[np.cos(1), np.sin(1)], [np.sin(1), -np.cos(1)]])
    order = RNG.permutation(30)
    points = np.vstack([(3 * target + 5)[order] @ turn, [[9.0, 9.0]]])
    pairs = np.column_stack([np.arange(30), order])
    aligned = align(points, target, pairs)
    shift = aligned[:30] - 3 * target[order]
    assert shift == pytest.approx(np.broadcast_to(shift[0], shift.shape))
    assert np.linalg.norm(aligned[30] - aligned[0]) == pytest.approx(
        np.linalg.norm(points[30] - points[0])
    )


def test_the_second_map_lies_like_the_first():
    first = RNG.standard_normal((60, 5)) * [9, 5, 1, 1, 1]
    mixing = np.linalg.qr(RNG.standard_normal((5, 5)))[0]
    one = vectors(first)
    other = WordVectors(one.words[::-1], (first @ mixing)[::-1])
    (a,), (b,) = (its_map.drawings for its_map in draw_maps([one, other], "pca"))
    assert b.points[::-1] == pytest.approx(a.points, abs=1e-5)


def test_neighbours_are_those_of_the_model():
    model = vectors(RNG.standard_normal((30, 6)))
    (its_map,) = draw_maps([model], "pca")
    for row, ids in enumerate(its_map.neighbors.ids):
        wanted = [near.word for near in model.neighbors(f"w{row}", n=10)]
        assert [model.words[other] for other in ids] == wanted


def test_tsne_comes_first_and_says_what_it_keeps(monkeypatch):
    monkeypatch.setattr("textrep.report.tsne._STEPS", 10)
    groups = np.repeat(np.eye(4) * 9, 10, axis=0) + RNG.standard_normal((40, 4))
    (its_map,) = draw_maps([vectors(groups)], "tsne")
    assert [drawing.title for drawing in its_map.drawings] == ["t-SNE", "PCA"]
    assert "Of a word's 10 nearest neighbours" in its_map.drawings[0].about
    assert its_map.neighbors.ids.shape == (40, 10)


def test_tsne_is_given_the_squared_distances_of_unit_vectors(monkeypatch):
    given = {}

    def caught(ids, distances, start, n_jobs):
        given.update(ids=ids, distances=distances)
        return start

    monkeypatch.setattr("textrep.report.explorer_maps.tsne", caught)
    model = vectors(RNG.standard_normal((40, 6)))
    draw_maps([model], "tsne")
    unit = model.matrix / np.linalg.norm(model.matrix, axis=1, keepdims=True)
    expected = ((unit[:, None] - unit[given["ids"]]) ** 2).sum(axis=2)
    np.testing.assert_allclose(given["distances"], expected, atol=1e-5)


@pytest.mark.parametrize("n", [1, 2, 9])
def test_few_words_have_pca_only(n):
    (its_map,) = draw_maps([vectors(RNG.standard_normal((n, 3)))], "tsne")
    assert [drawing.title for drawing in its_map.drawings] == ["PCA"]
    assert its_map.neighbors.ids.shape == (n, n - 1)
