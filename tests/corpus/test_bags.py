"""Texts as counts of words, by every kind of tokenizer."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import tokenizers as reference

from textrep.corpus import Corpus
from textrep.corpus.bags import TextReader
from textrep.corpus.subword import SubwordTokenizer, train_subword
from textrep.corpus.tokenizers import text_tokenizer
from textrep.errors import CorpusError, FormatError, UnknownNameError, UsageError

# Without control characters, which some readers drop before a tokenizer sees them.
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc"])
TEXT = st.text(LETTERS, max_size=30) | st.sampled_from(
    ["", " ", "\n", "a", "a a", "\u0301a", "Ünïcode", "a\x1fb\tc", "\r\n\r\n", "\u2028"]
)


def counters(bag):
    found = [Counter() for _ in range(bag.n_texts)]
    for text, place in zip(bag.texts.tolist(), bag.places.tolist(), strict=True):
        found[text][bag.words[place]] += 1
    return found


@settings(max_examples=50)
@given(st.lists(TEXT, max_size=6))
@pytest.mark.parametrize("name", ["simple", "text8", "whitespace"])
def test_compiled_tokenizers_by_their_rules(name, texts):
    rule = getattr(reference, name)
    assert counters(TextReader(name).bag(texts)) == [
        Counter(word for line in text.split("\n") for word in rule(line)) for text in texts
    ]


@settings(max_examples=20)
@given(st.lists(TEXT, max_size=4))
@pytest.mark.parametrize("name", ["char", "nltk:tweet", "nltk:treebank"])
def test_tokenizers_in_python_line_by_line(name, texts):
    tokenizer = text_tokenizer(name)
    assert counters(TextReader(name).bag(texts)) == [
        Counter(word for line in tokenizer.tokenize_lines(text.split("\n")) for word in line)
        for text in texts
    ]


@pytest.mark.parametrize("name", ["simple", "char"])
def test_the_words_are_those_of_a_corpus(name, tmp_path):
    texts = ["One two, THREE two.\nfour\n\nfive 6", "Ærø two \N{COMBINING ACUTE ACCENT}x"]
    corpus = Corpus.build(texts, tmp_path / "c", tokenizer=name, min_count=1)
    counts = Counter(dict(zip(corpus.vocabulary.words, corpus.vocabulary.counts, strict=True)))
    assert sum(counters(TextReader(name).bag(texts)), Counter()) == counts


def test_lone_surrogates_do_not_stop_it():
    for name in ("simple", "char"):
        assert TextReader(name).bag(["a \ud800 b"]).n_texts == 1


def test_counts_sum_words_of_one_column_and_leave_others_out():
    bag = TextReader().bag(["a b a c", "", "c d"])
    column = {"a": 1, "b": 1, "c": 0, "d": -1}
    counts = bag.counts(np.array([column[word] for word in bag.words]), 2)
    assert counts.toarray().tolist() == [[1, 3], [0, 0], [1, 0]]


def test_the_tokenizer_is_that_of_the_vectors():
    assert TextReader().name == "simple"
    assert TextReader(None, {"name": "text8"}).name == "text8"
    assert TextReader(None, {"name": "pretokenized"}).name == "whitespace"
    assert TextReader("char", {"name": "text8"}).name == "char"


@pytest.fixture
def subwords(tmp_path):
    """Two tokenizer.json files, learnt from different texts, and what describes the first."""
    trained = []
    for number, text in enumerate(["low lower lowest", "new newer newest"]):
        path = tmp_path / f"{number}.json"
        SubwordTokenizer(train_subword("bpe", [text] * 9, 270), "bpe").save(path)
        trained.append(path)
    return *trained, SubwordTokenizer.from_file(trained[0], "bpe").describe()


def test_subwords_are_cut_by_the_file_of_their_corpus(subwords):
    first, other, known = subwords
    bag = TextReader(first, known).bag(["lower low"])
    tokenizer = SubwordTokenizer.from_file(first)
    assert counters(bag) == [Counter(tokenizer.tokenize_lines(["lower low"])[0])]
    with pytest.raises(FormatError, match="is not the tokenizer that the vectors were trained"):
        TextReader(other, known)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("simpel",), UnknownNameError, "Did you mean 'simple'"),
        ((None, {"name": "bpe"}), UsageError, "name its file, tokenizer=CORPUS/tokenizer.json"),
        (("wordpiece",), UsageError, "name its file"),
        (("missing.json",), CorpusError, "Cannot read the tokenizer missing.json"),
    ],
)
def test_tokenizers_that_cannot_be_had(arguments, error, message):
    with pytest.raises(error, match=message):
        TextReader(*arguments)
