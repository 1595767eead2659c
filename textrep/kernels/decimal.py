"""Lines of ``word number number …`` to float32 rows and back, without a Python object a number.

Reading: a decimal of up to 19 digits w and an exponent e is w · 10^e. With |e| ≤ 22 the power is
exact in float64, so the product is off by at most a few units in its last place, which rounds to
the right float32 unless it lies that close to the middle of two float32 numbers. Those cases, and
longer exponents, are marked *hard* and left to the caller.

Writing: of the decimals of 6 to 9 digits nearest to a float32, the shortest that reads back as the
same float32 (9 digits always do), whether the reader rounds once or by way of float64: decimals
in the middle of two float32 numbers are passed over.

References
----------
Clinger 1990, "How to Read Floating Point Numbers Accurately", section 3 (the fast path).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel

__all__ = [
    "CHARS_A_VALUE",
    "FINE",
    "HARD",
    "MALFORMED",
    "TOO_FEW",
    "TOO_MANY",
    "format_rows",
    "parse_rows",
]

FINE, HARD, TOO_FEW, MALFORMED, TOO_MANY = 0, 1, 2, 3, 4

CHARS_A_VALUE = 24  # most characters that format_rows writes for a value and its space
POWERS = np.array([float(10**e) for e in range(23)])
MIDDLE = 1 << 28  # of the 29 bits that float64 has beyond float32
GUARD = 8  # units of float64's last place, more than the errors of reading can sum up to
MOST_DIGITS = 19
SMALLEST, LARGEST = 1e-13, 1e15  # between them format_rows' powers of ten are exact

SPACE, TAB, RETURN, NEWLINE = 32, 9, 13, 10
PLUS, MINUS, POINT, ZERO, NINE, SMALL_E, LARGE_E = 43, 45, 46, 48, 57, 101, 69


@kernel
def parse_rows(
    text: NDArray[np.uint8],
    line_ends: NDArray[np.int64],
    values: NDArray[np.float32],
    word_spans: NDArray[np.int64],
    states: NDArray[np.int8],
) -> None:
    """Read the last ``dim`` numbers of each line, from the right; what is before them is the word.

    Parameters
    ----------
    text : uint8 array
        Whole lines.
    line_ends : int64 array of shape (n_lines,)
        Where each line ends (its line feed, or the end of the text).
    values : float32 array of shape (n_lines, dim), changed
    word_spans : int64 array of shape (n_lines, 2), changed
        Where each line's word begins and ends.
    states : int8 array of shape (n_lines,), changed
        FINE; HARD: right but for numbers the caller must read; TOO_FEW numbers; MALFORMED: a
        number is not one; TOO_MANY: the word ends like another decimal number.
    """
    first = 0
    for row in range(line_ends.shape[0]):
        states[row] = _parse_line(text, first, line_ends[row], values[row], word_spans[row])
        first = line_ends[row] + 1


@kernel
def _parse_line(
    text: NDArray[np.uint8],
    first: int,
    last: int,
    values: NDArray[np.float32],
    word_span: NDArray[np.int64],
) -> int:
    state = FINE
    end = last
    while end > first and _is_blank(text[end - 1]):
        end -= 1
    for column in range(values.shape[0] - 1, -1, -1):
        begin = end
        while begin > first and not _is_blank(text[begin - 1]):
            begin -= 1
        if begin == first:
            return TOO_FEW
        value, found = _number(text, begin, end)
        if found == MALFORMED:
            return MALFORMED
        if found == HARD:
            state = HARD
        values[column] = value
        end = begin
        while column > 0 and end > first and _is_blank(text[end - 1]):
            end -= 1
    word_span[0] = first
    word_span[1] = end - 1
    if _ends_like_decimal(text, first, end - 1):
        return TOO_MANY
    return state


@kernel
def _is_blank(char: int) -> bool:
    return char in (SPACE, TAB, RETURN)


@kernel
def _ends_like_decimal(text: NDArray[np.uint8], first: int, end: int) -> bool:
    begin = end
    while begin > first and not _is_blank(text[begin - 1]):
        begin -= 1
    if begin in (first, end):
        return False
    point = False
    for at in range(begin, end):
        point = point or text[at] == POINT
    return point and _number(text, begin, end)[1] != MALFORMED


@kernel
def _number(text: NDArray[np.uint8], begin: int, end: int) -> tuple[np.float32, int]:
    at = begin
    negative = at < end and text[at] == MINUS
    if at < end and (text[at] == MINUS or text[at] == PLUS):
        at += 1
    digits = np.uint64(0)
    n_digits = 0  # significant ones in ``digits``
    seen = 0  # characters that are digits
    exponent = 0
    point = False
    while at < end:
        char = text[at]
        if ZERO <= char <= NINE:
            seen += 1
            if n_digits < MOST_DIGITS:
                digits = digits * np.uint64(10) + np.uint64(char - ZERO)
                if digits > np.uint64(0):
                    n_digits += 1
                if point:
                    exponent -= 1
            elif not point:
                exponent += 1
        elif char == POINT and not point:
            point = True
        else:
            break
        at += 1
    if seen == 0:
        return np.float32(0.0), MALFORMED
    if at < end:
        written, valid = _exponent(text, at, end)
        if not valid:
            return np.float32(0.0), MALFORMED
        exponent += written
    value, found = _scaled(digits, exponent)
    return -value if negative else value, found


@kernel
def _exponent(text: NDArray[np.uint8], at: int, end: int) -> tuple[int, bool]:
    if text[at] != SMALL_E and text[at] != LARGE_E:
        return 0, False
    at += 1
    negative = at < end and text[at] == MINUS
    if at < end and (text[at] == MINUS or text[at] == PLUS):
        at += 1
    if at == end:
        return 0, False
    exponent = 0
    while at < end:
        if not ZERO <= text[at] <= NINE:
            return 0, False
        exponent = min(exponent * 10 + int(text[at]) - ZERO, 100_000)
        at += 1
    return -exponent if negative else exponent, True


@kernel
def _scaled(digits: np.uint64, exponent: int) -> tuple[np.float32, int]:
    if digits == np.uint64(0):
        return np.float32(0.0), FINE
    if abs(exponent) > 22:
        return np.float32(0.0), HARD
    wide = np.float64(digits)
    wide = wide * POWERS[exponent] if exponent >= 0 else wide / POWERS[-exponent]
    if abs(_beyond_float32(wide) - MIDDLE) <= GUARD:
        return np.float32(0.0), HARD
    return np.float32(wide), FINE


@kernel
def _beyond_float32(value: float) -> int:
    """Return the 29 lowest bits of a float64, which float32 has no room for."""
    return int(np.float64(value).view(np.int64)) & (2 * MIDDLE - 1)


@kernel
def format_rows(
    values: NDArray[np.float32], out: NDArray[np.uint8], row_ends: NDArray[np.int64]
) -> None:
    """Write each row's numbers, a space before each.

    Parameters
    ----------
    values : float32 array of shape (n_rows, dim)
    out : uint8 array of at least n_rows · dim · CHARS_A_VALUE, changed
        The text of the rows, one behind the other.
    row_ends : int64 array of shape (n_rows,), changed
        Where each row's text ends; -1 for a row that holds a number outside 1e-13 … 1e15 in size
        (and not 0), which the caller must write.
    """
    at = 0
    for row in range(values.shape[0]):
        fits = True
        for column in range(values.shape[1]):
            size = abs(values[row, column])
            fits = fits and (size == 0 or SMALLEST < size < LARGEST)
        row_ends[row] = -1
        if fits:
            for column in range(values.shape[1]):
                out[at] = SPACE
                at = _format(values[row, column], out, at + 1)
            row_ends[row] = at


@kernel
def _format(value: np.float32, out: NDArray[np.uint8], at: int) -> int:
    if np.signbit(value):
        out[at] = MINUS
        at += 1
    digits, decimals = _shortest(np.float64(abs(value)))
    count = 1
    bound = 10
    while digits >= bound:
        bound *= 10
        count += 1
    point = count - decimals  # digits before the decimal point
    if -4 < point <= 16:
        return _format_fixed(digits, count, point, out, at)
    at = _format_fixed(digits, count, 1, out, at)
    out[at] = SMALL_E
    out[at + 1] = MINUS
    size = 1 - point  # at most 13, and at least 5
    out[at + 2] = ZERO + size // 10
    out[at + 3] = ZERO + size % 10
    return at + 4


@kernel
def _shortest(value: float) -> tuple[int, int]:
    """Return (w, m), w short, such that w / 10^m reads back as the float32 ``value``."""
    if value == 0:
        return 0, 0
    exponent = int(np.floor(np.log10(value)))
    digits = 0
    decimals = 0
    for precision in range(6, 11):
        decimals = precision - 1 - exponent
        if decimals >= 0:
            digits = int(np.rint(value * POWERS[decimals]))
            back = digits / POWERS[decimals]
        else:
            digits = int(np.rint(value / POWERS[-decimals]))
            back = digits * POWERS[-decimals]
        if np.float64(np.float32(back)) == value and _beyond_float32(back) != MIDDLE:
            break
    while digits % 10 == 0:
        digits //= 10
        decimals -= 1
    return digits, decimals


@kernel
def _format_fixed(digits: int, count: int, point: int, out: NDArray[np.uint8], at: int) -> int:
    """Write ``count`` digits with the decimal point behind the first ``point`` of them."""
    if point <= 0:
        out[at] = ZERO
        out[at + 1] = POINT
        at += 2
        for _ in range(-point):
            out[at] = ZERO
            at += 1
        return _write_digits(digits, count, out, at)
    if point >= count:
        at = _write_digits(digits, count, out, at)
        for _ in range(point - count):
            out[at] = ZERO
            at += 1
        out[at] = POINT
        out[at + 1] = ZERO
        return at + 2
    shift = 1
    for _ in range(count - point):
        shift *= 10
    at = _write_digits(digits // shift, point, out, at)
    out[at] = POINT
    return _write_digits(digits % shift, count - point, out, at + 1)


@kernel
def _write_digits(digits: int, count: int, out: NDArray[np.uint8], at: int) -> int:
    for place in range(at + count - 1, at - 1, -1):
        out[place] = ZERO + digits % 10
        digits //= 10
    return at + count
