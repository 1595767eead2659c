"""``textrep convert``: there and back."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from textrep.cli.run import run
from textrep.storage import load_vectors, read_model, write_model
from textrep.storage.contents import contents_of
from textrep.storage.load import load_training
from textrep.vectors import Subwords, SubwordVectors, WordVectors


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


def test_fasttext_there_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, subwords = ["walk", "talk", "run"], Subwords(3, 4, 1000)
    rows = np.random.default_rng(0).standard_normal((subwords.rows(words).n_rows, 8))
    contexts = np.arange(24, dtype=np.float32).reshape(3, 8)
    data = contents_of(SubwordVectors.from_input(words, subwords, rows, [3, 2, 1]), contexts)
    data = dataclasses.replace(data, parameters={**data.parameters, "window": 9})
    write_model(tmp_path / "m", data)
    for source, target, name in (("m", "m.bin", "fasttext"), ("m.bin", "n", "textrep")):
        assert run(["convert", str(tmp_path / source), str(tmp_path / target), "--to", name]) == 0
        assert capsys.readouterr().out == f"{tmp_path / target}: 3 words x 8, {name}\n"
    assert load_training(tmp_path / "m.bin").parameters["window"] == 9
    assert read_model(tmp_path / "n").parameters["window"] == 9
    assert read_model(tmp_path / "n").tensors["context_vectors"].tolist() == contexts.tolist()
    first, second = load_vectors(tmp_path / "m"), load_vectors(tmp_path / "n")
    assert first["walk"].tolist() == second["walk"].tolist()
    assert [near.word for near in first.neighbors("walked")] == [
        near.word for near in second.neighbors("walked")
    ]


def test_contexts_of_another_shape_are_not_output_vectors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = contents_of(WordVectors(["a", "b"], np.eye(2)), np.ones((5, 2), np.float32))
    write_model(tmp_path / "m", data)
    assert run(["convert", str(tmp_path / "m"), str(tmp_path / "m.bin"), "--to", "fasttext"]) == 0
    assert load_training(tmp_path / "m.bin").context_vectors.tolist() == [[0, 0], [0, 0]]
