"""Lines of a word and its values: text blocks to matrix rows and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from textrep.errors import FormatError
from textrep.storage.formats.files import RowCollector, decode_word

__all__ = ["collect_lines", "formatted", "line_blocks", "trailing_numbers"]

BLOCK_BYTES = 1 << 24
NUMBER = re.compile(rb"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def trailing_numbers(line: bytes) -> int:
    """Return how many finite numbers end a line; its first part is never one of them."""
    count = 0
    for part in reversed(_parts(line)[1:]):
        if not NUMBER.fullmatch(part):
            break
        count += 1
    return count


def _parts(line: bytes) -> list[bytes]:
    """Split at what the kernel splits at: other white space may be in a word."""
    return re.findall(rb"[^ \t\r\n]+", line)


def line_blocks(file: BinaryIO, begun: bytes) -> Iterator[bytes]:
    """Yield the file in blocks of whole lines, the first beginning with ``begun``."""
    rest = begun
    while chunk := file.read(BLOCK_BYTES):
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield rest + chunk[:cut]
            rest = chunk[cut:]
        else:
            rest += chunk
    if rest:
        yield rest


def collect_lines(collector: RowCollector, block: bytes) -> None:
    """Add the words and values of a block of whole lines.

    Raises
    ------
    FormatError
        With the line: too few or too many values, a value that is no finite number, or a word
        that is missing or not UTF-8.
    """
    from textrep.kernels import decimal

    text = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(text == decimal.NEWLINE)
    if block[-1] != decimal.NEWLINE:
        ends = np.append(ends, len(block))
    begins = np.concatenate(([0], ends[:-1] + 1))
    _check_lengths(collector, block, begins, ends)
    values = collector.room(len(ends))
    spans = np.empty((len(ends), 2), np.int64)
    states = np.empty(len(ends), np.int8)
    decimal.parse_rows(text, ends, values, spans, states)
    for row, ((begin, end), state) in enumerate(zip(spans.tolist(), states.tolist(), strict=True)):
        where = collector.where(len(collector.words))
        if state == decimal.HARD:
            values[row] = _read_slowly(block[end : ends[row]], values.shape[1])
        elif state != decimal.FINE:
            complaint = _complaint(block[begins[row] : ends[row]], values.shape[1], state)
            raise FormatError(f"{collector.path}, {where}: {complaint}.")
        collector.words.append(decode_word(collector.path, block[begin:end], where))


def _check_lengths(
    collector: RowCollector, block: bytes, begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> None:
    """Refuse a line with no room for its values before rows are allocated for the block."""
    from textrep.kernels.decimal import TOO_FEW

    short = np.flatnonzero(ends - begins < 2 * collector.dim)
    if len(short):
        row = int(short[0])
        complaint = _complaint(block[begins[row] : ends[row]], collector.dim, TOO_FEW)
        where = collector.where(len(collector.words) + row)
        raise FormatError(f"{collector.path}, {where}: {complaint}.")


def _read_slowly(text: bytes, dim: int) -> NDArray[np.float32]:
    numbers = [float(part) for part in text.split()[-dim:]]
    with np.errstate(over="ignore"):  # reported as infinite, with its line, later
        return np.array(numbers).astype(np.float32)


def _complaint(line: bytes, dim: int, state: int) -> str:
    from textrep.kernels.decimal import TOO_MANY

    parts = _parts(line)
    numbers = trailing_numbers(line)
    if state == TOO_MANY:
        return f"expected a word and {dim} values, found more values"
    if numbers >= len(parts) - 1:
        return f"expected a word and {dim} values, found {numbers} values"
    wrong = parts[-1 - numbers].decode("utf-8", "replace")
    return f"expected {dim} finite numbers after the word, found {wrong!r}"


def formatted(matrix: NDArray[np.float32]) -> Iterator[bytes]:
    """Yield each row's values as text, a space before each; reading gives the same float32."""
    from textrep.kernels import decimal

    out = np.empty(matrix.size * decimal.CHARS_A_VALUE, np.uint8)
    ends = np.empty(len(matrix), np.int64)
    decimal.format_rows(matrix, out, ends)
    text = out[: max(0, int(ends.max()))].tobytes()
    begin = 0
    for row, end in enumerate(ends.tolist()):
        if end < 0:
            yield "".join(f" {value!s}" for value in matrix[row]).encode("ascii")
        else:
            yield text[begin:end]
            begin = end
