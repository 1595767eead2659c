"""Reading, writing and checking UTF-8."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel

__all__ = ["append_utf8", "decode_utf8", "first_invalid_utf8"]


@kernel
def decode_utf8(data: NDArray[np.uint8], i: int) -> tuple[int, int]:
    """Return the code point that begins at byte ``i`` and its length; the text is valid UTF-8."""
    b = np.int64(data[i])
    if b < 0xE0:
        return ((b & 0x1F) << 6) | (data[i + 1] & 0x3F), 2
    if b < 0xF0:
        return ((b & 0x0F) << 12) | ((data[i + 1] & 0x3F) << 6) | (data[i + 2] & 0x3F), 3
    high = ((b & 0x07) << 18) | ((data[i + 1] & 0x3F) << 12)
    return high | ((data[i + 2] & 0x3F) << 6) | (data[i + 3] & 0x3F), 4


@kernel
def append_utf8(arena: NDArray[np.uint8], used: int, point: int) -> int:
    """Write code point ``point`` to the arena as UTF-8; return the new end."""
    if point < 0x80:
        arena[used] = point
        return used + 1
    if point < 0x800:
        arena[used] = 0xC0 | (point >> 6)
        arena[used + 1] = 0x80 | (point & 0x3F)
        return used + 2
    if point < 0x10000:
        arena[used] = 0xE0 | (point >> 12)
        arena[used + 1] = 0x80 | ((point >> 6) & 0x3F)
        arena[used + 2] = 0x80 | (point & 0x3F)
        return used + 3
    arena[used] = 0xF0 | (point >> 18)
    arena[used + 1] = 0x80 | ((point >> 12) & 0x3F)
    arena[used + 2] = 0x80 | ((point >> 6) & 0x3F)
    arena[used + 3] = 0x80 | (point & 0x3F)
    return used + 4


@kernel
def first_invalid_utf8(data: NDArray[np.uint8]) -> int:
    """Return the position of the first byte that is not part of valid UTF-8, or -1.

    Follows table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above
    U+10FFFF.
    """
    i, n = 0, len(data)
    while i < n:
        b = data[i]
        if b < 0x80:
            i += 1
            continue
        low, high = 0x80, 0xBF
        if 0xC2 <= b <= 0xDF:
            length = 2
        elif 0xE0 <= b <= 0xEF:
            length = 3
            if b == 0xE0:
                low = 0xA0
            elif b == 0xED:
                high = 0x9F
        elif 0xF0 <= b <= 0xF4:
            length = 4
            if b == 0xF0:
                low = 0x90
            elif b == 0xF4:
                high = 0x8F
        else:
            return i
        if i + length > n or data[i + 1] < low or data[i + 1] > high:
            return i
        for k in range(2, length):
            if data[i + k] & 0xC0 != 0x80:
                return i
        i += length
    return -1
