"""Arrays in memory, or in temporary files that are memory-mapped.

The files lose their names as soon as they are made: they go when nothing uses them any more, and
nothing is left behind however the program ends. They are in the system's folder for temporary
files, which ``TMPDIR`` names.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

from textrep.errors import InputError

__all__ = ["CACHE_LINE", "ArrayBuilder", "aligned_rows", "scratch_array"]

CACHE_LINE = 64  # bytes

_ZEROS = bytes(1 << 20)


def scratch_array(shape: tuple[int, ...], dtype: DTypeLike, *, on_disk: bool) -> NDArray[Any]:
    """Return an array to write to, whose content is not defined.

    Parameters
    ----------
    shape : tuple of int
    dtype : dtype
    on_disk : bool
        Whether it is a map of a temporary file, whose space is taken at once.

    Raises
    ------
    InputError
        The disk is full.
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if not on_disk or size == 0:
        return np.empty(shape, dtype)
    with _full_disk_named(), tempfile.TemporaryFile(prefix="textrep-") as file:
        _reserve(file, size)
        return np.asarray(np.memmap(file, dtype, "r+", shape=shape))


def aligned_rows(n_rows: int, width: int) -> NDArray[np.float32]:
    """Return an empty matrix that begins at a cache line, as NumPy's seldom do.

    Rows of whole cache lines then touch no line more than they must: products take a sixth less.
    """
    n_bytes = n_rows * width * np.dtype(np.float32).itemsize
    room = np.empty(n_bytes + CACHE_LINE, np.uint8)
    first = -room.ctypes.data % CACHE_LINE
    return room[first : first + n_bytes].view(np.float32).reshape(n_rows, width)


class ArrayBuilder:
    """Builds a one-dimensional array piece by piece.

    Parameters
    ----------
    dtype : dtype
    most : int, optional
        The most numbers that there can be. Memory that is never written to is never taken, so a
        bound that is far too large costs nothing. Default: the array goes to a temporary file.

    Attributes
    ----------
    length : int
        Numbers so far.
    """

    def __init__(self, dtype: DTypeLike, most: int | None = None) -> None:
        self.length = 0
        self._dtype = np.dtype(dtype)
        self._array = self._file = None
        if most is None:
            self._file = tempfile.TemporaryFile(prefix="textrep-")  # noqa: SIM115, closed by exit
        else:
            self._array = np.empty(most, dtype)

    def append(self, values: NDArray[Any]) -> None:
        """Add numbers at the end."""
        if self._array is not None:
            self._array[self.length : self.length + len(values)] = values
        if self._file is not None:
            with _full_disk_named():
                self._file.write(np.ascontiguousarray(values, self._dtype).data)
        self.length += len(values)

    def finish(self) -> NDArray[Any]:
        """Return the array; a map of a file is read-only."""
        if self._array is not None:
            self._array.resize(self.length, refcheck=False)
            return self._array
        if self._file is None or self.length == 0:
            return np.empty(0, self._dtype)
        with _full_disk_named():
            self._file.flush()
        return np.asarray(np.memmap(self._file, self._dtype, "r", shape=(self.length,)))

    def __enter__(self) -> ArrayBuilder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):  # what a full disk did not take is not wanted
                self._file.close()


def _reserve(file: BinaryIO, size: int) -> None:
    """Take the space: a map of space that the disk turns out not to have would end the process."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
        return
    for first in range(0, size, len(_ZEROS)):
        file.write(_ZEROS[: size - first])
    file.flush()


@contextlib.contextmanager
def _full_disk_named() -> Iterator[None]:
    """Say which disk is full: the files have no names that the system could tell."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise InputError(
                f"The disk of {tempfile.gettempdir()} is full, where temporary files are. Free "
                "space there, or name another folder in TMPDIR."
            ) from error
        raise
