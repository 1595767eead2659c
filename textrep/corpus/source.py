"""Whatever a model is trained on, as an encoded corpus."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from textrep.corpus.encoded import Corpus
from textrep.corpus.manifest import FORMAT_VERSION, MANIFEST, TOKENS
from textrep.corpus.readers import Source, sources
from textrep.data import cache_folder
from textrep.errors import CorpusError
from textrep.progress import logger

__all__ = ["as_corpus", "encoded_folder"]


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
    if _is_encoded(source):
        return Corpus.open(source)
    found = sources(source)
    if not all(item.reopenable for item in found):
        # What comes through a pipe has no name that tells it from what comes next.
        return Corpus.build(source)
    folder = _cached(source, found)
    if (folder / MANIFEST).is_file():
        try:
            return Corpus.open(folder)
        except CorpusError as error:
            logger.warning("encoding %s again: %s", source, error)
    logger.info("encoding %s into %s", source, folder)
    return Corpus.build(source, folder)


def encoded_folder(source: str | Path) -> Path | None:
    """Return where the corpus that ``source`` names is encoded already; None where it is not."""
    if _is_encoded(source):
        return Path(source)
    found = sources(source)
    if not all(item.reopenable for item in found):
        return None
    folder = _cached(source, found)
    return folder if (folder / MANIFEST).is_file() else None


def _is_encoded(source: str | Path) -> bool:
    return any(os.path.isfile(os.path.join(source, name)) for name in (MANIFEST, TOKENS))


def _cached(source: str | Path, found: list[Source]) -> Path:
    """Return the folder of the cache that the corpus is, or will be, encoded in."""
    return cache_folder() / "corpora" / _key(source, found)


def _key(source: str | Path, found: list[Source]) -> str:
    """Return a folder name that changes when the text, or what reads it, does."""
    # Python's version: with it come the letters of Unicode and the texts of pydocs.
    known: list[Any] = [FORMAT_VERSION, version("textrep"), sys.version, str(source)]
    for item in found:
        path = Path(item.name)
        if path.is_file():
            status = path.stat()
            known.append([str(path.resolve()), status.st_size, status.st_mtime_ns])
        else:
            known.append(item.name)
    digest = hashlib.sha256(json.dumps(known).encode()).hexdigest()
    # Some 40 characters: file systems allow 255 bytes, and a character may take 4.
    stem = "".join(c if c.isalnum() or c in "-_." else "-" for c in Path(source).name[:40])
    return f"{stem or 'corpus'}-{digest[:12]}"
