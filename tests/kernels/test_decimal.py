"""Decimal text against Python's own reading and writing of floats."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from textrep.kernels import decimal


def parsed(line: bytes, dim: int):
    text = np.frombuffer(line, np.uint8)
    values = np.full((1, dim), np.nan, np.float32)
    spans, states = np.empty((1, 2), np.int64), np.empty(1, np.int8)
    decimal.parse_rows(text, np.array([len(line)]), values, spans, states)
    return values[0], line[spans[0, 0] : spans[0, 1]], states[0]


def formatted(values) -> tuple[bytes, int]:
    matrix = np.array([values], np.float32)
    out = np.empty(matrix.size * decimal.CHARS_A_VALUE, np.uint8)
    ends = np.empty(1, np.int64)
    decimal.format_rows(matrix, out, ends)
    return out[: max(0, ends[0])].tobytes(), int(ends[0])


NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(-1000, 1000, width=32).map(lambda x: str(np.float32(x))),
    st.decimals(allow_nan=False, allow_infinity=False, places=12).map(str),
    st.from_regex(r"\A[+-]?[0-9]{1,25}\.?[0-9]{0,25}([eE][+-]?[0-9]{1,2})?\Z"),
)


@settings(max_examples=500, deadline=None)
@given(NUMBERS)
@example("1.00000005960464477539062")  # just below the middle of two float32 numbers
@example("0.000000000000000000001")
@example("-.5")
@example("5.")
@example("1" * 30)
def test_every_number_is_read_as_python_reads_it_or_left_to_python(text):
    values, word, state = parsed(f"w {text}".encode(), 1)
    assert word == b"w"
    with np.errstate(over="ignore"):
        expected = np.float32(float(text))
    if state == decimal.FINE:
        assert values[0].tobytes() == expected.tobytes()
    else:
        assert state == decimal.HARD


def test_ordinary_numbers_are_not_left_to_python():
    generator = np.random.default_rng(0)
    values = generator.standard_normal(2000)
    line = "w " + " ".join(map(repr, values.tolist()))
    read, _, state = parsed(line.encode(), len(values))
    assert state == decimal.FINE
    np.testing.assert_array_equal(read, values.astype(np.float32))


def test_numbers_beside_the_middle_of_two_float32_numbers_are_read_right():
    generator = np.random.default_rng(1)
    values = generator.uniform(1e-4, 1e-1, 2000).astype(np.float32)
    middles = (values.astype(np.float64) + np.nextafter(values, np.float32(1))) / 2
    for beside in (np.nextafter(middles, 0), middles, np.nextafter(middles, 1)):
        for number in beside.tolist():
            read, _, state = parsed(f"w {number!r}".encode(), 1)
            assert state == decimal.HARD or read[0] == np.float32(number)


@pytest.mark.parametrize("text", ["", "-", ".", "e5", "1e", "1e+", "1.2.3", "0x10", "nan", "1_0"])
def test_what_is_no_number_is_malformed(text):
    assert parsed(f"w {text} 1.0".encode(), 2)[2] in (decimal.MALFORMED, decimal.TOO_FEW)
    if text:
        assert parsed(f"w {text} 1.0".encode(), 2)[2] == decimal.MALFORMED


@pytest.mark.parametrize(
    ("line", "dim", "word"),
    [
        (b"new york 1 2", 2, b"new york"),
        (b"route 66 1.5 2.5", 2, b"route 66"),
        (b"a  1 2", 2, b"a "),
        (b"a\t1\t2", 2, b"a"),
        (b"a 1  2 \r", 2, b"a"),
        (b" 1 2", 2, b""),
        (b". . . 1 2", 2, b". . ."),
        ("\u00e9t\u00e9 1".encode(), 1, "\u00e9t\u00e9".encode()),
    ],
)
def test_the_word_is_what_is_left_of_the_values(line, dim, word):
    _, found, state = parsed(line, dim)
    assert (found, state) == (word, decimal.FINE)


def test_too_few_and_too_many_values_are_told():
    assert parsed(b"w 1 2", 3)[2] == decimal.TOO_FEW
    assert parsed(b"", 1)[2] == decimal.TOO_FEW
    assert parsed(b"w 0.5 1 2", 2)[2] == decimal.TOO_MANY


@settings(max_examples=500, deadline=None)
@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
@example(0.0)
@example(-0.0)
@example(1e-5)
@example(9.999999e-05)
@example(123456789.0)
@example(1.0000001)
def test_what_is_written_reads_back_bit_for_bit(value):
    text, end = formatted([value])
    size = abs(value)
    if end < 0:
        assert size != 0
        assert not decimal.SMALLEST < size < decimal.LARGEST
        return
    assert np.float32(float(text)).tobytes() == np.float32(value).tobytes()
    digits = text.strip().lstrip(b"-").split(b"e")[0].replace(b".", b"").strip(b"0")
    assert len(digits) <= 9


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, b" 0.1"),
        (-0.25, b" -0.25"),
        (1.0, b" 1.0"),
        (0.0, b" 0.0"),
        (100.0, b" 100.0"),
        (0.0001, b" 0.0001"),
        (0.00001, b" 1.0e-05"),
        (3.1415927, b" 3.1415927"),
        (16777216.0, b" 16777216.0"),
        (1.5e-10, b" 1.5e-10"),
    ],
)
def test_numbers_are_written_short(value, text):
    assert formatted([value])[0] == text
