"""SubwordVectors: what one asks of words that training has not seen."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from reference import subwords as oracle

from textrep.errors import InvalidParameterError, UnknownNameError
from textrep.vectors import Subwords, SubwordVectors, WordVectors

WORDS = ["walk", "walking", "talk", "talking", "run", "</s>"]
SIZES = (3, 4, 500)
UNSEEN = ["walked", "talkie", "runner"]


@pytest.fixture(scope="module")
def vectors():
    subwords = Subwords(*SIZES)
    n_rows = subwords.rows(WORDS).n_rows
    rows = np.random.default_rng(5).standard_normal((n_rows, 9))
    return SubwordVectors.from_input(WORDS, subwords, rows, counts=[6, 5, 4, 3, 2, 1])


def expected(vectors, words):
    return oracle.vectors(words, WORDS, vectors.input_vectors, *SIZES)


def cosines(left, right):
    norms = np.linalg.norm(left, axis=-1) * np.linalg.norm(right, axis=-1)
    return (left * right).sum(-1) / norms


def test_known_and_unseen_words_have_the_oracles_vectors(vectors):
    asked = ["talkie", "walk", "</s>", "walked"]
    np.testing.assert_allclose(vectors.matrix, expected(vectors, WORDS), atol=1e-6)
    np.testing.assert_allclose(vectors[asked], expected(vectors, asked), atol=1e-6)
    for word in asked:
        np.testing.assert_allclose(vectors[word], expected(vectors, [word])[0], atol=1e-6)
    np.testing.assert_array_equal(vectors["</s>"], vectors.input_vectors[5])


def test_the_vocabulary_stays_what_it_is(vectors):
    assert "walked" not in vectors
    assert vectors.composable(["walked", "zzz", "", "</s>"]).tolist() == [True, False, False, False]
    assert len(vectors) == 6
    assert list(vectors) == WORDS
    with pytest.raises(UnknownNameError, match="Unknown word 'walked'"):
        vectors.indices(["walked"])
    assert vectors.indices(["walked", "run"], "subwords").tolist() == [-1, 4]
    assert repr(vectors).startswith("SubwordVectors(6 words, dim 9")


def test_a_word_without_known_ngrams_is_unknown(vectors):
    for ask in (
        lambda: vectors["zzz"],
        lambda: vectors.neighbors("zzz"),
        lambda: vectors.similarity("walked", "zzz"),
        lambda: vectors.lookup(["walk", "walked", "zzz"]),
        lambda: vectors.analogy("walk", "walking", "zzz"),
    ):
        with pytest.raises(UnknownNameError, match=r"'zzz'.* None of its n-grams has a vector"):
            ask()


def test_similarity(vectors):
    left, right = ["walked", "walk", "walked"], ["talkie", "runner", "run"]
    wanted = cosines(expected(vectors, left), expected(vectors, right))
    np.testing.assert_allclose(vectors.similarities(left, right), wanted, atol=1e-6)
    np.testing.assert_allclose(vectors.similarities(left, right, "subwords"), wanted, atol=1e-6)
    assert vectors.similarity("walked", "talkie") == pytest.approx(wanted[0], abs=1e-6)


def test_other_policies_do_not_compose(vectors):
    with pytest.raises(UnknownNameError, match=r"Unknown word 'walked'\. Did you mean 'walk"):
        vectors.similarities(["walked"], ["walk"], "error")
    assert np.isnan(vectors.similarities(["walked"], ["walk"], "skip")).all()
    assert vectors.similarities(["walked"], ["walk"], "zero").tolist() == [0.0]
    rows, known = vectors.lookup(["walked", "run"], "mean")
    np.testing.assert_allclose(rows, [vectors.matrix.mean(0), vectors.matrix[4]], atol=1e-6)
    assert known.tolist() == [False, True]
    rows, known = vectors.lookup(["walked", "run"])
    np.testing.assert_allclose(rows, expected(vectors, ["walked", "run"]), atol=1e-6)
    assert known.tolist() == [False, True]


def test_neighbors(vectors):
    for query in ("walked", "run"):
        others = [word for word in WORDS if word != query]
        wanted = cosines(expected(vectors, [query]), expected(vectors, others))
        order = [others[i] for i in np.argsort(-wanted)]
        found = vectors.neighbors(query)
        assert [near.word for near in found] == order
        np.testing.assert_allclose([s for _, s in found], -np.sort(-wanted), atol=1e-6)
        for near, again in zip(found, vectors.neighbors(["run", query, "walked"])[1], strict=True):
            assert near == (again.word, pytest.approx(again.similarity, abs=1e-7))
    assert len(vectors.neighbors("walked")) == 6
    assert len(vectors.neighbors("run")) == 5


@pytest.mark.parametrize("method", ["3cosadd", "3cosmul"])
@pytest.mark.parametrize("given", [("walked", "walking", "talkie"), ("walk", "walking", "runner")])
def test_analogy(vectors, method, given):
    a, b, c = (cosines(expected(vectors, [word]), expected(vectors, WORDS)) for word in given)
    product = (b + 1) / 2 * (c + 1) / 2 / ((a + 1) / 2 + 0.001)
    scores = b - a + c if method == "3cosadd" else product
    order = [WORDS[i] for i in np.argsort(-scores) if WORDS[i] not in given]
    found = vectors.analogy(*given, method=method)
    assert [near.word for near in found] == order
    best = scores[WORDS.index(order[0])]
    assert found[0].similarity == pytest.approx(best, abs=1e-5)


def test_what_is_made_of_them_is_plain(vectors):
    for made in (vectors.subset(["run"]), vectors.normalized(), vectors.centered()):
        assert type(made) is WordVectors
        with pytest.raises(UnknownNameError, match="walked"):
            made["walked"]
        with pytest.raises(UnknownNameError, match="walked"):
            made.lookup(["walked"], "subwords")


def test_a_vocabulary_without_ngrams():
    vectors = SubwordVectors.from_input(["a", "b"], Subwords(4, 6), np.eye(2))
    assert vectors.matrix.tolist() == [[1, 0], [0, 1]]
    assert vectors.composable(["abcdef"]).tolist() == [False]


def test_gensim_gives_unseen_words_the_same_vectors():
    fasttext = pytest.importorskip("gensim.models.fasttext")
    words, buckets = WORDS[:5], 13  # few, so that every bucket has a row, as in gensim
    other = fasttext.FastTextKeyedVectors(6, 1, 6, buckets)
    other.add_vectors(words, np.zeros((5, 6), np.float32))
    generator = np.random.default_rng(0)
    rows = generator.standard_normal((5 + buckets, 6)).astype(np.float32)
    other.vectors_vocab, other.vectors_ngrams = rows[:5], rows[5:]
    other.recalc_char_ngram_buckets()
    other.adjust_vectors()
    ours = SubwordVectors.from_input(words, Subwords(1, 6, buckets), rows)
    assert len(ours.bucket_ids) == buckets
    np.testing.assert_allclose(ours.matrix, other.vectors, atol=1e-6)
    for word in [*UNSEEN, "\u6771\u4eac"]:
        np.testing.assert_allclose(ours[word], other[word], atol=1e-6)


def test_a_memory_map_is_not_copied(vectors, tmp_path):
    vectors.input_vectors.tofile(tmp_path / "rows")
    shape = vectors.input_vectors.shape
    mapped = np.memmap(tmp_path / "rows", np.float32, "r", shape=shape)
    parts = (vectors.matrix, vectors.subwords, vectors.bucket_ids)
    again = SubwordVectors(WORDS, *parts, mapped)
    assert np.shares_memory(again.input_vectors, mapped)
    np.testing.assert_array_equal(again["walked"], vectors["walked"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bucket_ids": lambda ids: ids[::-1]}, "bucket_ids .* ascending integers from 0 to 499"),
        ({"bucket_ids": lambda ids: ids + 500 - ids[-1]}, "bucket_ids"),
        ({"bucket_ids": lambda ids: ids - 499}, "bucket_ids"),
        ({"bucket_ids": lambda ids: ids.astype(float)}, "bucket_ids"),
        ({"bucket_ids": lambda ids: ids[None]}, "bucket_ids"),
        ({"bucket_ids": lambda ids: ids[1:]}, "input_vectors .* a row for each word and each used"),
        ({"input_vectors": lambda rows: rows[:, 1:]}, "input_vectors"),
        ({"input_vectors": lambda rows: rows * np.nan}, "input_vectors .* finite in float32"),
    ],
)
def test_parts_that_do_not_fit(vectors, change, message):
    parts = {"bucket_ids": vectors.bucket_ids, "input_vectors": vectors.input_vectors}
    changed = {key: change.get(key, np.asarray)(value) for key, value in parts.items()}
    with pytest.raises(InvalidParameterError, match=message):
        SubwordVectors(WORDS, vectors.matrix, vectors.subwords, **changed)


def test_sparse_matrices_are_refused(vectors):
    sparse = sp.csr_array(vectors.matrix)
    parts = (vectors.subwords, vectors.bucket_ids)
    with pytest.raises(InvalidParameterError, match=r"matrix parameter .* must be dense"):
        SubwordVectors(WORDS, sparse, *parts, vectors.input_vectors)
    with pytest.raises(InvalidParameterError, match=r"input_vectors parameter .* must be dense"):
        SubwordVectors(WORDS, vectors.matrix, *parts, sparse)


def test_a_training_with_another_number_of_rows():
    with pytest.raises(InvalidParameterError, match=r"each used bucket: \d+\. Got 'shape"):
        SubwordVectors.from_input(WORDS, Subwords(*SIZES), np.eye(3))
