"""Running text as rows."""

import gzip
import itertools
from pathlib import Path

import pytest
from data.helpers import layout
from hypothesis import given
from hypothesis import strategies as st

from textrep.data.layouts import read_rows
from textrep.data.running import lines_of
from textrep.errors import DataError

LINES = layout("lines", ["sentence"], sentence="sentence")
TITLED = layout(
    "wikitext", ["document", "sentence"], document="document", sentence="sentence"
)  # fmt: skip
ARTICLES = (
    "before\n\n = One = \n\n a = b = \n = not a title = \n\n = = Part = = \n\n text\n\n = Two ="
)


def test_a_title_between_empty_lines_begins_a_document():
    found = lines_of(ARTICLES, titled=True)
    assert [(line.document, line.text) for line in found] == [
        (0, "before"), (1, "= One ="), (1, "a = b ="), (1, "= not a title ="),
        (1, "= = Part = ="), (1, "text"), (2, "= Two ="),
    ]  # fmt: skip
    assert {line.document for line in lines_of(ARTICLES, titled=False)} == {0}


@given(st.lists(st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]))))
def test_lines_that_are_not_empty_come_back_with_their_numbers(lines):
    found = lines_of("\n".join(lines), titled=False)
    assert [(line.number, line.text) for line in found] == [
        (number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()
    ]
    assert all(a.number < b.number for a, b in itertools.pairwise(found))


def test_packed_or_not_the_rows_are_the_same():
    data = ARTICLES.encode()
    for how, name in ((LINES, "sentence"), (TITLED, "document")):
        plain = read_rows(data, how, Path("text.txt"))
        packed = read_rows(gzip.compress(data), how, Path("text.txt.gz"))
        assert plain.columns == packed.columns
        assert name in plain.columns
        assert list(plain.lines) == [1, 3, 5, 6, 8, 10, 12]


@pytest.mark.parametrize(
    "damage", [lambda d: d[:-9], lambda d: b"text", lambda d: d[:20] + b"?" + d[21:]]
)
def test_a_damaged_archive_is_one_line(damage):
    packed = gzip.compress(ARTICLES.encode())
    with pytest.raises(DataError, match=r"text.gz is cut, damaged or not packed by gzip"):
        read_rows(damage(packed), LINES, Path("text.gz"))


def test_an_empty_text_is_refused():
    with pytest.raises(DataError, match=r"empty.txt is empty"):
        read_rows(b" \n\n", LINES, Path("empty.txt"))
