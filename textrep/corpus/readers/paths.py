"""From the name of a file, folder or pattern to the files to read.

A folder stands for the files below it, in alphabetical order, whose suffix is one of
``.txt .text .md .jsonl .ndjson .csv .tsv .parquet``, or that have no suffix, each possibly followed
by a compression's suffix. Hidden files and folders (``.git``) are left out, and so are empty files,
and folders that textrep itself has written there: corpora, models, checkpoints.
A file that is named itself, or found by a pattern, may have any suffix.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator
from pathlib import Path

from textrep.corpus.readers.compression import COMPRESSIONS
from textrep.errors import CorpusError
from textrep.progress import logger

__all__ = ["FOLDER_SUFFIXES", "content_suffix", "expand_path", "is_pattern"]

FOLDER_SUFFIXES = (".txt", ".text", ".md", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", "")
"""What a folder's files must end in to be read."""

_DESCRIPTIONS = ("manifest.json", "config.json", "checkpoint.json")
_BEGINNING = re.compile(rb'\{\s*"format": "textrep-')  # of each of these, where it is ours


def is_pattern(name: str) -> bool:
    """Whether ``name`` is a pattern such as ``texts/**/*.txt``, and no file of that name exists."""
    return glob.has_magic(name) and not os.path.lexists(name)


def content_suffix(path: Path) -> str:
    """Return the suffix that tells the format, in lower case, without the compression's.

    Examples
    --------
    >>> content_suffix(Path("a/news.jsonl.gz")), content_suffix(Path("text8"))
    ('.jsonl', '')
    """
    if path.suffix.lower() in COMPRESSIONS:
        path = path.with_suffix("")
    return path.suffix.lower()


def expand_path(name: str) -> list[Path]:
    """Return the files that an existing path or a pattern stands for.

    Parameters
    ----------
    name : str
        An existing file or folder, a broken link, or a pattern.

    Returns
    -------
    list of Path
        At least one file or pipe. A file that was named may be empty, one in a folder is not.

    Raises
    ------
    CorpusError
        A broken link, a device or socket, a folder with nothing to read, or a pattern that
        matches nothing.
    """
    if not is_pattern(name):
        return _files_at(Path(name))
    found = sorted(glob.glob(name, recursive=True))
    files = [path for match in found for path in _files_matched(Path(match), name)]
    if not files:
        raise CorpusError(
            f"No file matches {name}. Hidden files are matched only by a leading dot."
        )
    return files


def _files_matched(path: Path, pattern: str) -> list[Path]:
    # "**" yields folders too, and their files once more: they were not asked for.
    return [] if path.is_dir() and "**" in pattern else _files_at(path)


def _files_at(path: Path) -> list[Path]:
    if path.is_dir():
        return _folder_files(path)
    _refuse_special(path)
    return [path]


def _refuse_special(path: Path) -> None:
    if not path.exists():
        raise CorpusError(f"{path} is a link to {path.readlink()}, which does not exist.")
    if path.is_block_device() or path.is_char_device() or path.is_socket():
        raise CorpusError(f"{path} is neither a file nor a folder nor a pipe.")


def _folder_files(folder: Path) -> list[Path]:
    files: list[Path] = []
    written: list[Path] = []
    empty = other = 0
    for path in _walk(folder, (), written):
        if content_suffix(path) not in FOLDER_SUFFIXES:
            other += 1
            continue
        _refuse_special(path)
        if not path.stat().st_size:
            empty += 1
        else:
            files.append(path)
    if not files:
        suffixes = " ".join(filter(None, FOLDER_SUFFIXES))
        raise CorpusError(
            f"Nothing to read in {folder} ({empty} empty, {other} other files): looked for "
            f"{suffixes} or no suffix, also with {' '.join(COMPRESSIONS)}. Name files directly "
            "or by a pattern if theirs is another."
        )
    if empty or other:
        logger.warning(
            "%s: %d files to read; left out %d empty ones and %d with other suffixes",
            folder,
            len(files),
            empty,
            other,
        )
    if written:
        logger.warning("%s: left out what textrep wrote: %s", folder, ", ".join(map(str, written)))
    return files


def _walk(folder: Path, above: tuple[Path, ...], written: list[Path]) -> Iterator[Path]:
    """Yield the files below ``folder``; a link to a folder it lies in is not followed.

    Folders that textrep wrote go to ``written``.
    """
    real = folder.resolve()
    if real in above:
        return
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise CorpusError(f"Cannot read {folder}: {error.strerror or error}.") from error
    for name in names:
        path = folder / name
        if name.startswith("."):
            continue
        if path.is_dir() and _is_written_by_us(path):
            written.append(path)
        elif path.is_dir():
            yield from _walk(path, (*above, real), written)
        elif path.is_file() or path.is_symlink():
            yield path


def _is_written_by_us(folder: Path) -> bool:
    for name in _DESCRIPTIONS:
        try:
            with (folder / name).open("rb") as file:
                if _BEGINNING.match(file.read(64)):
                    return True
        except OSError:  # it is not there, or no file
            continue
    return False
