"""fastText's files: the layout, gensim as the other side, round trips, and damage."""

from __future__ import annotations

import contextlib
import gzip
import logging
import re

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import subwords as oracle

from textrep.errors import FormatError, UnknownNameError
from textrep.storage import load_vectors
from textrep.storage.formats import fasttext
from textrep.storage.formats.fasttext import writer
from textrep.vectors import Subwords, SubwordVectors, WordVectors

WORDS = ["</s>", "walk", "walking", "na\u00efve", "\u6771\u4eac"]
COUNTS = [50, 40, 30, 20, 10]
DIM, BUCKETS = 6, 300


def vectors_of(words=WORDS, sizes=(2, 4, BUCKETS), dim=DIM):
    subwords = Subwords(*sizes)
    generator = np.random.default_rng(0)
    rows = generator.standard_normal((subwords.rows(words).n_rows, dim))
    return SubwordVectors.from_input(words, subwords, rows, counts=range(len(words), 0, -1))


def outputs(n_words=5):
    return np.random.default_rng(1).standard_normal((n_words, DIM)).astype(np.float32)


def file_of(words=WORDS, counts=COUNTS, **changes):
    """A file as fastText writes it: every bucket has a row."""
    rows = np.random.default_rng(2).standard_normal((len(words) + BUCKETS, DIM))
    settings = {"dim": DIM, "min_n": 2, "max_n": 4, "n_buckets": BUCKETS}
    return oracle.fasttext_file(words, counts, rows, outputs(len(words)), **settings | changes)


def assert_same(found, expected):
    """The same but for buckets without a row, which have rows of zeros in a file."""
    assert type(found) is type(expected)
    assert found.words == expected.words
    assert found.matrix.tobytes() == expected.matrix.tobytes()
    if isinstance(expected, SubwordVectors):
        assert found.subwords == expected.subwords
        rows = np.zeros((len(expected) + expected.subwords.buckets, expected.dim))
        used = [*range(len(expected)), *(len(expected) + expected.bucket_ids)]
        rows[used] = expected.input_vectors
        np.testing.assert_array_equal(found.input_vectors, rows)


def test_a_file_as_fasttext_writes_it(tmp_path):
    (tmp_path / "m.bin").write_bytes(file_of())
    model = fasttext.read_fasttext(tmp_path / "m.bin")
    vectors = model.vectors
    assert vectors.words == WORDS
    assert vectors.counts.tolist() == COUNTS
    assert vectors.bucket_ids.tolist() == list(range(BUCKETS))
    np.testing.assert_array_equal(model.output, outputs())
    assert model.parameters == {
        "window": 5, "epochs": 5, "min_count": 1, "negative": 5, "subsample": 1e-4,
        "architecture": "skipgram", "objective": "negative-sampling",
    }  # fmt: skip
    for word in [*WORDS, "walked"]:
        rows = [WORDS.index(word)] if word in WORDS else []
        rows += [len(WORDS) + b for b in oracle.buckets(word, 2, 4, BUCKETS)]
        mean = vectors.input_vectors[rows].astype(np.float64).mean(0)
        np.testing.assert_allclose(vectors[word], mean, atol=1e-6)


def test_the_file_is_mapped_not_read(tmp_path):
    (tmp_path / "m.bin").write_bytes(file_of())
    model = fasttext.read_fasttext(tmp_path / "m.bin")
    for array in (model.vectors.input_vectors, model.output):
        assert not array.flags.owndata
        assert not array.flags.writeable


def test_a_shortest_ngram_of_no_characters_is_one_of_one(tmp_path):
    (tmp_path / "zero.bin").write_bytes(file_of(min_n=0))
    (tmp_path / "one.bin").write_bytes(file_of(min_n=1))
    assert_same(load_vectors(tmp_path / "zero.bin"), load_vectors(tmp_path / "one.bin"))


def test_a_file_without_ngrams_may_have_buckets(tmp_path):
    (tmp_path / "m.bin").write_bytes(file_of(min_n=0, max_n=0))
    vectors = load_vectors(tmp_path / "m.bin")
    assert type(vectors) is WordVectors
    rows = np.random.default_rng(2).standard_normal((len(WORDS) + BUCKETS, DIM))
    np.testing.assert_array_equal(vectors.matrix, rows[: len(WORDS)].astype(np.float32))


def test_what_is_written_is_the_layout(tmp_path):
    vectors = vectors_of()
    parameters = {"objective": "hierarchical-softmax", "architecture": "cbow", "dim": 99}
    fasttext.write_fasttext(vectors, tmp_path / "m.bin", outputs(), parameters)
    rows = np.zeros((len(WORDS) + BUCKETS, DIM))
    rows[: len(WORDS)] = vectors.input_vectors[: len(WORDS)]
    rows[len(WORDS) + vectors.bucket_ids] = vectors.input_vectors[len(WORDS) :]
    expected = oracle.fasttext_file(
        WORDS, [5, 4, 3, 2, 1], rows, outputs(), dim=DIM, min_n=2, max_n=4, n_buckets=BUCKETS,
        loss=1, model=1,
    )  # fmt: skip
    assert (tmp_path / "m.bin").read_bytes() == expected


@pytest.mark.parametrize("name", ["m.bin", "m.bin.gz"])
@pytest.mark.parametrize("with_ngrams", [True, False])
def test_round_trip_and_detection(tmp_path, monkeypatch, name, with_ngrams):
    monkeypatch.setattr(writer, "BLOCK_VALUES", 7 * DIM)
    vectors = vectors_of()
    if not with_ngrams:
        vectors = WordVectors(WORDS, vectors.matrix)
    parameters = {"window": 3, "epochs": 9, "min_count": 2, "negative": 7, "subsample": 0.5}
    parameters |= {"architecture": "cbow", "objective": "softmax"}
    fasttext.write_fasttext(vectors, tmp_path / name, outputs(), parameters)
    model = fasttext.read_fasttext(tmp_path / name)
    assert_same(model.vectors, vectors)
    assert_same(load_vectors(tmp_path / name), vectors)
    assert model.parameters == parameters
    np.testing.assert_array_equal(model.output, outputs())


def test_unseen_words_have_the_same_direction_after_a_round_trip(tmp_path):
    vectors = vectors_of()
    fasttext.write_fasttext(vectors, tmp_path / "m.bin")
    found = load_vectors(tmp_path / "m.bin")
    n_ngrams = len(oracle.ngrams("walked", 2, 4))
    n_known = sum(b in vectors.bucket_ids for b in oracle.buckets("walked", 2, 4, BUCKETS))
    assert 0 < n_known < n_ngrams
    scaled = vectors["walked"] * (n_known / n_ngrams)
    np.testing.assert_allclose(found["walked"], scaled, atol=1e-6)
    with pytest.raises(UnknownNameError, match=r"'\$'"):
        vectors["$"]
    assert found["$"].tolist() == [0] * DIM


@pytest.mark.parametrize("with_ngrams", [True, False])
def test_gensim_reads_what_we_write(tmp_path, with_ngrams):
    gensim = pytest.importorskip("gensim.models.fasttext")
    words = WORDS[1:]  # gensim gives </s> n-grams, fastText gives it none
    vectors = vectors_of(words)
    if not with_ngrams:
        vectors = WordVectors(words, vectors.matrix, vectors.counts)
    fasttext.write_fasttext(vectors, tmp_path / "m.bin", outputs(4))
    model = gensim.load_facebook_model(str(tmp_path / "m.bin"))
    assert model.wv.index_to_key == words
    np.testing.assert_allclose(model.wv.vectors, vectors.matrix, atol=1e-6)
    np.testing.assert_array_equal(model.syn1neg, outputs(4))
    if with_ngrams:
        ours, theirs = vectors["walked"], model.wv["walked"]
        cosine = ours @ theirs / np.linalg.norm(ours) / np.linalg.norm(theirs)
        assert cosine == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("arguments", [{"sg": 1}, {"sg": 0, "hs": 1, "negative": 0, "window": 3}])
def test_we_read_what_gensim_writes_and_write_it_again(tmp_path, arguments):
    gensim = pytest.importorskip("gensim.models.fasttext")
    sentences = [["walk", "walking", "na\u00efve"], ["\u6771\u4eac", "walk", "talks"]] * 5
    model = gensim.FastText(
        sentences, vector_size=DIM, min_count=1, bucket=BUCKETS, min_n=2, max_n=4, workers=1,
        epochs=5, sample=1e-4, **arguments,
    )  # fmt: skip
    gensim.save_facebook_model(model, str(tmp_path / "m.bin"))
    found = fasttext.read_fasttext(tmp_path / "m.bin")
    assert found.vectors.words == model.wv.index_to_key
    asked = [*model.wv.index_to_key, "walked", "tokyo"]
    np.testing.assert_allclose(found.vectors[asked], model.wv[asked], atol=1e-6)
    np.testing.assert_array_equal(found.output, model.syn1 if model.hs else model.syn1neg)
    fasttext.write_fasttext(found.vectors, tmp_path / "w.bin", found.output, found.parameters)
    ours, theirs = (tmp_path / "w.bin").read_bytes(), (tmp_path / "m.bin").read_bytes()
    # gensim writes the tokens read, fastText and we the sum of the counts: the same here.
    assert ours == theirs


def test_bytes_that_are_no_utf8_are_escaped(tmp_path, caplog):
    (tmp_path / "m.bin").write_bytes(file_of([b"walk", b"caf\xc3", b"x\xff\xc3\xa9"], [3, 2, 1]))
    with caplog.at_level(logging.WARNING, "textrep"):
        vectors = load_vectors(tmp_path / "m.bin")
    assert vectors.words == ["walk", r"caf\xc3", r"x\xff" + "\u00e9"]
    assert "2 words are not UTF-8" in caplog.text
    cuts = [b"<c", b"<ca", b"<caf", b"ca", b"caf", b"caf\xc3", b"af", b"af\xc3", b"af\xc3>"]
    cuts += [b"f\xc3", b"f\xc3>", b"\xc3>"]
    rows = [1, *(3 + oracle.fnv1a(cut) % BUCKETS for cut in cuts)]
    mean = vectors.input_vectors[rows].astype(np.float64).mean(0)
    np.testing.assert_allclose(vectors.matrix[1], mean, atol=1e-6)


@settings(max_examples=50)
@given(
    words=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
        min_size=1,
        max_size=5,
        unique=True,
    ),
    min_n=st.integers(1, 5),
    more=st.integers(0, 3),
)
def test_any_words_round_trip(tmp_path_factory, words, min_n, more):
    path = tmp_path_factory.mktemp("fasttext") / "m.bin"
    vectors = vectors_of(words, (min_n, min_n + more, 50), 2)
    fasttext.write_fasttext(vectors, path)
    assert_same(load_vectors(path), vectors)


def test_every_cut_is_one_clear_line(tmp_path):
    whole = oracle.fasttext_file(
        ["a", "bc"], [2, 1], np.ones((5, 2)), np.ones((2, 2)), dim=2, min_n=1, max_n=2, n_buckets=3
    )
    path = tmp_path / "m.bin"
    path.write_bytes(whole)
    assert fasttext.read_fasttext(path).vectors.words == ["a", "bc"]
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(FormatError, match=r"is cut|no fastText|damaged") as caught:
            fasttext.read_fasttext(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


@settings(max_examples=300)
@given(at=st.integers(0, 130), byte=st.integers(0, 255))
def test_a_changed_byte_is_an_error_or_other_vectors(tmp_path_factory, at, byte):
    content = bytearray(
        oracle.fasttext_file(
            ["a", "bc"], [2, 1], np.ones((5, 2)), np.ones((2, 2)),
            dim=2, min_n=1, max_n=2, n_buckets=3,
        )
    )  # fmt: skip
    content[at] = byte
    path = tmp_path_factory.mktemp("changed") / "m.bin"
    path.write_bytes(content)
    found = ["neither", "error"]
    with contextlib.suppress(FormatError):
        found = fasttext.read_fasttext(path).vectors
    assert len(found) == 2


BROKEN = {
    "classifier": (file_of(model=3), "is a fastText classifier"),
    "labels": (file_of(labels=1), "is a fastText classifier or is damaged: 4 words, 1 labels"),
    "pruned": (file_of(pruned=2), "2 pruned n-grams"),
    "quantized": (file_of(quantized=True), r"is quantized \(.ftz\)"),
    "later": (file_of(version=13), "version 13 of fastText's format; textrep reads 11 and 12"),
    "longer": (file_of() + b"x", "1 bytes follow its last matrix"),
    "other dim": (file_of(dim=7), r"input matrix has shape \[305, 6\], .* needs \[305, 7\]"),
    "no dim": (file_of(dim=0), "says 0 columns"),
    "no words": (file_of([], []), "holds no words"),
    "twice": (file_of(["a", "b", "a"], [3, 2, 1]), "word 3: 'a' occurs twice"),
    "negative count": (file_of(["a", "b"], [3, -1]), "word 2 of its dictionary is none"),
    "many buckets": (file_of(n_buckets=2**31 - 1), "needs"),
    "long n-grams": (file_of(max_n=1000), "max_n parameter of Subwords"),
    "nothing": (b"", "is cut"),
    "text": (b"2 2\na 1 2\nb 1 2\n", "no fastText model"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_other_kinds_and_damage_are_one_clear_line(tmp_path, case):
    content, message = BROKEN[case]
    (tmp_path / "m.bin").write_bytes(content)
    with pytest.raises(FormatError, match=message) as caught:
        fasttext.read_fasttext(tmp_path / "m.bin")
    assert "\n" not in str(caught.value)
    assert "m.bin" in str(caught.value)


def test_values_that_are_not_finite(tmp_path):
    for place, message in ((1, "'walk'"), (len(WORDS) + 7, "NaN or infinity")):
        rows = np.ones((len(WORDS) + BUCKETS, DIM))
        rows[place, 3] = np.nan
        arguments = {"dim": DIM, "min_n": 2, "max_n": 4, "n_buckets": BUCKETS}
        content = oracle.fasttext_file(WORDS, COUNTS, rows, outputs(), **arguments)
        (tmp_path / "m.bin").write_bytes(content)
        with pytest.raises(FormatError, match=f"is damaged.*{message}"):
            load_vectors(tmp_path / "m.bin")


def test_sizes_are_checked_before_memory_is_taken(tmp_path):
    content = bytearray(file_of())
    at = content.index(np.array([len(WORDS), len(WORDS), 0], "<i4").tobytes())
    content[at : at + 8] = np.array([2**31 - 1, 2**31 - 1], "<i4").tobytes()
    (tmp_path / "m.bin").write_bytes(content)
    with pytest.raises(FormatError, match=r"dictionary of 2147483647 words takes 2\d+ bytes"):
        load_vectors(tmp_path / "m.bin")


def test_a_cut_packed_file(tmp_path):
    (tmp_path / "m.bin").write_bytes(gzip.compress(file_of())[:-9])
    with pytest.raises(FormatError, match="gzip data ends too soon"):
        load_vectors(tmp_path / "m.bin")


@pytest.mark.parametrize(
    ("word", "message"), [("", "empty"), ("a\0b", "zero byte"), ("\ud800", "no Unicode text")]
)
def test_words_that_cannot_be_written(tmp_path, word, message):
    with pytest.raises(FormatError, match=re.escape(f"the word {word!r}: it ")) as caught:
        fasttext.write_fasttext(WordVectors(["ok", word], np.eye(2)), tmp_path / "m.bin")
    assert message in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_vectors_that_cannot_be_written(tmp_path):
    with pytest.raises(FormatError, match="it is sparse"):
        fasttext.write_fasttext(WordVectors(["a"], sp.csr_array(np.eye(1))), tmp_path / "m")
    with pytest.raises(FormatError, match=r"output vectors of shape \[2, 6\] with 5 words"):
        fasttext.write_fasttext(vectors_of(), tmp_path / "m", outputs(2))
