import numpy as np
import pytest
from scipy import stats

from textrep.evaluation import resampling
from textrep.evaluation.resampling import (
    draw_groups,
    resample_means,
    resample_pearson,
    resample_spearman,
)


@pytest.fixture
def items():
    random = np.random.default_rng(1)
    gold = random.integers(0, 8, 60).astype(float)  # with ties
    values = np.stack([gold + random.normal(size=60) * s for s in (1, 3)], axis=1).round(1)
    return values, gold, random.integers(0, 25, 60)


def repeated(drawn, groups):
    return np.repeat(np.arange(len(groups)), drawn[groups].astype(int))


def test_every_resample_draws_as_many_groups_as_there_are():
    drawn = draw_groups(7, 50, 0)
    assert (drawn.sum(axis=1) == 7).all()
    assert (drawn == draw_groups(7, 50, 0)).all()
    assert (drawn != draw_groups(7, 50, 1)).any()


def test_each_group_is_drawn_once_on_average():
    drawn = draw_groups(10, 4000, 2)
    np.testing.assert_allclose(drawn.mean(axis=0), 1, atol=5 / np.sqrt(4000))


@pytest.mark.parametrize(
    ("resample", "correlate"),
    [(resample_spearman, stats.spearmanr), (resample_pearson, stats.pearsonr)],
)
@pytest.mark.parametrize("cells", [100, 10**6])
def test_correlations_are_those_of_the_repeated_items(
    items, resample, correlate, cells, monkeypatch
):
    monkeypatch.setattr(resampling, "_CELLS", cells)
    values, gold, groups = items
    drawn = draw_groups(25, 40, 3)
    found = resample(values, gold, groups, drawn)
    for row, weights in zip(found, drawn, strict=True):
        rows = repeated(weights, groups)
        for model in range(2):
            expected = correlate(gold[rows], values[rows, model]).statistic
            assert row[model] == pytest.approx(expected, abs=1e-12)


def test_means_are_those_of_the_repeated_items(items):
    values, _, groups = items
    drawn = draw_groups(25, 40, 4)
    found = resample_means(values, groups, drawn)
    for row, weights in zip(found, drawn, strict=True):
        np.testing.assert_allclose(row, values[repeated(weights, groups)].mean(axis=0))


def test_where_a_resample_has_no_correlation_it_is_nan():
    values, gold = np.array([[1.0], [2.0]]), np.array([1.0, 2.0])
    found = resample_spearman(values, gold, np.arange(2), np.array([[2.0, 0.0], [1.0, 1.0]]))
    assert np.isnan(found[0, 0])
    assert found[1, 0] == pytest.approx(1.0)
