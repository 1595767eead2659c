"""Encoders from the command line: trained, asked for vectors of lines, evaluated."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from textrep.cli.run import run

pytestmark = pytest.mark.usefixtures("one_torch_thread")

SMALL = ["--dim", "8", "--epochs", "2", "-q"]


@pytest.fixture
def model(text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "lstm"
    arguments = ["train", "recurrent", str(text_file), "-o", str(path), "--units", "6"]
    assert run([*arguments, *SMALL, "--holdout", "0.2"]) == 0
    assert capsys.readouterr().out.startswith(f"{path}: RecurrentEncoder, 5 words x 8, ")
    assert "perplexity" in json.loads((path / "config.json").read_text())["metrics"]["history"][1]
    return path


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = SimpleNamespace(buffer=io.BytesIO(b"The cat sat.\n\nno known word\n"))
    monkeypatch.setattr("sys.stdin", stdin)


@pytest.mark.parametrize(
    ("options", "width"),
    [([], 6), (["--pooling", "last"], 6), (["--layer", "0", "--pooling", "weighted"], 8)],
)
def test_lines_become_vectors(model, lines, options, width, tmp_path, capsys) -> None:
    out = tmp_path / "vectors.npy"
    assert run(["encode", str(model), "-o", str(out), "-q", *options]) == 0
    vectors = np.load(out)
    assert vectors.shape == (3, width)
    assert vectors.any(axis=1).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("options", "message"),
    [(["--pooling", "sum"], "pooling"), (["--layer", "7"], "layer")],
)
def test_a_pooling_or_layer_that_is_not_there(model, lines, options, message, capsys) -> None:
    assert run(["encode", str(model), "-q", *options]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert captured.err.count("\n") == 1


def test_word_vectors_have_no_layers(vectors_file: Path, lines, capsys) -> None:
    assert run(["encode", str(vectors_file), "-q", "--layer", "0"]) == 2
    assert "--layer is for encoders" in capsys.readouterr().err


def test_help_does_without_torch(environment: dict[str, str]) -> None:
    import sys

    code = (
        "import sys; from textrep.cli.run import run; run(['train', 'recurrent', '--help']); "
        "print('torch' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert ended.stdout.splitlines()[-1] == "False"
    assert "--bidirectional" in ended.stdout
