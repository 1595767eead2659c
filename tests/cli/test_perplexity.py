"""``textrep perplexity``."""

from __future__ import annotations

import io
import json

import pytest

from textrep import OneHot, RecurrentEncoder
from textrep.cli.run import run

LINES = ["a b c d", "b c", "d a b"] * 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("models")
    RecurrentEncoder(dim=4, units=4, epochs=1).fit(LINES).save(where / "lstm")
    OneHot().fit(LINES).save(where / "onehot")
    return where


@pytest.mark.usefixtures("one_torch_thread")
def test_a_file_and_stdin_say_the_same(folder, tmp_path, capsys, monkeypatch):
    text = "a b zz\n\nc d\n"
    (tmp_path / "text").write_text(text, "utf-8")
    assert run(["perplexity", str(folder / "lstm"), str(tmp_path / "text")]) == 0
    printed = capsys.readouterr().out
    assert "unknown words 1, left out" in printed
    assert "predicted     6" in printed
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert run(["perplexity", str(folder / "lstm"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert f"perplexity    {found['perplexity']:.2f}" in printed
    assert found["n_unknown"] == 1


def test_what_predicts_nothing_is_one_line(folder, capsys):
    assert run(["perplexity", str(folder / "onehot"), "-"]) == 1
    error = capsys.readouterr().err
    assert "OneHot, which predicts no text" in error
    assert error.count("\n") == 1
