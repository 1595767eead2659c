"""Counts, PMI and SVD built on one another: the same result as at once, with one counting pass."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from models.sources import arrays_of, sentences

import textrep
from textrep import PMI, PPMI, SVD, Cooccurrence, OneHot
from textrep.corpus import Corpus
from textrep.counting import count_cooccurrences, rows
from textrep.errors import (
    CorpusError,
    FormatError,
    InvalidParameterError,
    UsageError,
    VocabularyError,
)
from textrep.linalg import svd
from textrep.models import counting, load_model

COUNTING = {"window": 3, "weights": "dynamic", "boundary": "document", "ignore_top": 2}


@pytest.fixture(scope="module")
def corpus():
    return Corpus.build(sentences())


@pytest.fixture
def passes(monkeypatch):
    """The counting passes that were made."""
    made = []

    def count(*args, **options):
        made.append(args)
        return count_cooccurrences(*args, **options)

    monkeypatch.setattr(counting, "count_cooccurrences", count)
    return made


@pytest.fixture(params=["objects", "folders", "loaded"])
def through(request, tmp_path):
    """How a model gets to the next: as it is, or saved, with its read-only arrays."""

    def pass_on(model):
        if request.param == "objects":
            return model
        path = tmp_path / type(model).__name__
        model.save(path)
        return path if request.param == "folders" else load_model(path)

    return pass_on


@pytest.mark.parametrize("counting", [{}, COUNTING])
def test_counts_ppmi_svd_share_one_counting_pass(corpus, passes, through, counting):
    direct = SVD(dim=5, shift=2.0, **counting).fit(corpus)
    ppmi_direct = PPMI(shift=2.0, **counting).fit(corpus)
    pmi_direct = PMI(**counting).fit(corpus)
    assert len(passes) == 3
    counts = through(Cooccurrence(**counting).fit(corpus))
    assert len(passes) == 4
    ppmi = PPMI(shift=2.0).fit(counts)
    assert arrays_of(ppmi) == arrays_of(ppmi_direct)
    assert arrays_of(PMI().fit(counts)) == arrays_of(pmi_direct)
    assert arrays_of(SVD(dim=5).fit(through(ppmi))) == arrays_of(direct)
    assert arrays_of(SVD(dim=5, shift=2.0).fit(counts)) == arrays_of(direct)
    assert len(passes) == 4


@pytest.mark.parametrize("matrix", ["pmi", "counts"])
def test_svd_of_other_matrices(corpus, passes, through, matrix):
    direct = SVD(dim=5, matrix=matrix).fit(corpus)
    counts = Cooccurrence().fit(corpus)
    before = {"pmi": PMI().fit(counts), "counts": counts}[matrix]
    assert len(passes) == 2
    assert arrays_of(SVD(dim=5, matrix=matrix).fit(through(before))) == arrays_of(direct)
    dense = before.word_vectors_.toarray().astype(float)
    values = np.linalg.svd(dense, compute_uv=False)[:5]
    np.testing.assert_allclose(direct.singular_values_, values, rtol=1e-6)


def test_svd_of_one_hot_vectors_sees_every_word_alike(corpus, through):
    model = SVD(dim=4).fit(through(OneHot().fit(corpus)))
    np.testing.assert_allclose(model.singular_values_, 1, rtol=1e-6)


def test_a_model_that_takes_over_counts_remembers_how_they_were_made(corpus, tmp_path):
    counts = Cooccurrence(**COUNTING).fit(corpus)
    model = SVD(dim=3).fit(PPMI().fit(counts))
    model.save(tmp_path / "svd")
    expected = {
        **COUNTING,
        "side": "both",
        "contexts": None,
        "ignore_contexts": None,
        "max_count": None,
    }
    assert load_model(tmp_path / "svd").corpus_["counting"] == expected
    assert Cooccurrence().fit(corpus).corpus_["counting"]["window"] == 5


CONTRADICTIONS = {
    "window": 2,
    "weights": "flat",
    "side": "left",
    "boundary": "none",
    "ignore_top": 1,
    "max_count": 4.0,
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
@pytest.mark.parametrize("by_way_of", [Cooccurrence, PMI, PPMI])
def test_other_counting_parameters_are_refused(corpus, through, name, by_way_of):
    asked = {name: CONTRADICTIONS[name]}
    counts = Cooccurrence(**COUNTING).fit(corpus)
    before = counts if by_way_of is Cooccurrence else by_way_of().fit(counts)
    has = counts.get_params()[name]
    with pytest.raises(UsageError, match=f"{name}={has!r}.*{name}={asked[name]!r}"):
        SVD(dim=3, **asked).fit(through(before))


def test_the_same_and_default_parameters_are_not_refused(corpus):
    counts = Cooccurrence(**COUNTING).fit(corpus)
    ppmi = PPMI(**COUNTING, context_smoothing=0.5).fit(counts)
    same = SVD(dim=3, **COUNTING, context_smoothing=0.5).fit(ppmi)
    assert arrays_of(same) == arrays_of(SVD(dim=3).fit(ppmi))
    # That PPMI's own window says 5 does not matter: its counts were made with 3.
    assert arrays_of(SVD(dim=3, window=3).fit(PPMI(context_smoothing=0.5).fit(counts))) == (
        arrays_of(same)
    )


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"shift": 3.0}, "shift=2.0"),
        ({"context_smoothing": 0.5}, "context_smoothing=1.0"),
        ({"matrix": "counts"}, "matrix='pmi'"),
    ],
)
def test_other_pmi_parameters_are_refused(corpus, through, asked, message):
    pmi = through(PMI(shift=2.0, context_smoothing=1.0).fit(corpus))
    with pytest.raises(UsageError, match=message):
        SVD(dim=3, **asked).fit(pmi)


@pytest.mark.parametrize("model", [PMI, PPMI, Cooccurrence])
def test_what_has_no_counts_is_refused(corpus, model):
    for source in (OneHot().fit(corpus), SVD(dim=3).fit(corpus)):
        with pytest.raises(UsageError, match=type(source).__name__):
            model().fit(source)
    with pytest.raises(UsageError, match="SVD"):
        SVD(dim=2).fit(SVD(dim=3).fit(corpus))


# What SVD makes of its matrix


@pytest.fixture(params=["small", "krylov"])
def solver_path(request, monkeypatch):
    if request.param == "krylov":
        monkeypatch.setattr(svd, "_SMALL", 1)


@pytest.fixture(scope="module")
def wide_corpus():
    random = np.random.default_rng(0)
    words = [f"w{i}" for i in range(300)]
    numbers = random.integers(0, 12, (900, 8)) * 25 + random.integers(0, 25, (900, 1))
    return Corpus.build([[words[i] for i in row] for row in numbers], min_count=1)


@pytest.mark.parametrize("p", [1.0, 0.5, 0.0, -0.5, 2.0])
def test_word_vectors_are_u_times_values_to_the_p(wide_corpus, solver_path, p):
    base = SVD(dim=12, eigenvalue_weight=0.0).fit(wide_corpus)
    model = SVD(dim=12, eigenvalue_weight=p).fit(wide_corpus)
    u, values = base.word_vectors_, base.singular_values_
    np.testing.assert_allclose(u.T @ u, np.eye(12), atol=1e-5)
    np.testing.assert_allclose(model.word_vectors_, u * values**p, rtol=1e-5)
    np.testing.assert_array_equal(model.context_vectors_, base.context_vectors_)
    assert model.word_vectors_.dtype == model.context_vectors_.dtype == np.float32
    assert (np.diff(values) <= 0).all()


def test_u_values_and_v_approximate_the_matrix(wide_corpus, solver_path):
    matrix = PPMI().fit(wide_corpus).word_vectors_.toarray().astype(float)
    model = SVD(dim=20, eigenvalue_weight=1.0).fit(wide_corpus)
    rest = np.linalg.norm(matrix - model.word_vectors_ @ model.context_vectors_.T)
    values = np.linalg.svd(matrix, compute_uv=False)
    assert rest == pytest.approx(np.linalg.norm(values[20:]), rel=1e-3)


def test_context_vectors_are_added_before_the_weight(wide_corpus):
    one_side = {"dim": 8, "side": "left"}
    base = SVD(**one_side).fit(wide_corpus)
    both = SVD(**one_side, add_context=True, eigenvalue_weight=0.5).fit(wide_corpus)
    expected = (base.word_vectors_ + base.context_vectors_) * base.singular_values_**0.5
    np.testing.assert_allclose(both.word_vectors_, expected, atol=1e-5)


def test_fewer_dimensions_are_the_first_of_more(wide_corpus):
    few, many = (SVD(dim=dim, solver="arpack").fit(wide_corpus) for dim in (5, 15))
    np.testing.assert_allclose(few.singular_values_, many.singular_values_[:5], rtol=1e-6)
    cosines = np.sum(few.word_vectors_ * many.word_vectors_[:, :5], axis=0)
    np.testing.assert_allclose(cosines, 1, atol=1e-4)


@pytest.mark.parametrize("p", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("solver", ["randomized", "arpack"])
def test_dimensions_beyond_the_rank_are_zero(solver_path, p, solver):
    # Every word has one and the same context, word a, which has them all: rank 2 of 6.
    corpus = Corpus.build([["a", word] for word in "bcdef" for _ in range(ord(word) - 90)])
    options = {"matrix": "counts", "eigenvalue_weight": p, "solver": solver}
    model = SVD(dim=6, **options).fit(corpus)
    assert model.singular_values_[1] > 1
    assert not model.word_vectors_[:, 2:].any()
    few = SVD(dim=2, **options).fit(corpus).word_vectors_
    np.testing.assert_allclose(
        model.word_vectors_ @ model.word_vectors_.T, few @ few.T, rtol=1e-4, atol=1e-5
    )
    # A word that never has a neighbour.
    corpus = Corpus.build([["a", "b"], ["c", "d"], ["e"]] * 6)
    model = SVD(dim=5, **options).fit(corpus)
    assert np.linalg.norm(model.word_vectors_[:, :4], axis=0).all()
    assert not model.vectors_["e"].any()


def test_add_context_needs_contexts_equal_to_the_words(corpus, tmp_path):
    with pytest.raises(InvalidParameterError, match="add_context"):
        SVD(dim=3, add_context=True, ignore_top=1).fit(corpus)


def test_dim_is_bounded_by_the_contexts_too(corpus, tmp_path):
    (tmp_path / "contexts").write_text("wordaa\nwordab\n")
    with pytest.raises(InvalidParameterError, match=r"dim.*at most 2.*30 words and 2 contexts"):
        SVD(dim=3, contexts=str(tmp_path / "contexts")).fit(corpus)


# What are contexts


def test_contexts_are_those_of_a_list(corpus, tmp_path):
    words = corpus.vocabulary.words
    (tmp_path / "contexts").write_text("\n".join([words[4], words[9], "unknown", words[1]]))
    (tmp_path / "ignored").write_text(words[9] + "\n")
    all_counts = Cooccurrence().fit(corpus).word_vectors_.toarray()

    def columns(**options):
        return Cooccurrence(**options).fit(corpus).word_vectors_.toarray()

    chosen = str(tmp_path / "contexts")
    ignored = str(tmp_path / "ignored")
    np.testing.assert_array_equal(columns(contexts=chosen), all_counts[:, [1, 4, 9]])
    np.testing.assert_array_equal(
        columns(contexts=chosen, ignore_contexts=ignored), all_counts[:, [1, 4]]
    )
    np.testing.assert_array_equal(columns(ignore_top=7), all_counts[:, 7:])
    np.testing.assert_array_equal(columns(contexts=chosen, ignore_top=2), all_counts[:, [4, 9]])
    np.testing.assert_array_equal(columns(max_count=2.0), np.minimum(all_counts, 2.0))


@pytest.mark.parametrize("options", [{"ignore_top": 30}, {"ignore_top": 10**30}])
def test_no_context_left(corpus, options):
    with pytest.raises(VocabularyError, match="context"):
        PPMI(**options).fit(corpus)


def test_a_list_that_is_not_there(corpus):
    with pytest.raises(CorpusError, match="no-such-list"):
        PPMI(contexts="no-such-list").fit(corpus)


# On disk, and with 64-bit places


def test_counts_on_disk_give_the_same(corpus, tmp_path):
    for model in (Cooccurrence(), PMI(), PPMI(), SVD(dim=4)):
        expected = arrays_of(model.fit(corpus))
        assert arrays_of(model.set_params(memory=1 << 24).fit(corpus)) == expected
    counts = Cooccurrence(memory=1 << 24).fit(corpus)
    counts.save(tmp_path / "counts")
    del counts
    counts = load_model(tmp_path / "counts")
    assert arrays_of(SVD(dim=4).fit(counts)) == expected


@pytest.mark.parametrize("matrix", ["counts", "pmi", "ppmi"])
def test_svd_by_krylov_on_disk_gives_the_same(wide_corpus, monkeypatch, matrix):
    monkeypatch.setattr(svd, "_SMALL", 1)
    expected = arrays_of(SVD(dim=9, matrix=matrix).fit(wide_corpus))
    model = SVD(dim=9, matrix=matrix, memory=1 << 24)
    for n_jobs in (1, 2):
        assert arrays_of(model.set_params(n_jobs=n_jobs).fit(wide_corpus)) == expected


def test_arpack_does_not_take_a_cap(corpus):
    with pytest.raises(InvalidParameterError, match=r"solver.*randomized where memory is given"):
        SVD(dim=3, solver="arpack", memory=1 << 24).fit(corpus)


@pytest.mark.parametrize("value", [-1.0, 0.0])
def test_counts_that_are_not_above_zero_are_refused(corpus, value):
    counts = Cooccurrence().fit(corpus)
    counts.word_vectors_.data[5] = value
    for model in (PMI(), PPMI(), SVD(dim=3)):
        with pytest.raises(FormatError, match="not above 0"):
            model.fit(counts)


@pytest.mark.parametrize("memory", [None, 1 << 24])
def test_64_bit_places_work_everywhere(corpus, tmp_path, monkeypatch, memory):
    expected = {
        cls: cls(**options).fit(corpus)
        for cls, options in ((Cooccurrence, {}), (PPMI, {}), (SVD, {"dim": 4}))
    }
    arpack = SVD(dim=4, solver="arpack").fit(corpus)
    monkeypatch.setattr(rows, "_INT32_ENTRIES", 1)
    counts = Cooccurrence(memory=memory).fit(corpus)
    assert counts.word_vectors_.indptr.dtype == np.int64
    assert counts.word_vectors_.indices.dtype == np.int32
    ppmi = PPMI().fit(counts)
    assert ppmi.word_vectors_.indptr.dtype == np.int64
    for model in (counts, ppmi):
        before = expected[type(model)]
        assert (model.word_vectors_ != before.word_vectors_).nnz == 0
        word = corpus.vocabulary.words[0]
        assert model.vectors_.neighbors(word) == before.vectors_.neighbors(word)
        model.save(tmp_path / "model")
        again = load_model(tmp_path / "model")
        assert (again.word_vectors_ != before.word_vectors_).nnz == 0
        assert textrep.load(tmp_path / "model").neighbors(word) == before.vectors_.neighbors(word)
    monkeypatch.setattr(svd, "_SMALL", 1)
    for source in (ppmi, load_model(tmp_path / "model")):
        assert arrays_of(SVD(dim=4, solver="arpack").fit(source)) == arrays_of(arpack)
        np.testing.assert_allclose(
            SVD(dim=4).fit(source).singular_values_, expected[SVD].singular_values_, rtol=1e-5
        )


def test_loaded_arrays_are_read_only_and_stay_as_they_are(corpus, tmp_path):
    for model in (Cooccurrence(), PMI()):
        model.fit(corpus).save(tmp_path / "model")
        loaded = load_model(tmp_path / "model")
        for array in (loaded.word_vectors_.data, loaded.word_vectors_.indices):
            assert not array.flags.writeable
            assert not array.flags.owndata  # a view of the memory map
        if isinstance(model, PMI):  # float32 already, so shown as it is
            assert np.shares_memory(loaded.vectors_.matrix.data, loaded.word_vectors_.data)
        before = arrays_of(loaded)
        SVD(dim=4).fit(loaded)
        OneHot().fit(loaded)
        assert arrays_of(loaded) == before
        assert sp.issparse(loaded.vectors_.matrix)
