"""Blocks are cut at places that depend on the text alone, and never inside a word."""

from __future__ import annotations

import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textrep.corpus.readers import blocks
from textrep.corpus.readers.blocks import (
    Block,
    Meter,
    Stream,
    batch_documents,
    cut_blocks,
    plain_newlines,
)
from textrep.errors import CorpusError

LIMITS = st.integers(1, 40)
TEXTS = st.text(alphabet="ab é\n\r\t\x1f", max_size=200).map(str.encode)
WHITE = b" \t\n\r\v\f"


@st.composite
def pieces(draw: st.DrawFn, texts: st.SearchStrategy[bytes]) -> list[bytes]:
    text = draw(texts)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    return [text[i:j] for i, j in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def slow_blocks(text: bytes, limit: int, inside: bytes = WHITE) -> list[Block]:
    """The rule of `cut_blocks`, a byte at a time over the whole text."""
    found = []
    while len(text) > limit:
        lines = [i + 1 for i in range(limit) if text[i] == ord("\n")]
        spaces = [i + 1 for i in range(limit) if text[i] in inside]
        beyond = [i + 1 for i in range(limit, len(text)) if text[i] in inside + b"\n"]
        end = lines[-1] if lines else spaces[-1] if spaces else (*beyond, len(text))[0]
        if text[end - 1] != ord("\n") and text[end : end + 1] == b"\n":
            end += 1
        if end == len(text):
            break
        found.append(Block(text[:end], False))
        text = text[end:]
    return [*found, Block(text, True)] if text else found


@given(pieces(TEXTS), LIMITS)
def test_blocks_follow_the_rule_however_the_text_is_read(parts: list[bytes], limit: int) -> None:
    assert list(cut_blocks(parts, limit=limit)) == slow_blocks(b"".join(parts), limit)


@given(pieces(TEXTS), LIMITS)
def test_blocks_cut_between_tokens_of_pretokenized_text(parts: list[bytes], limit: int) -> None:
    found = list(cut_blocks(parts, limit=limit, inside=b"\x1f"))
    assert found == slow_blocks(b"".join(parts), limit, b"\x1f")


@given(pieces(TEXTS), LIMITS)
def test_no_word_is_cut_and_nothing_is_lost(parts: list[bytes], limit: int) -> None:
    found = list(cut_blocks(parts, limit=limit))
    text = b"".join(parts)
    assert b"".join(block.data for block in found) == text
    assert [word for block in found for word in block.data.split()] == text.split()
    assert [block.ends_document for block in found] == [False] * (len(found) - 1) + [True] * bool(
        found
    )


@given(pieces(TEXTS), LIMITS)
def test_an_empty_line_is_never_made_by_a_cut(parts: list[bytes], limit: int) -> None:
    found = list(cut_blocks(parts, limit=limit))
    for before, block in itertools.pairwise(found):
        assert before.data.endswith(b"\n") or not block.data.startswith(b"\n")


def test_a_line_shorter_than_a_block_is_kept_whole() -> None:
    found = list(cut_blocks([b"one two\nthree four\nfive"], limit=20))
    assert [block.data for block in found] == [b"one two\nthree four\n", b"five"]


def test_a_cut_inside_a_line_is_after_a_white_space() -> None:
    found = list(cut_blocks([b"one two three four"], limit=10))
    assert [block.data for block in found] == [b"one two ", b"three four"]


def test_a_long_word_makes_a_block_longer() -> None:
    found = list(cut_blocks([b"aaaaaa", b"aaaaaa", b"a b"], limit=4))
    assert [block.data for block in found] == [b"aaaaaaaaaaaaa ", b"b"]


def test_a_text_that_fills_its_blocks_ends_with_a_block_that_ends_the_document() -> None:
    assert list(cut_blocks([b"abc\nabc\n"], limit=4)) == [(b"abc\n", False), (b"abc\n", True)]


def test_a_stretch_without_white_space_that_memory_should_not_hold_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocks, "LONGEST_STRETCH", 2**20)
    with pytest.raises(CorpusError, match=r"^genome\.txt has 1 MiB without white space"):
        list(cut_blocks((b"ACGT" * 1000 for _ in range(1000)), name="genome.txt", limit=5000))


@given(pieces(TEXTS))
def test_line_ends_are_the_same_however_the_text_is_read(parts: list[bytes]) -> None:
    assert b"".join(plain_newlines(parts)) == b"".join(parts).replace(b"\r\n", b"\n")


DOCUMENTS = st.lists(st.text(alphabet="ab \r\n", max_size=30).map(str.encode), max_size=12)


@given(DOCUMENTS, LIMITS)
def test_documents_stay_apart_and_whole(documents: list[bytes], limit: int) -> None:
    found = list(batch_documents(documents, limit=limit))
    wanted = [text.replace(b"\r\n", b"\n") for text in documents if text]
    # Where a block ends a document, put the empty line that stands inside a block.
    text = b"".join(block.data + b"\n\n" * block.ends_document for block in found)
    assert text == b"".join(document + b"\n\n" for document in wanted)


@given(
    st.lists(st.text(alphabet="ab ", min_size=1, max_size=9).map(str.encode)), st.integers(9, 40)
)
def test_short_documents_share_blocks(documents: list[bytes], limit: int) -> None:
    found = list(batch_documents(documents, limit=limit))
    whole = [block for block in found if block.ends_document]
    for before, block in itertools.pairwise(whole):
        assert len(before.data) + len(block.data.split(b"\n\n")[0]) + 2 > limit


def test_a_stream_has_a_checksum_when_it_was_read() -> None:
    def read(meter: Meter):  # type: ignore[no-untyped-def]
        yield Block(meter.take(b"one "), False)
        yield Block(meter.take(b"two"), True)

    stream = Stream("a.txt", read)
    with pytest.raises(CorpusError, match=r"^a\.txt has no checksum yet"):
        stream.digest()
    assert next(stream) == (b"one ", False)
    assert stream.bytes_read == 4
    with pytest.raises(CorpusError):
        stream.digest()
    assert list(stream) == [(b"two", True)]
    assert stream.digest() == hashlib.sha256(b"one two").hexdigest()
    assert stream.bytes_read == 7
