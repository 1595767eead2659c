"""``--scheduler`` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from textrep.cli.run import run
from textrep.models import MODELS, load_model, model_class


@pytest.fixture
def address(client) -> str:
    return client.scheduler.address


def test_from_text_to_vectors(address, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("texts").mkdir()
    for name in "ab":
        Path("texts", name).write_text("the cat sat on mats\nthe cat ran\n" * 9)
    assert run(["corpus", "build", "texts", "-o", "corpus", "--scheduler", address, "-q"]) == 0
    assert "words          6" in capsys.readouterr().out
    for where, options in (("there", ["--scheduler", address]), ("here", [])):
        assert run(["train", "ppmi", "corpus", "-o", where, "-q", *options]) == 0
    assert (
        Path("there/model.safetensors").read_bytes() == Path("here/model.safetensors").read_bytes()
    )
    assert run(["train", "svd", "there", "-o", "svd", "--scheduler", address]) == 2
    assert "for training from a corpus, and there is a model" in capsys.readouterr().err
    assert run(["train", "svd", "corpus", "-o", "svd", "--scheduler", address, "--dry-run"]) == 2
    assert "--dry-run predicts what this machine takes" in capsys.readouterr().err


def test_one_line_and_nothing_else_if_there_is_no_scheduler(tmp_path, capfd, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("textrep.distributed.cluster._PATIENCE", 0.5)
    address = "tcp://127.0.0.1:9"
    assert run(["train", "svd", "miniworld", "-o", "svd", "--scheduler", address]) == 1
    out, error = capfd.readouterr()
    assert error.startswith(f"textrep: error: No Dask scheduler answers at {address}.")
    assert (error.count("\n"), out) == (1, "")
    assert list(tmp_path.iterdir()) == []


def test_word2vec(address, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("the cat sat on mats\nthe cat ran\n" * 9)
    corpus = ["corpus", "build", "a.txt", "-o", "corpus", "-q"]
    assert run(corpus) == 0
    train = ["train", "word2vec", "corpus", "-o", "w", "--dim", "4", "-q", "--subsample", "0"]
    train += ["--replicas", "3"]
    assert run(train) == 2
    assert "--replicas is for training on a cluster" in capsys.readouterr().err
    assert run([*train, "--scheduler", address, "--average-every", "50"]) == 0
    setting = load_model("w").metrics_["cluster"]
    assert setting == {"replicas": 3, "average_every": 50}


def test_glove(address, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("the cat sat on mats\nthe cat ran\n" * 9)
    assert run(["corpus", "build", "a.txt", "-o", "corpus", "-q"]) == 0
    train = ["train", "glove", "corpus", "-o", "g", "--dim", "4", "-q", "--scheduler", address]
    assert run([*train, "--replicas", "2"]) == 0
    assert load_model("g").metrics_["cluster"] == {"replicas": 2}
    capsys.readouterr()
    assert run([*train, "--average-every", "9"]) == 2  # there is nothing to average
    assert "No such option '--average-every'" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(MODELS))
def test_models_that_compute_here_have_no_such_flag(name, capsys):
    assert run(["train", name, "--help"]) == 0
    assert ("--scheduler" in capsys.readouterr().out) is model_class(name).on_clusters
