"""Labelled texts of corpora as NLTK packs them: a folder a label, a file a text."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from textrep.errors import DataError

__all__ = ["LabelledText", "labelled_texts"]


class LabelledText(NamedTuple):
    """A text on one line, and the name of its folder."""

    text: str
    label: str


def labelled_texts(data: bytes, path: Path) -> Iterator[LabelledText]:
    """Yield the texts of an archive of ``corpus/label/name.txt``, in the order of these names.

    Parameters
    ----------
    data : bytes
        The archive.
    path : Path
        Where it is from, for messages.

    Raises
    ------
    DataError
        The archive is damaged, or a text is not UTF-8.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in sorted(archive.namelist()):
                place = PurePosixPath(name)
                if len(place.parts) == 3 and place.suffix == ".txt":
                    text = archive.read(name).decode("utf-8")
                    yield LabelledText(" ".join(text.split()), place.parts[1])
    except (UnicodeDecodeError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DataError(f"Cannot read {path}: {error}. Put the whole file there.") from None
