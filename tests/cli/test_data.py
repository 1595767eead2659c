"""``textrep data``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from textrep.cli.run import run
from textrep.recipes import benchmark_recipes, corpus_recipes, suites


@pytest.fixture(autouse=True)
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache, no network."""
    monkeypatch.setenv("TEXTREP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEXTREP_OFFLINE", "1")
    monkeypatch.delenv("TEXTREP_DATA", raising=False)


def test_list_names_everything_that_has_a_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "list"]) == 0
    text = capsys.readouterr().out
    for name in [*corpus_recipes(), *benchmark_recipes(), *suites()]:
        assert name in text
    assert run(["data", "list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [item["name"] for item in found["corpora"]] == list(corpus_recipes())
    assert {item["name"]: item["here"] for item in found["corpora"]}["miniworld"] is True
    assert {item["name"]: item["here"] for item in found["benchmarks"]}["ws353"] is False


def test_where_without_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "where"]) == 0
    assert str(tmp_path / "home") in capsys.readouterr().out


def test_where_finds_what_is_in_a_folder_of_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = benchmark_recipes()["ws353"]
    file = tmp_path / "mine" / recipe.local
    file.parent.mkdir(parents=True)
    file.write_text("word1\tword2\tscore\ncat\tdog\t5\n")
    monkeypatch.setenv("TEXTREP_DATA", str(tmp_path / "mine"))
    assert run(["data", "where", "ws353", "rg65", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ws353": [str(file)], "rg65": []}
    assert run(["data", "get", "ws353", "-q"]) == 0
    assert capsys.readouterr().out == f"{file}\n"


def test_get_offline_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "get", "ws353"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "ws353" in captured.err
    assert "TEXTREP_DATA" in captured.err


def test_an_unknown_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "get", "ws354"]) == 2
    assert "Did you mean 'ws353'?" in capsys.readouterr().err
