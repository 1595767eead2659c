"""A folder that only one process writes to at a time."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from textrep.errors import InputError

__all__ = ["exclusive"]

_UNSUPPORTED = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}  # on some network file systems


@contextlib.contextmanager
def exclusive(file: Path, what: str) -> Iterator[None]:
    """Hold a lock file, which other processes cannot hold at the same time.

    The system lets go of it when the process ends, however it ends, so a file that a killed process
    has left means nothing. Where the file system knows no locks, nothing is held.

    Parameters
    ----------
    file : Path
        Made, with the number of the process in it, and removed at the end.
    what : str
        What is locked, for the error.

    Raises
    ------
    InputError
        Another process holds it.
    """
    handle = _open_locked(file, what)
    try:
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        file.unlink(missing_ok=True)  # before others can lock it
        os.close(handle)


def _open_locked(file: Path, what: str) -> int:
    while True:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace")
            os.close(handle)
            raise InputError(
                f"{what} is in use by another process{f', {holder}' if holder else ''}: wait until "
                "it ends, or name another."
            ) from None
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                os.close(handle)
                raise
        if _is_at(handle, file):
            return handle
        os.close(handle)  # the process that held it has just removed it


def _is_at(handle: int, file: Path) -> bool:
    """Return whether an open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(handle), file.stat())
    except FileNotFoundError:
        return False
