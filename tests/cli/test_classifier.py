"""A classifier from the command line: trained from a file, asked about lines."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from textrep import TextClassifier
from textrep.cli.run import run

pytestmark = pytest.mark.usefixtures("one_torch_thread")

TEXTS = ["the cat sat", "a cat on a mat", "dogs bark", "the dog barks", "cat and cat", "a dog"]
LABELS = ["cat", "cat", "dog", "dog", "cat", "dog"]
QUICK = ["--epochs", "40", "--learning-rate", "0.03", "-q"]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    rows = zip(LABELS, TEXTS, strict=True)
    path = tmp_path / "texts.tsv"
    path.write_text("label\ttext\n" + "".join(f"{label}\t{text}\n" for label, text in rows))
    return path


@pytest.fixture
def trained(texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "kinds"
    assert run(["train", "classifier", str(texts), "-o", str(path), *QUICK]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{path}: TextClassifier, 6 texts, 2 labels, ")
    return path


def ask(monkeypatch: pytest.MonkeyPatch, lines: bytes) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(lines)))


def test_each_line_has_a_label(trained, monkeypatch, capsys) -> None:
    ask(monkeypatch, b"the cat sat\r\n\ndogs bark \xff\n")
    assert run(["classify", str(trained), "-q"]) == 0
    labels = capsys.readouterr().out.split("\n")
    assert labels[0] == "cat"
    assert labels[2] == "dog"
    assert labels[1] in LABELS
    assert labels[3:] == [""]
    same = TextClassifier(epochs=40, learning_rate=0.03).fit(TEXTS, LABELS)
    ask(monkeypatch, b"a cat\nthe dog")
    assert run(["classify", str(trained), "-q", "--probabilities"]) == 0
    shares = [list(json.loads(line).values()) for line in capsys.readouterr().out.splitlines()]
    assert shares == same.predict_proba(["a cat", "the dog"]).tolist()
    assert np.sum(shares, axis=1) == pytest.approx([1, 1])


def test_flags_fields_and_an_encoder(texts, vectors_file, tmp_path, capsys) -> None:
    renamed = tmp_path / "questions.tsv"
    renamed.write_text(texts.read_text().replace("label\ttext", "kind\tquestion"))
    fields = ["--text-field", "question", "--label-field", "kind"]
    path = tmp_path / "it"
    arguments = [str(renamed), *fields, "--encoder", str(vectors_file), "--freeze", "--json"]
    assert run(["train", "classifier", *arguments, "-o", str(path), "--seed", "5", *QUICK]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["texts"], said["labels"], len(said["history"])) == (6, ["cat", "dog"], 40)
    loaded = TextClassifier.load(path)
    assert (loaded.encoder, loaded.freeze, loaded.random_state) == (str(vectors_file), True, 5)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["train", "classifier", "none.tsv", "-o", "it"], 1, "none.tsv"),
        (["train", "classifier", "texts.tsv", "-o", "it", "--epochs", "0"], 2, "epochs"),
        (["train", "classifier", "texts.tsv", "-o", "it", "--encoder", "none"], 1, "none does not"),
        (["train", "classifier", "texts.tsv", "-o", "it", "--label-field", "lab"], 1, "'label'?"),
        (["train", "classifier", "texts.tsv", "-o", "."], 1, "Will not replace"),
        (["train", "classifiers", "texts.tsv", "-o", "it"], 2, "Did you mean 'classifier'"),
        (["classify", "none"], 1, "none does not exist"),
        (["classify", "."], 1, "no config.json"),
    ],
)
def test_mistakes_are_one_line(arguments, code, says, texts, monkeypatch, capsys) -> None:
    monkeypatch.chdir(texts.parent)
    ask(monkeypatch, b"a line\n")
    assert run([*arguments, "-q"] if len(arguments) > 2 else arguments) == code
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1
    assert [path.name for path in texts.parent.iterdir()] == ["texts.tsv"]


def test_no_lines_are_a_mistake(trained, monkeypatch, capsys) -> None:
    ask(monkeypatch, b"")
    assert run(["classify", str(trained)]) == 1
    assert "stdin is empty" in capsys.readouterr().err
