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


@pytest.fixture(scope="session")
def scores():
    """Benchmark -> model -> score, on 300,000 tokens."""
    corpus = Corpus.build([*generate(tokens=300_000, seed=0)])
    counts = Cooccurrence().fit(corpus)
    fitted = {
        name: model.fit(corpus if name == "onehot" else counts) for name, model in MODELS.items()
    }
    found = {}
    for result in evaluate(fitted, suite="miniworld").results:
        found.setdefault(result.benchmark, {})[result.model] = result
    return found


def test_miniworld(scores):
    raise AssertionError({b: {m: (r.score, r) for m, r in s.items()} for b, s in scores.items()})
