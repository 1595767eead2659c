"""Plain text: whole, checked, without marks, with its own checksum."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textrep.corpus.readers import plain
from textrep.corpus.readers.blocks import BLOCK_BYTES, Meter
from textrep.corpus.readers.plain import plain_source, plain_stdin_source, text_chunks
from textrep.errors import CorpusError


def read(path: Path) -> bytes:
    return b"".join(block.data for block in plain_source(path, path.name).open())


def test_a_file_is_read_whole_and_known_by_its_checksum(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    text = b"".join(b"line %d\n\n" % number for number in range(700_000))
    path.write_bytes(text)
    source = plain_source(path, "a")
    stream = source.open()
    found = list(stream)
    assert source.bytes == stream.bytes_read == len(text) > 2 * BLOCK_BYTES
    assert b"".join(block.data for block in found) == text
    assert [block.ends_document for block in found] == [False] * (len(found) - 1) + [True]
    assert all(len(block.data) <= BLOCK_BYTES for block in found)
    assert stream.digest() == hashlib.sha256(text).hexdigest()
    assert list(source.open()) == found


def test_the_checksum_of_a_compressed_file_is_that_of_its_own_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    data = gzip.compress(b"some text\n" * 1000)
    path.write_bytes(data)
    source = plain_source(path, "a")
    stream = source.open()
    assert b"".join(block.data for block in stream) == b"some text\n" * 1000
    assert stream.digest() == hashlib.sha256(data).hexdigest()
    assert stream.bytes_read == source.bytes == len(data)


@given(st.text(alphabet="a é\n\r").map(str.encode), st.integers(1, 9))
def test_the_text_does_not_depend_on_the_size_of_the_reads(text: bytes, size: int) -> None:
    chunks = [text[start : start + size] for start in range(0, len(text), size)]
    checked = plain.plain_newlines(plain._checked(chunks, "a"))
    assert b"".join(checked) == text.replace(b"\r\n", b"\n")


@pytest.mark.parametrize("step", [3, BLOCK_BYTES])
def test_windows_line_ends_at_the_border_of_a_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(plain, "BLOCK_BYTES", step)
    path = tmp_path / "a.txt"
    path.write_bytes(b"ab\r\n\r\ncd\r\n\rx\r")
    assert b"".join(text_chunks(path, "a", Meter())) == b"ab\n\ncd\n\rx\r"


def test_a_byte_order_mark_is_dropped_at_the_start_only(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffone \ufefftwo".encode())
    assert read(path) == "one \ufefftwo".encode()


def test_broken_utf8_is_left_to_the_encoder(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"caf\xe9 \xff\n")
    assert read(path) == b"caf\xe9 \xff\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-be", "utf-32-be"])
def test_wide_encodings_are_refused_with_the_way_out(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(
        "\ufeffsome text".removeprefix("" if "be" in encoding else "\ufeff").encode(encoding)
    )
    wanted = encoding.removesuffix("-be").upper()
    with pytest.raises(CorpusError, match=rf"^a\.txt is in {wanted}[LB]E, .*iconv -f {wanted} -t"):
        read(path)


def test_binary_data_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"some text\n" * 1000 + b"\0\1")
    with pytest.raises(CorpusError, match=r"^a\.txt is not text: byte 10000 is zero"):
        read(path)


@pytest.mark.parametrize(
    ("data", "meaning"),
    [
        (gzip.compress(b"text", mtime=0), "gzip"),
        (b"%PDF-1.7\nstuff", "PDF"),
        (b"PK\x03\x04stuff", "zip"),
        (b"PAR1\x15stuff", "Parquet"),
    ],
)
def test_other_formats_are_named(tmp_path: Path, data: bytes, meaning: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(CorpusError, match=rf"^a\.txt is not text but .*{meaning}"):
        read(path)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"text")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    source = plain_source(path, "a.txt")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CorpusError, match=r"^Cannot read a\.txt: Permission denied\.$"):
        next(source.open())


def test_a_file_that_goes_away(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"text")
    source = plain_source(path, "a.txt")
    path.unlink()
    with pytest.raises(CorpusError, match=r"^Cannot read a\.txt: No such file"):
        next(source.open())


def test_a_pipe_is_read_and_said_to_be_read_once(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    source = plain_source(path, "pipe")
    assert (source.bytes, source.reopenable) == (None, False)
    writer = threading.Thread(target=path.write_bytes, args=(b"some words " * 20_000,))
    writer.start()
    stream = source.open()
    assert b"".join(block.data for block in stream) == b"some words " * 20_000
    writer.join()
    assert stream.bytes_read == 220_000


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"one\r\n\r\ntwo")))
    source = plain_stdin_source()
    assert (source.name, source.bytes, source.reopenable) == ("standard input", None, False)
    assert list(source.open()) == [(b"one\n\ntwo", True)]
    with pytest.raises(CorpusError, match=r"^Standard input can be read only once\. Save it"):
        source.open()


def test_standard_input_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(CorpusError, match=r"^Cannot read standard input: it is closed"):
        next(plain_stdin_source().open())


def test_closing_a_stream_closes_its_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"line\n" * 2_000_000)
    stream = plain_source(path, "a").open()
    next(stream)
    stream.close()
    assert list(stream) == []
    assert not [link for link in _open_files() if link == str(path)]


def _open_files() -> list[str]:
    folder = "/proc/self/fd"
    if not os.path.isdir(folder):
        pytest.skip("no /proc to see open files in")
    links = []
    for name in os.listdir(folder):
        try:
            links.append(os.readlink(f"{folder}/{name}"))
        except OSError:
            continue
    return links
