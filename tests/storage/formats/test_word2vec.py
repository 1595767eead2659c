"""word2vec files: gensim as the other side, round trips, and damage."""

from __future__ import annotations

import gzip
import re

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from textrep.errors import FormatError
from textrep.storage import load_vectors
from textrep.storage.formats import files, lines, word2vec
from textrep.vectors import WordVectors

WORDS = ["the", "na\u00efve", "\u6771\u4eac", "don't", "</s>"]
READ = {"text": word2vec.read_text, "binary": word2vec.read_binary}
WRITE = {"text": word2vec.write_text, "binary": word2vec.write_binary}
KINDS = ["text", "binary"]


def vectors_of(words, dim=7, seed=0):
    generator = np.random.default_rng(seed)
    scale = 10.0 ** generator.integers(-9, 9, (len(words), dim))
    return WordVectors(words, generator.standard_normal((len(words), dim)) * scale)


def assert_same(found, expected):
    assert found.words == expected.words
    assert found.matrix.tobytes() == expected.matrix.tobytes()


@pytest.mark.parametrize("name", ["v", "v.gz"])
@pytest.mark.parametrize("kind", KINDS)
def test_round_trip_and_detection(tmp_path, kind, name):
    vectors = vectors_of(WORDS)
    WRITE[kind](vectors, tmp_path / name)
    assert_same(READ[kind](tmp_path / name), vectors)
    assert_same(load_vectors(tmp_path / name), vectors)
    packed = (tmp_path / name).read_bytes()[:2] == b"\x1f\x8b"
    assert packed == (name == "v.gz")


@pytest.mark.parametrize("kind", KINDS)
def test_gensim_reads_what_we_write(tmp_path, kind):
    keyed = pytest.importorskip("gensim.models").KeyedVectors
    vectors = vectors_of(WORDS)
    WRITE[kind](vectors, tmp_path / "v")
    found = keyed.load_word2vec_format(str(tmp_path / "v"), binary=kind == "binary")
    assert found.index_to_key == WORDS
    assert found.vectors.tobytes() == vectors.matrix.tobytes()


@pytest.mark.parametrize(("kind", "header"), [("text", True), ("text", False), ("binary", True)])
def test_we_read_what_gensim_writes(tmp_path, kind, header):
    keyed = pytest.importorskip("gensim.models").KeyedVectors
    vectors = vectors_of(WORDS)
    other = keyed(vectors.dim)
    other.add_vectors(WORDS, vectors.matrix)
    other.save_word2vec_format(
        str(tmp_path / "v"), binary=kind == "binary", write_header=header, sort_attr="none"
    )
    assert_same(load_vectors(tmp_path / "v"), vectors)


def test_binary_is_word2vecs_byte_for_byte(tmp_path):
    word2vec.write_binary(WordVectors(["a", "bc"], [[1, -2], [0.5, 0]]), tmp_path / "v")
    expected = b"2 2\na " + np.array([1, -2], "<f4").tobytes()
    expected += b"\nbc " + np.array([0.5, 0], "<f4").tobytes() + b"\n"
    assert (tmp_path / "v").read_bytes() == expected


def test_text_is_short_and_plain(tmp_path):
    word2vec.write_text(WordVectors(["a", "b c"], [[0.1, -2], [1e-7, 1e20]]), tmp_path / "v")
    assert (tmp_path / "v").read_bytes() == b"2 2\na 0.1 -2.0\nb c 1e-07 1e+20\n"
    word2vec.write_text(WordVectors(["a"], [[0.1, -2]]), tmp_path / "v", header=False)
    assert (tmp_path / "v").read_bytes() == b"a 0.1 -2.0\n"


@pytest.mark.parametrize(
    "content",
    [
        b"2 2\nnew york 1 2 \nb 0.5 -3e2 \n",  # word2vec.c and fastText end lines with a space
        b"2 2\r\nnew york 1 2\r\nb 0.5 -3e2\r\n",
        b"new york 1 2\nb 0.5 -3e2",  # GloVe: no header; no last line feed
        b"2 2\nnew york\t1\t2\nb\t.5\t-300.\n",
        b"2 2\nnew york 1.00000000000000000000000001 2\nb 0.5 -3e2\n",
    ],
)
def test_the_dialects_of_text(tmp_path, content):
    (tmp_path / "v").write_bytes(content)
    vectors = load_vectors(tmp_path / "v")
    assert vectors.words == ["new york", "b"]
    assert vectors.matrix.tolist() == [[1, 2], [0.5, -300]]


def test_headerless_files_larger_than_a_block(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "BLOCK_BYTES", 100)
    monkeypatch.setattr(word2vec, "BLOCK_VALUES", 20)
    vectors = vectors_of([f"w{i}" for i in range(50)])
    for header in (True, False):
        word2vec.write_text(vectors, tmp_path / "v", header=header)
        assert_same(word2vec.read_text(tmp_path / "v"), vectors)


def test_binary_files_larger_than_a_block(tmp_path, monkeypatch):
    monkeypatch.setattr(word2vec, "BLOCK_BYTES", 50)
    vectors = vectors_of([f"w{i}" for i in range(50)])
    word2vec.write_binary(vectors, tmp_path / "v")
    assert_same(word2vec.read_binary(tmp_path / "v"), vectors)


TEXT_WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\n"), min_size=1, max_size=8
)
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


@settings(max_examples=100, deadline=None)
@given(
    words=st.lists(
        TEXT_WORDS.filter(lambda word: not re.search(r"[ \t\r].*\.", word)),
        min_size=1,
        max_size=6,
        unique=True,
    ),
    values=st.lists(FLOATS, min_size=18, max_size=18),
    header=st.booleans(),
)
@example(words=[" ", "a ", "\r", "\t", "a\x0b5"], values=[0.1] * 18, header=True)
@example(words=["a\x0b5", "b 5"], values=[0.1] * 18, header=False)
def test_any_words_and_values_round_trip_as_text(tmp_path_factory, words, values, header):
    # Without a header the first line tells the dimension, so its word must not end in a number.
    assume(header or not re.search(r"[ \t\r]", words[0]))
    path = tmp_path_factory.mktemp("text") / "v"
    vectors = WordVectors(words, np.array(values, np.float32).reshape(6, 3)[: len(words)])
    word2vec.write_text(vectors, path, header=header)
    assert_same(word2vec.read_text(path), vectors)


@settings(max_examples=100, deadline=None)
@given(
    words=st.lists(
        TEXT_WORDS.filter(lambda word: " " not in word), min_size=1, max_size=6, unique=True
    ),
    values=st.lists(FLOATS, min_size=18, max_size=18),
)
def test_any_words_and_values_round_trip_as_binary(tmp_path_factory, words, values):
    path = tmp_path_factory.mktemp("binary") / "v"
    vectors = WordVectors(words, np.array(values, np.float32).reshape(6, 3)[: len(words)])
    word2vec.write_binary(vectors, path)
    assert_same(word2vec.read_binary(path), vectors)


@pytest.mark.parametrize(
    ("kind", "word", "message"),
    [
        ("text", "a\nb", "line break"),
        ("binary", "a\nb", "line break"),
        ("text", "", "it is empty"),
        ("binary", "", "it is empty"),
        ("binary", "new york", "holds no space. Write text instead"),
        ("text", "\ud800", "no Unicode text"),
        ("text", "version 2.0", "its end would be read as a value"),
    ],
)
def test_words_that_cannot_be_read_back_are_refused(tmp_path, kind, word, message):
    with pytest.raises(FormatError, match=message):
        WRITE[kind](WordVectors(["ok", word], np.ones((2, 2))), tmp_path / "v")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_sparse_vectors_are_refused(tmp_path, kind):
    with pytest.raises(FormatError, match="it is sparse"):
        WRITE[kind](WordVectors(["a"], sp.csr_array(np.eye(1))), tmp_path / "v")


BROKEN_TEXT = {
    "too few": (b"2 3\na 1 2 3\nb 1 2\n", "line 3: expected a word and 3 values, found 2 values"),
    "too many": (b"2 2\na 1 2\nb 0.5 1 2\n", "line 3: expected a word and 2 values, found more"),
    "no number": (b"2 3\na 1 x 3\nb 1 2 3\n", "line 2: expected 3 finite numbers .* found 'x'"),
    "nan": (b"2 2\na 1 2\nb nan 2\n", "line 3: expected 2 finite numbers .* found 'nan'"),
    "too large": (b"2 2\na 1 2\nb 1e39 2\n", "line 3: the vector of 'b' holds NaN or infinity"),
    "blank line": (b"2 2\na 1 2\n\nb 1 2\n", "line 3: expected a word and 2 values, found 0"),
    "no word": (b"2 2\na 1 2\n 1 2\n", "line 3: there is no word"),
    "repeated": (b"3 1\na 1\nb 1\na 2\n", "line 4: 'a' occurs twice"),
    "bad UTF-8": (b"2 1\na 1\n\xff 1\n", r"line 3: the word b'\\xff' is not UTF-8"),
    "fewer words": (b"3 1\na 1\nb 1\n", "line 1 says 3 words, 2 follow"),
    "more words": (b"1 1\na 1\nb 1\n", "line 1 says 1 words, 2 follow"),
    "no words": (b"0 3\n", "line 1: 0 words of 3 values"),
    "huge header": (b"999999999999 300\na 1\n", "for which the file is too small"),
    "lying header": (b"3 2\na 1 2 3 4\nb 1\n", "line 3: expected a word and 2 values, found 1"),
    "cut line": (b"2 3\na 1 2 3\nb 1 2 ", "line 3: expected a word and 3 values, found 2 values"),
    "later line": (b"a 1 2\nb 1 2\nc 1\n", "line 3: expected a word and 2 values, found 1"),
}


@pytest.mark.parametrize("case", BROKEN_TEXT)
def test_broken_text_is_one_clear_line(tmp_path, case):
    content, message = BROKEN_TEXT[case]
    (tmp_path / "v").write_bytes(content)
    for read in (word2vec.read_text, load_vectors):
        with pytest.raises(FormatError, match=message) as caught:
            read(tmp_path / "v")
        assert str(tmp_path / "v") in str(caught.value)
        assert "\n" not in str(caught.value)


def one(word: bytes, *values: float) -> bytes:
    return word + b" " + np.array(values, "<f4").tobytes() + b"\n"


BROKEN_BINARY = {
    "cut": (b"2 2\n" + one(b"a", 1, 2) + one(b"b", 1, 2)[:-3], "word 2: the file is cut"),
    "cut word": (b"2 3\n" + one(b"a", 1, 2, 3) + b"bcdefghijklm", "word 2: the file is cut"),
    "fewer words": (b"3 1\n" + one(b"a", 1) + one(b"b", 1), "word 3: the file is cut"),
    "more words": (b"1 1\n" + one(b"a", 1) + one(b"b", 1), "more follows than the 1 words"),
    "huge header": (b"99999999999 9\n" + one(b"a", 1), "for which the file is too small"),
    "not finite": (b"1 2\n" + one(b"a", 1, np.nan), "word 1: the vector of 'a' holds NaN"),
    "bad UTF-8": (b"1 1\n" + one(b"\xff", 1), "word 1: the word .* is not UTF-8"),
    "repeated": (b"2 1\n" + one(b"a", 1) * 2, "word 2: 'a' occurs twice"),
    "no word": (b"1 1\n" + one(b"", 1), "word 1: there is no word"),
}


@pytest.mark.parametrize("case", BROKEN_BINARY)
def test_broken_binary_is_one_clear_line(tmp_path, case):
    content, message = BROKEN_BINARY[case]
    (tmp_path / "v").write_bytes(content)
    with pytest.raises(FormatError, match=message) as caught:
        word2vec.read_binary(tmp_path / "v")
    assert "\n" not in str(caught.value)


def test_a_binary_file_without_a_space_is_given_up_early(tmp_path, monkeypatch):
    monkeypatch.setattr(word2vec, "LONGEST_WORD", 100)
    monkeypatch.setattr(word2vec, "BLOCK_BYTES", 64)
    (tmp_path / "v").write_bytes(b"1 1\n" + b"x" * 5000 + b" 1234")
    with pytest.raises(FormatError, match="word 1: the file is cut or damaged"):
        word2vec.read_binary(tmp_path / "v")


def test_a_cut_gzip_file_says_so(tmp_path):
    packed = gzip.compress(b"2 2\na 1 2\nb 1 2\n")
    for content in (packed[:-6], packed[:12] + b"\xff\xff" + packed[14:]):
        (tmp_path / "v.gz").write_bytes(content)
        with pytest.raises(FormatError, match="cut or damaged"):
            load_vectors(tmp_path / "v.gz")


def test_a_small_gzip_file_cannot_claim_more_than_it_can_unpack_to(tmp_path):
    (tmp_path / "v.gz").write_bytes(gzip.compress(b"99999999 300\na 1\n"))
    with pytest.raises(FormatError, match="too small"):
        load_vectors(tmp_path / "v.gz")


def test_a_well_packed_file_is_not_taken_for_a_cut_one(tmp_path):
    vectors = WordVectors([f"w{i}" for i in range(500)], np.zeros((500, 300)))
    for kind in KINDS:
        WRITE[kind](vectors, tmp_path / "v.gz")
        assert (tmp_path / "v.gz").stat().st_size < 500 * 300
        assert_same(READ[kind](tmp_path / "v.gz"), vectors)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"Dear reader,\nthis is a letter.\n", "is no vector file that textrep knows"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is no vector file that textrep knows"),
    ],
)
def test_files_that_are_no_vectors(tmp_path, content, message):
    (tmp_path / "v").write_bytes(content)
    with pytest.raises(FormatError, match=message):
        load_vectors(tmp_path / "v")


def test_a_missing_path_and_a_foreign_folder(tmp_path):
    with pytest.raises(FormatError, match="does not exist"):
        load_vectors(tmp_path / "nothing")
    with pytest.raises(FormatError, match=r"holds no config\.json"):
        load_vectors(tmp_path)
    with pytest.raises(FormatError, match="Cannot read"):
        word2vec.read_text(tmp_path)


def test_the_header_check_knows_gzips_limit():
    best = len(gzip.compress(bytes(10_000_000)))
    assert 10_000_000 / best < files.DEFLATE_LIMIT
