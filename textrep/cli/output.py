"""Results on stdout: JSON that any parser reads, aligned columns, numbers people can read."""

from __future__ import annotations

import contextlib
import errno
import json
import math
import shutil
import sys
import textwrap
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from textrep.errors import InputError

__all__ = ["columns", "print_json", "quantity", "say_composed", "terminal_width", "writing"]


def print_json(value: object) -> None:
    """Print ``value`` as JSON; NaN and infinity, which JSON lacks, become null."""
    print(json.dumps(_plain(value), ensure_ascii=False, indent=2))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):  # a NumPy array or scalar
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


def say_composed(vectors: Container[str], words: Iterable[str]) -> None:
    """Say on stderr which of the words that were answered for have no vector of their own."""
    for word in dict.fromkeys(words):
        if word not in vectors:
            print(
                f"textrep: {word!r} is not in the vocabulary: composed from its n-grams",
                file=sys.stderr,
            )


def terminal_width() -> int | None:
    """Return the columns of the terminal that stdout is, or None if it is a file or a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def columns(
    rows: Sequence[Sequence[str]],
    indent: str = "",
    right: Sequence[int] = (),
    width: int | None = None,
) -> str:
    """Return rows as aligned columns two blanks apart.

    Parameters
    ----------
    rows : sequence of sequences of str
        All of one length.
    indent : str, default=""
        Put before each row.
    right : sequence of int
        The columns that are aligned to the right.
    width : int, optional
        Longest line; the last column is wrapped to fit. None: lines are as long as they are.
    """
    sizes = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    hanging = " " * (len(indent) + sum(size + 2 for size in sizes[:-1]))
    lines = []
    for row in rows:
        cells = [
            cell.rjust(size) if place in right else cell.ljust(size)
            for place, (cell, size) in enumerate(zip(row, sizes, strict=True))
        ]
        line = indent + "  ".join(cells).rstrip()
        if width is not None and len(line) > width:
            line = textwrap.fill(
                row[-1],
                width,
                initial_indent=indent + "  ".join([*cells[:-1], ""]),
                subsequent_indent=hanging,
                break_on_hyphens=False,
            )
        lines.append(line)
    return "\n".join(lines)


def quantity(number: float) -> str:
    """Return a number with three digits and k, M, G or T: 2.21M.

    Examples
    --------
    >>> quantity(950), quantity(2_210_000)
    ('950', '2.21M')
    """
    for factor, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= factor:
            return f"{number / factor:.3g}{letter}"
    return f"{number:.3g}"


@contextlib.contextmanager
def writing(path: str | Path) -> Iterator[None]:
    """Name ``path`` when the disk fills up inside the block.

    The system's own error names a temporary file, or nothing at all.

    Raises
    ------
    InputError
        The disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise InputError(
                f"disk full while writing {path}: free space or name another place"
            ) from error
        raise
