"""Builds against plain Python: the same text, for any blocks, tables and number of workers."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reference import tokenizers as reference
from reference.corpus import contents, count, join_phrases, parse, prune, vocabulary

from textrep.corpus import Corpus
from textrep.corpus.readers.blocks import batch_documents, cut_blocks
from textrep.corpus.words import WordTable
from textrep.errors import CorpusError, UsageError, VocabularyError


@pytest.fixture(autouse=True, scope="module")
def temporary_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what the tests build where pytest cleans up; examples have no fixtures of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("builds")))
        yield


@contextmanager
def tiny(limit: int = 16) -> Iterator[None]:
    """Blocks of a few bytes, and word tables that must grow at once."""
    with pytest.MonkeyPatch.context() as patch:
        for cut in (cut_blocks, batch_documents):
            patch.setitem(cut.__kwdefaults__, "limit", limit)
        patch.setattr("textrep.corpus.encoder.WordTable", partial(WordTable, 1))
        yield


def plain(data: bytes) -> str:
    return data.replace(b"\r\n", b"\n").decode("utf-8", "replace")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def adds_up(corpus: Corpus) -> None:
    manifest = corpus.manifest
    dropped = sum(rule["tokens"] for rule in manifest.dropped.values())
    assert manifest.read["tokens"] == corpus.n_tokens + dropped + manifest.joined
    assert corpus.n_tokens == manifest.kept["tokens"] == corpus.vocabulary.counts.sum()
    corpus.verify()


def build_bytes(data: bytes, n_jobs: int = 1, **options: Any) -> tuple[Corpus, dict[str, bytes]]:
    """Build from a file of these bytes; the corpus is opened, and its files read."""
    folder = Path(tempfile.mkdtemp())
    (folder / "text").write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # so that the manifest names the same file each time
        corpus = Corpus.build("text", folder / "corpus", n_jobs=n_jobs, **options)
    return corpus, files_of(folder / "corpus")


LINES = st.text("aabcde    ABé\u0301ß日\U00010400\x1f\x08.\t", max_size=30) | st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=12
)
BREAKS = st.sampled_from(["\n", "\n", "\r\n", "\n\n", "\n \n", "\r"])
TEXTS = st.lists(st.tuples(LINES, BREAKS), max_size=12).map(
    lambda rows: "a word\n" + "".join(line + end for line, end in rows)
)
BROKEN = st.tuples(TEXTS.map(str.encode), st.binary(max_size=12), TEXTS.map(str.encode)).map(
    b" ".join
)


@settings(max_examples=60)
@given(TEXTS, st.sampled_from(["simple", "text8", "whitespace"]), st.sampled_from(["line", "none"]),
       st.integers(4, 60))  # fmt: skip
@example("a word\n" * 30, "simple", "line", 5)
@example("one      \ntwo\n", "simple", "line", 5)  # a block of white space that ends a line
def test_a_text_becomes_its_words(text: str, tokenizer: str, sentences: str, limit: int) -> None:
    rule = {
        "simple": reference.simple,
        "text8": reference.text8,
        "whitespace": lambda line: reference.whitespace(line.replace("\0", " ")),
    }[tokenizer]
    expected = parse(plain(text.encode()), rule, sentences)
    with tiny(limit):
        corpus, files = build_bytes(
            text.encode(), tokenizer=tokenizer, sentences=sentences, min_count=1
        )
        for n_jobs in (2, 3):
            _, others = build_bytes(
                text.encode(), n_jobs, tokenizer=tokenizer, sentences=sentences, min_count=1
            )
            assert others == files
    assert contents(corpus) == expected
    assert vocabulary(corpus) == prune(expected).vocabulary
    assert corpus.manifest.read == {
        "bytes": len(text.encode().replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf")),
        "invalid_utf8": 0,
        "tokens": sum(count(expected).values()),
        "types": len(count(expected)),
    }
    assert corpus.manifest.kept == {
        "documents": len(expected),
        "sentences": sum(map(len, expected)),
        "tokens": sum(count(expected).values()),
        "types": len(count(expected)),
    }
    assert set(files) == {
        "manifest.json", "vocabulary.tsv", "tokens.npy", "sentences.npy", "documents.npy"
    }  # fmt: skip
    adds_up(corpus)


WORDS = st.sampled_from(["a", "b", "c", "d", "e", "f"])
DOCUMENTS = st.lists(st.lists(st.lists(WORDS, max_size=6), max_size=4), min_size=1, max_size=8)
RULES = st.fixed_dictionaries(
    {},
    optional={
        "min_count": st.integers(1, 4),
        "max_size": st.integers(1, 6),
        "min_df": st.integers(0, 4) | st.sampled_from([0.0, 0.07, 1 / 3, 0.5, 1.0]),
        "max_df": st.integers(0, 4) | st.sampled_from([0.0, 0.07, 1 / 3, 0.5, 1.0]),
        "words": st.sets(WORDS),
        "stop_words": st.sets(WORDS),
    },
)


@settings(max_examples=150)
@given(DOCUMENTS, RULES, st.integers(1, 3))
@example([[["a", "b"]], [["a"]]], {"max_df": 1}, 1)
@example([[["a", "b"]], [["a"]]], {"min_df": 1.0}, 1)
@example([[["a", "a"]]], {"max_df": 0}, 1)
def test_pruning(documents: list[list[list[str]]], rules: dict[str, Any], n_jobs: int) -> None:
    text = "\n\n".join("\n".join(" ".join(s) for s in document if s) for document in documents)
    read = parse(text, reference.simple)
    rules.setdefault("min_count", 1)
    expected = prune(read, **rules)
    data = text.encode() or b"."
    with tiny():
        if not expected.vocabulary:
            with pytest.raises(VocabularyError):
                build_bytes(data, n_jobs, **rules)
            return
        corpus, _ = build_bytes(data, n_jobs, **rules)
    assert vocabulary(corpus) == expected.vocabulary
    assert contents(corpus) == expected.documents
    assert corpus.manifest.dropped == expected.dropped
    assert corpus.manifest.read["tokens"] == sum(count(read).values())
    adds_up(corpus)


def test_a_share_is_exact() -> None:
    """0.07 · 100 is above 7 in floating point, but 7 of 100 documents are a share of 0.07."""
    documents = ["a b"] * 7 + ["b"] * 93
    assert Corpus.build(documents, min_count=1, min_df=0.07).vocabulary.words == ["b", "a"]
    assert Corpus.build(documents, min_count=1, max_df=0.07).vocabulary.words == ["a"]


@settings(max_examples=80)
@given(
    DOCUMENTS,
    st.sampled_from(["word2vec", "npmi"]),
    st.sampled_from([-0.5, 0.0, 0.3, 1.0, 2.0]),
    st.integers(1, 2),
    st.integers(1, 3),
)
def test_phrases(
    documents: list[list[list[str]]], score: str, threshold: float, min_count: int, passes: int
) -> None:
    text = "\n\n".join("\n".join(" ".join(s) for s in document if s) for document in documents)
    if not text.strip():
        return
    read = parse(text, reference.whitespace)
    merged = join_phrases(read, score, threshold, min_count, passes)
    expected = prune(merged, min_count=min_count)
    if not expected.vocabulary:
        return
    corpus, _ = build_bytes(
        text.encode(), 2, tokenizer="whitespace", min_count=min_count,
        phrases=passes, phrase_score=score, phrase_threshold=threshold,
    )  # fmt: skip
    assert contents(corpus) == expected.documents
    assert vocabulary(corpus) == expected.vocabulary
    assert corpus.manifest.joined == sum(count(read).values()) - sum(count(merged).values())
    assert corpus.manifest.dropped == expected.dropped
    adds_up(corpus)


BY_HAND = ["new york is new"] * 4 + ["york is big"] * 2
"""22 words: new 8, york 6, is 6, big 2; pairs: york is 6, new york 4, is new 4, is big 2."""


@pytest.mark.parametrize(
    ("score", "pair", "value"),
    [
        ("word2vec", "york is", (6 - 2) * 22 / (6 * 6)),
        ("word2vec", "new york", (4 - 2) * 22 / (8 * 6)),
        ("npmi", "york is", log(6 * 22 / (6 * 6)) / -log(6 / 22)),
        ("npmi", "new york", log(4 * 22 / (8 * 6)) / -log(4 / 22)),
    ],
)
def test_scores_by_hand(score: str, pair: str, value: float) -> None:
    def pairs(threshold: float) -> set[str]:
        corpus = Corpus.build(
            BY_HAND, min_count=2, phrases=1, phrase_score=score, phrase_threshold=threshold
        )
        adds_up(corpus)
        return {word.replace("_", " ") for word in corpus.vocabulary.words if "_" in word}

    # "new york" comes first in its sentences, so "york is" is joined in the others alone.
    assert pair in pairs(value - 1e-6)
    assert pair not in pairs(value + 1e-6)


def test_two_passes_join_three_words() -> None:
    documents = ["we saw new york city today", "new york city is new york city", "a city is new"]
    one = Corpus.build(documents, min_count=1, phrases=1, phrase_threshold=1.5)
    two = Corpus.build(documents, min_count=1, phrases=2, phrase_threshold=1.5)
    assert "new_york" in one.vocabulary.words or "york_city" in one.vocabulary.words
    assert any(word.count("_") >= 2 for word in two.vocabulary.words)
    assert not any(word.count("_") >= 2 for word in one.vocabulary.words)
    adds_up(one)
    adds_up(two)


def test_a_phrase_that_is_a_word_already_is_that_word() -> None:
    corpus = Corpus.build(
        ["new york new_york"] * 5, tokenizer="whitespace", min_count=1,
        phrases=1, phrase_threshold=0.0,
    )  # fmt: skip
    adds_up(corpus)
    assert corpus.vocabulary.words.count("new_york") == 1
    assert contents(corpus) == join_phrases(
        [[["new", "york", "new_york"]]] * 5, "word2vec", 0.0, 1, 1
    )


def test_phrases_are_the_same_for_any_number_of_workers() -> None:
    text = ("the new york times and the los angeles times\n" * 40 + "\n").encode() * 3
    options = {"phrases": 3, "phrase_threshold": 1.0, "min_count": 2}
    with tiny(50):
        builds = [build_bytes(text, n_jobs, **options) for n_jobs in (1, 2, 3)]
    assert builds[0][1] == builds[1][1] == builds[2][1]
    assert builds[0][0].manifest.joined > 0
    adds_up(builds[0][0])


@pytest.mark.parametrize("tokenizer", ["simple", "text8"])
@pytest.mark.parametrize("sentences", ["line", "rules", "none"])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_line_of_300_000_tokens_loses_none(tokenizer: str, sentences: str, n_jobs: int) -> None:
    words = [f"w{'abcdefghij'[i % 10]}{'xyz'[i % 3]}" for i in range(300_000)]
    with tiny(100_000):
        corpus, _ = build_bytes(
            " ".join(words).encode(), n_jobs, tokenizer=tokenizer, sentences=sentences
        )
    assert contents(corpus) == [[words]]
    adds_up(corpus)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b" ", b"\n\n"])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_how_a_file_ends_makes_no_difference(end: bytes, n_jobs: int) -> None:
    with tiny():
        corpus, _ = build_bytes(b"one two\r\nthree\r\n\r\nfour five" + end, n_jobs, min_count=1)
    assert contents(corpus) == [[["one", "two"], ["three"]], [["four", "five"]]]
    adds_up(corpus)


def test_files_folders_and_patterns(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "b.txt").write_text("b two")
    (tmp_path / "in" / "deep" / "c.md").write_text("c three")
    (tmp_path / "a.txt").write_text("a one")
    corpus = Corpus.build([tmp_path / "a.txt", tmp_path / "in"], min_count=1, n_jobs=2)
    assert contents(corpus) == [[["a", "one"]], [["b", "two"]], [["c", "three"]]]
    assert [Path(item["name"]).name for item in corpus.manifest.sources] == [
        "a.txt", "b.txt", "c.md"
    ]  # fmt: skip
    assert [item["bytes"] for item in corpus.manifest.sources] == [5, 5, 7]
    assert corpus.manifest.read["bytes"] == 17
    again = Corpus.build(str(tmp_path / "**/*.[tm]*"), min_count=1)
    assert contents(again) == contents(corpus)
    adds_up(corpus)


@pytest.mark.parametrize("limit", [8, 1000])
def test_broken_utf8_is_replaced_and_counted(limit: int) -> None:
    data = b"caf\xc3\xa9 \xff\xfe bad\xc3\nfine\xe2\x82 \xef\xbf\xbd\n"
    with tiny(limit):
        builds = [
            build_bytes(data, n_jobs, tokenizer="whitespace", min_count=1) for n_jobs in (1, 2, 3)
        ]
    assert builds[0][1] == builds[1][1] == builds[2][1]
    corpus = builds[0][0]
    assert contents(corpus) == [[["café", "\ufffd\ufffd", "bad\ufffd"], ["fine\ufffd", "\ufffd"]]]
    assert corpus.manifest.read["invalid_utf8"] == 4
    adds_up(corpus)


@settings(max_examples=60)
@given(BROKEN, st.integers(4, 60), st.integers(1, 3))
def test_any_bytes_become_their_words(data: bytes, limit: int, n_jobs: int) -> None:
    data = data.replace(b"\0", b"")
    expected = parse(plain(data), reference.simple)
    with tiny(limit):
        corpus, _ = build_bytes(data, n_jobs, min_count=1)
    assert contents(corpus) == expected
    replaced = plain(data).count("\ufffd") - data.count("\ufffd".encode())
    assert corpus.manifest.read["invalid_utf8"] == replaced


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("broken_at", [0, 7, 39, 210])
def test_strict_names_the_first_byte(tmp_path: Path, broken_at: int, n_jobs: int) -> None:
    data = bytearray(b"a few words of plain text in lines\n" * 8)
    data[broken_at] = 0xFF
    data[250] = 0xFE
    (tmp_path / "text.txt").write_bytes(data)
    with (
        tiny(40),
        pytest.raises(CorpusError, match=rf"^\S*text\.txt: byte {broken_at} of .*UTF-8") as info,
    ):
        Corpus.build(tmp_path / "text.txt", tmp_path / "corpus", errors="strict", n_jobs=n_jobs)
    assert "\n" not in str(info.value)
    assert [path.name for path in tmp_path.iterdir()] == ["text.txt"]


def test_strict_accepts_what_is_valid() -> None:
    corpus, _ = build_bytes("naïve \ufffd 日本".encode(), errors="strict", min_count=1)
    assert corpus.manifest.read["invalid_utf8"] == 0


def test_fields(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"body": "one two\\nthree"}\n{"body": "four\\n\\nfive"}\n')
    (tmp_path / "x.csv").write_text('id,body\n1,"six, ""seven"""\n2,eight\n')
    corpus = Corpus.build([tmp_path / "x.jsonl", tmp_path / "x.csv"], field="body", min_count=1)
    assert contents(corpus) == [
        [["one", "two"], ["three"]], [["four"]], [["five"]], [["six", "seven"]], [["eight"]]
    ]  # fmt: skip
    assert corpus.manifest.options["field"] == "body"
    with pytest.raises(CorpusError, match="no field 'txt'"):
        Corpus.build(tmp_path / "x.jsonl", field="txt")


def test_standard_input(tmp_path: Path) -> None:
    code = (
        "import sys; from textrep import Corpus\n"
        "corpus = Corpus.build('-', sys.argv[1], min_count=1, n_jobs=2)\n"
        "print(list(corpus.sentences()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "corpus"],
        input=b"one two\nthree", capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout == b"[['one', 'two'], ['three']]\n"
    assert Corpus.open(tmp_path / "corpus").manifest.sources[0]["bytes"] == 13


def test_strings_are_documents_and_lists_of_words_are_sentences() -> None:
    corpus = Corpus.build(["One two.\nThree", "four"], min_count=1)
    assert contents(corpus) == [[["one", "two"], ["three"]], [["four"]]]
    words = [["New York", "is"], [], ["BIG", "\u2028", "é,"]]
    corpus = Corpus.build(words, min_count=1)
    assert contents(corpus) == [[["New York", "is"], ["BIG", "\u2028", "é,"]]]
    assert corpus.manifest.tokenizer == {"name": "pretokenized"}
    assert corpus.manifest.sources[0]["name"] == "the iterable"
    adds_up(corpus)


TEXTS = ["cat", "dog\nA cat, a dog.", "", None, "x.txt", "miniworld", "é \ud800\r\ncat"]


@pytest.mark.parametrize("options", [{}, {"sentences": "rules"}, {"tokenizer": "char"}])
def test_texts_are_a_file_of_them(options: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("the file of that name is not what is meant")
    known = [text for text in TEXTS if text is not None]
    (tmp_path / "file.txt").write_bytes("\n\n".join(known).encode("utf-8", "surrogatepass"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        of_texts = Corpus.from_texts(TEXTS, tmp_path / "texts", min_count=1, **options)
    of_file = Corpus.build(tmp_path / "file.txt", tmp_path / "built", min_count=1, **options)
    ours, theirs = files_of(tmp_path / "texts"), files_of(tmp_path / "built")
    del ours["manifest.json"], theirs["manifest.json"]  # which names the sources
    assert ours == theirs
    assert of_texts.fingerprint == of_file.fingerprint
    assert of_texts.n_documents == 5
    adds_up(of_texts)
    array = Corpus.from_texts(np.array(TEXTS, dtype=object), min_count=1, **options)
    assert array.fingerprint == of_texts.fingerprint


FILED = st.characters(codec="utf-8", exclude_characters="\r\0\ufeff")


@given(st.lists(st.text(FILED, max_size=12), min_size=1))
@settings(max_examples=25, deadline=None)
def test_any_texts_are_a_file_of_them(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file.txt"
        file.write_bytes("\n\n".join(texts).encode())
        try:
            expected = Corpus.build(file, min_count=1).fingerprint
        except (CorpusError, VocabularyError):
            with pytest.raises((CorpusError, VocabularyError)):
                Corpus.from_texts(texts, min_count=1)
        else:
            assert Corpus.from_texts(texts, min_count=1).fingerprint == expected


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ("one text", "must be a list of strings, each a document. Got one string"),
        (5, "Got int"),
        ([["a", "cat"]], "Lists of words, each a sentence, are what textrep.Corpus.build takes"),
        (["a", ["cat"]], "Item 2 of the list of texts must be a string"),
        ([], "The list of texts is empty"),
        ([None], "The list of texts is empty"),
        (iter(["a"]), "can be read only once"),
        ({"a": "text"}, "A dict has no order"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_list_of_texts(texts: Any, says: str) -> None:
    with pytest.raises(CorpusError) as caught:
        Corpus.from_texts(texts, min_count=1)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_text_and_tokens_in_one_corpus(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("Plain text.")

    class Sentences:
        def __iter__(self) -> Iterator[list[str]]:
            return iter([["Given", "TOKENS"]])

    from textrep.corpus.readers import sources

    with pytest.MonkeyPatch.context() as patch:
        both = [*sources(tmp_path / "x.txt"), *sources(Sentences())]
        patch.setattr("textrep.corpus.build.sources", lambda *_: both)
        corpus = Corpus.build("both", min_count=1, n_jobs=2)
    assert contents(corpus) == [[["plain", "text"]], [["Given", "TOKENS"]]]
    assert corpus.manifest.tokenizer["name"] == "simple"


TEXT = b"Dr. Smith didn't go. He's in New York!\nIt rained :-) #wet @you\n \n\nThe end of it all.\n"


@pytest.mark.parametrize("tokenizer", ["char", "nltk:treebank", "nltk:tweet"])
def test_text_tokenizers_in_processes_or_not(tokenizer: str) -> None:
    from textrep.corpus.tokenizers import text_tokenizer

    lines = text_tokenizer(tokenizer).tokenize_lines
    expected = parse(TEXT.decode(), lambda line: lines([line])[0])
    builds = [build_bytes(TEXT, n_jobs, tokenizer=tokenizer, min_count=1) for n_jobs in (1, 2)]
    assert contents(builds[0][0]) == expected
    assert len(expected) == 2
    assert builds[0][1] == builds[1][1]
    assert builds[0][0].manifest.tokenizer["name"] == tokenizer
    adds_up(builds[0][0])


def test_documents_do_not_depend_on_the_tokenizer() -> None:
    """A line without a token is no empty line."""
    data = "a b\n\u3000\nc d\n".encode()
    documents = {
        name: build_bytes(data, tokenizer=name, min_count=1)[0].n_documents
        for name in ("simple", "whitespace", "char", "nltk:treebank", "nltk:tweet")
    }
    assert set(documents.values()) == {1}


@pytest.mark.parametrize("tokenizer", ["bpe", "wordpiece", "unigram"])
def test_subword_tokenizers(tokenizer: str, tmp_path: Path) -> None:
    text = b"low lower lowest new newer newest wide wider widest\n" * 20
    size = 300 if tokenizer == "bpe" else 60
    corpus, files = build_bytes(text, 2, tokenizer=tokenizer, vocab_size=size)
    assert corpus.manifest.dropped == {}
    assert corpus.manifest.tokenizer["name"] == tokenizer
    assert "tokenizer.json" in files
    adds_up(corpus)
    # What was learnt can be used again, from its file.
    saved = tmp_path / "tokenizer.json"
    saved.write_bytes(files["tokenizer.json"])
    for path in (str(saved), saved):
        again, again_files = build_bytes(text, tokenizer=path)
        assert contents(again) == contents(corpus)
        assert again_files["tokenizer.json"] == files["tokenizer.json"]
        assert again.manifest.options["tokenizer"] == str(saved)


def test_a_subword_tokenizer_needs_text_to_learn_from() -> None:
    with pytest.raises(CorpusError, match="comes in tokens"):
        Corpus.build([["a", "b"]], tokenizer="bpe")


def test_sentences_by_rules() -> None:
    data = b"Dr. No came. He saw. It\nwas late.\n\nThe end."
    with tiny(20):
        builds = [build_bytes(data, n, sentences="rules", min_count=1) for n in (1, 2)]
    assert builds[0][1] == builds[1][1]
    assert contents(builds[0][0]) == [
        [["dr", "no", "came"], ["he", "saw"], ["it"], ["was", "late"]], [["the", "end"]]
    ]  # fmt: skip


def test_stop_words_and_words_from_files(tmp_path: Path) -> None:
    (tmp_path / "stop.txt").write_text("\ufeffthe\r\n\r\n of \r\n", encoding="utf-8", newline="")
    (tmp_path / "words.txt").write_text("cat\nthe\nunseen\n")
    text = ["the cat of the house"]
    corpus = Corpus.build(text, stop_words=tmp_path / "stop.txt", min_count=1)
    assert corpus.vocabulary.words == ["cat", "house"]
    assert corpus.manifest.dropped == {"stop_words": {"types": 2, "tokens": 3}}
    corpus = Corpus.build(text, words=str(tmp_path / "words.txt"))
    assert vocabulary(corpus) == [("the", 2), ("cat", 1)]
    assert corpus.manifest.options["words"] == str(tmp_path / "words.txt")


def test_nltk_stop_words(shared_data: Path) -> None:
    corpus = Corpus.build(["the cat and the dog"], stop_words="nltk:english", min_count=1)
    assert corpus.vocabulary.words == ["cat", "dog"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, r"^No word is left in the vocabulary: min_count dropped all .*min_count is 5"),
        ({"min_count": 1, "stop_words": ["a", "b"]}, "stop_words dropped all"),
        ({"min_count": 1, "tokenizer": "text8", "words": []}, "words dropped all"),
    ],
)
def test_nothing_left(options: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match=message):
        Corpus.build(["a b a"], tmp_path / "corpus", **options)
    assert list(tmp_path.iterdir()) == []


def test_no_words_at_all(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="no words under this tokenizer"):
        Corpus.build(["日本 123"], tmp_path / "corpus", tokenizer="text8")
    assert list(tmp_path.iterdir()) == []


def test_a_bad_option_is_found_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean 'min_count'"):
        Corpus.build(tmp_path / "absent", min_cont=3)


def test_overwriting(tmp_path: Path) -> None:
    Corpus.build(["one two"], tmp_path / "corpus", min_count=1)
    before = files_of(tmp_path / "corpus")
    with pytest.raises(Exception, match="exists"):
        Corpus.build(["three four"], tmp_path / "corpus", min_count=1, overwrite=False)
    with pytest.raises(VocabularyError):
        Corpus.build(["three four"], tmp_path / "corpus")
    assert files_of(tmp_path / "corpus") == before
    Corpus.build(["three four"], tmp_path / "corpus", min_count=1)
    assert Corpus.open(tmp_path / "corpus").vocabulary.words == ["four", "three"]
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_the_manifest_says_what_was_done() -> None:
    corpus, files = build_bytes(b"a b a", min_count=1, stop_words={"x", "y"}, max_df=1.0)
    manifest = json.loads(files["manifest.json"])
    assert manifest["format"] == "textrep-corpus"
    assert manifest["format_version"] == 1
    assert manifest["options"]["stop_words"] == "a list of 2 words"
    assert "n_jobs" not in manifest["options"]
    assert manifest["tokenizer"]["name"] == "simple"
    sha256 = hashlib.sha256(b"a b a").hexdigest()
    assert manifest["sources"] == [{"name": "text", "bytes": 5, "sha256": sha256}]
    assert corpus.fingerprint == manifest["fingerprint"]


@pytest.mark.parametrize(
    ("name", "tokens", "documents", "paragraphs"),
    [("100k", 102_381, 61, 1_343), ("1m", 1_003_038, 579, 13_591)],
)
def test_general_english(
    shared_data: Path, name: str, tokens: int, documents: int, paragraphs: int
) -> None:
    """The counts that the data's own README gives."""
    path = shared_data / "corpora" / f"general-en-{name}.txt.xz"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    corpus = Corpus.build(path, tokenizer="text8", min_count=1)
    assert corpus.n_tokens == tokens
    assert corpus.n_documents == documents
    assert corpus.n_sentences == paragraphs
    corpus = Corpus.build(path, tokenizer="text8")
    assert corpus.manifest.read["tokens"] == tokens
    adds_up(corpus)
