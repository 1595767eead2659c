"""N-grams and their buckets: the oracle, gensim, and the table of rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reference import subwords as oracle

from textrep.errors import InvalidParameterError
from textrep.vectors import Subwords
from textrep.vectors.subwords import encoded, means

WORDS = ["the", "na\u00efve", "\u6771\u4eac", "don't", "</s>", "banana", "\U0001f4a5x", "a", ""]
ANY_WORDS = st.lists(st.text(st.characters(), max_size=12), max_size=6)


@settings(max_examples=150)
@given(words=ANY_WORDS, low=st.integers(1, 7), more=st.integers(0, 6), buckets=st.integers(1, 4000))
@example(words=WORDS, low=1, more=5, buckets=2_000_000)
@example(words=["\ud800x", "</s>", "\x7f\x80"], low=1, more=2, buckets=100_000_000)
def test_any_words_have_the_oracles_ngrams_and_buckets(words, low, more, buckets):
    subwords = Subwords(low, low + more, buckets)
    found, begins = subwords.hashed(encoded(words))
    assert begins[-1] == len(found)
    for word, begin, end in zip(words, begins, begins[1:], strict=False):
        assert subwords.ngrams(word) == oracle.ngrams(word, low, low + more)
        assert found[begin:end].tolist() == oracle.buckets(word, low, low + more, buckets)


@settings(max_examples=150)
@given(word=st.text(max_size=15).filter(lambda word: word != "</s>"), low=st.integers(1, 6))
@example(word="\u00e9\u00ff\u0800\U0010ffff", low=1)
def test_gensim_hashes_the_same(word, low):
    fasttext = pytest.importorskip("gensim.models.fasttext_inner")
    expected = [
        fasttext.ft_hash_bytes(ngram) % 2_000_000
        for ngram in fasttext.compute_ngrams_bytes(word, low, 6)
    ]
    assert Subwords(low, 6).hashed(encoded([word]))[0].tolist() == expected


def test_known_values_of_the_hash():
    # FNV-1a of 32 bits: "a" is e40c292c; a byte above 127 flips the high bits as well.
    assert oracle.fnv1a(b"a") == 0xE40C292C
    assert oracle.fnv1a(b"foobar") == 0xBF9CF968
    plain = (2166136261 ^ 0xC3) * 16777619 % 2**32
    assert oracle.fnv1a(b"\xc3") != plain


def test_bytes_that_are_no_utf8_are_cut_like_characters():
    fasttext = Subwords(2, 3, 1000)
    found, begins = fasttext.hashed([b"a\xff\xbf\xbf\xbf\xbfb", b"\xbf"])
    cuts = [b"<a", b"<a\xff\xbf\xbf\xbf\xbf", b"a\xff\xbf\xbf\xbf\xbf"]
    cuts += [b"a\xff\xbf\xbf\xbf\xbfb", b"\xff\xbf\xbf\xbf\xbfb", b"\xff\xbf\xbf\xbf\xbfb>", b"b>"]
    assert found[: begins[1]].tolist() == [oracle.fnv1a(cut) % 1000 for cut in cuts]
    assert found[begins[1] :].tolist() == [oracle.fnv1a(b"<\xbf>") % 1000]


@pytest.mark.parametrize("buckets", [5, 300, 2_000_000])
def test_only_used_buckets_have_rows(buckets):
    subwords = Subwords(3, 5, buckets)
    table = subwords.rows(WORDS)
    hashed = [oracle.buckets(word, 3, 5, buckets) for word in WORDS]
    assert table.bucket_ids.tolist() == sorted({b for row in hashed for b in row})
    assert table.bucket_ids.dtype == table.parts.dtype == np.int32
    assert table.offsets.dtype == np.int64
    assert table.n_rows == len(WORDS) + len(table.bucket_ids)
    for number, row in enumerate(hashed):
        own, *others = table.parts[table.offsets[number] : table.offsets[number + 1]].tolist()
        assert own == number
        assert [table.bucket_ids[other - len(WORDS)] for other in others] == row


def test_no_words_and_words_without_ngrams():
    for words in ([], ["a", "</s>"]):
        table = Subwords(4, 4).rows(words)
        assert table.offsets.tolist() == list(range(len(words) + 1))
        assert table.parts.tolist() == list(range(len(words)))
        assert len(table.bucket_ids) == 0


def test_an_ngram_that_occurs_twice_counts_twice():
    assert Subwords(3, 3).ngrams("banana") == ["<ba", "ban", "ana", "nan", "ana", "na>"]
    table = Subwords(3, 3).rows(["banana"])
    assert len(table.parts) == 7
    assert len(table.bucket_ids) == 5


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_means_are_those_of_the_oracle_for_any_number_of_threads(n_jobs, monkeypatch):
    monkeypatch.setattr("textrep.vectors.subwords.WORDS_A_SPAN", 2)
    table = Subwords(2, 4, 50).rows(WORDS)
    rows = np.random.default_rng(0).standard_normal((table.n_rows, 7)).astype(np.float32)
    expected = oracle.vectors(WORDS, WORDS, rows, 2, 4, 50)
    found = means(rows, table.offsets, table.parts, n_jobs)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6)
    empty = means(rows, np.array([0, 0, 1]), np.array([3], np.int32))
    np.testing.assert_array_equal(empty, [np.zeros(7), rows[3]])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 3, 10), "The min_n parameter of Subwords must be an integer from 1 to 100"),
        ((1, 101, 10), "The max_n parameter"),
        ((1, 2.5, 10), "The max_n parameter"),
        ((4, 3, 10), r"max_n parameter of Subwords must be at least min_n \(4\)"),
        ((3, 6, 0), "The buckets parameter"),
        ((3, 6, 10**9), "The buckets parameter"),
    ],
)
def test_parameters_out_of_range(arguments, message):
    with pytest.raises(InvalidParameterError, match=message):
        Subwords(*arguments)
