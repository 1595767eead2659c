"""Co-occurrence counts: equal to the definition, exactly, however they are computed."""

from __future__ import annotations

import gc
import lzma
import mmap
import tempfile
from contextlib import ExitStack
from unittest.mock import patch

import numpy as np
import pytest
import scipy.sparse as sp
from counting.corpora import MemoryCorpus
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.cooccurrence import as_floats, cooccurrence

from textrep.corpus import Corpus
from textrep.counting import BOUNDARIES, SIDES, WEIGHTS, Window, count_cooccurrences, rows
from textrep.errors import CorpusError, InvalidParameterError


def assert_same_bytes(found, expected):
    assert found.shape == expected.shape
    for name in ("indptr", "indices", "data"):
        one, other = getattr(found, name), getattr(expected, name)
        assert one.dtype == other.dtype, name
        assert one.tobytes() == other.tobytes(), name


def tiny_blocks(entries=8):
    """So that a few words already take many ranges and blocks."""
    stack = ExitStack()
    stack.enter_context(patch.object(rows, "BLOCK_ENTRIES", entries))
    stack.enter_context(patch.object(rows, "LEAST_MEMORY", 16))
    return stack


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder for temporary files, empty."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


# "b a c a" / "a b": a = 0, b = 1, c = 2
EXAMPLE = MemoryCorpus([[[1, 0, 2, 0], [0, 1]]], 3)


def test_worked_example():
    # Window 2, weights 1/d. First sentence, pairs at distance 1: b-a, a-c, c-a; at distance 2:
    # b-c, a-a. Second: a-b at distance 1. Each pair counts for both of its words:
    #   a-b: 1 + 1 = 2      a-c: 1 + 1 = 2      b-c: 1/2      a-a: 1/2 twice = 1
    expected = [[1, 2, 2], [2, 0, 0.5], [2, 0.5, 0]]
    found = count_cooccurrences(EXAMPLE, Window(2))
    assert found.toarray().tolist() == expected
    assert found.dtype == np.float64
    assert found.nnz == 7
    assert found.indices.dtype == found.indptr.dtype == np.int32


def test_worked_example_one_side_and_across_sentences():
    # Left, weights 1, window 1: what stands just before. a: b, c; b: a; c: a.
    left = count_cooccurrences(EXAMPLE, Window(1, "flat", "left"))
    assert left.toarray().tolist() == [[0, 1, 1], [1, 0, 0], [1, 0, 0]]
    # Across the sentence's end the second a of the text stands before the third.
    across = count_cooccurrences(EXAMPLE, Window(1, "flat", "left", "document"))
    assert across.toarray().tolist() == [[1, 1, 1], [1, 0, 0], [1, 0, 0]]
    right = count_cooccurrences(EXAMPLE, Window(1, "flat", "right", "none"))
    assert right.toarray().T.tolist() == across.toarray().tolist()


@st.composite
def cases(draw):
    n_words = draw(st.integers(1, 80))
    word = st.integers(0, n_words - 1)
    sentence = st.lists(word, min_size=1, max_size=14)
    document = st.lists(sentence, min_size=1, max_size=4)
    corpus = MemoryCorpus(draw(st.lists(document, min_size=1, max_size=3)), n_words)
    window = Window(
        draw(st.integers(1, 12) | st.just(20)),
        draw(st.sampled_from(sorted(WEIGHTS))),
        draw(st.sampled_from(sorted(SIDES))),
        draw(st.sampled_from(sorted(BOUNDARIES))),
    )
    context_of = None
    if draw(st.booleans()):
        is_context = np.array(draw(st.lists(st.booleans(), min_size=n_words, max_size=n_words)))
        context_of = np.where(is_context, np.cumsum(is_context) - 1, -1).astype(np.int32)
    return corpus, window, context_of, draw(st.sampled_from([np.inf, 1.0, 0.75, 2.5]))


@settings(max_examples=200, deadline=None)
@given(
    case=cases(),
    n_jobs=st.integers(1, 3),
    memory=st.none() | st.integers(16, 1000),
    entries=st.sampled_from([1, 8, 100, 1 << 18]),
)
def test_counts_equal_the_definition_exactly(case, n_jobs, memory, entries):
    corpus, window, context_of, cap = case
    columns = range(corpus.n_words) if context_of is None else context_of.tolist()
    expected = cooccurrence(
        corpus.stretches(window.boundary),
        corpus.n_words,
        max(columns) + 1,
        size=window.size,
        weights=window.weights,
        side=window.side,
        context_of=columns,
    )
    with tiny_blocks(entries):
        found = count_cooccurrences(
            corpus, window, context_of=context_of, cap=cap, memory=memory, n_jobs=n_jobs
        )
    np.testing.assert_array_equal(found.toarray(), as_floats(expected, cap))
    assert found.nnz == sum(value != 0 for row in expected for value in row)
    assert all((np.diff(row) > 0).all() for row in np.split(found.indices, found.indptr[1:-1]))


@pytest.fixture(scope="module")
def zipf():
    """A corpus whose words are as frequent as those of a language."""
    random = np.random.default_rng(3)
    words = np.minimum(random.zipf(1.3, 20_000) - 1, 499)
    sentences = np.split(words, np.sort(random.choice(20_000, 900, replace=False)))
    sentences = [sentence.tolist() for sentence in sentences if len(sentence)]
    return MemoryCorpus([sentences[:300], sentences[300:]], 500)


@pytest.mark.parametrize("n_jobs", [1, 2, 3])
@pytest.mark.parametrize("memory", [None, 16, 160, 16_000])
@pytest.mark.parametrize("entries", [1, 1000])
def test_same_bytes_for_any_threads_and_memory(zipf, n_jobs, memory, entries):
    expected = count_cooccurrences(zipf, Window(4), n_jobs=1)
    if memory == 16:  # a range a word: every word reads the whole text
        zipf = MemoryCorpus([[[w % 40 for w in s] for s in zipf.documents[0][:30]]], 40)
        expected = count_cooccurrences(zipf, Window(4), n_jobs=1)
    with tiny_blocks(entries):
        found = count_cooccurrences(zipf, Window(4), memory=memory, n_jobs=n_jobs)
    assert_same_bytes(found, expected)


@pytest.mark.parametrize("weights", sorted(WEIGHTS))
@pytest.mark.parametrize("boundary", sorted(BOUNDARIES))
def test_symmetric_windows_give_symmetric_counts(zipf, weights, boundary):
    both = count_cooccurrences(zipf, Window(7, weights, boundary=boundary))
    np.testing.assert_allclose(both.sum(axis=0), both.sum(axis=1), rtol=1e-13)
    assert (both != both.T).nnz == 0
    left = count_cooccurrences(zipf, Window(7, weights, "left", boundary))
    right = count_cooccurrences(zipf, Window(7, weights, "right", boundary))
    assert (left != right.T).nnz == 0
    np.testing.assert_allclose((left + right).toarray(), both.toarray(), rtol=1e-15)


@pytest.mark.parametrize("size", [30, 41, 60, 1000])
@pytest.mark.parametrize("most", [None, 2**50])
def test_wide_windows_are_as_close_as_documented(size, most, monkeypatch):
    corpus = MemoryCorpus([[[i % 7 for i in range(200)], [1, 2], [3]]], 7)
    expected = cooccurrence(
        corpus.stretches("sentence"), 7, 7,
        size=size, weights="harmonic", side="both", context_of=range(7),
    )  # fmt: skip
    exact = Window.whole_weights
    if most is not None:  # as in a corpus with a word that is so frequent
        monkeypatch.setattr(Window, "whole_weights", lambda self, _: exact(self, most))
    _, _, scale = Window(size).whole_weights(200)
    found = count_cooccurrences(corpus, Window(size))
    np.testing.assert_allclose(
        found.toarray(), as_floats(expected), rtol=max(size / scale, 4 * np.finfo(float).eps)
    )


@pytest.mark.parametrize("memory", [None, 1 << 24])
def test_the_smallest_corpora(memory):
    one_word = MemoryCorpus([[[0]]], 1)
    found = count_cooccurrences(one_word, Window(5), memory=memory)
    assert found.shape == (1, 1)
    assert found.nnz == 0
    lonely = MemoryCorpus([[[0], [1]], [[2], [0]]], 3)
    assert count_cooccurrences(lonely, Window(5), memory=memory).nnz == 0
    repeated = MemoryCorpus([[[0] * 5]], 1)
    # Flat, window 2: 4 pairs at distance 1, 3 at distance 2, each seen from both ends.
    assert count_cooccurrences(repeated, Window(2, "flat"), memory=memory).toarray() == [[14]]


@pytest.mark.parametrize("memory", [None, 1 << 24])
def test_words_that_never_occur_have_empty_rows(memory):
    corpus = MemoryCorpus([[[1, 3, 1]]], 5)
    found = count_cooccurrences(corpus, Window(1, "flat"), memory=memory)
    assert found.toarray().tolist() == [
        [0] * 5,
        [0, 0, 0, 2, 0],
        [0] * 5,
        [0, 2, 0, 0, 0],
        [0] * 5,
    ]


@pytest.mark.parametrize("memory", [None, 1 << 24])
def test_no_contexts_at_all(memory):
    nothing = np.full(3, -1, np.int32)
    found = count_cooccurrences(EXAMPLE, Window(2), context_of=nothing, memory=memory)
    assert found.shape == (3, 0)
    assert found.nnz == 0


def test_contexts_may_be_in_any_order_and_shared():
    merged = count_cooccurrences(EXAMPLE, Window(2), context_of=np.array([1, 0, 1], np.int32))
    assert merged.toarray().tolist() == [[2, 3], [0, 2.5], [0.5, 2]]


def test_memory_below_the_least_is_refused():
    with pytest.raises(InvalidParameterError, match="memory"):
        count_cooccurrences(EXAMPLE, Window(2), memory=(1 << 24) - 1)


def test_any_larger_memory_will_do(temporary):
    found = count_cooccurrences(EXAMPLE, Window(2), memory=10**30)
    assert_same_bytes(found, count_cooccurrences(EXAMPLE, Window(2)))


def is_mapped(array):
    """Whether an array shows a file, as maps do, and not memory of its own."""
    while isinstance(array, np.ndarray):
        array = array.base
    return isinstance(array, mmap.mmap)


def test_a_matrix_on_disk_lives_as_long_as_it_is_used(temporary):
    expected = count_cooccurrences(EXAMPLE, Window(2))
    found = count_cooccurrences(EXAMPLE, Window(2), memory=1 << 24)
    assert is_mapped(found.data)
    assert is_mapped(found.indices)
    assert not is_mapped(expected.data)
    assert not found.data.flags.writeable
    assert list(temporary.iterdir()) == []  # its files have no names: nothing can be left behind
    values, doubled = found.data, found * 2
    gc.collect()
    assert_same_bytes(found, expected)
    del found
    gc.collect()
    assert values.tolist() == expected.data.tolist()
    assert doubled.toarray().tolist() == (expected * 2).toarray().tolist()


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_ctrl_c_ends_counting(temporary, zipf, n_jobs):
    with (
        tiny_blocks(100),
        patch.object(rows.ArrayBuilder, "append", side_effect=[None] * 20 + [KeyboardInterrupt]),
        pytest.raises(KeyboardInterrupt),
    ):
        count_cooccurrences(zipf, Window(2), memory=1 << 24, n_jobs=n_jobs)
    assert list(temporary.iterdir()) == []


def test_counts_that_memory_cannot_hold_go_to_disk(temporary, zipf, monkeypatch):
    expected = count_cooccurrences(zipf, Window(2))
    monkeypatch.setattr(rows, "_physical_memory", lambda: 10_000)
    found = count_cooccurrences(zipf, Window(2))
    assert is_mapped(found.data)
    assert_same_bytes(found, expected)


@pytest.mark.parametrize("memory", [None, 1 << 24])
def test_places_take_64_bits_where_they_need_them(zipf, memory, monkeypatch):
    expected = count_cooccurrences(zipf, Window(2))
    monkeypatch.setattr(rows, "_INT32_ENTRIES", expected.nnz)
    found = count_cooccurrences(zipf, Window(2), memory=memory)
    assert found.indptr.dtype == np.int64
    assert found.indices.dtype == np.int32
    assert (found != expected).nnz == 0
    monkeypatch.setattr(rows, "_INT32_ENTRIES", expected.nnz + 1)
    assert count_cooccurrences(zipf, Window(2)).indptr.dtype == np.int32


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tokens", [1, 0, 2, 0, 0, 3]),
        ("tokens", [1, 0, 2, 0, 0, -1]),
        ("tokens", [1, 1, 2, 0, 0, 1]),
        ("sentence_offsets", [0, 7, 6]),
        ("sentence_offsets", [0, 4, 5]),
        ("sentence_offsets", [1, 4, 6]),
        ("sentence_offsets", [0, -4, 6]),
    ],
)
def test_a_damaged_corpus_is_refused(field, value):
    corpus = MemoryCorpus([[[1, 0, 2, 0], [0, 1]]], 3)
    setattr(corpus, field, np.array(value, getattr(corpus, field).dtype))
    with pytest.raises(CorpusError, match="damaged"):
        count_cooccurrences(corpus, Window(2))


def test_general_english_by_another_method(shared_data, tmp_path):
    file = shared_data / "corpora" / "general-en-100k.txt.xz"
    if not file.is_file():
        pytest.skip("general-en-100k is not there")
    (tmp_path / "text").write_bytes(lzma.decompress(file.read_bytes()))
    corpus = Corpus.build(tmp_path / "text", tmp_path / "corpus")
    tokens, n_words = np.asarray(corpus.tokens), len(corpus.vocabulary)
    stretch = np.repeat(np.arange(corpus.n_sentences), np.diff(corpus.sentence_offsets))
    total = sp.csr_array((n_words, n_words), dtype=np.int64)
    for d in range(1, 11):
        together = stretch[d:] == stretch[:-d]
        pairs = (tokens[d:][together], tokens[:-d][together])
        weights = np.full(int(together.sum()), 2520 // d, np.int64)  # 2520 = lcm(1, …, 10)
        total = total + sp.coo_array((weights, pairs), shape=(n_words, n_words)).tocsr()
    expected = (total + total.T).astype(np.float64)
    expected.data /= 2520
    found = count_cooccurrences(corpus, Window(10))
    assert found.nnz > 400_000
    assert found.nnz == expected.nnz
    assert (found != expected).nnz == 0


def test_a_matrix_of_given_arrays_is_what_scipy_makes_of_it():
    indptr = np.array([0, 2, 2, 3])
    indices, values = np.array([0, 3, 1], np.int32), np.array([1.0, 2.0, 3.0])
    matrix = rows.csr(values, indices, indptr, 4)
    assert matrix.toarray().tolist() == [[1, 0, 0, 2], [0, 0, 0, 0], [0, 3, 0, 0]]
    assert (matrix.indptr.dtype, matrix.indices.dtype) == (np.int32, np.int32)
    assert matrix.indices is indices
