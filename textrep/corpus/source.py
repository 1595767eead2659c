"""Whatever a model is trained on, as an encoded corpus."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from textrep.corpus.build import build
from textrep.corpus.encoded import Corpus
from textrep.corpus.manifest import FORMAT_VERSION, MANIFEST
from textrep.corpus.readers import sources
from textrep.data import cache_folder
from textrep.errors import CorpusError
from textrep.progress import logger

__all__ = ["as_corpus"]


def as_corpus(source: Any) -> Corpus:
    """Return ``source`` as an encoded corpus, building one if it is text.

    Parameters
    ----------
    source : Corpus, str, Path or iterable
        An encoded corpus or its folder; a text file, a folder of text, or the name of a corpus,
        which are built into the cache with the default options and found there the next time; or
        an iterable of strings (documents) or lists of words (sentences), which is built into a
        temporary folder.

    Raises
    ------
    CorpusError
        It cannot be read.
    """
    if isinstance(source, Corpus):
        return source
    if not isinstance(source, str | Path):
        if not isinstance(source, Iterable):
            raise CorpusError(f"Cannot train on {type(source).__name__}: pass a corpus or text.")
        return Corpus.build(source)
    path = Path(source)
    if (path / MANIFEST).is_file():
        return Corpus.open(path)
    if str(source) == "-":
        return Corpus.build("-")
    folder = cache_folder() / "corpora" / _key(source)
    if not (folder / MANIFEST).is_file():
        logger.info("encoding %s into %s", source, folder)
        build(source, folder)
    return Corpus.open(folder)


def _key(source: str | Path) -> str:
    """Return a folder name that changes when the text does."""
    known: list[Any] = [FORMAT_VERSION, str(source)]
    for item in sources(source):
        path = Path(item.name)
        if path.is_file():
            status = path.stat()
            known.append([str(path.resolve()), status.st_size, status.st_mtime_ns])
        else:
            known.append(item.name)
    digest = hashlib.sha256(json.dumps(known).encode()).hexdigest()
    stem = "".join(c if c.isalnum() or c in "-_." else "-" for c in Path(source).name)
    return f"{stem or 'corpus'}-{digest[:12]}"
