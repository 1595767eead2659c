"""WordVectors: what a user asks of vectors."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import scipy.sparse as sp

from textrep.errors import (
    InputError,
    InvalidParameterError,
    UnknownNameError,
    VocabularyError,
)
from textrep.vectors import WordVectors

WORDS = ["king", "queen", "man", "woman", "apple", "nothing"]
MATRIX = np.array(
    [[1, 1, 0], [1, -1, 0], [0.1, 1, 0.1], [0.1, -1, 0.1], [0, 0, 1], [0, 0, 0]], np.float32
)


@pytest.fixture(params=["dense", "sparse"])
def vectors(request):
    matrix = MATRIX if request.param == "dense" else sp.csr_array(MATRIX)
    return WordVectors(WORDS, matrix, counts=[60, 50, 40, 30, 20, 10])


def cosine(a, b):
    a, b = MATRIX[WORDS.index(a)].astype(float), MATRIX[WORDS.index(b)].astype(float)
    norms = np.linalg.norm(a) * np.linalg.norm(b)
    return a @ b / norms if norms else 0.0


def test_lookup(vectors):
    assert len(vectors) == 6
    assert vectors.dim == 3
    assert "king" in vectors
    assert "prince" not in vectors
    assert list(vectors) == WORDS
    assert vectors.index["man"] == 2
    assert vectors.counts.tolist() == [60, 50, 40, 30, 20, 10]
    np.testing.assert_array_equal(vectors["queen"], MATRIX[1])
    rows = vectors[["apple", "king"]]
    rows = rows.toarray() if sp.issparse(rows) else rows
    np.testing.assert_array_equal(rows, MATRIX[[4, 0]])


def test_repr_says_what_it_is(vectors):
    kind = "sparse" if vectors.is_sparse else "dense"
    assert repr(vectors) == f"WordVectors(6 words, dim 3, {kind}: 'king', 'queen', 'man', …)"


def test_an_unknown_word_is_named_with_the_nearest(vectors):
    with pytest.raises(UnknownNameError, match=r"Unknown word 'quen'\. Did you mean 'queen'\?"):
        vectors["quen"]
    with pytest.raises(UnknownNameError, match="kingg"):
        vectors.neighbors("kingg")
    with pytest.raises(UnknownNameError, match="wman"):
        vectors.similarity("king", "wman")


def test_similarity_is_the_cosine_and_zero_for_a_zero_vector(vectors):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for a in WORDS:
            for b in WORDS:
                assert vectors.similarity(a, b) == pytest.approx(cosine(a, b), abs=1e-15)
    assert vectors.similarity("nothing", "nothing") == 0.0
    assert vectors.similarity("king", "king") <= 1.0


@pytest.mark.parametrize("policy", ["zero", "mean", "skip"])
def test_unknown_words_in_pairs_follow_the_policy(vectors, policy):
    found = vectors.similarities(["king", "prince", "nothing"], ["queen", "queen", "king"], policy)
    mean = MATRIX.astype(float).mean(axis=0)
    with_mean = mean @ MATRIX[1] / np.linalg.norm(mean) / np.linalg.norm(MATRIX[1])
    expected = {"zero": 0.0, "mean": with_mean, "skip": np.nan}[policy]
    np.testing.assert_allclose(found, [0.0, expected, 0.0], atol=1e-7)


def test_unknown_words_raise_by_default_and_policies_have_names(vectors):
    with pytest.raises(UnknownNameError, match="prince"):
        vectors.similarities(["prince"], ["queen"])
    with pytest.raises(UnknownNameError, match="Unknown unknown-word policy 'ignore'"):
        vectors.similarities(["prince"], ["queen"], unknown="ignore")
    with pytest.raises(InvalidParameterError, match="as long as words1"):
        vectors.similarities(["king", "man"], ["queen"])


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("skip", [MATRIX[3], MATRIX[0]]),
        ("zero", [MATRIX[3], np.zeros(3), MATRIX[0]]),
        ("mean", [MATRIX[3], MATRIX.mean(axis=0), MATRIX[0]]),
    ],
)
def test_lookup_of_unknown_words(vectors, policy, expected):
    rows, covered = vectors.lookup(["woman", "prince", "king"], policy)
    rows = rows.toarray() if sp.issparse(rows) else rows
    np.testing.assert_allclose(rows, expected, atol=1e-7)
    assert rows.dtype == np.float32
    assert covered.tolist() == [True, False, True]


def test_indices(vectors):
    words = ["woman", "prince", "king"]
    assert vectors.indices(words, "skip").tolist() == [3, 0]
    assert vectors.indices(words, "zero").tolist() == [3, -1, 0]
    assert vectors.indices([]).dtype == np.int64
    with pytest.raises(UnknownNameError, match="prince"):
        vectors.indices(words)
    with pytest.raises(InvalidParameterError, match="a sequence of words"):
        vectors.indices("king")


def test_neighbors_of_a_word_of_words_and_of_vectors(vectors):
    order = sorted(
        (w for w in WORDS if w != "king"), key=lambda w: (-cosine("king", w), WORDS.index(w))
    )
    found = vectors.neighbors("king")
    assert [neighbor.word for neighbor in found] == order
    np.testing.assert_allclose(
        [neighbor.similarity for neighbor in found], [cosine("king", w) for w in order], atol=1e-15
    )
    assert vectors.neighbors(["king", "apple"], n=2)[0] == found[:2]
    assert vectors.neighbors(np.array([5.0, 5.0, 0.0]), n=1) == [("king", pytest.approx(1))]
    several = vectors.neighbors(np.array([[0, 0, 1.0], [1, -1, 0]]), n=1)
    assert [row[0].word for row in several] == ["apple", "queen"]


def test_a_zero_vector_is_equally_far_from_all_and_ties_go_by_row(vectors):
    assert vectors.neighbors("nothing", n=3) == [("king", 0.0), ("queen", 0.0), ("man", 0.0)]


def test_neighbors_refuse_what_makes_no_sense(vectors):
    with pytest.raises(InvalidParameterError, match="The n parameter of neighbors"):
        vectors.neighbors("king", n=0)
    for query in (np.ones(4), np.ones((2, 2)), np.array([np.nan, 0, 0])):
        with pytest.raises(InvalidParameterError, match="finite, with 3 columns"):
            vectors.neighbors(query)
    assert vectors.neighbors([]) == []


@pytest.mark.parametrize("method", ["3cosadd", "3cosmul"])
def test_analogy(vectors, method):
    assert vectors.analogy("man", "king", "woman", n=1, method=method)[0].word == "queen"
    found = [neighbor.word for neighbor in vectors.analogy("man", "king", "woman", method=method)]
    assert sorted(found) == ["apple", "nothing", "queen"]
    ids = vectors.solve_analogies([2, 3], [0, 1], [3, 2], method, n=2)
    assert ids[:, 0].tolist() == [1, 0]


def test_solve_analogies_refuses_rows_that_are_not_there(vectors):
    for a, b in (([6], [0]), ([-1], [0]), ([0, 1], [0])):
        with pytest.raises(InvalidParameterError, match="a row from 0 to 5"):
            vectors.solve_analogies(a, b, [0])
    assert vectors.solve_analogies([], [], []).shape == (0, 1)


def test_subset_keeps_order_counts_and_kind(vectors):
    part = vectors.subset(["apple", "king"])
    assert part.words == ["apple", "king"]
    assert part.counts.tolist() == [20, 60]
    assert part.is_sparse == vectors.is_sparse
    np.testing.assert_array_equal(part["king"], MATRIX[0])
    with pytest.raises(UnknownNameError, match="prince"):
        vectors.subset(["prince"])
    assert vectors.subset(["prince", "man"], unknown="skip").words == ["man"]
    with pytest.raises(InvalidParameterError, match="error"):
        vectors.subset(["man"], unknown="mean")
    with pytest.raises(VocabularyError, match="at least one word"):
        vectors.subset([])


def test_normalized_has_length_one_and_keeps_zeros(vectors):
    matrix = vectors.normalized().matrix
    matrix = matrix.toarray() if sp.issparse(matrix) else matrix
    np.testing.assert_allclose(np.linalg.norm(matrix, axis=1), [1, 1, 1, 1, 1, 0], atol=1e-6)


def test_transforms_of_sparse_vectors_that_would_be_dense_are_refused():
    vectors = WordVectors(WORDS, sp.csr_array(MATRIX))
    with pytest.raises(InputError, match="would be a dense matrix of 6 rows and 3 columns"):
        vectors.centered()
    with pytest.raises(InputError, match="SVD"):
        vectors.all_but_the_top()


@pytest.mark.parametrize(
    ("words", "matrix", "counts", "error", "message"),
    [
        (["a", "b", "a"], np.ones((3, 2)), None, VocabularyError, "'a' occurs twice.*0 and 2"),
        (["a"], np.ones((2, 2)), None, VocabularyError, "1 words and 2 rows"),
        (["a", "b"], np.ones((2, 2)), [1], VocabularyError, "one count for each word"),
        ([], np.ones((0, 2)), None, VocabularyError, "at least one word"),
        (["a"], np.ones(3), None, InvalidParameterError, r"shape \(n_words, dim\)"),
        (["a"], np.ones((1, 0)), None, InvalidParameterError, "dim at least 1"),
        (["a"], np.array([["x"]]), None, InvalidParameterError, "matrix of numbers"),
        (["a", "b"], [[1.0], [np.nan]], None, InvalidParameterError, "row 1, the vector of 'b'"),
        (["a"], [[np.inf]], None, InvalidParameterError, "finite"),
        (["a"], [[1e39]], None, InvalidParameterError, "finite in float32"),
        (["a"], sp.csr_array([[np.nan]]), None, InvalidParameterError, "finite"),
    ],
)
def test_wrong_input_is_refused(words, matrix, counts, error, message):
    with pytest.raises(error, match=message):
        WordVectors(words, matrix, counts)


def test_a_matrix_is_shared_and_the_view_cannot_be_written_to():
    matrix = MATRIX.copy()
    vectors = WordVectors(WORDS, matrix)
    assert np.shares_memory(vectors.matrix, matrix)
    with pytest.raises(ValueError, match="read-only"):
        vectors.matrix[0, 0] = 5
    matrix[0, 0] = 1  # the caller's own array is left as it was


def test_other_types_and_layouts_are_taken():
    plain = WordVectors(WORDS, MATRIX)
    for matrix in (
        np.asfortranarray(MATRIX.astype(np.float64)),
        MATRIX[:, ::-1][:, ::-1],
        MATRIX.astype(">f4"),
        MATRIX.tolist(),
        sp.coo_array(MATRIX),
    ):
        other = WordVectors(WORDS, matrix)
        assert other.neighbors("king") == plain.neighbors("king")
    repeated = sp.csr_array(([1.0, 2.0], [0, 0], [0, 2, 2]), shape=(2, 3))
    assert WordVectors(["a", "b"], repeated)["a"].tolist() == [3, 0, 0]


def test_a_memory_map_is_searched_in_place(tmp_path):
    MATRIX.tofile(tmp_path / "m")
    mapped = np.memmap(tmp_path / "m", np.float32, "r", shape=MATRIX.shape)
    vectors = WordVectors(WORDS, mapped)
    assert np.shares_memory(vectors.matrix, mapped)
    assert vectors.neighbors("king") == WordVectors(WORDS, MATRIX).neighbors("king")


def test_gensim_finds_the_same():
    models = pytest.importorskip("gensim.models")
    generator = np.random.default_rng(8)
    words = [f"w{i}" for i in range(300)]
    matrix = generator.standard_normal((300, 25)).astype(np.float32)
    other = models.KeyedVectors(25)
    other.add_vectors(words, matrix)
    ours = WordVectors(words, matrix)
    for word, found in zip(words[:40], ours.neighbors(words[:40], n=7), strict=True):
        expected = other.most_similar(word, topn=7)
        assert [neighbor.word for neighbor in found] == [name for name, _ in expected]
        np.testing.assert_allclose([s for _, s in found], [s for _, s in expected], atol=1e-5)
    for a, b, c in zip(words[:20], words[20:40], words[40:60], strict=True):
        for method, query in (
            ("3cosadd", other.most_similar),
            ("3cosmul", other.most_similar_cosmul),
        ):
            expected = query(positive=[b, c], negative=[a], topn=3)
            found = ours.analogy(a, b, c, n=3, method=method)
            assert [neighbor.word for neighbor in found] == [name for name, _ in expected]
