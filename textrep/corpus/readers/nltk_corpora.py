r"""Corpora in the layout of NLTK's data folder, as ``nltk:brown``.

They are looked for in the folder ``nltk_data`` of every folder that ``$TEXTREP_DATA`` names, in
the cache, then where NLTK itself looks; zip files need not be unpacked. A corpus that is split into
sentences and tokens is taken as it is, but for the empty elements of a treebank (``*T*-1``), which
are annotation and no words; one of plain text files is read as text. Each file is a document.
"""

from __future__ import annotations

import contextlib
import copy
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from textrep.corpus.readers.blocks import Block, Meter, Source, Stream, batch_documents
from textrep.corpus.readers.hints import did_you_mean
from textrep.corpus.readers.python import encode_text, join_tokens
from textrep.errors import CorpusError

__all__ = ["PREFIX", "nltk_source", "nltk_stop_words"]

PREFIX = "nltk:"
_EMPTY_ELEMENT = "-NONE-"
_DAMAGE = (OSError, ValueError, EOFError, zlib.error, zipfile.BadZipFile)


def nltk_source(corpus: str, folders: Iterable[Path] = ()) -> Source:
    """Return the source of an NLTK corpus.

    Parameters
    ----------
    corpus : str
        NLTK's name of it: "brown".
    folders : iterable of Path
        Folders in the layout of NLTK's data, searched before all others.

    Returns
    -------
    Source
        Named ``nltk:corpus``; pretokenized if the corpus is.

    Raises
    ------
    CorpusError
        There is no such corpus, its data are missing or damaged, or it is not running text.
    """
    name = PREFIX + corpus
    searched = [str(folder) for folder in (*folders, *_data_folders())]
    reader = _reader(corpus, searched)
    read, pretokenized = _file_reader(reader, name)
    return Source(
        name=name,
        open=partial(Stream, name, partial(_blocks, reader, read, searched, name)),
        bytes=None,
        pretokenized=pretokenized,
    )


def nltk_stop_words(language: str) -> frozenset[str]:
    """Return NLTK's stop words of a language.

    Raises
    ------
    CorpusError
        The lists are not at hand, or there is none for that language.
    """
    folders = [str(folder) for folder in _data_folders()]
    reader = _reader("stopwords", folders)
    with _searching(folders):
        languages = sorted(reader.fileids())
        if language not in languages:
            raise CorpusError(
                f"NLTK has no stop words for {language!r}.{did_you_mean(language, languages)} "
                f"It has: {', '.join(languages)}."
            )
        return frozenset(reader.words(language))


def _data_folders() -> list[Path]:
    from textrep.data import cache_folder, data_folders

    return [folder / "nltk_data" for folder in (*data_folders(), cache_folder() / "data")]


@contextlib.contextmanager
def _searching(folders: list[str]) -> Iterator[list[str]]:
    """Have NLTK look in ``folders`` first, and open files there, for the length of a block."""
    import nltk

    nltk.data.path[:0] = folders
    try:
        yield list(nltk.data.path)
    finally:
        for folder in folders:
            nltk.data.path.remove(folder)


def _reader(corpus: str, folders: list[str]) -> Any:
    """Return NLTK's reader of a corpus."""
    import nltk.corpus
    from nltk.corpus.reader import CorpusReader

    with _searching(folders) as searched:
        present = _present(searched)
        # NLTK's own object finds its data once and for ever; a copy leaves it as it is.
        reader = copy.copy(getattr(nltk.corpus, corpus, None))
        if not isinstance(reader, nltk.corpus.LazyCorpusLoader | CorpusReader):
            raise CorpusError(
                f"NLTK has no corpus {corpus!r}.{did_you_mean(corpus, present)} "
                f"At hand: {', '.join(present) or 'none'}."
            )
        try:
            reader.ensure_loaded()
        except LookupError as error:
            raise CorpusError(_missing(corpus, present)) from error
        except _DAMAGE as error:
            raise CorpusError(_damaged(PREFIX + corpus, error)) from error
    return reader


def _present(searched: list[str]) -> list[str]:
    """Return the names of the corpora that are in the folders."""
    found = set()
    for folder in searched:
        with contextlib.suppress(OSError):
            found |= {Path(entry).stem for entry in os.listdir(Path(folder, "corpora"))}
    return sorted(name for name in found if not name.startswith("."))


def _missing(corpus: str, present: list[str]) -> str:
    from textrep.data import cache_folder

    return (
        f"The data of nltk:{corpus} are missing. Put {corpus}.zip into nltk_data/corpora of a "
        f"folder that TEXTREP_DATA names, or of {cache_folder() / 'data'}. "
        f"At hand: {', '.join(present) or 'none'}."
    )


def _damaged(name: str, error: Exception) -> str:
    reason = str(error).strip().split("\n", 1)[0] or type(error).__name__
    return f"{name} cannot be read ({reason}). Put its zip file there again."


FileReader = Callable[[str], bytes]
"""From the name of a corpus's file to its text or joined tokens."""


def _file_reader(reader: Any, name: str) -> tuple[FileReader, bool]:
    """Return what reads one file of a corpus, and whether it gives tokens."""
    from nltk.corpus.reader import BracketParseCorpusReader, PlaintextCorpusReader

    if isinstance(reader, PlaintextCorpusReader):
        return lambda file: encode_text(reader.raw(file)), False
    if isinstance(reader, BracketParseCorpusReader):
        return partial(_joined, partial(_treebank_sentences, reader), name), True
    if hasattr(reader, "sents"):
        return partial(_joined, reader.sents, name), True
    raise CorpusError(
        f"{name} is not running text: NLTK's {type(reader).__name__} has no sentences."
    )


def _joined(sentences: Callable[[str], Iterable[Sequence[str]]], name: str, file: str) -> bytes:
    joined = (join_tokens(sentence, f"{name}, {file}") for sentence in sentences(file))
    return b"\n".join(filter(None, joined))


def _treebank_sentences(reader: Any, file: str) -> Iterator[list[str]]:
    for sentence in reader.tagged_sents(file):
        yield [word for word, tag in sentence if tag != _EMPTY_ELEMENT]


def _blocks(
    reader: Any, read: FileReader, folders: list[str], name: str, meter: Meter
) -> Iterator[Block]:
    documents = _documents(reader.fileids(), read, folders, name)
    for block in batch_documents(documents, name=name):
        yield meter.take_block(block)


def _documents(
    files: Iterable[str], read: FileReader, folders: list[str], name: str
) -> Iterator[bytes]:
    for file in files:
        try:
            # NLTK's search path is set for one file at a time, never while the caller has control.
            with _searching(folders):
                document = read(file)
        except LookupError as error:
            line = next(filter(None, map(str.strip, str(error).splitlines())), "")
            raise CorpusError(f"{name} needs NLTK data that are not at hand: {line}") from error
        except _DAMAGE as error:
            raise CorpusError(_damaged(name, error)) from error
        yield document
