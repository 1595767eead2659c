"""Arrays on disk: what is written piece by piece is what NumPy reads."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textrep.corpus.arrays import ArrayWriter, map_array
from textrep.errors import CorpusError

INT32 = st.integers(-(2**31), 2**31 - 1)


@given(st.lists(st.lists(INT32, max_size=9), max_size=6), st.sampled_from([np.int32, np.int64]))
def test_what_was_written_is_read(pieces: list[list[int]], dtype: type[np.generic]) -> None:
    values = [value for piece in pieces for value in piece]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.npy"
        with ArrayWriter(path, dtype) as writer:
            for piece in pieces:
                writer.append(np.array(piece, np.int64))
        array = np.load(path)
        assert array.dtype == np.dtype(dtype).newbyteorder("<")
        assert array.tolist() == values
        assert writer.length == len(values)
        assert writer.sha256 == hashlib.sha256(array.tobytes()).hexdigest()
        if values:
            mapped = map_array(path, dtype, len(values))
            assert mapped.tolist() == values
            assert not mapped.flags.writeable
            assert mapped.ctypes.data % 64 == 0
        for wrong in (len(values) + 1, len(values) - 1):
            with pytest.raises(CorpusError, match=r"x\.npy"):
                map_array(path, dtype, wrong)
        with pytest.raises(CorpusError, match=r"x\.npy"):
            map_array(path, np.float32, len(values))


def fail(path: Path) -> None:
    with ArrayWriter(path, np.int32) as writer:
        writer.append(np.arange(3))
        raise KeyboardInterrupt


def test_an_interrupted_array_is_no_array(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        fail(tmp_path / "x.npy")
    with pytest.raises(CorpusError, match="is damaged"):
        map_array(tmp_path / "x.npy", np.int32, 3)


def test_a_missing_array(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"x\.npy is missing: build the corpus again"):
        map_array(tmp_path / "x.npy", np.int32, 3)
