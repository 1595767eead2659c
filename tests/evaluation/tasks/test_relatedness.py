import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import correlation
from reference.plain_vectors import PlainVectors

from textrep.errors import DataError
from textrep.evaluation.outcome import score
from textrep.evaluation.tasks import relatedness

# Unit vectors in the plane at 0, 30, 60, 90 and 180 degrees.
ANGLES = {"a": 0, "b": 30, "c": 60, "d": 90, "e": 180}
MODEL = PlainVectors({w: [np.cos(np.radians(g)), np.sin(np.radians(g))] for w, g in ANGLES.items()})


def table(*rows, **more):
    word1, word2, gold = zip(*rows, strict=True)
    return {"word1": word1, "word2": word2, "score": gold, **more}


def primary(outcome, chosen=None):
    covered = outcome.items.covered if chosen is None else chosen
    return score(outcome.metric, outcome.items, covered)


FOUR = table(("a", "b", "9"), ("a", "d", "7"), ("a", "c", "8"), ("a", "e", "1"))


def test_worked_by_hand():
    # Cosines .866, 0, .5 and -1 have ranks 4, 2, 3, 1; the gold ones as well.
    outcome = relatedness(MODEL, FOUR)
    assert outcome.items.values == pytest.approx([0.8660, 0.0, 0.5, -1.0], abs=1e-4)
    assert primary(outcome).value == pytest.approx(1.0)
    assert outcome.items.gold.tolist() == [9, 7, 8, 1]
    # One swap of neighbouring ranks: 1 - 6·(1 + 1) / (4·15) = .8.
    swapped = relatedness(MODEL, table(*zip("aaaa", "bdce", ["8", "7", "9", "1"], strict=True)))
    assert primary(swapped).value == pytest.approx(0.8)


def test_pearson_is_secondary_and_can_be_primary():
    expected = correlation.pearson([9, 7, 8, 1], [np.sqrt(3) / 2, 0, 0.5, -1])
    assert relatedness(MODEL, FOUR).secondary["pearson"] == pytest.approx(expected)
    outcome = relatedness(MODEL, FOUR, metric="pearson")
    assert primary(outcome).value == pytest.approx(expected)
    assert outcome.secondary["spearman"] == pytest.approx(1.0)


WITH_UNKNOWN = table(
    ("a", "b", "9"), ("a", "d", "2"), ("a", "c", "8"), ("a", "e", "1"), ("a", "x", "5"),
    ("x", "y", "3"),
)  # fmt: skip


def test_skip_leaves_uncovered_pairs_out():
    outcome = relatedness(MODEL, WITH_UNKNOWN, oov="skip")
    assert outcome.items.covered.tolist() == [True] * 4 + [False] * 2
    assert primary(outcome).value == pytest.approx(1.0)
    assert primary(outcome).n == 4
    assert outcome.secondary["pearson"] == pytest.approx(
        correlation.pearson([9, 2, 8, 1], [np.sqrt(3) / 2, 0, 0.5, -1])
    )


def test_zero_gives_uncovered_pairs_the_similarity_zero():
    outcome = relatedness(MODEL, WITH_UNKNOWN, oov="zero")
    assert outcome.items.values[4:].tolist() == [0, 0]
    values = [np.sqrt(3) / 2, 0, 0.5, -1, 0, 0]
    assert primary(outcome, np.ones(6, bool)).value == pytest.approx(
        correlation.spearman([9, 2, 8, 1, 5, 3], [round(v, 9) for v in values])
    )
    assert outcome.secondary["pearson"] == pytest.approx(
        correlation.pearson([9, 2, 8, 1, 5, 3], values)
    )


def test_mean_lets_the_mean_vector_stand_for_an_unknown_word():
    model = PlainVectors({"a": [1, 0], "b": [0, 1], "c": [2, 2]})
    # The mean is (1, 1): cosine with a is 1/sqrt(2); of two unknown words it is 1.
    rows = table(("a", "x", "1"), ("x", "y", "2"), ("a", "b", "3"))
    outcome = relatedness(model, rows, oov="mean")
    assert outcome.items.values == pytest.approx([np.sqrt(0.5), 1.0, 0.0])
    assert outcome.items.covered.tolist() == [False, False, True]


def test_lower_case_only_if_allowed():
    rows = table(("A", "b", "9"), ("a", "d", "2"), ("a", "c", "8"), ("a", "E", "1"))
    assert relatedness(MODEL, rows).items.covered.tolist() == [False, True, True, False]
    outcome = relatedness(MODEL, rows, lowercase=True)
    assert outcome.items.covered.all()
    assert outcome.items.values == pytest.approx([0.8660, 0.0, 0.5, -1.0], abs=1e-4)


@pytest.mark.parametrize("oov", ["skip", "zero"])
def test_a_model_that_knows_nothing_has_no_score(oov):
    outcome = relatedness(PlainVectors({"z": [1.0]}), FOUR, oov=oov)
    assert not outcome.items.covered.any()
    assert primary(outcome).value is None
    assert primary(outcome).reason == "no pair is covered"
    assert outcome.secondary["pearson"] is None


def test_parts_of_speech_become_categories():
    rows = table(
        ("a", "b", "9"), ("a", "c", "8"), ("a", "d", "7"),
        ("a", "b", "1"), ("a", "c", "2"), ("a", "x", "5"), ("a", "d", "3"),
        pos=["N", "N", "N", "V", "V", "V", "V"],
    )  # fmt: skip
    categories = relatedness(MODEL, rows).categories
    assert list(categories) == ["N", "V"]
    assert categories["N"].score == pytest.approx(1.0)
    assert categories["V"].score == pytest.approx(-1.0)
    assert (categories["V"].n_items, categories["V"].n_covered) == (4, 3)


@pytest.mark.parametrize("bad", ["", "high", "nan", "inf"])
def test_a_gold_score_that_is_no_number_names_its_pair(bad):
    with pytest.raises(DataError, match="pair 2"):
        relatedness(MODEL, table(("a", "b", "9"), ("a", "c", bad), ("a", "d", "1")))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    scale=st.floats(1e-3, 1e3),
    order=st.permutations(range(12)),
)
def test_scale_rotation_and_order_change_nothing(seed, scale, order):
    rng = np.random.default_rng(seed)
    words = [f"w{i}" for i in range(10)]
    matrix = rng.normal(size=(10, 4))
    rotation = np.linalg.qr(rng.normal(size=(4, 4))).Q
    rows = [(*rng.choice(words, 2), str(gold)) for gold in rng.integers(0, 8, 12)]
    rows[:2] = [("w0", "w1", "1"), ("w2", "w3", "9")]
    before = relatedness(PlainVectors(dict(zip(words, matrix, strict=True))), table(*rows))
    turned = PlainVectors(dict(zip(words, scale * matrix @ rotation, strict=True)))
    after = relatedness(turned, table(*(rows[i] for i in order)))
    assert after.items.values == pytest.approx(before.items.values[list(order)], abs=1e-9)
    assert primary(after).value == pytest.approx(primary(before).value, abs=1e-9)
    assert after.secondary["pearson"] == pytest.approx(before.secondary["pearson"], abs=1e-9)
