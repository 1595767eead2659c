"""Letters of groups: they say exactly which pairs are told apart."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from textrep.evaluation import Comparison, Difference
from textrep.report.ties import tie_letters


def compared(scores, apart, families=()):
    """A comparison in which just the pairs in ``apart`` are told apart."""
    models = list(scores)
    differences = tuple(
        Difference(
            first=a,
            second=b,
            value=scores[a] - scores[b],
            low=0.0,
            high=0.0,
            p=0.0,
            p_adjusted=0.01 if {a, b} in apart else 0.5,
            test="",
            better=max(a, b, key=scores.__getitem__),
        )
        for a, b in itertools.combinations(models, 2)
    )
    ranked = tuple(sorted(models, key=lambda model: -scores[model]))
    return Comparison("made up", scores, {}, differences, families or (ranked,), (), None, 10, 10)


def test_the_best_have_the_first_letter():
    scores = {"low": 0.1, "high": 0.9, "middle": 0.5}
    letters = tie_letters(compared(scores, [{"low", "high"}]))
    assert letters == {"high": "a", "middle": "ab", "low": "b"}


def test_where_nothing_is_told_apart_letters_would_say_nothing():
    assert tie_letters(compared({"a": 0.1, "b": 0.2}, [])) == {}


def test_models_that_do_not_all_compare_have_no_letters():
    apart, families = [{"a", "b"}], (("a", "b"), ("c",))
    assert tie_letters(compared({"a": 0.1, "b": 0.2, "c": 0.3}, apart, families)) == {}


def test_the_order_is_that_of_the_comparison():
    letters = tie_letters(compared({"a": 90.0, "b": 80.0}, [{"a", "b"}], (("b", "a"),)))
    assert letters == {"a": "b", "b": "a"}


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
