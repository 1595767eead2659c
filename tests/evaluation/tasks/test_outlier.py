import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import grouping
from reference.plain_vectors import PlainVectors

from textrep.evaluation.tasks import outlier
from textrep.vectors import WordVectors


def table(*rows):
    """Each row: words and outliers, both separated by spaces."""
    words, outliers = zip(*rows, strict=True)
    return {
        "category": [f"set {number}" for number in range(len(rows))],
        "words": [text.replace(" ", "|") for text in words],
        "outliers": [text.replace(" ", "|") for text in outliers],
    }


def right(outcome):
    return outcome.items.values.tolist()


# Unit vectors in the plane at these degrees.
ANGLES = {"a": 0, "b": 10, "c": 50, "far": 120, "near": 20, "middle": 5}
MODEL = PlainVectors({w: [np.cos(np.radians(g)), np.sin(np.radians(g))] for w, g in ANGLES.items()})


def test_worked_by_hand():
    # The word with the smallest sum of cosines leaves the most compact set behind. Sums:
    # a 1.13, b 1.41, c 1.75, far -.50: found, at position 3 of 3.
    # a 2.57, b 2.74, c 2.28, near 2.79: every member leaves a more compact set; position 0.
    # a 2.92, b 2.97, near 2.89, middle 2.96: only b is above middle; position 1.
    # a 2.57, b 2.74, near 2.79, c 2.28: found.
    outcome = outlier(MODEL, table(("a b c", "far near"), ("a b near", "middle c")))
    assert right(outcome) == [1, 0, 0, 1]
    assert outcome.secondary["opp"] == pytest.approx((1 + 0 + 1 / 3 + 1) / 4)
    assert outcome.ties == 0


def test_questions_of_one_set_are_a_group_and_sets_are_categories():
    outcome = outlier(MODEL, table(("a b c", "far near"), ("a b", "far"), ("a b x", "far")))
    assert outcome.items.groups.tolist() == [0, 0, 1, 2]
    assert outcome.items.covered.tolist() == [True, True, True, False]
    parts = {name: (part.score, part.n_items) for name, part in outcome.categories.items()}
    assert parts == {"set 0": (0.5, 2), "set 1": (1.0, 1), "set 2": (None, 1)}


def test_ties_are_wrong_and_reported_and_take_the_worst_position():
    model = PlainVectors({"a": [1, 0], "b": [0, 1], "c": [1, 1], "0": [0, 0], "-": [0, 0]})
    # b has nothing in common with a, as a with b: both are at .71 in sum, c at 1.41.
    outcome = outlier(model, table(("a c", "b")))
    assert (right(outcome), outcome.ties, outcome.secondary["opp"]) == ([0], 1, 0.5)
    # Where every vector is zero nothing is more compact than anything else.
    outcome = outlier(model, table(("0 -", "-")))
    assert (right(outcome), outcome.ties, outcome.secondary["opp"]) == ([0], 1, 0.0)
    # A tie above the lowest is no tie for the answer.
    outcome = outlier(model, table(("a c 0", "b")))
    assert (right(outcome), outcome.ties) == ([0], 0)
    assert outcome.secondary["opp"] == pytest.approx(1 / 3)


def test_differences_below_float32_are_ties():
    model = PlainVectors({"a": [1, 0], "b": [0, 1], "c": [1, 1 + 1e-8]})
    # b is the nearer one to c, by rounding, and a the less near one.
    assert [outlier(model, table(sets)).ties for sets in (("a c", "b"), ("b c", "a"))] == [1, 1]


UNKNOWN = table(("a b c", "far x"), ("a b x", "far"))


def test_an_unknown_outlier_leaves_the_others_in_their_places():
    outcome = outlier(MODEL, table(("a b c", "x far y near")))
    assert outcome.items.covered.tolist() == [False, True, False, True]
    assert right(outcome) == [0, 1, 0, 0]


@pytest.mark.parametrize(("oov", "opp"), [("skip", 1.0), ("zero", 1 / 3)])
def test_skip_and_zero(oov, opp):
    outcome = outlier(MODEL, UNKNOWN, oov=oov)
    assert outcome.oov == oov
    assert outcome.items.covered.tolist() == [True, False, False]
    assert right(outcome) == [1, 0, 0]
    assert outcome.secondary["opp"] == pytest.approx(opp)


def test_mean_answers_uncovered_questions_with_the_mean_vector():
    model = PlainVectors({"a": [1, 0], "b": [1, 0.1], "far": [-1, 0.3], "pad": [-2, -1]})
    # The mean is (-.25, -.15), opposite to a and b.
    rows = table(("a b", "far x"), ("a x b", "far"), ("far x", "a"))
    outcome = outlier(model, rows, oov="mean")
    assert outcome.items.covered.tolist() == [True, False, False, False]
    # Third: far (-.96 - .93 + .78 in sum) and x (-.86 - .91 + .78) are both far from a and b.
    assert right(outcome) == [1, 1, 1, 1]
    assert outcome.oov == "mean"


def test_the_policy_does_not_change_covered_questions():
    answers = [right(outlier(MODEL, UNKNOWN, oov=oov))[0] for oov in ("skip", "zero", "mean")]
    assert answers == [1, 1, 1]


def test_lower_case_only_if_allowed():
    rows = table(("A b C", "FAR"))
    assert not outlier(MODEL, rows).items.covered.any()
    assert right(outlier(MODEL, rows, lowercase=True)) == [1]


def test_nothing_covered():
    outcome = outlier(PlainVectors({"z": [1.0]}), UNKNOWN)
    assert outcome.secondary["opp"] is None
    assert not outcome.items.covered.any()


def test_a_vector_that_is_not_finite_is_wrong():
    model = PlainVectors({"a": [1, 0], "b": [1, 1], "n": [np.nan, 1]})
    assert right(outlier(model, table(("a b", "n")))) == [0]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(1e-3, 1e3))
def test_the_formula_agrees_and_scale_rotation_and_order_change_nothing(seed, scale):
    rng = np.random.default_rng(seed)
    words = [f"w{i}" for i in range(14)]
    matrix = rng.normal(size=(14, 4)).astype(np.float32).astype(np.float64)
    plain = dict(zip(words, matrix, strict=True))
    rows, found, positions = [], [], []
    for n_outliers in (3, 2, 1):
        drawn = rng.permutation(words)
        members, strangers = drawn[:5], drawn[5 : 5 + n_outliers]
        rows.append((" ".join(members), " ".join(strangers)))
        for stranger in strangers:
            points = [plain[word] for word in (*members, stranger)]
            scores = [grouping.compactness(points, place) for place in range(6)]
            positions.append(sum(score < scores[-1] for score in scores) / 5)
            found.append(positions[-1] == 1)
    for vectors in (WordVectors(words, matrix), WordVectors(words, sp.csr_array(matrix))):
        outcome = outlier(vectors, table(*rows))
        assert right(outcome) == found
        assert outcome.secondary["opp"] == pytest.approx(np.mean(positions))
    rotation = np.linalg.qr(rng.normal(size=(4, 4))).Q
    turned = PlainVectors(dict(zip(words, scale * matrix @ rotation, strict=True)))
    reversed_rows = [tuple(" ".join(text.split()[::-1]) for text in row) for row in rows[::-1]]
    assert right(outlier(turned, table(*reversed_rows))) == found[::-1]
