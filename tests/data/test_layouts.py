"""From the bytes of a benchmark file to columns."""

from pathlib import Path

import pytest
from data.helpers import layout
from hypothesis import given
from hypothesis import strategies as st

from textrep.data.layouts import read_rows
from textrep.errors import DataError

TSV = layout("tsv", a="a", b="b")
FIELD = st.text(st.characters(exclude_characters="\t\n\r\ufeff", exclude_categories=["Cs"])).map(
    str.strip
)


def read(data, how=TSV, name="file.tsv"):
    return read_rows(data, how, Path(name))


@given(rows=st.lists(st.tuples(FIELD.filter(bool), FIELD), min_size=1), crlf=st.booleans())
def test_any_fields_come_back_from_tab_separated_text(rows, crlf):
    end = "\r\n" if crlf else "\n"
    # The last field is a word, so that no line is blank at the end of the file.
    lines = ["b\ta", *("\t".join((b, a)) for a, b in rows)]
    read_back = read(end.join([*lines, ""]).encode())
    assert read_back.columns == {"a": [a for a, _ in rows], "b": [b for _, b in rows]}
    assert list(read_back.lines) == list(range(2, len(rows) + 2))


def test_a_double_quote_is_an_ordinary_character():
    assert read(b'a\tb\n"x\ty"\n').columns == {"a": ['"x'], "b": ['y"']}


def test_white_space_around_a_field_and_a_byte_order_mark_are_dropped():
    assert read(b"\xef\xbb\xbfa\t b\n x \ty z \n").columns == {"a": ["x"], "b": ["y z"]}


def test_columns_without_a_role_are_left_out():
    assert read(b"z\tb\ta\n1\t2\t3\n").columns == {"a": ["3"], "b": ["2"]}


def test_a_file_without_a_header_has_its_fields_named():
    how = layout("tsv", ["x", "y"], a="y")
    assert read(b"1\t2\n3\t4\n", how).columns == {"a": ["2", "4"]}


def test_further_fields_need_leave():
    how = layout("tsv", ["x"], more_fields=True, a="x")
    assert read(b"1\t2\n3\n", how).columns == {"a": ["1", "3"]}
    with pytest.raises(DataError, match=r"line 1: there must be 1 fields, got 2"):
        read(b"1\t2\n3\n", layout("tsv", ["x"], a="x"))


def test_csv_is_quoted_and_counts_lines_of_the_file():
    rows = read(b'a,b\n"x, ""y""",1\n"two\nlines",2\nlast,3\n', layout("csv", a="a", b="b"))
    assert rows.columns == {"a": ['x, "y"', "two\nlines", "last"], "b": ["1", "2", "3"]}
    assert rows.lines[-1] == 5


def test_questions_words_puts_the_category_into_every_row():
    how = layout(
        "questions-words", ["category", "a", "b", "c", "d"], **{r: r for r in ["category", "d"]}
    )
    rows = read(b": one two\nA B C D\nE F G H\n: three\nI J K L\n", how)
    assert rows.columns == {"category": ["one two", "one two", "three"], "d": ["D", "H", "L"]}
    assert list(rows.lines) == [2, 3, 5]


def test_pairs_take_the_category_from_the_name_of_the_file():
    how = layout("pairs", ["category", "word1", "word2"], category="category", word2="word2")
    rows = read(b"cat\tcats\nox\toxen/oxes\n", how, "I01 [noun - plural].txt")
    assert rows.columns == {"category": ["noun - plural"] * 2, "word2": ["cats", "oxen/oxes"]}


QUESTIONS = layout("questions-words", ["category", "a", "b", "c", "d"], a="a")


@pytest.mark.parametrize(
    ("data", "how", "message"),
    [
        (b"", TSV, "file.tsv is empty"),
        (b" \n\n", TSV, "file.tsv is empty"),
        (b"a\tb\n", TSV, "file.tsv has no rows after its first line"),
        (b": one\n", QUESTIONS, "file.tsv has no rows"),
        (b"a\tc\n1\t2\n", TSV, "line 1: there is no column 'b'; the columns are a, c"),
        (b"a\tb\ta\n1\t2\t3\n", TSV, "line 1: there is more than one column 'a'"),
        (b"a\tb\n1\t2\n3\n", TSV, "line 3: there must be 2 fields, got 1"),
        (b"a\tb\n1\t2\t3\n", TSV, "line 2: there must be 2 fields, got 3"),
        (b"a\tb\n1\t2\n\n3\t4\n", TSV, "line 3: there must be 2 fields, got 1"),
        (b"a\tb\n1\t2\n\xff\t4\n", TSV, "line 3: the byte 0xff is not UTF-8"),
        (b"\xef\xbb\xbfa\tb\n1\t\xe9\n", TSV, "line 2: the byte 0xe9 is not UTF-8"),
        (b"A B C D\n", QUESTIONS, "line 1: a line ': category' must come before"),
        (b": one\nA B C\n", QUESTIONS, "line 2: there must be 5 fields, got 4"),
        (b'a,b\n"x,1\n', layout("csv", a="a", b="b"), "line 2: "),
    ],
)
def test_a_broken_file_is_one_line_that_names_file_and_line(data, how, message):
    with pytest.raises(DataError) as caught:
        read(data, how)
    assert message in str(caught.value)
    assert str(caught.value).startswith("file.tsv")
    assert "\n" not in str(caught.value)


def test_pairs_in_a_file_with_another_name_are_refused():
    with pytest.raises(DataError, match=r"words\.txt: the file's name must be"):
        read(b"a\tb\n", layout("pairs", ["category", "word1", "word2"], a="word1"), "words.txt")
