"""The spread over seeds, by hand."""

import json
import math

import numpy as np
import pytest
from evaluation.test_comparison import related

from textrep.errors import InvalidParameterError
from textrep.evaluation import Report, render_seeds, spread_over_seeds


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


def test_a_group_has_a_name_that_no_other_model_has():
    with pytest.raises(InvalidParameterError, match="names that no model outside"):
        spread_over_seeds(report({"a1": 1.0, "a2": 2.0, "b": 3.0}), {"b": ["a1", "a2"]})


def test_the_table_names_pairs_that_items_and_seeds_tell_apart():
    found = report({"a1": 0.5, "a2": 0.52, "a3": 0.51, "b1": 3.0, "b2": 3.1, "b3": 3.05})
    groups = {"a": ("a1", "a2", "a3"), "b": ("b1", "b2", "b3")}
    lines = render_seeds(found, groups)
    (line,) = (line for line in lines if " - " in line)
    means = [np.mean([r.score for r in found.results[k : k + 3]]) for k in (0, 3)]
    assert line.startswith(f"  a - b: {means[0] - means[1]:.3f}".replace("0.", "."))
    assert max(map(len, lines)) <= 80
