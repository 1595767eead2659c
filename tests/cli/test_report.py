"""``textrep report``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from textrep.cli.run import run


@pytest.fixture
def two(vectors_file: Path) -> list[str]:
    other = vectors_file.with_name("other.txt")
    other.write_text("4 2\ncat 1 0\ndog 0.1 0.9\nman 0.2 0.1\nwoman 0.2 0.9\n")
    return [str(vectors_file), str(other), "--suite", "miniworld", "-q"]


def test_a_page_with_the_command_that_makes_it_again(two: list[str], tmp_path: Path) -> None:
    page = tmp_path / "new" / "report.html"
    assert run(["report", *two, "-o", str(page), "--word", "cat", "--oov", "zero"]) == 0
    text = page.read_text("utf-8")
    assert text.startswith("<!doctype html>")
    assert f"textrep report {two[0]} {two[1]} -o {page} --suite miniworld --oov zero" in text
    assert "--word cat" in text
    assert list(page.parent.iterdir()) == [page]


def test_formats_by_name_and_by_ending(
    two: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, start in (("t.tex", "% needs"), ("t.md", "# Report"), ("t.csv", "benchmark,")):
        assert run(["report", *two, "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_text().startswith(start)
    assert run(["report", *two, "-o", "-", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["evaluation"]["models"] == ["six.txt", "other.txt"]


@pytest.mark.parametrize(
    ("extra", "code", "message"),
    [
        (["--format", "htm"], 2, "Did you mean 'html'?"),
        (["--word", "catt"], 2, "Did you mean 'cat'?"),
        (["--suite", "miniwrld"], 2, "Did you mean 'miniworld'?"),
        (["--benchmark", "ws353", "--oov", "ignore"], 2, "oov"),
    ],
)
def test_wrong_calls_write_nothing(
    two: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    extra: list[str],
    code: int,
    message: str,
) -> None:
    page = tmp_path / "report.html"
    assert run(["report", *two, "-o", str(page), *extra]) == code
    error = capsys.readouterr().err
    assert message in error
    assert len(error.splitlines()) == 1
    assert not page.exists()


def test_a_folder_is_no_place_for_a_page(
    two: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", *two, "-o", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err


def test_vectors_that_are_not_numbers_are_refused_and_the_page_before_stays(
    two: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "report.html"
    page.write_text("before")
    bad = tmp_path / "bad.txt"
    bad.write_text("2 2\ncat nan 0\ndog 1 2\n")
    assert run(["report", str(bad), *two, "-o", str(page)]) == 1
    assert "bad.txt" in capsys.readouterr().err
    assert page.read_text() == "before"
