import warnings

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import grouping
from reference.plain_vectors import PlainVectors
from sklearn.cluster import KMeans

from textrep.evaluation.outcome import score, scored
from textrep.evaluation.tasks import categorization
from textrep.evaluation.tasks.categorization import N_INIT, SEEDS
from textrep.vectors import WordVectors


def table(**categories):
    """Categories and their words, separated by spaces."""
    rows = [(name, word) for name, words in categories.items() for word in words.split()]
    labels, words = zip(*rows, strict=True)
    return {"category": list(labels), "word": list(words)}


def primary(outcome, chosen=None):
    items = outcome.items
    return score("purity", items, scored(items, outcome.oov) if chosen is None else chosen)


# Two bundles of directions, at about 0 and 90 degrees; lengths differ.
DEGREES = {"cat": 0, "dog": 4, "cow": 8, "car": 90, "bus": 86, "van": 82}
MODEL = PlainVectors(
    {
        word: [(1 + place) * np.cos(np.radians(g)), (1 + place) * np.sin(np.radians(g))]
        for place, (word, g) in enumerate(DEGREES.items())
    }
)


def test_worked_by_hand():
    outcome = categorization(MODEL, table(animal="cat dog cow", vehicle="car bus van"))
    assert primary(outcome).value == 1.0
    assert 4 / 6 <= outcome.secondary["chance"] < 1.0
    assert outcome.options == {"n_clusters": 2, "seeds": 10, "n_init": 10}
    # With other names for two of the words, 2 of 3 in each cluster are in the majority.
    outcome = categorization(MODEL, table(x="cat dog van", y="car bus cow"))
    assert primary(outcome).value == pytest.approx(4 / 6)
    assert outcome.items.values.tolist() == [1, 1, 0, 1, 1, 0]
    shares = {name: (part.score, part.n_items) for name, part in outcome.categories.items()}
    assert shares == {"x": (pytest.approx(2 / 3), 3), "y": (pytest.approx(2 / 3), 3)}


def test_one_seed_more_or_less_is_a_figure_of_its_own():
    outcome = categorization(MODEL, table(x="cat dog van", y="car bus cow"))
    spread = outcome.secondary
    assert (spread["sd_of_seeds"], spread["lowest"]) == pytest.approx((0.0, 4 / 6))
    # Two clusters of three, two categories of three: 4/6 for 18 of 20 shuffles, 1 for the others.
    assert 4 / 6 <= spread["chance"] <= 5 / 6
    rng = np.random.default_rng(1)
    words = [f"w{i}" for i in range(30)]
    noise = PlainVectors(dict(zip(words, rng.normal(size=(30, 9)), strict=True)))
    rows = table(**{f"c{k}": " ".join(words[k::5]) for k in range(5)})
    outcome = categorization(noise, rows)
    runs = [grouping.purity(run.tolist(), outcome.items.gold) for run in outcome.items.clusters]
    assert len(runs) == SEEDS
    assert len(set(runs)) > 1
    spread = outcome.secondary
    assert primary(outcome).value == pytest.approx(np.mean(runs))
    assert spread["sd_of_seeds"] == pytest.approx(np.std(runs, ddof=1))
    assert (spread["lowest"], spread["highest"]) == pytest.approx((min(runs), max(runs)))
    # Noise does as chance does.
    assert spread["chance"] == pytest.approx(primary(outcome).value, abs=0.07)


def test_the_best_of_the_seeds_is_the_best_of_all_clusterings():
    rng = np.random.default_rng(8)
    words = list("abcdefgh")
    matrix = rng.normal(size=(8, 3))
    rows = table(x="a b c", y="d e f", z="g h")
    outcome = categorization(PlainVectors(dict(zip(words, matrix, strict=True))), rows)
    units = (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).tolist()
    best = grouping.inertia(units, grouping.best_clusters(units, 3))
    found = [grouping.inertia(units, run.tolist()) for run in outcome.items.clusters]
    assert min(found) == pytest.approx(best)
    assert max(found) < 1.01 * best  # a local optimum


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array])
@pytest.mark.parametrize(("dim", "common"), [(4, 0.0), (60, 0.0), (4, 30.0)])
def test_clusters_are_those_of_the_unit_vectors_themselves(kind, dim, common):
    rng = np.random.default_rng(dim)
    words = sorted(f"w{i}" for i in range(40))
    # What is common to all vectors makes their differences small, and all there is.
    matrix = (rng.normal(size=(40, dim)) + common).astype(np.float32)
    rows = table(**{f"c{k}": " ".join(words[k::6]) for k in range(6)})
    outcome = categorization(WordVectors(words, kind(matrix)), rows)
    units = matrix.astype(np.float64)
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    place = {word: row for row, word in enumerate(words)}
    order = [place[word] for word in rows["word"]]
    for seed, run in enumerate(outcome.items.clusters):
        k_means = KMeans(6, n_init=N_INIT, random_state=seed).fit(units)
        assert run.tolist() == k_means.labels_[order].tolist()


UNKNOWN = table(animal="cat dog cow x y", vehicle="car bus van", idea="z")


def test_skip_leaves_unknown_words_and_their_categories_out():
    outcome = categorization(MODEL, UNKNOWN)
    assert outcome.items.covered.tolist() == [True] * 3 + [False] * 2 + [True] * 3 + [False]
    assert (primary(outcome).value, primary(outcome).n) == (1.0, 6)
    assert outcome.options["n_clusters"] == 2
    assert outcome.categories["idea"].score is None
    assert (outcome.items.clusters[:, [3, 4, 8]] == -1).all()


def test_zero_counts_unknown_words_as_wrong():
    outcome = categorization(MODEL, UNKNOWN, oov="zero")
    assert outcome.oov == "zero"
    assert primary(outcome).value == pytest.approx(6 / 9)
    assert primary(outcome, outcome.items.covered).value == 1.0
    assert outcome.secondary["highest"] == pytest.approx(6 / 9)
    assert outcome.categories["animal"].score == pytest.approx(3 / 5)
    # It is also what "skip" says of all words.
    skip = categorization(MODEL, UNKNOWN).items
    assert score("purity", skip, np.ones(9, bool)).value == pytest.approx(6 / 9)


def test_mean_clusters_the_mean_vector_in_place_of_unknown_words():
    model = PlainVectors({"a": [1, 0, 0], "b": [1, 0.1, 0], "c": [0, 1, 0], "d": [0, 1, 0.1]})
    # The mean is (.5, .525, .025), half way: with as many clusters as categories, its own.
    rows = table(one="a b", two="c d", three="x y")
    outcome = categorization(model, rows, oov="mean")
    assert outcome.items.covered.tolist() == [True] * 4 + [False] * 2
    assert primary(outcome).value == 1.0
    assert outcome.options["n_clusters"] == 3
    # As words of the first two categories they are a cluster that is half wrong, or join one.
    outcome = categorization(model, table(one="a b x", two="c d y"), oov="mean")
    assert primary(outcome).value == pytest.approx(5 / 6)


def test_a_part_of_the_words_has_the_purity_of_the_same_clusters():
    outcome = categorization(MODEL, table(x="cat dog van", y="car bus cow"))
    # Without "van" and "cow" both clusters are pure; without "dog" the first is a tie.
    chosen = np.array([1, 1, 0, 1, 1, 0], dtype=bool)
    assert primary(outcome, chosen).value == 1.0
    chosen = np.array([1, 0, 1, 1, 1, 1], dtype=bool)
    assert primary(outcome, chosen).value == pytest.approx((1 + 2) / 5)


def test_lower_case_only_if_allowed():
    rows = table(animal="Cat DOG", vehicle="car bus")
    assert categorization(MODEL, rows).items.covered.tolist() == [False, False, True, True]
    outcome = categorization(MODEL, rows, lowercase=True)
    assert (primary(outcome).value, outcome.items.covered.all()) == (1.0, True)


@pytest.mark.parametrize(("oov", "value"), [("skip", None), ("zero", 0.0)])
def test_nothing_covered(oov, value):
    outcome = categorization(PlainVectors({"z": [1.0]}), table(a="cat dog", b="car"), oov=oov)
    assert primary(outcome).value == value
    assert outcome.options["n_clusters"] == 0
    assert (outcome.secondary["sd_of_seeds"] is None) == (oov == "skip")


def test_one_category_alone_has_no_score():
    outcome = categorization(MODEL, table(animal="cat dog", plant="x"))
    assert primary(outcome).value is None
    assert "two categories" in primary(outcome).reason


def test_equal_vectors_are_one_cluster_without_a_warning():
    words = "a b c d e f g h"
    model = PlainVectors({word: [0.0, 0.0] for word in words.split()})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outcome = categorization(model, table(x="a b c d e", y="f g", z="h"))
    assert primary(outcome).value == 5 / 8
    assert outcome.secondary["sd_of_seeds"] == 0.0


def test_vectors_that_are_not_finite_are_in_no_cluster():
    model = PlainVectors(MODEL.table | {"nan": [np.nan, 1], "inf": [np.inf, 0]})
    rows = table(animal="cat dog cow nan", vehicle="car bus van inf")
    assert primary(categorization(model, rows)).value == pytest.approx(6 / 8)
    rows = table(x="nan inf", y="cat")
    assert primary(categorization(model, rows)).value == pytest.approx(1 / 3)
    rows = table(x="nan inf", y="nan")
    assert primary(categorization(model, rows)).value == 0.0


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(1e-3, 1e3))
def test_scale_rotation_and_order_change_nothing(seed, scale):
    rng = np.random.default_rng(seed)
    words = [f"w{i}" for i in range(20)]
    matrix = rng.normal(size=(20, 5))
    rows = table(**{f"c{k}": " ".join(words[k::4]) for k in range(4)})
    before = categorization(PlainVectors(dict(zip(words, matrix, strict=True))), rows)
    order = rng.permutation(20)
    shuffled = {name: [column[place] for place in order] for name, column in rows.items()}
    rotation = np.linalg.qr(rng.normal(size=(5, 5))).Q
    turned = dict(zip(words[::-1], (scale * matrix @ rotation)[::-1], strict=True))
    after = categorization(PlainVectors(turned), shuffled)
    assert primary(after).value == pytest.approx(primary(before).value)
    assert after.items.values == pytest.approx(before.items.values[order])
    assert after.secondary["sd_of_seeds"] == pytest.approx(before.secondary["sd_of_seeds"])
