"""Arrays in memory or in temporary files: the same either way, and gone when nothing uses them."""

from __future__ import annotations

import errno
import mmap
import os
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest

from textrep.errors import InputError
from textrep.scratch import ArrayBuilder, scratch_array


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def is_mapped(array: Any) -> bool:
    while isinstance(array, np.ndarray):
        array = array.base
    return isinstance(array, mmap.mmap)


@pytest.mark.parametrize("on_disk", [False, True])
@pytest.mark.parametrize("shape", [(5,), (3, 4), (0,), (2, 0)])
def test_arrays_to_write_to(temporary: Path, on_disk: bool, shape: tuple[int, ...]) -> None:
    array = scratch_array(shape, np.float32, on_disk=on_disk)
    assert (array.shape, array.dtype) == (shape, np.float32)
    array[:] = 2.5
    assert (array == 2.5).all()
    assert is_mapped(array) == (on_disk and array.size > 0)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("most", [None, 10, 6])
@pytest.mark.parametrize("pieces", [[], [[]], [[1, 2], [], [3], [4, 5, 6]]])
def test_arrays_built_piece_by_piece(
    temporary: Path, most: int | None, pieces: list[list[int]]
) -> None:
    with ArrayBuilder(np.int64, most) as builder:
        for piece in pieces:
            builder.append(np.array(piece, np.int32))
        assert builder.length == sum(map(len, pieces))
        array = builder.finish()
    assert array.dtype == np.int64
    assert array.tolist() == [number for piece in pieces for number in piece]
    assert is_mapped(array) == (most is None and len(array) > 0)
    assert list(temporary.iterdir()) == []


def full(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_without_the_space_is_named(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    with pytest.raises(InputError, match=r"is full.*TMPDIR") as caught:
        scratch_array((5,), np.float32, on_disk=True)
    assert str(temporary) in str(caught.value)
    assert list(temporary.iterdir()) == []


def full_disk(**_: Any) -> BinaryIO:
    handle = os.open("/dev/full", os.O_RDWR)
    return os.fdopen(handle, "w+b")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("size", [1, 10**6])
def test_a_disk_that_fills_up_is_named(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", full_disk)

    def build() -> None:
        with ArrayBuilder(np.int64) as builder:
            for _ in range(20):
                builder.append(np.zeros(size))
            builder.finish()

    with pytest.raises(InputError, match=r"is full.*TMPDIR"):
        build()


def test_other_errors_are_left_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "posix_fallocate", broken, raising=False)
    with pytest.raises(OSError, match="broken"):
        scratch_array((5,), np.float32, on_disk=True)


def test_systems_that_cannot_reserve_space_write_zeros(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "posix_fallocate", raising=False)
    array = scratch_array((700_000,), np.float32, on_disk=True)
    assert is_mapped(array)
    assert not array.any()
    array[-1] = 1
    assert array[-1] == 1
