"""On miniworld, whose relations are known, counting finds what one-hot vectors cannot."""

from __future__ import annotations

import pytest

from textrep import PMI, PPMI, SVD, Cooccurrence, OneHot, evaluate
from textrep.corpus import Corpus
from textrep.corpus.miniworld import generate

MODELS = {
    "onehot": OneHot(),
    "counts": Cooccurrence(),
    "pmi": PMI(),
    "ppmi": PPMI(),
    "svd": SVD(dim=100),
}


@pytest.fixture(scope="module")
def scores():
    """Benchmark -> model -> score, on 300,000 tokens and one counting pass."""
    corpus = Corpus.build([*generate(tokens=300_000, seed=0)])
    counts = Cooccurrence().fit(corpus)
    fitted = {
        name: model.fit(corpus if name == "onehot" else counts) for name, model in MODELS.items()
    }
    found = {}
    for result in evaluate(fitted, suite="miniworld").results:
        found.setdefault(result.benchmark, {})[result.model] = result.score
    return found


def test_one_hot_vectors_know_nothing(scores):
    # All similarities are 0: no order to correlate with, and every question is a tie.
    assert scores["miniworld-relatedness"]["onehot"] is None
    assert scores["miniworld-synonyms"]["onehot"] == 0
    assert scores["miniworld-analogies"]["onehot"] == 0


@pytest.mark.parametrize(
    ("benchmark", "model", "least"),
    [
        ("miniworld-relatedness", "counts", 0.4),
        ("miniworld-relatedness", "pmi", 0.7),
        ("miniworld-relatedness", "ppmi", 0.7),
        ("miniworld-relatedness", "svd", 0.7),
        ("miniworld-synonyms", "ppmi", 0.8),
        ("miniworld-synonyms", "svd", 0.7),  # of four options: chance is 0.25
        ("miniworld-analogies", "ppmi", 0.35),
        ("miniworld-analogies", "svd", 0.15),
    ],
)
def test_counting_finds_the_relations(scores, benchmark, model, least):
    assert scores[benchmark][model] > least


def test_association_says_more_than_counts(scores):
    for of_model in scores.values():
        assert of_model["ppmi"] > of_model["counts"] + 0.1
        assert of_model["svd"] > of_model["counts"]
