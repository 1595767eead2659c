import numpy as np
import pytest
import scipy.sparse as sp
from reference.plain_vectors import PlainVectors, cosine

from textrep.evaluation.tasks.cosines import Directions
from textrep.vectors import WordVectors

WORDS = [f"w{i}" for i in range(8)]
MATRIX = np.random.default_rng(3).normal(size=(8, 5)).astype(np.float32)
MATRIX[np.abs(MATRIX) < 0.5] = 0
MATRIX[2] = 0
PLAIN = PlainVectors(dict(zip(WORDS, MATRIX.astype(np.float64), strict=True)))


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array])
def test_loops_agree(kind):
    vectors = WordVectors(WORDS, kind(MATRIX))
    known = ["w1", "unknown", "w2", "w7"]
    directions = Directions(vectors, known, "mean")
    found = directions.cosines(np.array([1, 0]), np.array([3, 1, 2]))
    assert found.shape == (2, 3)
    expected = PLAIN.similarities(
        ["unknown"] * 3 + ["w1"] * 3, ["w7", "unknown", "w2"] * 2, unknown="mean"
    )
    assert found.ravel() == pytest.approx(expected, abs=1e-6)


def test_sparse_vectors_with_many_columns_are_not_made_dense(monkeypatch):
    to_array = sp.csr_array.toarray

    def narrow_only(matrix, *args, **kwargs):
        assert matrix.shape[1] < 70_000, "a dense copy of every column"
        return to_array(matrix, *args, **kwargs)

    columns = np.array([3, 50_000, 50_000, 7, 69_999])
    matrix = sp.csr_array((np.ones(5), columns, [0, 2, 4, 5]), shape=(3, 70_000))
    vectors = WordVectors(["a", "b", "c"], matrix)
    monkeypatch.setattr(sp.csr_array, "toarray", narrow_only)
    everything = np.arange(3)
    cosines = Directions(vectors, ["a", "b", "c"]).cosines(everything, everything)
    assert cosines == pytest.approx(np.array([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]]))


def test_zero_and_damaged_vectors():
    directions = Directions(
        PlainVectors({"a": [1, 1], "0": [0, 0], "?": [1, np.nan]}), ["a", "0", "?"]
    )
    cosines = directions.cosines(np.array([0]), np.arange(3))[0]
    assert cosines[:2] == pytest.approx([cosine([1, 1], [1, 1]), 0.0])
    assert np.isnan(cosines[2])
