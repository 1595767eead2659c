"""Compressed data are read whole or refused."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from textrep.corpus.readers.compression import COMPRESSIONS, decompress
from textrep.errors import CorpusError

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}
TEXT = b"".join(b"line %d of the text\n" % number for number in range(20_000))
suffixes = pytest.mark.parametrize("suffix", list(COMPRESSORS))


def unpack(data: bytes, suffix: str, step: int = 1000) -> bytes:
    chunks = [data[start : start + step] for start in range(0, len(data), step)]
    return b"".join(decompress(chunks, suffix, "a.txt" + suffix))


def test_every_format_is_tested() -> None:
    assert set(COMPRESSORS) == set(COMPRESSIONS)


@suffixes
@pytest.mark.parametrize("step", [1, 997, 10**7])
def test_text_is_read_whole_in_pieces_of_any_size(suffix: str, step: int) -> None:
    text = TEXT[:2000] if step == 1 else TEXT
    assert unpack(COMPRESSORS[suffix](text), suffix, step) == text


@given(st.sampled_from(list(COMPRESSORS)), st.lists(st.binary(max_size=99), max_size=5))
def test_members_one_after_the_other_are_all_read(suffix: str, members: list[bytes]) -> None:
    data = b"".join(map(COMPRESSORS[suffix], members))
    assert unpack(data, suffix, 7) == b"".join(members)


@suffixes
def test_long_runs_are_handed_out_in_pieces(suffix: str) -> None:
    data = COMPRESSORS[suffix](bytes(8 * 2**20))
    sizes = [len(piece) for piece in decompress([data], suffix, "zeros")]
    assert sum(sizes) == 8 * 2**20
    assert suffix == ".zst" or max(sizes) <= 2**20


@suffixes
def test_zero_bytes_after_the_last_member_are_padding(suffix: str) -> None:
    assert unpack(COMPRESSORS[suffix](TEXT) + bytes(1024), suffix) == TEXT


@suffixes
@pytest.mark.parametrize("share", [0.02, 0.5, 0.999])
def test_a_cut_file_is_refused(suffix: str, share: float) -> None:
    data = COMPRESSORS[suffix](TEXT)
    with pytest.raises(CorpusError, match=rf"^a\.txt{suffix} is cut: .* Fetch"):
        unpack(data[: int(len(data) * share)], suffix)


@suffixes
def test_a_cut_second_member_is_refused(suffix: str) -> None:
    data = COMPRESSORS[suffix](TEXT)
    with pytest.raises(CorpusError, match=rf"^a\.txt{suffix} is cut"):
        unpack(data + data[: len(data) // 2], suffix)


@suffixes
def test_a_damaged_file_is_refused(suffix: str) -> None:
    data = bytearray(zstandard.ZstdCompressor(write_checksum=True).compress(TEXT))
    if suffix != ".zst":
        data = bytearray(COMPRESSORS[suffix](TEXT))
    middle = len(data) // 2
    data[middle : middle + 20] = bytes(byte ^ 0x55 for byte in data[middle : middle + 20])
    with pytest.raises(CorpusError, match=rf"^a\.txt{suffix} is (damaged|cut)"):
        unpack(bytes(data), suffix)


@suffixes
@pytest.mark.parametrize("data", [b"plain text, not compressed", bytes(100)], ids=["text", "zeros"])
def test_what_only_has_the_suffix_is_refused(suffix: str, data: bytes) -> None:
    with pytest.raises(CorpusError, match=r"damaged, or not \w+ data .* or rename it\.$"):
        unpack(data, suffix)


@suffixes
def test_what_follows_the_data_is_not_dropped(suffix: str) -> None:
    with pytest.raises(CorpusError, match=r"what follows its first 1 \w+ member\(s\) is not"):
        unpack(COMPRESSORS[suffix](TEXT) + b"and some more plain text", suffix)


def test_nothing_is_nothing() -> None:
    assert unpack(b"", ".gz") == b""
