"""``textrep evaluate``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from textrep.cli.evaluated import model_names
from textrep.cli.run import run
from textrep.errors import InputError, UsageError


def test_models_are_named_by_the_shortest_end_of_their_path() -> None:
    names = model_names([Path("a/svd"), Path("b/svd"), Path("b/pmi"), Path("c/x/svd")])
    assert names == ["a/svd", "b/svd", "pmi", "x/svd"]


def test_a_model_named_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="named twice"):
        model_names([Path("svd"), Path("pmi"), Path("svd")])


def test_one_table_for_several_models(
    vectors_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = vectors_file.with_name("other.txt")
    other.write_bytes(vectors_file.read_bytes())
    assert run(["evaluate", str(vectors_file), str(other), "--suite", "miniworld", "-q"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    lines = captured.out.splitlines()
    assert lines[0].split() == ["six.txt", "other.txt"]
    assert any("miniworld-relatedness" in line for line in lines)
    assert max(map(len, lines)) <= 80


def test_json_and_markdown(vectors_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["evaluate", str(vectors_file), "--benchmark", "miniworld-synonyms"]
    assert run([*arguments, "--json", "--oov", "zero"]) == 0
    [result] = json.loads(capsys.readouterr().out)["results"]
    assert result["benchmark"] == "miniworld-synonyms"
    assert result["oov"] == "zero"
    assert result["model"] == "six.txt"
    assert run([*arguments, "--markdown"]) == 0
    assert capsys.readouterr().out.startswith("| benchmark |")


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (["--suite", "miniwrld"], "Did you mean 'miniworld'?"),
        (["--benchmark", "ws354"], "Did you mean 'ws353'?"),
        (["--suite", "miniworld", "--oov", "ignore"], "oov"),
        (["--suite", "miniworld", "--method", "5cos"], "method"),
        (
            ["--suite", "miniworld", "--probe", "nope"],
            "Unknown probe of evaluate 'nope'. Known",
        ),
        (
            ["--suite", "miniworld", "--average", "nope"],
            "Unknown average of evaluate 'nope'. Known",
        ),
    ],
)
def test_wrong_calls(
    vectors_file: Path, capsys: pytest.CaptureFixture[str], extra: list[str], message: str
) -> None:
    assert run(["evaluate", str(vectors_file), *extra]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err


def test_margins_are_computed_only_where_they_are_shown(
    vectors_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def evaluate(*_: object, margins: bool, **__: object) -> None:
        asked.append(margins)
        raise InputError("far enough")

    monkeypatch.setattr("textrep.evaluation.evaluate", evaluate)
    command = ["evaluate", str(vectors_file), "--suite", "miniworld", "-q"]
    for extra in ([], ["--by", "frequency"], ["--worst", "1"]):
        assert run([*command, *extra]) == 1
    assert asked == [False, False, True]
