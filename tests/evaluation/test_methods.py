"""Methods are told apart by items and by seeds; both tests by their equations."""

import itertools
import math

import numpy as np
import pytest
from evaluation.test_comparison import right
from scipy import integrate

from textrep.evaluation import Report, compare_methods

N = 400


def answers(share, seed):
    return np.random.default_rng(seed).random(N) < share


def report(**models):
    return Report(tuple(models), tuple(right(name, said) for name, said in models.items()))


def tail(t, freedom):
    """Two-sided p-value of Student's t, by numerical integration."""
    scale = math.gamma((freedom + 1) / 2) / math.gamma(freedom / 2) / math.sqrt(freedom * math.pi)

    def density(x):
        return scale * (1 + x * x / freedom) ** (-(freedom + 1) / 2)

    return 2 * integrate.quad(density, abs(t), math.inf)[0]


def welch(one, two):
    """Welch 1947."""
    of_one, of_two = np.var(one, ddof=1) / len(one), np.var(two, ddof=1) / len(two)
    t = (np.mean(one) - np.mean(two)) / math.sqrt(of_one + of_two)
    freedom = (of_one + of_two) ** 2 / (of_one**2 / (len(one) - 1) + of_two**2 / (len(two) - 1))
    return tail(t, freedom)


def over_items(one, two):
    """The normal test of the mean over items of what the methods' mean answers differ by."""
    apart = np.mean(one, axis=0) - np.mean(two, axis=0)
    return math.erfc(abs(apart.mean()) / (apart.std() / math.sqrt(N)) / math.sqrt(2))


LUCKY = {"a1": answers(0.60, 1), "a2": answers(0.5, 2), "a3": answers(0.4, 3)}
STEADY = {
    "b1": answers(0.5, 4),
    "b2": answers(0.5, 5),
    "b3": answers(0.5, 6),
    "b4": answers(0.5, 7),
}
BETTER = {"c1": answers(0.8, 8), "c2": answers(0.8, 9), "c3": answers(0.8, 10)}
GROUPS = {"a": tuple(LUCKY), "b": tuple(STEADY), "c": tuple(BETTER)}
SAID = {"a": list(LUCKY.values()), "b": list(STEADY.values()), "c": list(BETTER.values())}


def test_the_larger_p_of_items_and_seeds_counts():
    compared = compare_methods(report(**LUCKY, **STEADY, **BETTER), GROUPS)["made up"]
    assert compared.scores == pytest.approx({name: np.mean(said) for name, said in SAID.items()})
    expected = {}
    for one, two in itertools.combinations(SAID, 2):
        seeds = welch([np.mean(said) for said in SAID[one]], [np.mean(said) for said in SAID[two]])
        expected[one, two] = max(seeds, over_items(SAID[one], SAID[two]))
    found = {(d.first, d.second): d for d in compared.differences}
    assert list(found) == list(expected)
    assert [d.p for d in found.values()] == pytest.approx(list(expected.values()), rel=0.1)
    assert found["b", "c"].p_adjusted == pytest.approx(3 * found["b", "c"].p)
    assert found["b", "c"].significant
    assert compared.best[0] == "c"


def test_a_lucky_seed_is_no_better_method():
    whole = report(**LUCKY, **STEADY)
    pairs = whole.comparisons["made up"].differences
    assert any(d.significant and d.first == "a1" for d in pairs)
    compared = compare_methods(whole, {"a": tuple(LUCKY), "b": tuple(STEADY)})["made up"]
    assert not any(d.significant for d in compared.differences)
    assert set(compared.best) == {"a", "b"}


def test_lucky_items_make_no_better_method_either():
    """Seeds that agree to the item leave the difference to the items."""
    one, two = answers(0.52, 1), answers(0.5, 2)
    whole = report(a1=one, a2=one, b1=two, b2=two)
    (found,) = compare_methods(whole, {"a": ("a1", "a2"), "b": ("b1", "b2")})["made up"].differences
    assert found.test == ""
    assert found.p == pytest.approx(over_items([one], [two]), rel=0.1)
    assert found.low < found.value < found.high


def test_a_model_alone_is_tested_as_if_its_seeds_varied_alike():
    alone = answers(0.53, 20)
    whole = report(alone=alone, **STEADY)
    (found,) = compare_methods(whole, {"b": tuple(STEADY)})["made up"].differences
    scores = [np.mean(said) for said in STEADY.values()]
    t = (alone.mean() - np.mean(scores)) / (np.std(scores, ddof=1) * math.sqrt(1 + 1 / 4))
    assert (found.first, found.second) == ("alone", "b")
    assert found.p == pytest.approx(max(tail(t, 3), over_items([alone], SAID["b"])), rel=0.1)


def test_two_models_alone_are_compared_as_ever():
    whole = report(x=answers(0.5, 1), y=answers(0.7, 2), **STEADY)
    (before,) = (
        d for d in whole.comparisons["made up"].differences if (d.first, d.second) == ("x", "y")
    )
    compared = compare_methods(whole, {"b": tuple(STEADY)})["made up"]
    (found,) = (d for d in compared.differences if (d.first, d.second) == ("x", "y"))
    assert (found.p, found.low, found.test) == (before.p, before.low, before.test)
    assert found.p_adjusted <= before.p_adjusted
