"""The encoder's kernels against plain Python."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from textrep.kernels.blocks import document_frequency, remap_block
from textrep.kernels.utf8 import first_invalid_utf8

# Bytes that begin, continue and break characters, at every border of the ranges.
PIECES = st.sampled_from(
    [bytes([b]) for b in (*range(0x7E, 0x91), *range(0x9E, 0xA1), *range(0xBE, 0xC4))]
    + [bytes([b]) for b in (0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, *range(0xF0, 0x100), 0x41)]
    + [c.encode() for c in "aé€\ud7ff\ue000\uffff\U00010000\U0010ffff"]
)


@given(st.lists(PIECES, max_size=12).map(b"".join) | st.binary(max_size=12))
@example(b"")
@example(b"ab\xc3")
@example(b"\xed\xa0\x80")
@example(b"\xf4\x90\x80\x80")
@example(b"\xe0\x9f\xbf")
@example(b"\xf0\x8f\xbf\xbf")
@example(b"\xc1\xbf")
def test_the_first_byte_that_is_no_utf8(data: bytes) -> None:
    try:
        data.decode("utf-8")
        expected = -1
    except UnicodeDecodeError as error:
        expected = error.start
    assert first_invalid_utf8(np.frombuffer(data, np.uint8)) == expected


def test_every_character_is_valid() -> None:
    text = "".join(chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000).encode()
    assert first_invalid_utf8(np.frombuffer(text, np.uint8)) == -1


@st.composite
def blocks(draw: st.DrawFn) -> tuple[list[int], list[int], list[int]]:
    ids = draw(st.lists(st.integers(0, 5), max_size=20))
    ends = sorted(draw(st.sets(st.integers(0, len(ids)))))
    documents = sorted(draw(st.sets(st.sampled_from(ends)))) if ends else []
    return ids, ends, documents


@given(blocks(), st.lists(st.integers(-1, 9), min_size=6, max_size=6))
def test_remapping_keeps_the_kept_and_moves_the_ends(
    block: tuple[list[int], list[int], list[int]], numbers: list[int]
) -> None:
    plain_ids, plain_ends, plain_documents = block
    ids, ends, documents = (np.array(part, np.int32) for part in block)
    kept = remap_block(ids, ends, documents, np.array(numbers, np.int32))
    survivors = [numbers[word] for word in plain_ids]

    def moved(end: int) -> int:
        return sum(number >= 0 for number in survivors[:end])

    assert ids[:kept].tolist() == [number for number in survivors if number >= 0]
    assert ends.tolist() == [moved(end) for end in plain_ends]
    assert documents.tolist() == [moved(end) for end in plain_documents]


@given(st.lists(blocks(), max_size=5), st.permutations(range(6)))
def test_document_frequency_over_blocks(
    stream: list[tuple[list[int], list[int], list[int]]], numbers: list[int]
) -> None:
    last, frequency = np.full(6, -1, np.int64), np.zeros(6, np.int64)
    document, begun = 0, False
    found: list[set[int]] = [set()]
    for ids, _, documents in stream:
        document, begun = document_frequency(
            np.array(ids, np.int32), np.array(documents, np.int32), np.array(numbers, np.int32),
            last, frequency, document, begun,
        )  # fmt: skip
        bounds = [0, *documents, len(ids)]
        for i, j in itertools.pairwise(bounds):
            found[-1] |= {numbers[word] for word in ids[i:j]}
            if j != len(ids) or len(ids) in documents:
                found.append(set())
        if documents and documents[-1] == len(ids):
            found.append(set())
    expected = Counter(word for words in found for word in words)
    assert frequency.tolist() == [expected[word] for word in range(6)]
    assert document == sum(map(bool, found)) - begun
    assert begun == bool(found[-1])


@pytest.mark.parametrize("begun", [False, True])
def test_documents_without_words_have_no_number(begun: bool) -> None:
    none, ends = np.zeros(0, np.int32), np.array([0, 0], np.int32)
    last, frequency = np.zeros(1, np.int64), np.zeros(1, np.int64)
    assert document_frequency(none, ends, none, last, frequency, 3, begun) == (3 + begun, False)
