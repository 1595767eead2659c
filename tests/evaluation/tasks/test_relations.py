import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import grouping
from reference.plain_vectors import PlainVectors, cosine

from textrep.errors import DataError
from textrep.evaluation.outcome import score, scored
from textrep.evaluation.tasks import relations
from textrep.vectors import WordVectors

# Unit vectors in the plane at these degrees; "cat" and "car" are the concepts.
ANGLES = {"cat": 0, "dog": 20, "animal": 50, "idea": 60, "tax": 90, "car": 180, "wheel": 130}
MODEL = PlainVectors({w: [np.cos(np.radians(g)), np.sin(np.radians(g))] for w, g in ANGLES.items()})


def table(*rows):
    """Each row: concept, relatum and relation, separated by spaces."""
    parts = zip(*(row.split() for row in rows), strict=True)
    return dict(zip(("word1", "word2", "relation"), parts, strict=True))


def primary(outcome):
    return score("auc", outcome.items, scored(outcome.items, outcome.oov))


CAT = ["cat dog coord", "cat animal hyper", "cat idea random", "cat tax random"]
CAR = ["car wheel coord", "car dog hyper", "car tax random", "car idea random"]
TWO = table(*CAT, *CAR)


def test_worked_by_hand():
    # cat: both are nearer (20, 50) than the random words (60, 90). car: wheel is (50), dog is
    # not (160), against 90 and 120.
    outcome = relations(MODEL, TWO)
    assert primary(outcome).value == pytest.approx((1.0 + 0.5) / 2)
    assert outcome.items.values[:3] == pytest.approx([0.9397, 0.6428, 0.5], abs=1e-4)
    assert outcome.items.gold.tolist() == [1, 1, 0, 0] * 2
    # Student's t with one degree of freedom is wide: .75 ± 12.7 · .25, cut at 0 and 1.
    assert (primary(outcome).low, primary(outcome).high) == (0.0, 1.0)
    parts = {name: (part.score, part.n_items) for name, part in outcome.categories.items()}
    assert parts == {"coord": (1.0, 2), "hyper": (0.5, 2)}


def test_z_scores_worked_by_hand():
    # Nearest cosines: .94 .64 .50 for cat, .64 -.94 0 for car; the z scores of each row are
    # 1.0945 -.2291 -.8657 and .9320 -1.0563 .1244.
    z = relations(MODEL, TWO).secondary
    assert z == pytest.approx(
        {"z_coord": 1.0133, "z_hyper": -0.6427, "z_random": -0.3707}, abs=2e-4
    )
    assert sum(z.values()) == pytest.approx(0.0, abs=1e-12)


def test_z_scores_leave_out_concepts_that_lack_a_relation():
    alone = relations(MODEL, table(*CAT)).secondary
    # The car's only hypernym is unknown; its other pairs count in the AUC still.
    outcome = relations(MODEL, table(*CAT, "car wheel coord", "car x hyper", "car tax random"))
    assert outcome.secondary == pytest.approx(alone)
    assert primary(outcome).value == 1.0
    assert relations(MODEL, table(*CAR[1:], "cat dog coord")).secondary == {
        "z_hyper": None, "z_random": None, "z_coord": None,
    }  # fmt: skip


def test_ties_count_one_half():
    model = PlainVectors({"c": [1, 0], "r": [1, 1], "n": [3, 3], "m": [0, 1]})
    rows = table("c r hyper", "c n random", "c m random")
    assert primary(relations(model, rows)).value == 0.75
    null = PlainVectors({word: [0.0, 0.0] for word in model.words})
    assert primary(relations(null, rows)).value == 0.5
    assert set(relations(null, rows).secondary.values()) == {0.0}


def test_pairs_are_grouped_by_concept_wherever_they_stand():
    mixed = table(*(row for pair in zip(CAT, CAR, strict=True) for row in pair))
    groups = relations(MODEL, mixed).items.groups
    assert groups.tolist() == [0, 1] * 4
    assert primary(relations(MODEL, mixed)).value == primary(relations(MODEL, TWO)).value


UNKNOWN = table(*CAT, "cat x coord", "cat y random", "z dog coord", "z x random")


def test_skip_and_zero():
    skip, zero = (relations(MODEL, UNKNOWN, oov=oov) for oov in ("skip", "zero"))
    for outcome in (skip, zero):
        assert outcome.items.covered.tolist() == [True] * 4 + [False] * 4
        assert outcome.items.values[4:].tolist() == [0] * 4
    assert (primary(skip).value, primary(skip).n) == (1.0, 4)
    # cat: 0 for x is below .5 of idea, level with tax and y. z: level.
    assert primary(zero).value == pytest.approx(((3 + 3 + 1) / 9 + 0.5) / 2)
    assert primary(zero).n == 8
    coords = [outcome.categories["coord"] for outcome in (skip, zero)]
    assert [(part.n_items, part.n_covered) for part in coords] == [(3, 1)] * 2
    assert [part.score for part in coords] == pytest.approx([1.0, ((3 + 1) / 6 + 0.5) / 2])


def test_zero_is_what_a_zero_vector_would_say():
    rows = table(*CAT, "cat x coord", "car x hyper", "car wheel coord", "car tax random")
    zero = relations(MODEL, rows, oov="zero")
    known = relations(PlainVectors(MODEL.table | {"x": [0.0, 0.0]}), rows)
    assert primary(zero) == primary(known)
    assert zero.secondary == known.secondary
    assert zero.secondary["z_hyper"] is not None
    assert zero.secondary != relations(MODEL, rows).secondary


def test_mean_lets_the_mean_vector_stand_for_an_unknown_word():
    model = PlainVectors({"c": [1, 0], "r": [0, 1], "n": [2, 2]})
    # The mean is (1, 1): cosine with c is 1/sqrt(2), as that of n.
    outcome = relations(model, table("c r hyper", "c x hyper", "c n random"), oov="mean")
    assert outcome.items.values == pytest.approx([0.0, np.sqrt(0.5), np.sqrt(0.5)])
    assert outcome.items.covered.tolist() == [True, False, True]
    assert primary(outcome).value == 0.25


def test_the_policy_does_not_change_covered_pairs():
    covered = [
        relations(MODEL, UNKNOWN, oov=oov).items.values[:4].tolist()
        for oov in ("skip", "zero", "mean")
    ]
    assert covered[0] == covered[1] == covered[2]


def test_lower_case_only_if_allowed():
    rows = table("Cat dog coord", "cat TAX random")
    assert not relations(MODEL, rows).items.covered.any()
    outcome = relations(MODEL, rows, lowercase=True)
    assert outcome.items.covered.all()
    # "Cat" and "cat" are written differently, and are two concepts as the table has them.
    assert outcome.items.groups.tolist() == [0, 1]


@pytest.mark.parametrize("oov", ["skip", "zero"])
def test_nothing_covered(oov):
    outcome = relations(PlainVectors({"z": [1.0]}), TWO, oov=oov)
    assert not outcome.items.covered.any()
    assert primary(outcome).value == (None if oov == "skip" else 0.5)


@pytest.mark.parametrize("relation", ["random", "hyper"])
def test_related_and_random_words_are_needed(relation):
    with pytest.raises(DataError, match="'random' for some pairs and another one for others"):
        relations(MODEL, table(f"cat dog {relation}", f"cat tax {relation}"))


def test_damaged_vectors_have_a_reason():
    model = PlainVectors({"c": [1, 0], "r": [1, np.nan], "n": [0, 1]})
    outcome = relations(model, table("c r hyper", "c n random"))
    assert "not finite" in primary(outcome).reason


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(1e-3, 1e3))
def test_loops_agree_and_scale_rotation_and_order_change_nothing(seed, scale):
    rng = np.random.default_rng(seed)
    words = [f"w{i}" for i in range(12)]
    matrix = rng.normal(size=(12, 4)).astype(np.float32).astype(np.float64)
    plain = dict(zip(words, matrix, strict=True))
    names = ["coord", "hyper", "random"]
    rows = [
        (concept, relatum, names[place] if place < 3 else str(rng.choice(names)))
        for concept in ("w0", "w1", "w2")
        for place, relatum in enumerate(rng.permutation(words[3:])[:7])
    ]
    areas, z_scores = [], []
    for concept in ("w0", "w1", "w2"):
        mine = [(cosine(plain[c], plain[r]), name) for c, r, name in rows if c == concept]
        areas.append(
            grouping.area(
                [value for value, name in mine if name != "random"],
                [value for value, name in mine if name == "random"],
            )
        )
        nearest = np.array([max(value for value, n in mine if n == name) for name in names])
        z_scores.append((nearest - nearest.mean()) / nearest.std(ddof=1))
    expected = {f"z_{n}": z for n, z in zip(names, np.mean(z_scores, axis=0), strict=True)}
    rotation = np.linalg.qr(rng.normal(size=(4, 4))).Q
    turned = PlainVectors(dict(zip(words, scale * matrix @ rotation, strict=True)))
    shuffled = [rows[place] for place in rng.permutation(len(rows))]
    models = (WordVectors(words, matrix), WordVectors(words, sp.csr_array(matrix)), turned)
    for vectors, asked in zip(models, (rows, rows, shuffled), strict=True):
        outcome = relations(vectors, table(*(" ".join(row) for row in asked)))
        assert primary(outcome).value == pytest.approx(np.mean(areas))
        assert outcome.secondary == pytest.approx(expected, abs=1e-5)
