"""Whatever is given becomes sources, or one clear line."""

from __future__ import annotations

import gzip
import io
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from textrep.corpus.readers import Source, named_sources, sources
from textrep.errors import CorpusError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "a.txt": "some a",
        "b b.txt": "some b",
        "c.jsonl": '{"text": "some c", "body": "other c"}',
        "d.csv": "text,body\nsome d,other d\n",
        "e.TSV": "text\tbody\nsome e\tother e\n",
        "f.json": '{"text": "some f", "body": "other f"}',
        "empty.txt": "",
        "empty.csv": "",
    }.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def text_of(found: list[Source]) -> list[bytes]:
    return [b"".join(block.data for block in source.open()) for source in found]


def names(found: list[Source]) -> list[str]:
    return [source.name for source in found]


@pytest.mark.parametrize(
    ("inputs", "wanted"),
    [
        ("a.txt", [b"some a"]),
        (Path("a.txt"), [b"some a"]),
        (["a.txt", Path("b b.txt")], [b"some a", b"some b"]),
        (("b b.txt",), [b"some b"]),
        ("*.txt", [b"some a", b"some b"]),
        (["c.jsonl", "d.csv", "e.TSV", "f.json"], [b"some c", b"some d", b"some e", b"some f"]),
        (".", [b"some a", b"some b", b"some c", b"some d", b"some e"]),
        (["one document", "two"], [b"one document\n\ntwo"]),
        ([["one", "sentence"], ["two"]], [b"one\x1fsentence\ntwo\n"]),
    ],
)
def test_inputs(here: Path, inputs: object, wanted: list[bytes]) -> None:
    assert text_of(sources(inputs)) == wanted


def test_the_field_of_each_kind_of_file(here: Path) -> None:
    found = sources(["c.jsonl", "d.csv", "e.TSV", "f.json", "a.txt"], field="body")
    assert text_of(found) == [b"other c", b"other d", b"other e", b"other f", b"some a"]


def test_names_are_as_the_caller_wrote_them(here: Path) -> None:
    (here / "sub").mkdir()
    (here / "sub" / "x.txt").write_text("x")
    assert names(sources(["./a.txt", "sub", "sub/*"])) == ["a.txt", "sub/x.txt", "sub/x.txt"]


def test_home(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(here))
    assert text_of(sources("~/a.txt")) == [b"some a"]


def test_parquet(here: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.table({"text": ["one"], "body": ["two"]}), "g.parquet")
    assert text_of(sources("g.parquet")) == [b"one"]
    assert text_of(sources(["g.parquet"], field="body")) == [b"two"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"one\ntwo\n")))
    assert text_of(sources("-")) == [b"one\ntwo\n"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"body": "one"}')))
    assert text_of(sources(["-"], field="body")) == [b"one"]


@pytest.mark.parametrize("inputs", ["-", ["-"]])
def test_empty_standard_input(monkeypatch: pytest.MonkeyPatch, inputs: object) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(CorpusError, match=r"^standard input is empty: there is no text to read\.$"):
        text_of(sources(inputs))


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ("nothing.txt", r"^There is no file, folder or corpus 'nothing\.txt'\."),
        ("b.txt", r"'b\.txt'\. Did you mean '(a|b b)\.txt'\?"),
        (["a.txt", "c.json"], r"'c\.json'\. Did you mean '[cf]\.json"),
        (["no such file.txt"], r"^There is no file, folder or corpus 'no such file\.txt'"),
        (
            ["cat", "dog"],
            r"^There is no file, folder or corpus 'cat'\..*names; .*Corpus\.from_texts",
        ),
        ("some text, not a name", r"^There is no file, folder or corpus 'some text"),
        ("", r"^There is no file, folder or corpus ''"),
        ("a\0b", r"^There is no file, folder or corpus"),
        ("x" * 5000, r"^There is no file, folder or corpus"),
        ("miniwrld", r"Did you mean 'miniworld'\?"),
        ("gone/miniworld.txt", r"^There is no file, folder or corpus 'gone/miniworld\.txt'"),
        ("*.xyz", r"^No file matches \*\.xyz"),
        ("empty.txt", r"^empty\.txt is empty: there is no text to read"),
        ("empty.csv", r"^empty\.csv is empty: there is no text to read"),
        (["empty.txt", "empty.csv"], r"^Each of the 2 inputs is empty"),
        (["-", "a.txt", "-"], r"^Standard input can be read only once: name \"-\" once"),
        ([], r"^The iterable is empty"),
        (b"a.txt", r"^Cannot read text from bytes: pass a path"),
        (None, r"^Cannot read text from NoneType: pass a path"),
        (7, r"^Cannot read text from int: pass a path"),
        ([b"a.txt"], r"^Item 1 of the iterable must be a list of tokens"),
        ((line for line in ["a"]), r"^The iterable \(generator\) can be read only once"),
    ],
)
def test_bad_inputs(here: Path, inputs: object, message: str) -> None:
    with pytest.raises(CorpusError, match=message) as caught:
        text_of(sources(inputs))
    assert "\n" not in str(caught.value)


def test_a_file_object_is_read_only_once(here: Path) -> None:
    with open("a.txt") as file, pytest.raises(CorpusError, match="can be read only once"):
        sources(file)


def test_an_empty_file_among_others_is_left_out_and_told(
    here: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "textrep"):
        assert names(sources(["a.txt", "empty.txt"])) == ["a.txt"]
    assert "Left out 1 empty files of 2" in caplog.text


def test_a_file_of_nothing_compressed(here: Path) -> None:
    (here / "x.txt.gz").write_bytes(gzip.compress(b""))
    with pytest.raises(CorpusError, match=r"^x\.txt\.gz is empty: there is no text to read\.$"):
        text_of(sources("x.txt.gz"))
    assert text_of(sources(["x.txt.gz", "a.txt"])) == [b"", b"some a"]


def test_on_a_command_line_every_string_is_a_name(here: Path) -> None:
    assert text_of(named_sources(["a.txt", "b b.txt"])) == [b"some a", b"some b"]
    with pytest.raises(CorpusError, match=r"^There is no file, folder or corpus 'not a file'"):
        named_sources(["not a file"])


def test_a_file_wins_over_a_recipe(here: Path) -> None:
    (here / "miniworld").write_text("mine")
    assert text_of(sources("miniworld")) == [b"mine"]


def test_objects_that_start_anew(here: Path) -> None:
    class Texts:
        def __iter__(self) -> Iterator[str]:
            return iter(["a.txt", "one two"])

    assert text_of(sources(Texts())) == [b"a.txt\n\none two"]


def test_data_sets_and_paths_in_one_list(here: Path) -> None:
    class Dataset:
        column_names = ("text",)

        def __iter__(self) -> Iterator[dict[str, str]]:
            return iter([{"text": "one"}])

    assert text_of(sources(Dataset())) == [b"one"]
    assert text_of(sources([Dataset(), "a.txt"])) == [b"one", b"some a"]
