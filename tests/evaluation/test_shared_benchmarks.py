"""The real benchmarks, where they are at hand, against figures that others counted."""

import lzma

import numpy as np
import pytest

from textrep import recipes
from textrep.evaluation import evaluate
from textrep.evaluation.tasks.analogy import questions_of

# Items covered by the words of general-en with a count of at least 5, from the data's README.
# BATS is left out: it is listed there in pairs, and is asked here in questions.
COVERED = {
    "ws353": (None, 353), "mc30": (30, 30), "mturk287": (284, 287), "rw2034": (1055, 2034),
    "yp130": (125, 130), "verb143": (144, 144), "simlex999": (995, 999),
    "wbst_noun": (500, 500), "wbst_verb": (297, 297), "wbst_adj": (381, 381),
    "google": (15652, 19544), "bats": (None, 49000),
    "ap": (371, 402), "bless": (199, 200), "esslli2008_verbs": (45, 45),
    "outlier888": (None, 64), "bless_relations": (25019, 26550),
}  # fmt: skip

# The largest category's share of the covered words.
LARGEST = {"ap": 21 / 371, "bless": 21 / 199, "esslli2008_verbs": 5 / 45}


class WordsOnly:
    """Knows words, and says the same of all of them."""

    counts = None

    def __init__(self, words):
        self.words = words
        self.index = {word: i for i, word in enumerate(words)}

    def __len__(self):
        return len(self.words)

    def __contains__(self, word):
        return word in self.index

    def similarities(self, words1, words2, unknown="error"):
        return np.zeros(len(words1))

    def lookup(self, words, unknown="error"):
        return np.zeros((len(words), 2)), np.array([word in self for word in words])

    def solve_analogies(self, a, b, c, method, n, n_jobs):
        return np.zeros((len(a), n), dtype=np.int64)

    def subset(self, words):
        return WordsOnly(words)


@pytest.fixture(scope="module")
def report(shared_data):
    with lzma.open(
        shared_data / "corpora" / "general-en.vocab.tsv.xz", "rt", encoding="utf-8"
    ) as file:
        words = [row.split("\t")[0] for row in file][1:]  # after the header
    return evaluate(WordsOnly(words))


def test_every_word_benchmark_runs(report):
    assert report.missing == ()
    assert report.benchmarks == recipes.suite("words")


@pytest.mark.parametrize("benchmark", COVERED)
def test_coverage_is_what_the_data_say(report, benchmark):
    (result,) = report.of(benchmark)
    covered, items = COVERED[benchmark]
    assert result.n_items == items
    if covered is not None:
        assert result.n_covered == covered


def test_constant_similarities_have_no_score(report):
    for result in report.results:
        if result.task == "relatedness":
            assert (result.score, result.estimate.reason) == (
                None,
                "the model's similarities are all equal",
            )
        elif result.task == "synonym":
            assert (result.score, result.outcome.ties) == (0.0, result.n_items)
        elif result.task == "outlier":
            assert (result.score, result.outcome.ties) == (0.0, result.n_covered)
        elif result.task == "relations":
            assert (result.score, result.estimate.low) == (0.5, None)
        elif result.task == "categorization":
            # One cluster holds everything: the purity is the share of the largest category.
            assert result.outcome.secondary["sd_of_seeds"] == 0.0
            assert result.score == pytest.approx(LARGEST[result.benchmark])


def test_bats_questions_are_all_ordered_pairs(shared_data):
    from textrep import data

    table = data.table(recipes.benchmark_recipe("bats"))
    categories = questions_of(table.columns).categories
    assert len(set(categories)) == 20
    assert all(categories.count(name) == 50 * 49 for name in set(categories))


def test_the_shared_sets_are_what_their_papers_say(shared_data):
    from textrep import data

    def columns(name):
        return data.table(recipes.benchmark_recipe(name)).columns

    n_categories = {"ap": 21, "bless": 17, "esslli2008_verbs": 9}
    assert {name: len(set(columns(name)["category"])) for name in n_categories} == n_categories
    outliers = columns("outlier888")
    assert [len(t.split("|")) for role in ("words", "outliers") for t in outliers[role]] == [8] * 16
    related = columns("bless_relations")
    assert len(set(related["word1"])) == 200
    assert set(related["relation"]) == {"attri", "coord", "event", "hyper", "mero", "random"}
    assert set(columns("bless")["word"]) == set(related["word1"])
