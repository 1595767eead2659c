"""Streams of blocks: what goes in comes out, as often as it is read, and can be changed freely."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from textrep.corpus.stream import BlockStream
from textrep.corpus.words import EncodedBlock

NUMBERS = st.lists(st.integers(0, 2**31 - 1), max_size=8)
BLOCKS = st.lists(st.tuples(st.integers(0, 3), NUMBERS, NUMBERS, NUMBERS), max_size=8)


@given(BLOCKS)
def test_a_stream_can_be_read_again_and_again(
    blocks: list[tuple[int, list[int], list[int], list[int]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stream = BlockStream(Path(folder) / "stream")
        for number, (table, *parts) in enumerate(blocks):
            stream.append(EncodedBlock(*(np.array(part, np.int32) for part in parts)), table)
            assert len(list(stream)) == number + 1
        assert len(stream) == len(blocks)
        assert stream.n_tokens == sum(len(ids) for _, ids, _, _ in blocks)
        for _ in range(2):
            found = list(stream)
            assert [(table, *(part.tolist() for part in block)) for table, block in found] == blocks
            for _, block in found:
                for part in block:
                    part[:] = 7  # a copy: the next reading gives the same
        stream.remove()
        assert not stream.path.exists()
