"""Tokenizers by name: what they make of text, and what they say of themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import tokenizers as reference

from textrep.corpus.tokenizers import (
    BYTE_TOKENIZERS,
    SUBWORD_TOKENIZERS,
    TOKENIZERS,
    describe_byte_tokenizer,
    text_tokenizer,
    tokenizer_kind,
)
from textrep.errors import CorpusError, UnknownNameError

TEXT_TOKENIZERS = ["char", "nltk:treebank", "nltk:tweet"]


def test_every_tokenizer_has_one_kind() -> None:
    kinds = {name: tokenizer_kind(name) for name in TOKENIZERS}
    assert {name for name in kinds if kinds[name] == "bytes"} == set(BYTE_TOKENIZERS)
    assert {name for name in kinds if kinds[name] == "subword"} == set(SUBWORD_TOKENIZERS)
    assert [name for name in kinds if kinds[name] == "text"] == TEXT_TOKENIZERS
    assert tokenizer_kind("some/tokenizer.json") == "text"


@pytest.mark.parametrize("name", ["simpel", "nltk:treebnak", "bp", ""])
def test_an_unknown_tokenizer(name: str) -> None:
    with pytest.raises(UnknownNameError, match=rf"^Unknown tokenizer '{name}'\..*tokenizer\.json"):
        tokenizer_kind(name)


def test_a_slip_is_corrected() -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean 'simple'\?"):
        tokenizer_kind("simpel")


@pytest.mark.parametrize("name", ["simple", "bpe", "nonsense"])
def test_only_text_tokenizers_are_made_from_a_name(name: str) -> None:
    with pytest.raises(UnknownNameError, match=rf"^Unknown text tokenizer '{name}'\."):
        text_tokenizer(name)


def test_characters() -> None:
    lines = ["ab é", "  a \t\u3000b ", "", " \x00\x1f ", "東京\x01x"]
    assert text_tokenizer("char").tokenize_lines(lines) == [
        ["a", "b", " ", "é"],
        [" ", "a", " ", "b", " "],
        [],
        [],
        ["東", "京", " ", "x"],
    ]


def test_treebank() -> None:
    lines = ["They don't know. It's Dr. Smith's (old) U.S. car, isn't it?", ""]
    assert text_tokenizer("nltk:treebank").tokenize_lines(lines) == [
        [
            "They",
            "do",
            "n't",
            "know",
            ".",
            "It",
            "'s",
            "Dr.",
            "Smith",
            "'s",
            "(",
            "old",
            ")",
            "U.S.",
            "car",
            ",",
            "is",
            "n't",
            "it",
            "?",
        ],
        [],
    ]


def test_treebank_parts_the_stop_of_every_sentence_in_a_line() -> None:
    (tokens,) = text_tokenizer("nltk:treebank").tokenize_lines(
        ["One came. Two left. Mr. X stayed."]
    )
    assert tokens == ["One", "came", ".", "Two", "left", ".", "Mr.", "X", "stayed", "."]


def test_tweets() -> None:
    lines = ["@ann so coool :-) #nlp http://a.b/c"]
    assert text_tokenizer("nltk:tweet").tokenize_lines(lines) == [
        ["@ann", "so", "coool", ":-)", "#nlp", "http://a.b/c"]
    ]


@pytest.mark.parametrize("name", TEXT_TOKENIZERS)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_tokens_can_be_joined_and_parted_again(name: str, lines: list[str]) -> None:
    found = text_tokenizer(name).tokenize_lines(lines)
    assert len(found) == len(lines)
    for tokens in found:
        assert all(tokens)
        assert not [token for token in tokens if "\n" in token or "\x1f" in token]
        joined = "\x1f".join(tokens)
        assert (joined.split("\x1f") if joined else []) == tokens


@pytest.mark.parametrize("name", TEXT_TOKENIZERS)
def test_lines_do_not_touch_one_another(name: str) -> None:
    lines = ["One two.", "", "Three (four", "five) six."]
    tokenizer = text_tokenizer(name)
    assert tokenizer.tokenize_lines(lines) == [tokenizer.tokenize_lines([x])[0] for x in lines]


def test_descriptions_fit_into_a_manifest() -> None:
    found = [text_tokenizer(name).describe() for name in TEXT_TOKENIZERS]
    found += [describe_byte_tokenizer(name) for name in BYTE_TOKENIZERS]
    assert [facts["name"] for facts in found] == [*TEXT_TOKENIZERS, *BYTE_TOKENIZERS]
    assert json.loads(json.dumps(found)) == found
    assert "nltk" in found[1]
    assert "unicode" in describe_byte_tokenizer("simple")


def test_a_file_that_is_missing_or_something_else(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"^Cannot read the tokenizer .*gone\.json: No such file"):
        text_tokenizer(str(tmp_path / "gone.json"))
    path = tmp_path / "tokenizer.json"
    for data in (b"{}", b"no json", b"\xff\xfe"):
        path.write_bytes(data)
        with pytest.raises(CorpusError, match=r"tokenizer\.json"):
            text_tokenizer(str(path))


@pytest.mark.parametrize(
    ("text", "simple", "text8", "whitespace"),
    [
        ("The Cat's 3rd.", "the cat s 3rd", "the cat s rd", "The Cat's 3rd."),
        ("Zürich\u00a0ÉTÉ", "zürich été", "z rich t", "Zürich ÉTÉ"),
        ("e\u0301t \u0301x İx", "e\u0301t x ix", "e t x x", "e\u0301t \u0301x İx"),
        ("½ Ⅷ x_y 東京", "½ ⅷ x y 東京", "x y", "½ Ⅷ x_y 東京"),
    ],
)
def test_the_reference_of_the_byte_tokenizers(
    text: str, simple: str, text8: str, whitespace: str
) -> None:
    assert reference.simple(text) == simple.split()
    assert reference.text8(text) == text8.split()
    assert reference.whitespace(text) == whitespace.split()
