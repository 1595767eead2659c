"""Parquet: one column, in batches, strings or tokens."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from textrep.corpus.readers.parquet import parquet_source
from textrep.errors import CorpusError

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


def write(path: Path, **columns: object) -> Path:
    parquet.write_table(pyarrow.table(columns), path, row_group_size=700)
    return path


@pytest.mark.parametrize("kind", ["string", "large_string", "dictionary"])
def test_rows_are_documents(tmp_path: Path, kind: str) -> None:
    texts = [f"réd {number}\r\nnext" for number in range(3000)]
    column = pyarrow.array([*texts, None, "end"])
    if kind == "dictionary":
        column = column.dictionary_encode()
    elif kind == "large_string":
        column = column.cast(pyarrow.large_string())
    path = write(tmp_path / "a.parquet", id=pyarrow.array(range(3002)), text=column)
    source = parquet_source(path, "a", None)
    stream = source.open()
    (block,) = stream
    assert block.data.decode().replace("\n", "\r\n").split("\r\n\r\n") == [*texts, "end"]
    assert block.ends_document
    assert not source.pretokenized
    assert stream.digest() == hashlib.sha256(path.read_bytes()).hexdigest()
    assert stream.bytes_read == source.bytes == path.stat().st_size


def test_lists_of_strings_are_sentences(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", words=[["New York", "is"], None, [], ["big"]])
    source = parquet_source(path, "a", "words")
    assert source.pretokenized
    assert list(source.open()) == [(b"New York\x1fis\nbig\n", True)]


def test_a_missing_column(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", id=[1], txt=["a"])
    with pytest.raises(
        CorpusError, match=r"^a has no column 'text'\. Did you mean 'txt'\? .*id, txt"
    ):
        parquet_source(path, "a", None)


@pytest.mark.parametrize("values", [[1, 2], [[1], [2]], [{"a": "b"}]])
def test_a_column_of_something_else(tmp_path: Path, values: list[object]) -> None:
    path = write(tmp_path / "a.parquet", text=values)
    with pytest.raises(CorpusError, match=r"^The column 'text' of a must hold strings or lists"):
        parquet_source(path, "a", None)


def test_a_cut_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", text=["some text"] * 1000)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CorpusError, match=r"^a cannot be read as Parquet \(.*\)\. Fetch"):
        parquet_source(path, "a", None)


def test_a_damaged_batch(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", text=[f"some text {number}" for number in range(9000)])
    source = parquet_source(path, "a", None)
    data = bytearray(path.read_bytes())
    data[4:2000] = bytes(1996)
    path.write_bytes(data)
    with pytest.raises(CorpusError, match=r"^a cannot be read as Parquet \("):
        list(source.open())


def test_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.parquet", text=["a"])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(CorpusError, match=r"^Reading a needs pyarrow: pip install 'textrep\[parq"):
        parquet_source(path, "a", None)
