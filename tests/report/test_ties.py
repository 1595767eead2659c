"""Letters of groups: they say exactly which pairs are told apart."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from textrep.evaluation import Comparison, Difference
from textrep.report.ties import tie_letters


def compared(scores, apart):
    """A comparison in which just the pairs in ``apart`` are told apart."""
    models = list(scores)
    differences = tuple(
        Difference(a, b, scores[a] - scores[b], 0.0, 0.0, 0.0, 0.01 if {a, b} in apart else 0.5, "")
        for a, b in itertools.combinations(models, 2)
    )
    covariance = np.zeros((len(scores), len(scores)))
    return Comparison("made up", scores, {}, differences, (), None, 10, 10, covariance)


def test_the_best_have_the_first_letter():
    scores = {"low": 0.1, "high": 0.9, "middle": 0.5}
    letters = tie_letters(compared(scores, [{"low", "high"}]))
    assert letters == {"high": "a", "middle": "ab", "low": "b"}


def test_where_nothing_is_told_apart_letters_would_say_nothing():
    assert tie_letters(compared({"a": 0.1, "b": 0.2}, [])) == {}


def test_one_model():
    assert tie_letters(compared({"a": 0.1}, [])) == {}


@given(st.integers(2, 7), st.data())
def test_a_letter_in_common_if_and_only_if_not_told_apart(n, data):
    scores = {f"m{place}": data.draw(st.floats(0, 1)) for place in range(n)}
    pairs = [set(pair) for pair in itertools.combinations(scores, 2)]
    apart = [pair for pair in pairs if data.draw(st.booleans())]
    letters = tie_letters(compared(scores, apart))
    if not apart:
        assert letters == {}
        return
    for pair in pairs:
        one, other = pair
        assert bool(set(letters[one]) & set(letters[other])) == (pair not in apart)
    groups = set("".join(letters.values()))
    members = {group: {m for m in letters if group in letters[m]} for group in groups}
    assert not any(a < b for a, b in itertools.permutations(members.values(), 2))
