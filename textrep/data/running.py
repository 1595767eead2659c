"""Running text as rows: a sentence or paragraph a line, with the document that it is of."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path
from typing import NamedTuple

from textrep.errors import DataError

__all__ = ["Line", "lines_of", "unpacked"]

_TITLE = re.compile(r"= [^=]+ =")


class Line(NamedTuple):
    """A line that is not empty.

    Attributes
    ----------
    number : int
        From 1, empty ones counted.
    document : int
        From 1; 0 before the first title.
    text : str
        Without white space around it.
    """

    number: int
    document: int
    text: str


def unpacked(data: bytes, path: Path) -> bytes:
    """Return the bytes of a file, those that ``gzip`` packed if its name says so.

    Raises
    ------
    DataError
        It is cut or damaged.
    """
    if path.suffix != ".gz":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        raise DataError(f"{path} is cut, damaged or not packed by gzip: get it again.") from None


def lines_of(text: str, titled: bool) -> list[Line]:
    """Return the lines of a text that are not empty.

    Parameters
    ----------
    text : str
    titled : bool
        Whether a line ``= Title =`` between two empty ones begins a document, as in WikiText.
    """
    # Not splitlines(), which also cuts at form feeds and other characters that words may hold.
    lines = ["", *(line.strip() for line in text.split("\n")), ""]
    found, document = [], 0
    for number in range(1, len(lines) - 1):
        before, line, after = lines[number - 1 : number + 2]
        if titled and not before and not after and _TITLE.fullmatch(line):
            document += 1
        if line:
            found.append(Line(number, document, line))
    return found
