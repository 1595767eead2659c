"""The spread over seeds, by hand; Welch's test by its equations."""

import json
import math

import numpy as np
import pytest
from evaluation.test_comparison import related
from scipy import integrate

from textrep.errors import InvalidParameterError
from textrep.evaluation import Report, compare_seeds, render_seeds, spread_over_seeds
from textrep.evaluation.seeds import SeedSpread


def report(noises):
    results = tuple(related(name, noise) for name, noise in noises.items())
    return Report(tuple(noises), results)


def test_mean_and_spread_of_a_group():
    found = report({"a1": 0.5, "a2": 0.6, "b": 3.0})
    (spread,) = spread_over_seeds(found, {"a": ["a1", "a2"]})
    scores = [result.score for result in found.results[:2]]
    assert (spread.benchmark, spread.group, spread.models) == ("made up", "a", ("a1", "a2"))
    assert spread.mean == pytest.approx(sum(scores) / 2)
    assert spread.sd == pytest.approx(abs(scores[0] - scores[1]) / math.sqrt(2))
    assert spread.to_dict()["low"] == min(scores)
    json.dumps(spread.to_dict(), allow_nan=False)


def test_a_group_with_a_model_without_a_score_is_left_out():
    empty = related("a2", 1.0, covered=np.zeros(300, bool))
    found = Report(("a1", "a2"), (related("a1", 1.0), empty))
    assert spread_over_seeds(found, {"a": ["a1", "a2"]}) == ()


@pytest.mark.parametrize("members", [["a1"], ["a1", "a1"], ["a1", "gone"]])
def test_groups_are_of_two_models_of_the_report(members):
    with pytest.raises(InvalidParameterError, match="two or more models"):
        spread_over_seeds(report({"a1": 1.0, "a2": 2.0}), {"a": members})


def welch(one, two):
    """Welch 1947, with the tail of Student's t by numerical integration."""
    of_one, of_two = np.var(one, ddof=1) / len(one), np.var(two, ddof=1) / len(two)
    t = (np.mean(one) - np.mean(two)) / math.sqrt(of_one + of_two)
    freedom = (of_one + of_two) ** 2 / (of_one**2 / (len(one) - 1) + of_two**2 / (len(two) - 1))
    scale = math.gamma((freedom + 1) / 2) / math.gamma(freedom / 2) / math.sqrt(freedom * math.pi)

    def density(x):
        return scale * (1 + x * x / freedom) ** (-(freedom + 1) / 2)

    return 2 * integrate.quad(density, abs(t), math.inf)[0]


def spreads(**scores):
    return [
        SeedSpread("x", name, tuple(f"{name}{i}" for i in range(len(values))), values)
        for name, values in scores.items()
    ]


def test_groups_are_compared_by_welch_and_holm():
    scores = {"a": (0.50, 0.51, 0.49), "b": (0.60, 0.61, 0.62, 0.6), "c": (0.5, 0.7)}
    found = compare_seeds(spreads(**scores))
    assert [(d.first, d.second) for d in found] == [("a", "b"), ("a", "c"), ("b", "c")]
    for difference in found:
        expected = welch(scores[difference.first], scores[difference.second])
        assert difference.p == pytest.approx(expected, rel=1e-6)
        assert difference.low < difference.value < difference.high
    assert found[0].p_adjusted == pytest.approx(3 * found[0].p)
    assert [d.significant for d in found] == [True, False, False]
    lines = render_seeds(spreads(**scores))
    (line,) = (line for line in lines if " - " in line)
    assert line.startswith("  a - b: -.1")


def test_seeds_that_change_nothing_are_not_tested():
    (difference,) = compare_seeds(spreads(a=(0.5, 0.5), b=(0.6, 0.6)))
    assert math.isnan(difference.p)
    assert not difference.significant
    assert difference.to_dict()["low"] is None
