"""Lines of stdin, each a text."""

from __future__ import annotations

import sys

from textrep.errors import InputError

__all__ = ["read_lines"]


def read_lines() -> list[str]:
    """Return the lines of stdin; bytes that are not UTF-8 are replaced.

    Raises
    ------
    InputError
        There is none.
    """
    stream = sys.stdin.buffer
    lines = [line.rstrip(b"\r\n").decode("utf-8", "replace") for line in stream]
    if not lines:
        raise InputError("stdin is empty; give one text a line")
    return lines
