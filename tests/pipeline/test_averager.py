"""Averages of word vectors against sums written from the equations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from reference import averages

from textrep import SVD, OneHot, Word2Vec, WordVectorAverager
from textrep.corpus import Corpus
from textrep.corpus import texts as texts_module
from textrep.errors import InvalidParameterError, NotFittedError, UnknownNameError
from textrep.storage import write_model
from textrep.storage.contents import contents_of
from textrep.vectors import Subwords, SubwordVectors, WordVectors

NEW = ["a dog eats", "", "unheard of", "THE ROAD the cat", "cat cat cat"]


def test_the_mean(vectors, table, texts):
    averager = WordVectorAverager(vectors).fit(texts)
    np.testing.assert_allclose(averager.transform(NEW), averages.mean(NEW, table), rtol=1e-6)
    assert averager.transform(NEW).dtype == np.float32
    assert averager.word_weights_ is None


def test_tfidf(vectors, table, texts):
    found = WordVectorAverager(vectors, weights="tfidf").fit(texts).transform(NEW)
    np.testing.assert_allclose(found, averages.tfidf(NEW, table, texts), rtol=1e-6)


@pytest.mark.parametrize("n", [0, 1, 2])
@pytest.mark.parametrize("counted", [True, False])
def test_sif(vectors, table, texts, n, counted):
    if counted:
        counts = dict(zip(vectors.words, vectors.counts, strict=True))
    else:  # where the counts are not known, they are those of the texts of fit
        words = [word for text in texts for word in averages.words_of(text)]
        counts = {word: words.count(word) for word in vectors.words}
        vectors = WordVectors(vectors.words, vectors.matrix)
    averager = WordVectorAverager(vectors, weights="sif", sif_a=0.01, remove_components=n)
    found = averager.fit(texts).transform(NEW)
    fitted_on = averages.sif(texts, table, counts, 0.01)
    expected = averages.sif(NEW, table, counts, 0.01)
    expected = averages.without_components(expected, fitted_on, n)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


def test_counts_that_are_all_zero_are_not_known(vectors, texts):
    unknown = WordVectors(vectors.words, vectors.matrix, np.zeros(len(vectors), np.int64))
    plain = WordVectors(vectors.words, vectors.matrix)
    one, other = (WordVectorAverager(v, weights="sif").fit(texts) for v in (unknown, plain))
    assert (one.word_weights_ == other.word_weights_).all()


@pytest.mark.parametrize(("weights", "n"), [("mean", 0), ("tfidf", 0), ("sif", 1)])
def test_how_many_components_are_removed_by_default(vectors, texts, weights, n):
    averager = WordVectorAverager(vectors, weights=weights).fit(texts)
    components = averager.components_
    assert n == (0 if components is None else len(components))


def test_components_may_be_removed_from_a_mean(vectors, table, texts):
    found = WordVectorAverager(vectors, remove_components=2).fit(texts)
    rows = averages.mean(texts, table)
    expected = averages.without_components(averages.mean(NEW, table), rows, 2)
    np.testing.assert_allclose(found.transform(NEW), expected, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(found.components_ @ found.components_.T, np.eye(2), atol=1e-12)


def test_no_direction_is_made_up_where_the_texts_span_fewer(vectors):
    same = ["cat", "cat cat", "", "cat"]
    averager = WordVectorAverager(vectors, remove_components=3).fit(same)
    assert averager.components_.shape == (1, 5)
    assert np.abs(averager.transform(same)).max() < 1e-7
    nothing = WordVectorAverager(vectors, remove_components=1).fit(["", "unheard"])
    assert nothing.components_.shape == (0, 5)


@pytest.mark.parametrize("weights", ["mean", "tfidf", "sif"])
def test_texts_without_a_known_word_are_zeros(vectors, texts, weights):
    averager = WordVectorAverager(vectors, weights=weights).fit(texts)
    assert not averager.transform(["", "unheard of", " \n", "?!"]).any()
    assert averager.transform([]).shape == (0, 5)


@pytest.mark.parametrize("weights", ["mean", "tfidf", "sif"])
def test_a_vector_does_not_depend_on_the_other_texts_to_the_last_bit(
    vectors, texts, weights, monkeypatch
):
    many = [" ".join(np.random.default_rng(i).permutation(vectors.words)[:7]) for i in range(40)]
    averager = WordVectorAverager(vectors, weights=weights).fit(texts)
    together = averager.transform(many)
    assert (np.vstack([averager.transform([text]) for text in many]) == together).all()
    assert (averager.transform(many[::-1])[::-1] == together).all()
    monkeypatch.setattr(texts_module, "BLOCK_CHARACTERS", 100)
    assert (averager.transform(many) == together).all()
    refitted = WordVectorAverager(vectors, weights=weights).fit(texts)
    np.testing.assert_allclose(refitted.transform(many), together, rtol=1e-5, atol=1e-7)


def test_a_line_of_100_000_tokens_is_taken_whole(vectors, table):
    line = " ".join(["cat"] * 99_999 + ["road"])
    found = WordVectorAverager(vectors).fit([line]).transform([line])[0]
    np.testing.assert_allclose(found, (99_999 * table["cat"] + table["road"]) / 1e5, rtol=1e-6)


def test_fit_transform_reads_texts_once(vectors, texts):
    averager = WordVectorAverager(vectors, weights="sif")
    found = averager.fit_transform(text for text in texts)
    assert (found == averager.transform(texts)).all()


def test_sparse_vectors_give_sparse_averages(texts):
    words = ["cat", "dog", "the"]
    averager = WordVectorAverager(WordVectors(words, sp.eye_array(3, format="csr")))
    found = averager.fit_transform(["cat dog dog the", "", "cat"])
    assert sp.issparse(found)
    assert found.toarray().tolist() == [[0.25, 0.5, 0.25], [0, 0, 0], [1, 0, 0]]
    averager.set_params(weights="sif")
    with pytest.raises(InvalidParameterError, match=r"remove_components .* 0 for sparse vectors"):
        averager.fit(texts)
    assert averager.set_params(remove_components=0).fit_transform(texts).shape == (6, 3)


def test_ngrams_compose_the_vectors_of_unknown_words():
    words, subwords = ["walk", "talk", "run"], Subwords(3, 4, 100_000)
    rows = np.random.default_rng(0).standard_normal((subwords.rows(words).n_rows, 8))
    vectors = SubwordVectors.from_input(words, subwords, rows)
    averager = WordVectorAverager(vectors).fit(["walk"])
    found = averager.transform(["walked run", "zzz", "walked zzz talks"])
    np.testing.assert_allclose(found[0], (vectors["walked"] + vectors["run"]) / 2, rtol=1e-5)
    assert not found[1].any()
    np.testing.assert_allclose(found[2], (vectors["walked"] + vectors["talks"]) / 2, rtol=1e-5)
    weighted = WordVectorAverager(vectors, weights="tfidf").fit(["run walk", "run"])
    unseen, seen = np.log(3 / 1) + 1, np.log(3 / 3) + 1
    expected = (unseen * vectors["walked"] + seen * vectors["run"]) / (unseen + seen)
    np.testing.assert_allclose(weighted.transform(["walked run"])[0], expected, rtol=1e-5)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    lines = ["Cats eat fish-bones and dogs eat meat"] * 6
    path = tmp_path_factory.mktemp("c") / "corpus"
    return Corpus.build(lines, path, tokenizer="text8", min_count=1)


def test_a_folder_a_model_and_its_vectors_are_the_same(corpus, tmp_path):
    model = SVD(dim=2).fit(corpus)
    model.save(tmp_path / "svd")
    texts = ["Cats9eat", "fish bones"]  # text8, the corpus's tokenizer, splits at digits
    averagers = [WordVectorAverager(source) for source in (model, tmp_path / "svd")]
    averagers.append(WordVectorAverager(model.vectors_, tokenizer="text8"))
    found = [averager.fit_transform(texts) for averager in averagers]
    assert found[0].all()
    assert (found[0] == found[1]).all()
    assert (found[0] == found[2]).all()
    assert not WordVectorAverager(model.vectors_).fit_transform(texts)[0].any()


def test_files_of_vectors(tmp_path, vectors, texts):
    path = tmp_path / "vectors.txt"
    path.write_text("2 2\ncat 1 0\ndog 0 1\n")
    assert WordVectorAverager(str(path)).fit_transform(["Cat, dog"]).tolist() == [[0.5, 0.5]]
    write_model(tmp_path / "m", contents_of(vectors))
    assert WordVectorAverager(tmp_path / "m").fit_transform(texts).shape == (6, 5)


def test_one_hot_with_tfidf_weights_is_scikit_learns_up_to_scale(corpus):
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = ["cats eat fish", "dogs eat meat and bones", "dogs dogs eat"]
    model = OneHot().fit(corpus)
    found = WordVectorAverager(model, weights="tfidf").fit_transform(texts)
    theirs = TfidfVectorizer(vocabulary=model.vectors_.index).fit_transform(texts).toarray()
    ours = found.toarray()
    np.testing.assert_allclose(ours / np.linalg.norm(ours, axis=1)[:, None], theirs, rtol=1e-6)


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"weights": "idf"}, UnknownNameError, "weights of WordVectorAverager 'idf'.*'tfidf'"),
        ({"sif_a": 0.0}, InvalidParameterError, "The sif_a parameter .* above 0"),
        ({"remove_components": -1}, InvalidParameterError, "an integer from 0 up"),
        ({"remove_components": 1.0}, InvalidParameterError, "an integer from 0 up"),
        ({"remove_components": 6}, InvalidParameterError, "below the number of texts, 6"),
        ({"tokenizer": "simpel"}, UnknownNameError, "Did you mean 'simple'"),
        ({"vectors": 3}, InvalidParameterError, "vectors parameter .* Got 'int'"),
        ({"vectors": Word2Vec()}, NotFittedError, "Word2Vec has not been trained"),
    ],
)
def test_parameters_that_are_wrong(vectors, texts, parameters, error, message):
    averager = WordVectorAverager(**({"vectors": vectors} | parameters))
    with pytest.raises(error, match=message):
        averager.fit(texts)
    with pytest.raises(NotFittedError, match="This WordVectorAverager is not fitted"):
        averager.transform(texts)


def test_no_text_to_fit(vectors):
    with pytest.raises(InvalidParameterError, match="at least one text"):
        WordVectorAverager(vectors).fit([])


def test_a_path_that_is_not_there(texts):
    with pytest.raises(Exception, match=r"no-such-folder does not exist"):
        WordVectorAverager(Path("no-such-folder")).fit(texts)


def test_sums_have_one_order_whatever_stands_before(vectors, texts):
    # In float64, before rounding to float32 hides it.
    average = WordVectorAverager(vectors, weights="tfidf").fit(texts).average_
    rng = np.random.default_rng(0)
    long = [" ".join(rng.choice(vectors.words, 40)) for _ in range(20)]
    alone = [next(average.parts([text]))[0] for text in long]
    behind = [next(average.parts([" ".join(vectors.words[::-1]), text]))[1] for text in long]
    assert (np.array(alone) == np.array(behind)).all()
