import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.plain_vectors import PlainVectors, cosine

from textrep.errors import DataError
from textrep.evaluation.tasks import analogy
from textrep.evaluation.tasks.analogy import questions_of
from textrep.vectors import WordVectors

# Person, royal, female: king - man + woman is queen exactly.
ROYAL = {
    "man": [1, 0, 0], "woman": [1, 0, 1], "king": [1, 1, 0], "queen": [1, 1, 1],
    "apple": [-1, 0.1, 0], "prince": [0.9, 0.9, 0.1],
}  # fmt: skip
MODEL = PlainVectors(ROYAL)


def google(*rows):
    """Each row: category and four words, separated by spaces."""
    parts = zip(*(row.split() for row in rows), strict=True)
    return dict(zip(("category", "a", "b", "c", "d"), parts, strict=True))


def right(outcome):
    return outcome.items.values.tolist()


def test_worked_by_hand():
    rows = google("g man king woman queen", "g man king woman apple", "h man woman king queen")
    outcome = analogy(MODEL, rows)
    assert right(outcome) == [1, 0, 1]
    assert outcome.options == {"method": "3cosadd", "restrict_vocabulary": None}


def test_the_given_words_are_never_the_answer():
    # The word nearest to "man - man + queen" would be queen itself.
    outcome = analogy(MODEL, google("g man man queen queen"))
    assert outcome.items.covered.tolist() == [True]
    assert right(outcome) == [0]


def test_micro_and_macro():
    rows = google(
        "one man king woman queen", "one man king woman queen", "one man king woman queen",
        "two man king woman apple",
        "three man king woman nobody",
    )  # fmt: skip
    outcome = analogy(MODEL, rows)
    assert outcome.items.covered.tolist() == [True] * 4 + [False]
    assert np.mean(outcome.items.values[outcome.items.covered]) == 0.75
    # The third category has no covered question, so the mean is over two.
    assert outcome.secondary["macro"] == 0.5
    assert [part.score for part in outcome.categories.values()] == [1.0, 0.0, None]
    zero = analogy(MODEL, rows, oov="zero")
    assert zero.secondary["macro"] == pytest.approx(1 / 3)
    assert zero.categories["three"].score == 0.0


@pytest.mark.parametrize("place", range(4))
def test_any_unknown_word_uncovers_a_question(place):
    words = ["man", "king", "woman", "queen"]
    words[place] = "nobody"
    outcome = analogy(MODEL, google("g " + " ".join(words)))
    assert not outcome.items.covered.any()
    assert right(outcome) == [0]


def test_mean_is_taken_as_zero_and_says_so():
    outcome = analogy(MODEL, google("g man king woman queen", "g x king woman queen"), oov="mean")
    assert outcome.oov == "zero"
    assert right(outcome) == [1, 0]


def test_lower_case_only_if_allowed():
    rows = google("g Man King Woman Queen")
    assert not analogy(MODEL, rows).items.covered.any()
    assert right(analogy(MODEL, rows, lowercase=True)) == [1]


def pairs(*rows):
    parts = zip(*(row.split() for row in rows), strict=True)
    return dict(zip(("category", "word1", "word2"), parts, strict=True))


def test_pairs_make_every_ordered_pair_of_rows_of_a_category():
    rows = pairs("x a b", "y p q", "x c d/e", "x f g", "y r s")
    questions = questions_of(rows)
    assert list(zip(*questions, strict=True)) == [
        ("x", "a", "b", "c", ("d", "e")),
        ("x", "a", "b", "f", ("g",)),
        ("x", "c", "d", "a", ("b",)),
        ("x", "c", "d", "f", ("g",)),
        ("x", "f", "g", "a", ("b",)),
        ("x", "f", "g", "c", ("d", "e")),
        ("y", "p", "q", "r", ("s",)),
        ("y", "r", "s", "p", ("q",)),
    ]


def test_questions_that_ask_for_one_pair_are_a_group():
    groups = analogy(MODEL, pairs("x a b", "x c d/e", "x f g", "y a b", "y c d")).items.groups
    # Each row of "x" is asked for twice, in the order c, f, a, f, a, c.
    assert groups.tolist() == [0, 1, 2, 1, 2, 0, 3, 4]


def test_any_alternative_is_right_and_unknown_ones_do_no_harm():
    wrong = analogy(MODEL, pairs("x man king", "x woman prince/apple"))
    either = analogy(MODEL, pairs("x man king", "x woman prince/nobody/queen/"))
    # man : king :: woman : queen is asked first; the reverse has "king" as its answer.
    assert right(wrong)[0] == 0
    assert right(either)[0] == 1
    assert either.items.covered.tolist() == [True, True]


def test_the_first_alternative_is_the_example():
    outcome = analogy(MODEL, pairs("x man king", "x woman nobody/queen"))
    # woman : nobody :: man : ? is not covered although "queen" is known.
    assert outcome.items.covered.tolist() == [True, False]


def test_a_pair_without_a_second_word_is_an_error():
    with pytest.raises(DataError, match="'woman'"):
        analogy(MODEL, {"category": ["x"], "word1": ["woman"], "word2": ["/"]})


def test_restrict_vocabulary_takes_the_most_frequent_words():
    rows = google("g man king woman queen")
    by_order = analogy(MODEL, rows, restrict_vocabulary=3)
    assert not by_order.items.covered.any()
    assert right(analogy(MODEL, rows, restrict_vocabulary=4)) == [1]
    # By counts, queen is the least frequent.
    counted = PlainVectors(ROYAL, counts=[9, 8, 7, 1, 6, 5])
    assert not analogy(counted, rows, restrict_vocabulary=5).items.covered.any()
    frequent = PlainVectors(ROYAL, counts=[6, 7, 8, 9, 1, 2])
    assert right(analogy(frequent, rows, restrict_vocabulary=4)) == [1]
    rare = PlainVectors(ROYAL, counts=[1, 2, 3, 4, 8, 9])
    assert not analogy(rare, rows, restrict_vocabulary=4).items.covered.any()
    assert analogy(counted, rows, restrict_vocabulary=6).items.covered.all()


def test_nothing_covered():
    outcome = analogy(PlainVectors({"z": [1.0]}), google("g man king woman queen"))
    assert outcome.secondary["macro"] is None
    assert outcome.categories["g"].n_covered == 0


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), method=st.sampled_from(["3cosadd", "3cosmul"]))
def test_word_vectors_answer_as_loops_do(seed, method):
    rng = np.random.default_rng(seed)
    words = [f"w{i}" for i in range(15)]
    matrix = rng.normal(size=(15, 6)).astype(np.float32)
    plain = dict(zip(words, matrix.astype(np.float64), strict=True))
    questions = [tuple(rng.choice(words, 4)) for _ in range(20)]
    expected = []
    for a, b, c, d in questions:
        best, top = "", -np.inf
        for word in words:
            if word in (a, b, c):
                continue
            x, y, z = (cosine(plain[word], plain[given]) for given in (a, b, c))
            value = y - x + z if method == "3cosadd" else (y + 1) * (z + 1) / (x + 1 + 0.002)
            if value > top:
                best, top = word, value
        expected.append(best == d)
    rows = google(*("g " + " ".join(question) for question in questions))
    assert right(analogy(WordVectors(words, matrix), rows, method=method)) == expected
    assert right(analogy(PlainVectors(plain), rows, method=method)) == expected
    rotation = np.linalg.qr(rng.normal(size=(6, 6))).Q
    turned = WordVectors(words, 3.0 * matrix @ rotation)
    assert right(analogy(turned, rows, method=method)) == expected
