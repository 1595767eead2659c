"""JSON lines, CSV and TSV: one field, every record, the line of what is wrong."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from textrep.corpus.readers.blocks import BLOCK_BYTES, Source
from textrep.corpus.readers.records import (
    csv_source,
    json_source,
    json_stdin_source,
    tsv_source,
)
from textrep.errors import CorpusError

per_example = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)


def text_of(source: Source) -> bytes:
    return b"\n\n".join(block.data for block in source.open())


def written(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


TEXTS = st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20))


@given(TEXTS)
@per_example
def test_json_texts_come_back(tmp_path: Path, texts: list[str]) -> None:
    lines = "".join(json.dumps({"id": 1, "text": text}) + "\n" for text in texts)
    path = written(tmp_path / "a.jsonl", lines)
    wanted = [text.replace("\r\n", "\n").encode() for text in texts if text]
    assert text_of(json_source(path, "a", None)) == b"\n\n".join(wanted)


@given(TEXTS)
@per_example
def test_csv_texts_come_back(tmp_path: Path, texts: list[str]) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "body"], *(["1", text] for text in texts)])
    path = written(tmp_path / "a.csv", buffer.getvalue())
    wanted = [text.replace("\r\n", "\n").encode() for text in texts if text]
    assert text_of(csv_source(path, "a", "body")) == b"\n\n".join(wanted)


def test_each_record_is_a_document_in_blocks_of_many(tmp_path: Path) -> None:
    lines = (json.dumps({"text": f"one two {number}"}) for number in range(400_000))
    path = written(tmp_path / "a.jsonl", "\n".join(lines))
    source = json_source(path, "a", None)
    stream = source.open()
    found = list(stream)
    assert len(found) == 2
    assert all(block.ends_document and len(block.data) <= BLOCK_BYTES for block in found)
    assert sum(block.data.count(b"\n\n") + 1 for block in found) == 400_000
    assert stream.bytes_read == source.bytes == path.stat().st_size


def test_json_blank_lines_and_nulls_are_no_documents(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", '\n{"text": "a"}\r\n \n{"text": null}\n{"text": "b"}')
    assert text_of(json_source(path, "a", None)) == b"a\n\nb"


def test_compressed_json(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl.gz", gzip.compress(b'{"text": "one"}\n{"text": "two"}\n'))
    assert text_of(json_source(path, "a", None)) == b"one\n\ntwo"


def test_bytes_and_surrogates_that_are_not_utf8_are_left_to_the_encoder(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", b'{"text": "caf\xe9"}\n{"text": "\\ud800 x"}\n')
    assert text_of(json_source(path, "a", None)) == b"caf\xe9\n\n\xed\xa0\x80 x"


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ('{"text": "a"', r"^a\.jsonl:2: not a line of JSON \(Expecting ',' delimiter at column 13"),
        (
            '{"txet": "a", "id": 1}',
            r"^a\.jsonl:2: no field 'text'\. Did you mean 'txet'\? .*txet, id",
        ),
        ("{}", r"^a\.jsonl:2: no field 'text'\. There are no fields"),
        ('{"text": ["a"]}', r"^a\.jsonl:2: the field 'text' must be a string, got a JSON array"),
        ('{"text": 7}', r"^a\.jsonl:2: the field 'text' must be a string, got a JSON number"),
        ('["a"]', r"^a\.jsonl:2: a JSON array; each line must be one object"),
        ("[" * 100_000, r"^a\.jsonl:2: not a line of JSON \(nested too deeply"),
    ],
)
def test_json_faults_name_file_and_line(tmp_path: Path, second: str, message: str) -> None:
    path = written(tmp_path / "a.jsonl", '{"text": "a"}\n' + second + "\n")
    with pytest.raises(CorpusError, match=message):
        text_of(json_source(path, "a.jsonl", None))


def test_json_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.TextIOWrapper(io.BytesIO(b'{"body": "one"}\n{"body": "two"}\n'))
    monkeypatch.setattr(sys, "stdin", data)
    source = json_stdin_source("body")
    assert not source.reopenable
    assert text_of(source) == b"one\n\ntwo"


def test_csv_quotes_line_breaks_and_a_mark(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv", '\ufeffid,text\r\n1,"one, ""two""\r\n\r\nthree"\r\n\r\n2,four\r\n'
    )
    assert text_of(csv_source(path, "a", None)) == b'one, "two"\n\nthree\n\nfour'


def test_csv_fields_may_be_long(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "text\n" + "word " * 100_000 + "\n")
    assert text_of(csv_source(path, "a", None)) == b"word " * 100_000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("id,boby\n1,a\n", r"^a\.csv:1: no field 'body'\. Did you mean 'boby'\? .*: id, boby\.$"),
        ("body,body\na,b\n", r"^a\.csv:1: there are several fields 'body'"),
        ("id,body\n1,a,b\n", r"^a\.csv:2: 3 fields, but the header has 2"),
        ('id,body\n1,"a\n\n', r"^a\.csv:3: not CSV \(unexpected end of data\)"),
        ('id,body\n1,"a" b\n', r"^a\.csv:2: not CSV \("),
    ],
)
def test_csv_faults_name_file_and_line(tmp_path: Path, data: str, message: str) -> None:
    path = written(tmp_path / "a.csv", data)
    with pytest.raises(CorpusError, match=message):
        text_of(csv_source(path, "a.csv", "body"))


def test_tsv_quotes_are_ordinary(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", 'id\ttext\r\n1\t"Hello", he said\r\n\r\n2\t"x\r\n')
    assert text_of(tsv_source(path, "a", None)) == b'"Hello", he said\n\n"x'


def test_tsv_with_too_few_fields(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "id\ttext\n1\ta\n2\n")
    with pytest.raises(CorpusError, match=r"^a\.tsv:3: 1 fields, but the header has 2"):
        text_of(tsv_source(path, "a.tsv", None))
