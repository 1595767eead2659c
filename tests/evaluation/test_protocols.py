import numpy as np
import pytest
import scipy.sparse as sp
from reference.plain_vectors import PlainVectors

from textrep.evaluation import FittedModel, Vectors
from textrep.vectors import WordVectors

WORDS = [f"w{i}" for i in range(20)]
MATRIX = np.round(np.random.default_rng(5).normal(size=(20, 6)), 3).astype(np.float32)
MATRIX[7] = 0
PLAIN = PlainVectors(dict(zip(WORDS, MATRIX.astype(np.float64), strict=True)))


@pytest.fixture(params=["dense", "sparse"])
def vectors(request):
    return WordVectors(WORDS, MATRIX if request.param == "dense" else sp.csr_array(MATRIX))


def test_word_vectors_are_vectors_and_other_things_are_not(vectors):
    assert isinstance(vectors, Vectors)
    assert isinstance(PLAIN, Vectors)
    assert not isinstance({"a": 1}, Vectors)
    assert not isinstance(vectors, FittedModel)


def test_word_vectors_answer_like_plain_loops(vectors):
    left, right = [*WORDS, "unknown", "unknown"], [*WORDS[::-1], "w3", "other"]
    assert vectors.similarities(left, right, unknown="mean") == pytest.approx(
        PLAIN.similarities(left, right, unknown="mean"), abs=1e-6
    )
    a, b, c = np.random.default_rng(6).integers(0, 20, (3, 30))
    for method in ("3cosadd", "3cosmul"):
        asked = {"method": method, "n": 1, "n_jobs": 1}
        found = vectors.solve_analogies(a, b, c, **asked)
        assert found.tolist() == PLAIN.solve_analogies(a, b, c, **asked).tolist()


def test_looked_up_rows_are_those_of_plain_loops(vectors):
    words = ["w3", "unknown", "w7", "w3"]
    rows, known = vectors.lookup(words, "mean")
    plain_rows, plain_known = PLAIN.lookup(words, "mean")
    dense = rows.toarray() if sp.issparse(rows) else rows
    assert dense == pytest.approx(plain_rows, abs=1e-6)
    assert known.tolist() == plain_known.tolist() == [True, False, True, True]


def test_subset_keeps_counts(vectors):
    counted = WordVectors(WORDS, MATRIX, counts=np.arange(20, 0, -1))
    small = counted.subset(["w4", "w2"])
    assert list(small.words) == ["w4", "w2"]
    assert small.counts.tolist() == [16, 18]
