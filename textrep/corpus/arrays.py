"""One-dimensional ``.npy`` files that are written piece by piece and read as memory maps."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.errors import CorpusError

__all__ = ["ArrayWriter", "map_array"]

_HEADER_SIZE = 128


class ArrayWriter:
    """Writes a one-dimensional ``.npy`` file whose length is known only at the end.

    Parameters
    ----------
    path : Path
        The file.
    dtype : dtype
        Type of the numbers; written little-endian.

    Attributes
    ----------
    length : int
        Numbers written so far.
    """

    def __init__(self, path: Path, dtype: type[np.generic]) -> None:
        self.length = 0
        self._dtype = np.dtype(dtype).newbyteorder("<")
        self._file = path.open("wb")
        self._file.write(bytes(_HEADER_SIZE))
        self._hash = hashlib.sha256()

    def append(self, values: NDArray[Any]) -> None:
        """Write more numbers."""
        data = np.ascontiguousarray(values, self._dtype)
        self._file.write(data.data)
        self._hash.update(data.data)
        self.length += len(data)

    @property
    def sha256(self) -> str:
        """Checksum of the numbers written so far, without the header."""
        return self._hash.hexdigest()

    def close(self) -> None:
        """Write the header and close the file."""
        fields = (
            f"{{'descr': '{self._dtype.str}', 'fortran_order': False, 'shape': ({self.length},), }}"
        )
        room = _HEADER_SIZE - 10
        self._file.seek(0)
        self._file.write(b"\x93NUMPY\x01\x00" + room.to_bytes(2, "little"))
        self._file.write(fields.ljust(room - 1).encode() + b"\n")
        self._file.close()

    def __enter__(self) -> ArrayWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._file.close()


def map_array(path: Path, dtype: type[np.generic], length: int) -> NDArray[Any]:
    """Memory-map a one-dimensional ``.npy`` file, read-only.

    Parameters
    ----------
    path : Path
        The file.
    dtype : dtype
        What its numbers must be.
    length : int
        How many numbers it must hold.

    Raises
    ------
    CorpusError
        The file is missing, cut short, or not what it should be.
    """
    if not path.is_file():
        raise CorpusError(f"{path} is missing: build the corpus again.")
    try:
        # Not np.load, which would take archives and pickles for what they are.
        array: Any = np.lib.format.open_memmap(path, mode="r")
    except (ValueError, EOFError, OSError) as error:
        raise CorpusError(f"{path} is damaged: {error}. Build the corpus again.") from None
    if array.dtype != np.dtype(dtype) or array.shape != (length,):
        raise CorpusError(
            f"{path} holds {array.dtype} numbers of shape {array.shape}, but the manifest names "
            f"{np.dtype(dtype)} of shape ({length},). Build the corpus again."
        )
    if path.stat().st_size != array.offset + array.nbytes:
        raise CorpusError(f"{path} goes on after its numbers. Build the corpus again.")
    plain: NDArray[Any] = np.asarray(array)
    return plain
