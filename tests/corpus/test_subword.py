"""Subword tokenizers: learnt the same way each time, nothing lost, read back from a file."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textrep.corpus.subword import SUBWORD_TOKENIZERS, SubwordTokenizer, train_subword
from textrep.corpus.tokenizers import text_tokenizer
from textrep.errors import CorpusError, InvalidParameterError, UnknownNameError

RNG = random.Random(7)
STEMS = ["".join(RNG.choices("bdfgklmnprstvz", k=2)) for _ in range(60)]
WORDS = [f"{a}a{b}{end}" for a in STEMS for b in STEMS[:9] for end in ("", "ing", "ed")]
TEXTS = [
    "The happy farm, isn't it? Zürich " + " ".join(RNG.choices(WORDS, k=8)) for _ in range(300)
]
kinds = pytest.mark.parametrize("kind", SUBWORD_TOKENIZERS)


def trained(kind: str, vocab_size: int = 300, *, lowercase: bool = True) -> SubwordTokenizer:
    return SubwordTokenizer(train_subword(kind, TEXTS, vocab_size, lowercase=lowercase), kind)


@pytest.mark.parametrize("kind", ["bpe", "wordpiece"])
def test_words_that_are_frequent_become_one_token(kind: str) -> None:
    (tokens,) = trained(kind).tokenize_lines(["The happy farm"])
    assert [token.lstrip("Ġ") for token in tokens] == ["the", "happy", "farm"]


@kinds
def test_texts_become_fewer_tokens_than_characters(kind: str) -> None:
    lines = trained(kind, 600).tokenize_lines(TEXTS)
    assert 1.5 * sum(map(len, lines)) < sum(map(len, TEXTS))


@kinds
def test_case_is_kept_on_request(kind: str) -> None:
    def spelt(tokenizer: SubwordTokenizer) -> str:
        (tokens,) = tokenizer.tokenize_lines(["The farm"])
        return re.sub("[Ġ▁#]", "", "".join(tokens))

    assert spelt(trained(kind)) == "thefarm"
    assert spelt(trained(kind, lowercase=False)) == "Thefarm"


@given(st.text(st.characters(min_codepoint=32, codec="utf-8"), max_size=40))
@settings(deadline=None)
def test_byte_pair_encoding_spells_every_text(text: str) -> None:
    (tokens,) = BPE.tokenize_lines([text])
    ids = [BPE.tokenizer.token_to_id(token) for token in tokens]
    assert BPE.tokenizer.decode(ids).split() == text.split()


BPE = trained("bpe", lowercase=False)


@pytest.mark.parametrize(("kind", "unknown"), [("unigram", "<unk>"), ("wordpiece", "[UNK]")])
def test_characters_that_were_not_learnt_are_unknown(kind: str, unknown: str) -> None:
    (tokens,) = trained(kind).tokenize_lines(["the 東"])
    # The unigram model spells the character, and gives it the number of the unknown token.
    assert tokens[-1] == {"unigram": "東", "wordpiece": unknown}[kind]
    (encoding,) = trained(kind).tokenizer.encode_batch(["the 東"])
    assert encoding.ids[-1] == trained(kind).tokenizer.token_to_id(unknown)


@kinds
def test_characters_that_were_learnt_are_never_unknown(kind: str) -> None:
    tokenizer = trained(kind)
    characters = "".join(sorted(set("".join(TEXTS).lower()) - set(" ,?'")))
    (tokens,) = tokenizer.tokenize_lines([characters + " " + characters[::-1]])
    assert all(tokenizer.tokenizer.token_to_id(token) is not None for token in tokens)
    assert not {"[UNK]", "<unk>"} & set(tokens)


SCRIPT = """
import hashlib, json, sys
from textrep.corpus.subword import train_subword
texts = json.load(sys.stdin)
text = train_subword(sys.argv[1], texts, 300).to_str(pretty=True)
print(hashlib.sha256(text.encode()).hexdigest())
"""


@pytest.mark.parametrize("kind", ["bpe", "wordpiece"])
def test_training_gives_the_same_in_every_process(kind: str) -> None:
    wanted = trained(kind).describe()["sha256"]
    for parallelism in ("false", "true"):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, kind],
            input=json.dumps(TEXTS),
            env={**os.environ, "TOKENIZERS_PARALLELISM": parallelism, "PYTHONHASHSEED": "random"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == wanted


@kinds
def test_a_saved_tokenizer_is_the_same(tmp_path: Path, kind: str) -> None:
    tokenizer = trained(kind)
    path = tmp_path / "tokenizer.json"
    tokenizer.save(path)
    read = SubwordTokenizer.from_file(path, kind)
    assert read.describe() == tokenizer.describe()
    assert read.tokenize_lines(TEXTS) == tokenizer.tokenize_lines(TEXTS)
    by_path = text_tokenizer(str(path))
    assert by_path.name == str(path)
    assert by_path.tokenize_lines(TEXTS) == tokenizer.tokenize_lines(TEXTS)


def test_wordpiece_has_one_special_token_only() -> None:
    saved = json.loads(trained("wordpiece").tokenizer.to_str())
    assert [token["content"] for token in saved["added_tokens"]] == ["[UNK]"]


def test_a_file_that_says_to_cut_cuts_nothing(tmp_path: Path) -> None:
    tokenizer = train_subword("bpe", TEXTS, 300)
    tokenizer.enable_truncation(3)
    tokenizer.enable_padding(length=50)
    path = tmp_path / "tokenizer.json"
    tokenizer.save(str(path))
    assert json.loads(path.read_text())["truncation"]
    (tokens,) = text_tokenizer(str(path)).tokenize_lines(["the " * 20])
    assert tokens == ["Ġthe"] * 20 + tokens[20:]
    assert len(tokens) < 50


@kinds
def test_the_vocabulary_has_the_size_asked_for(kind: str) -> None:
    assert trained(kind, 280).describe()["vocab_size"] == 280


@kinds
def test_a_vocabulary_that_is_too_small(kind: str) -> None:
    characters = len(set("".join(TEXTS).lower()) - {" "})
    least = {"bpe": 257, "unigram": characters + 2, "wordpiece": 2 * characters + 2}[kind]
    with pytest.raises(
        InvalidParameterError, match=rf"must be at least {least}, .* Got {least - 1} "
    ):
        trained(kind, least - 1)
    size = trained(kind, least).describe()["vocab_size"]
    assert size == least or (kind == "unigram" and least < size < 2 * least)


@kinds
@pytest.mark.parametrize("texts", [[], ["", " \n"]])
def test_nothing_to_learn_from(kind: str, texts: list[str]) -> None:
    with pytest.raises(CorpusError, match=rf"^There is no text to learn the {kind} tokenizer from"):
        train_subword(kind, texts, 300)


def test_texts_that_can_be_read_only_once() -> None:
    with pytest.raises(CorpusError, match="pass a list, not an iterator"):
        train_subword("bpe", iter(TEXTS), 300)


def test_an_unknown_kind() -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean 'wordpiece'\?"):
        train_subword("word-piece", TEXTS)
