"""``textrep convert``: there and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from textrep.cli.run import run


def test_every_format_and_back(
    vectors_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [("word2vec-binary", "six.bin"), ("textrep", "six"), ("word2vec-text", "again.txt")]
    source = vectors_file
    for name, file in steps:
        assert run(["convert", str(source), str(tmp_path / file), "--to", name]) == 0
        assert capsys.readouterr().out == f"{tmp_path / file}: 6 words x 2, {name}\n"
        source = tmp_path / file
    for path in (vectors_file, source):
        assert run(["neighbors", str(path), "cat", "--json"]) == 0
    first, second = capsys.readouterr().out.split("}\n{")
    assert json.loads(first + "}") == json.loads("{" + second)


def test_a_file_that_holds_no_vectors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "notes.txt"
    source.write_text("these are notes\n")
    assert run(["convert", str(source), str(tmp_path / "x"), "--to", "textrep"]) == 1
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "notes.txt" in line
    assert not (tmp_path / "x").exists()
