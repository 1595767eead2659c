"""Word tables give what the plain tokenizers give, however small they begin and are fed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reference import tokenizers as reference
from reference.corpus import BLANK, parse

from textrep.corpus.characters import CharacterTable
from textrep.corpus.words import WordTable


def whitespace(text: str) -> list[str]:
    return reference.whitespace(text.replace("\0", " "))  # NUL separates, too


def pretokenized(text: str) -> list[str]:
    parts = text.replace("\0", "\x1f").replace("\n", "\x1f").split("\x1f")
    return [part for part in parts if part]


TOKENIZERS = {
    "simple": reference.simple,
    "text8": reference.text8,
    "whitespace": whitespace,
    "pretokenized": pretokenized,
}
NAMES = st.sampled_from(sorted(TOKENIZERS))
# Every plane and kind of character, and often enough those with a meaning of their own.
SPECIAL = (
    "aAbZ9 \n\n\t\r\0\x08\x1c\x1f\x85\xa0\xad\u0130\u0301\u0345\u2028\u3000ßǅ\ufeff"
    "\U00010400\U0001d7d8"
)
# Stretches of each, because a mixture of both alphabets would hardly ever draw the special ones.
TEXTS = st.lists(
    st.text(SPECIAL, max_size=30) | st.text(st.characters(codec="utf-8"), max_size=8), max_size=6
).map("".join)


def encode(
    table: WordTable, text: str, name: str, *, line_start: bool = True, lines: bool = True
) -> tuple[list[str], list[int], list[int]]:
    block = table.encode(
        text.encode(), CharacterTable(name), line_start=line_start, lines_end_sentences=lines
    )
    words = [word.decode() for word in table.words(block.ids.astype(np.int64))]
    return words, block.ends.tolist(), block.documents.tolist()


def counts(table: WordTable) -> dict[str, int]:
    words = table.words(np.arange(table.n_words))
    return dict(zip([word.decode() for word in words], table.counts.tolist(), strict=True))


@settings(max_examples=400)
@given(TEXTS, NAMES, st.integers(1, 5))
@example("\u0301a a\u0301 \u0345 a\u0301\u0345b", "simple", 1)
def test_words_and_counts_are_those_of_the_plain_tokenizer(
    text: str, name: str, n_words: int
) -> None:
    table = WordTable(n_words)
    words, _, _ = encode(table, text, name)
    assert words == TOKENIZERS[name](text)
    assert counts(table) == Counter(words)
    assert [table.word(i).decode() for i in range(table.n_words)] == list(dict.fromkeys(words))


def documents_of(
    blocks: list[tuple[list[str], list[int], list[int]]],
) -> list[list[list[str]]]:
    """Put blocks together by their ends alone."""
    words = [word for block in blocks for word in block[0]]
    offsets = np.cumsum([0, *(len(block[0]) for block in blocks)]).tolist()
    ends = {o + e for o, block in zip(offsets, blocks, strict=False) for e in block[1]}
    closed = {o + e for o, block in zip(offsets, blocks, strict=False) for e in block[2]}
    documents: list[list[list[str]]] = [[[]]]
    for position, word in enumerate(words):
        if position in closed:
            documents.append([[]])
        elif position in ends:
            documents[-1].append([])
        documents[-1][-1].append(word)
    return [[s for s in document if s] for document in documents if any(document)]


@settings(max_examples=400)
@given(TEXTS, NAMES, st.sampled_from(["line", "none"]), st.data())
def test_sentences_and_documents_for_any_blocks(
    text: str, name: str, sentences: str, data: st.DataObject
) -> None:
    """A block ends after a line break or a separator; a line break is never left for the next."""
    inside = "\x1f" if name == "pretokenized" else " \t"
    places = [
        i
        for i in range(1, len(text))
        if text[i - 1] == "\n" or (text[i - 1] in inside and text[i] != "\n")
    ]
    cuts = sorted(data.draw(st.sets(st.sampled_from(places)))) if places else []
    table = WordTable(1)
    blocks = []
    for i, j in zip([0, *cuts], [*cuts, len(text)], strict=True):
        line_start = i == 0 or text[i - 1] == "\n"
        blocks.append(
            encode(table, text[i:j], name, line_start=line_start, lines=sentences == "line")
        )
    for words, ends, documents in blocks:
        assert ends == sorted(set(ends))
        assert documents == sorted(set(documents))
        assert set(documents) <= set(ends)
        assert all(0 <= end <= len(words) for end in ends)
    assert documents_of(blocks) == parse(text, TOKENIZERS[name], sentences)


@pytest.mark.parametrize(
    ("line", "ends_document"), [("", True), *((c, c in BLANK) for c in "  \t\r\x1f\xa0.a")]
)
def test_what_an_empty_line_is(line: str, ends_document: bool) -> None:
    _, _, documents = encode(WordTable(), f"a\n{line}\nb\n", "simple")
    assert documents == ([1] if ends_document else [])


def test_a_block_that_begins_inside_a_line_is_no_empty_line() -> None:
    assert encode(WordTable(), "\nb\n", "simple", line_start=False) == (["b"], [0, 1], [])
    assert encode(WordTable(), "\nb\n", "simple", line_start=True) == (["b"], [0, 1], [0])


def test_growth_in_the_middle_of_a_word() -> None:
    """A word longer than the arena, then more words than there is room for."""
    words = ["é" * 1000, *(f"w{i}" for i in range(3000)), "é" * 1000]
    for n_words in (1, 2, 3, 5, 64):
        table = WordTable(n_words)
        assert encode(table, " ".join(words), "simple")[0] == words
        assert table.n_words == 3001


def test_a_table_goes_on_from_block_to_block() -> None:
    table = WordTable(1)
    assert table.encode(
        b"b a b", CharacterTable("simple"), line_start=True, lines_end_sentences=True
    ).ids.tolist() == [0, 1, 0]
    assert table.encode(
        b"c a", CharacterTable("simple"), line_start=True, lines_end_sentences=True
    ).ids.tolist() == [2, 1]
    assert table.counts.tolist() == [2, 2, 1]


@given(st.lists(TEXTS, min_size=1, max_size=4), NAMES)
def test_merged_tables_count_all_words(texts: list[str], name: str) -> None:
    tables = [WordTable(1) for _ in texts]
    encoded = [
        table.encode(text.encode(), CharacterTable(name), line_start=True, lines_end_sentences=True)
        for table, text in zip(tables, texts, strict=True)
    ]
    first, *others = tables
    numbers = [np.arange(first.n_words), *(first.merge(other) for other in others)]
    expected = [TOKENIZERS[name](text) for text in texts]
    assert counts(first) == Counter(word for words in expected for word in words)
    for block, number, words in zip(encoded, numbers, expected, strict=True):
        assert [w.decode() for w in first.words(number[block.ids].astype(np.int64))] == words


@given(
    st.lists(st.text("ab", min_size=1, max_size=3), max_size=20),
    st.lists(st.text("abc_", min_size=1, max_size=3), max_size=20),
)
def test_added_words_are_found_or_new_and_never_counted(old: list[str], new: list[str]) -> None:
    table = WordTable(1)
    encode(table, " ".join(old), "whitespace")
    numbers = table.add([word.encode() for word in new])
    assert [table.word(int(number)).decode() for number in numbers] == new
    assert counts(table) == {**dict.fromkeys(new, 0), **Counter(old)}


def test_words_can_be_added_to_after_a_merge() -> None:
    first, second = WordTable(1), WordTable(1)
    encode(first, "a b", "simple")
    encode(second, "c " * 3 + "d" * 100, "simple")
    first.merge(second)
    encode(first, "e" * 500 + " a c", "simple")
    assert counts(first) == {"a": 2, "b": 1, "c": 4, "d" * 100: 1, "e" * 500: 1}
