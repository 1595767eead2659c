"""Encoders from the command line: trained, asked for vectors of lines, evaluated."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from textrep import WordVectors, data
from textrep.cli.evaluated import load_models
from textrep.cli.run import run
from textrep.evaluation.protocols import TokenEncoder
from textrep.models import load_model

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


def test_words_of_lines(model, lines, tmp_path, capsys) -> None:
    out = tmp_path / "words.npz"
    assert run(["encode", str(model), "--tokens", "-o", str(out), "-q"]) == 0
    assert capsys.readouterr().out == f"{out}: 3 vectors x 6, of 3 lines\n"
    with np.load(out, allow_pickle=False) as arrays:
        assert arrays["words"].tolist() == ["the", "cat", "sat"]
        assert arrays["offsets"].tolist() == [0, 3, 3, 3]
        vectors = arrays["vectors"]
    assert (vectors == load_model(model).encode_tokens(["The cat sat."])[0]).all()


def test_words_of_lines_on_stdout(model, lines, capsys) -> None:
    assert run(["encode", str(model), "--tokens", "--layer", "0", "-q"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["words"] for row in rows] == [["the", "cat", "sat"], [], []]
    expected = load_model(model).encode_tokens(["The cat sat."], layer=0)[0]
    assert (np.array(rows[0]["vectors"], np.float32) == expected).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-o", "vectors.npy"], "must end in .npz"),
        (["--pooling", "mean"], "leave out --pooling"),
        (["--average", "sif"], "leave out --pooling and --average"),
    ],
)
def test_words_are_not_pooled(model, lines, options, message, capsys) -> None:
    assert run(["encode", str(model), "--tokens", "-q", *options]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert captured.err.count("\n") == 1


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


def test_an_encoder_tags_by_its_states(model, vectors_file) -> None:
    """Beside word vectors, where words in running text are asked for; by its vectors elsewhere."""
    tagging = load_models([model, vectors_file], ["brown_tags"], None)
    encoder, vectors = (one.model for one in tagging.values())
    assert isinstance(encoder, TokenEncoder)
    assert isinstance(vectors, WordVectors)
    assert not isinstance(vectors, TokenEncoder)
    sentences = [["the", "cat", "unheard"]]
    (states,), (known,) = encoder.encode_tokens(sentences), encoder.known_tokens(sentences)
    assert len(states) == len(known) == 3
    elsewhere = load_models([model], ["ws353"], None)
    assert [type(one.model) for one in elsewhere.values()] == [WordVectors]


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small tables in the place of TREC's."""
    texts = ["the cat sat on the mat", "cat on mat", "dog sat", "the dog", "sat the dog", "a cat"]
    columns = {"text": texts * 4, "label": ["cat", "cat", "dog", "dog", "dog", "cat"] * 4}
    table = data.Table(columns, None, "0")
    monkeypatch.setattr("textrep.data.table", lambda _: table)


def test_models_frozen_and_trained_on(model, vectors_file, topics, capsys) -> None:
    both = ["--probe", "logistic", "--probe", "finetuned"]
    paths = [str(model), str(vectors_file)]
    assert run(["evaluate", *paths, "--benchmark", "trec", *both, "-q", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    names = [f"{model.name}, logistic", f"{model.name}, finetuned"]
    names += [f"{vectors_file.name}, sif, logistic", f"{vectors_file.name}, finetuned"]
    assert [result["model"] for result in report["results"]] == names
    one = ["--probe", "finetuned"]
    assert run(["evaluate", *paths, "--benchmark", "trec", *one, "-q", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    scores = {result["model"]: result["score"] for result in report["results"]}
    assert list(scores) == [model.name, vectors_file.name]
    assert set(scores) == {model.name, vectors_file.name}
