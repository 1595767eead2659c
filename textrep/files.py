"""Writing files and folders so that nothing half-written is ever seen.

What is written goes to a temporary sibling, is flushed to the disk, and is renamed into place.
After an error or Ctrl-C the sibling is removed and what was there before is untouched.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from textrep.errors import InputError

__all__ = ["atomic_file", "atomic_folder", "check_replaceable"]


@contextlib.contextmanager
def atomic_file(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path that becomes ``path`` when the block ends well.

    Parameters
    ----------
    path : str or Path
        Where the file shall be. An existing file is replaced; missing parents are made.

    Yields
    ------
    Path
        A path beside ``path`` to write to.

    Raises
    ------
    InputError
        ``path`` is a folder.
    """
    target = Path(path)
    if target.is_dir():
        raise InputError(f"Cannot write the file {target}: a folder is there. Name another path.")
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        _sync(temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(target.parent)


@contextlib.contextmanager
def atomic_folder(path: str | Path, *, marker: str, overwrite: bool = True) -> Iterator[Path]:
    """Yield a temporary folder that becomes ``path`` when the block ends well.

    Parameters
    ----------
    path : str or Path
        Where the folder shall be. Missing parents are made.
    marker : str
        Name of the file that says "this folder is ours" (``config.json``, ``manifest.json``). An
        existing folder is replaced only if it is empty or holds that file, so a mistyped path
        never costs anyone their documents.
    overwrite : bool, default=True
        Whether an existing folder of ours may be replaced.

    Yields
    ------
    Path
        A folder beside ``path`` to write into.

    Raises
    ------
    InputError
        ``path`` is a file, a folder that is not ours, or exists and ``overwrite`` is false.
    """
    check_replaceable(path, marker, overwrite)
    target = Path(path).resolve()  # a link stays, and what it leads to is replaced
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        yield temporary
        temporary.chmod(0o777 & ~_umask())
        for file in (*temporary.rglob("*"), temporary):
            _sync(file)
        check_replaceable(path, marker, overwrite)
        _replace_folder(target, temporary)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    _sync(target.parent)


def _replace_folder(target: Path, new: Path) -> None:
    """Rename ``new`` to ``target``; what is there is put back if that fails."""
    if not target.exists():
        new.rename(target)
        return
    old = new.with_suffix(".old")
    try:
        target.rename(old)
        new.rename(target)
    finally:
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(target)


def check_replaceable(path: str | Path, marker: str, overwrite: bool = True) -> None:
    """Raise unless ``atomic_folder`` may write ``path``; ask before work whose result goes there.

    Raises
    ------
    InputError
        ``path`` is a file, a folder that is not ours, or exists and ``overwrite`` is false.
    """
    target = Path(path)
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(f"Cannot write the folder {target}: a file is there. Name another path.")
    if not overwrite:
        raise InputError(f"{target} exists. Name another path or remove it first.")
    if not (target / marker).exists() and any(target.iterdir()):
        raise InputError(
            f"Will not replace {target}: it holds no {marker}, so it was not written by textrep. "
            "Name another path."
        )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
