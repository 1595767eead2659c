"""What counting keeps on disk, and how it is removed."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["DiskMatrix", "temporary_matrix", "text_array"]


class DiskMatrix(sp.csr_array):  # type: ignore[misc]
    """A CSR matrix whose arrays are memory maps; their folder lives as long as the matrix."""

    folder: Path


def temporary_matrix(write: Callable[[Path], DiskMatrix]) -> DiskMatrix:
    """Return the matrix that ``write`` makes in a temporary folder, which goes when it goes."""
    folder = Path(tempfile.mkdtemp(prefix="textrep-counts-"))
    try:
        matrix = write(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    matrix.folder = folder
    weakref.finalize(matrix, shutil.rmtree, folder, ignore_errors=True)
    return matrix


@contextlib.contextmanager
def text_array(size: int, *, on_disk: bool) -> Iterator[NDArray[np.int32]]:
    """Yield an array of so many numbers; one on disk is gone afterwards."""
    if not on_disk:
        yield np.empty(size, np.int32)
        return
    with tempfile.NamedTemporaryFile(prefix="textrep-text-") as file:
        # A memory map of space that the disk turns out not to have would end the process.
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, 4 * size)
        else:
            file.truncate(4 * size)
        yield np.asarray(np.memmap(file, np.int32, "r+", shape=(size,)))
