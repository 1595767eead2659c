import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.plain_vectors import PlainVectors, cosine

from textrep.errors import DataError
from textrep.evaluation.tasks import synonym

MODEL = PlainVectors({
    "big": [1, 0], "large": [0.9, 0.1], "small": [-1, 0.2], "red": [0.2, 1], "huge": [2, 0.5],
    "twin": [0.9, 0.1], "null": [0, 0],
})  # fmt: skip


def table(*rows, **more):
    """Each row: question, options separated by spaces, number of the right one."""
    question, options, correct = zip(*rows, strict=True)
    joined = ["|".join(text.split()) for text in options]
    return {"question": question, "options": joined, "correct": correct, **more}


def right(outcome):
    return outcome.items.values.tolist()


def test_the_highest_cosine_wins():
    # cos(big, large) = .994, cos(big, huge) = .970, cos(big, red) = .196, cos(big, small) < 0.
    rows = table(("big", "small large red", "2"), ("big", "red huge large", "2"))
    outcome = synonym(MODEL, rows)
    assert right(outcome) == [1, 0]
    assert outcome.items.covered.all()
    assert outcome.ties == 0


def test_any_number_of_options_in_columns_or_in_one():
    columns = {
        "question": ["big", "big"],
        "option1": ["small", "red"],
        "option2": ["large", "huge"],
        "option10": ["red", ""],
        "correct": ["2", "2"],
    }
    in_one = table(("big", "small large red", "2"), ("big", "red huge", "2"))
    for rows in (columns, in_one):
        outcome = synonym(MODEL, rows)
        assert right(outcome) == [1, 1]
        assert outcome.secondary["chance"] == pytest.approx((1 / 3 + 1 / 2) / 2)


def test_option_columns_are_in_the_order_of_their_numbers():
    words = ["red", *["small"] * 8, "large"]
    columns = {"question": ["big"], "correct": ["10"]}
    columns |= {f"option{number}": [word] for number, word in enumerate(words, start=1)}
    assert right(synonym(MODEL, columns)) == [1]


@pytest.mark.parametrize("correct", ["1", "2"])
def test_a_tie_for_the_top_is_wrong_and_counted(correct):
    outcome = synonym(MODEL, table(("big", "large twin red", correct)))
    assert right(outcome) == [0]
    assert outcome.ties == 1


def test_a_tie_below_the_top_does_not_matter():
    model = PlainVectors({"q": [1, 0], "best": [1, 0.1], "x": [0, 1], "y": [0, 2]})
    outcome = synonym(model, table(("q", "x best y", "2")))
    assert right(outcome) == [1]
    assert outcome.ties == 0


def test_a_zero_vector_ties_all_options():
    outcome = synonym(MODEL, table(("null", "large red", "1")))
    assert right(outcome) == [0]
    assert outcome.ties == 1


def test_differences_below_float32_are_ties():
    model = PlainVectors({"q": [1, 0], "x": [1, 1], "y": [1, 1 + 1e-8]})
    assert synonym(model, table(("q", "x y", "1"))).ties == 1


UNKNOWN = table(
    ("big", "small ? large", "3"),  # an option that is not the right one
    ("?", "large red", "1"),  # the question word
    ("big", "red ?", "2"),  # the right option
    ("big", "? small", "2"),  # the only rival; the right option has a negative cosine
)


def test_skip_and_zero():
    for oov in ("skip", "zero"):
        outcome = synonym(MODEL, UNKNOWN, oov=oov)
        assert outcome.items.covered.tolist() == [True, False, False, True]
        assert right(outcome) == [1, 0, 0, 1]


def test_mean_answers_uncovered_questions_with_the_mean_vector():
    model = PlainVectors({"q": [1, 0], "good": [0, 1], "bad": [-1, -0.5], "pad": [1, 0.5]})
    # The mean is (.25, .25). Unknown question: good .71 beats pad .95? no, pad wins.
    rows = table(
        ("?", "good bad", "1"),
        ("?", "good pad", "1"),
        ("q", "good ?", "2"),
        ("q", "? ?? good", "1"),
        ("q", "? good", "2"),
    )
    outcome = synonym(model, rows, oov="mean")
    assert outcome.items.covered.tolist() == [False, False, False, False, True]
    # Fourth: both unknown options are the mean, a tie. Fifth: covered, so unknown never wins.
    assert right(outcome) == [1, 0, 1, 0, 1]
    assert outcome.ties == 1


def test_the_policy_does_not_change_covered_questions():
    answers = [right(synonym(MODEL, UNKNOWN, oov=oov)) for oov in ("skip", "zero", "mean")]
    assert len({(row[0], row[3]) for row in answers}) == 1


def test_lower_case_only_if_allowed():
    rows = table(("Big", "small LARGE", "2"))
    assert not synonym(MODEL, rows).items.covered.any()
    assert right(synonym(MODEL, rows, lowercase=True)) == [1]


def test_parts_of_speech_become_categories():
    rows = table(
        ("big", "large red", "1"), ("big", "large red", "2"), ("big", "large red", "1"),
        pos=["adj", "noun", "adj"],
    )  # fmt: skip
    categories = synonym(MODEL, rows).categories
    assert {name: part.score for name, part in categories.items()} == {"adj": 1.0, "noun": 0.0}


@pytest.mark.parametrize("correct", ["0", "3", "-1", "one", "", "1.0"])
def test_a_right_option_out_of_range_names_its_question(correct):
    with pytest.raises(DataError, match=r"question 2 must be a number from 1 to 2"):
        synonym(MODEL, table(("big", "large red", "1"), ("big", "large red", correct)))


def test_one_option_is_no_question():
    with pytest.raises(DataError, match="Question 1 has 1 option"):
        synonym(MODEL, table(("big", "large", "1")))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(1e-3, 1e3))
def test_scale_rotation_and_order_change_nothing_and_loops_agree(seed, scale):
    rng = np.random.default_rng(seed)
    words = [f"w{i}" for i in range(12)]
    matrix = rng.normal(size=(12, 5))
    plain = dict(zip(words, matrix, strict=True))
    drawn = [rng.permutation(words)[:5] for _ in range(8)]
    rows = [(row[0], " ".join(row[1:]), str(rng.integers(1, 5))) for row in drawn]
    expected = [
        max(options.split(), key=lambda word: cosine(plain[question], plain[word]))
        == options.split()[int(correct) - 1]
        for question, options, correct in rows
    ]
    assert right(synonym(PlainVectors(plain), table(*rows))) == expected
    order = rng.permutation(8)
    rotation = np.linalg.qr(rng.normal(size=(5, 5))).Q
    turned = PlainVectors(dict(zip(words, scale * matrix @ rotation, strict=True)))
    after = synonym(turned, table(*(rows[i] for i in order)))
    assert right(after) == [expected[i] for i in order]
