"""Choosing a vocabulary: the order of words and rules, and whether documents must be counted."""

from __future__ import annotations

import numpy as np
import pytest

from textrep.corpus.characters import CharacterTable
from textrep.corpus.selection import SelectionRules, select_words
from textrep.corpus.words import WordTable
from textrep.errors import VocabularyError


def table_of(text: str) -> WordTable:
    table = WordTable(1)
    table.encode(
        text.encode(), CharacterTable("whitespace"), line_start=True, lines_end_sentences=True
    )
    return table


def test_equally_frequent_words_are_in_the_order_of_code_points() -> None:
    words = ["\U00010400", "\uffff", "é", "z", "a", "A", "aa"]
    selection = select_words(table_of(" ".join([*words, "z"])), SelectionRules(min_count=1))
    assert selection.vocabulary.words == ["z", "A", "a", "aa", "é", "\uffff", "\U00010400"]
    assert selection.vocabulary.counts.tolist() == [2, 1, 1, 1, 1, 1, 1]
    assert [selection.vocabulary.words[n] for n in selection.numbers] == words


def test_each_rule_counts_only_what_those_before_it_left() -> None:
    rules = SelectionRules(
        words={"a", "b", "c", "d", "e"}, stop_words={"a", "x"}, min_count=2, max_size=1
    )
    selection = select_words(table_of("a a a a  b b b  c c  d  x x x x x  y"), rules)
    assert selection.dropped == {
        "words": {"types": 2, "tokens": 6},
        "stop_words": {"types": 1, "tokens": 4},
        "min_count": {"types": 1, "tokens": 1},
        "max_size": {"types": 1, "tokens": 2},
    }
    assert selection.vocabulary.words == ["b"]
    assert selection.numbers.tolist() == [-1, 0, -1, -1, -1, -1]


def test_words_of_which_none_is_left_are_no_part_of_the_text() -> None:
    table = table_of("a b")
    table.add([b"c"])
    selection = select_words(table, SelectionRules(min_count=1))
    assert selection.dropped == {}
    assert selection.vocabulary.words == ["a", "b"]


@pytest.mark.parametrize(
    ("min_df", "max_df", "asks"),
    [(1, 1.0, False), (0, 1.0, False), (2, 1.0, True), (0.1, 1.0, True), (1.0, 1.0, True),
     (1, 1, True), (1, 5, True), (1, 0.9, True), (0.0, 1.0, True)],
)  # fmt: skip
def test_documents_are_counted_if_a_rule_asks(min_df: float, max_df: float, asks: bool) -> None:
    assert SelectionRules(min_df=min_df, max_df=max_df).needs_documents is asks


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ({"min_df": 2}, ["b", "c"]),
        ({"min_df": 0.5}, ["b", "c"]),
        ({"min_df": 0.51}, ["c"]),
        ({"min_df": 1.0}, ["c"]),
        ({"max_df": 1}, ["a"]),
        ({"max_df": 0.5}, ["a", "b"]),
        ({"max_df": 0.49}, ["a"]),
        ({"min_df": 2, "max_df": 3}, ["b"]),
    ],
)
def test_document_frequency(rules: dict[str, float], left: list[str]) -> None:
    frequency = np.array([1, 2, 4])
    selection = select_words(table_of("a b c"), SelectionRules(min_count=1, **rules), frequency, 4)
    assert selection.vocabulary.words == left


def test_what_dropped_the_last_word_is_named() -> None:
    with pytest.raises(
        VocabularyError, match=r"stop_words, min_count dropped all.*2 words occurs 3 times"
    ):
        select_words(table_of("a a a b"), SelectionRules(stop_words={"a"}, min_count=2))
    with pytest.raises(VocabularyError, match="words dropped all"):
        select_words(table_of("a"), SelectionRules(words={"\ud800"}, min_count=1))
