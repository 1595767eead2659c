"""Sentences end where people say they do, and splitting loses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textrep.corpus.sentences import mark_sentences, split_sentences

# "|" stands where a sentence ends.
CASES = [
    "The cat sat.| It purred.| Then it left",
    "Really?| Yes!| Well…| Who knows?!| Not me.",
    "Mr. and Mrs. Smith met Dr. Jones on St. James St. today.| They talked.",
    "J. K. Rowling and George R. R. Martin wrote.| J. Smith did not.",
    "He lives in the U.S. and likes it.| She left the U.S. in May.| It is the U.S. Army.",
    "He left the U.S.| The army stayed.| It was 5 p.m.| They ate.",
    "See e.g. Figure 3, i.e. Fig. 4, pp. 5-7 and vol. 2, No. 5.| No.| He would not.",
    "On Jan. 5 it snowed.| In Dec. The snow melted.".replace("Dec. The", "Dec.| The"),
    "Acme Inc. shares rose.| So did those of Foo Corp.| The rest fell.",
    "Apples, pears, etc. are fruit.| We had wine, etc.| It was good.",
    "It cost $3.50.| The rate was .5 or 2.75%.| Version 2.0.1 is out.",
    "Visit www.example.com or a.b@c.de.| Yahoo! is a firm.",
    'He said, "Stop."| Then he left.| "Why?" she asked.| "I know!"',
    "“Stop.”| ‘Why?’| (He left.)| [She stayed.]| «Non.»| Fin.",
    "She waited ... and waited.| And then...| Nothing.",
    "1. The first point.| 2. The second.".replace("| 2. The", "| 2.| The"),
    "Born in 1990.| Died in 2001.",
    "He met Lt. Col. Brown vs. Capt. Gray, Jr. at noon.",
    "Smith et al. showed it.| Miller et al.| This is known.",
    "Was it Plan B.| The end.| It was Vitamin C that helped.",
    "Er kam.| Österreich gewann.| Ça va.| Él vino.",
    "我来了。|你呢？|好！|「走吧。」|他说。",
    "Mixed 中文。|English follows.| 日本語です。|終わり",
    "The first.\n\n|the second",
    "over two\nlines.| Next\nline",
    "lower. case follows.| Upper.",
    "Dash.| — Yes, he said.| - No.",
    "A stop at the end.",
    "no stop at all",
]


def sentences(case: str) -> list[str]:
    return [part.strip() for part in case.split("|")]


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_cases(case: str) -> None:
    assert split_sentences(case.replace("|", "")) == sentences(case)


def test_list_items_at_the_start_of_a_line() -> None:
    assert mark_sentences(b"1. The first. It is good.\n2. The second.\na. The third.") == (
        b"1. The first.\nIt is good.\n2. The second.\na. The third."
    )


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("One. Two.  Three", "One.\nTwo.\n Three"),
        ("One. \nTwo.\n\nThree. ", "One. \nTwo.\n\nThree. "),
        ("He left. She\nstayed. Why?", "He left.\nShe\nstayed.\nWhy?"),
        ("好。好。", "好。\n好。"),
        ("好。\n好。", "好。\n好。"),
        ("One.\u3000Two.\u00a0Three.", "One.\nTwo.\nThree."),
        ("", ""),
        (".", "."),
        ("\n", "\n"),
    ],
)
def test_marks(text: str, marked: str) -> None:
    assert mark_sentences(text.encode()).decode() == marked


def test_bytes_that_are_not_utf8_stay() -> None:
    assert mark_sentences(b"caf\xe9. Two\xff. Three") == b"caf\xe9.\nTwo\xff.\nThree"


PARTS = [*"ab AB.!?…。\"')(\n\t1—", "Mr.", "U.S.", "\u3000", ". The "]
MIXED = st.lists(st.sampled_from(PARTS), max_size=60).map("".join)


@given(MIXED)
def test_splitting_loses_nothing(text: str) -> None:
    found = split_sentences(text)
    assert re.sub(r"\s", "", "".join(found)) == re.sub(r"\s", "", text)
    assert all(sentence and sentence == sentence.strip() for sentence in found)


@given(MIXED)
def test_marking_changes_only_white_space_and_makes_no_empty_line(text: str) -> None:
    marked = mark_sentences(text.encode()).decode()
    assert re.sub(r"\s", "", marked) == re.sub(r"\s", "", text)
    empty = re.compile(r"\n[^\S\n]*\n")
    assert len(empty.findall(marked)) == len(empty.findall(text))
    # Every line break of the text is still there, and every line is a sentence or a part of one.
    assert marked.count("\n") >= text.count("\n")


@given(st.binary(max_size=60))
def test_any_bytes_can_be_marked(data: bytes) -> None:
    text, marked = (
        part.decode("utf-8", "surrogateescape") for part in (data, mark_sentences(data))
    )
    assert "".join(marked.split()) == "".join(text.split())


@given(MIXED)
def test_marks_are_where_sentences_end_in_a_line(text: str) -> None:
    line = text.replace("\n", " ")
    marked = mark_sentences(line.encode()).decode()
    assert [part.strip() for part in marked.split("\n") if part.strip()] == split_sentences(line)


@pytest.mark.parametrize(
    "unit", [".", ". ", '."', "\n", " ", ".(", "a. ", ". \n", "。", "U.S. The "]
)
def test_long_runs_take_linear_time(unit: str) -> None:
    # With anything quadratic these would take hours and run into the suite's time limit.
    text = unit * 500_000 + "x"
    split_sentences(text)
    assert len(mark_sentences(text.encode())) >= len(text.encode())


def plain_text(tokens: Iterable[str]) -> str:
    """Put a tokenised sentence together as it would be printed."""
    quotes = {"``": '"', "''": '"', "-LRB-": "(", "-RRB-": ")", "-LCB-": "{", "-RCB-": "}"}
    text = ""
    glue = True
    for token in tokens:
        closes = token in {"''", ")", "-RRB-", "-RCB-", "n't", *".,;:?!%"} or token[0] == "'"
        text += ("" if glue or closes else " ") + quotes.get(token, token)
        glue = token in {"``", "(", "-LRB-", "-LCB-", "$", "#"}
    return text


def boundaries(parts: list[str]) -> set[int]:
    """Return after how many characters that are not white space each part but the last ends."""
    place = 0
    found = set()
    for part in parts[:-1]:
        place += len(re.sub(r"\s", "", part))
        found.add(place)
    return found


@pytest.mark.parametrize("corpus", ["treebank", "brown"])
def test_the_boundaries_of_annotated_corpora(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch, corpus: str
) -> None:
    from textrep.corpus.readers.nltk_corpora import nltk_source

    monkeypatch.setenv("TEXTREP_DATA", str(shared_data))
    data = next(nltk_source(corpus).open()).data[:1_000_000].decode("utf-8", "ignore")
    lines = [plain_text(line.split("\x1f")) for line in data.split("\n") if line]
    # Brown writes "?" and ";" twice. Headings and halves at a semicolon have no stop to go by.
    lines = [re.sub(r"([;?!]) ?\1", r"\1", line) for line in lines]
    gold = [line for line in lines if re.search(r"[.?!][\"')]*$", line)]
    true = false = missed = 0
    for start in range(0, len(gold), 20):
        part = gold[start : start + 20]
        wanted, found = boundaries(part), boundaries(split_sentences(" ".join(part)))
        true += len(wanted & found)
        false += len(found - wanted)
        missed += len(wanted - found)
    assert true > 3000
    assert 2 * true / (2 * true + false + missed) >= 0.98
