"""``textrep explore``."""

from __future__ import annotations

from pathlib import Path

import pytest

from textrep.cli.run import run


def test_a_page_is_written_and_its_size_told(
    vectors_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "pages" / "six.html"
    arguments = ["--analogy", "man:woman::king:queen", "--map", "pca"]
    assert run(["explore", str(vectors_file), "-o", str(page), *arguments]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith(f"{page}: 6 words of six.txt, ")
    assert captured.out.endswith("kB\n")
    assert page.stat().st_size > 20_000
    assert "<bdi>man</bdi> : <bdi>woman</bdi>" in page.read_text("utf-8")
    assert [path.name for path in page.parent.iterdir()] == ["six.html"]


def test_two_models_and_fewer_words(
    vectors_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "two.txt"
    other.write_text("2 3\nqueen 1 2 3\ncat 3 2 1\n")
    page = tmp_path / "page.html"
    assert (
        run(["explore", str(vectors_file), str(other), "-o", str(page), "--words", "4", "-q"]) == 0
    )
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.startswith(f"{page}: 4 words of six.txt and 2 words of two.txt, ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--analogy", "a:b:c:d"], 2, "--analogy a:b:c:d is not of the form A:B::C:D"),
        (["--analogy", "a:b::c:"], 2, "is not of the form A:B::C:D"),
        (["--analogy", "man:woman::king:quen"], 2, "Did you mean 'queen'?"),
        (["--map", "umap"], 2, "umap"),
        (["--words", "0"], 2, "--words"),
    ],
)
def test_mistakes_are_one_line_and_leave_no_file(
    vectors_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    page = tmp_path / "page.html"
    assert run(["explore", str(vectors_file), "-o", str(page), "-q", *arguments]) == code
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.err.count("\n") == 1
    assert not page.exists()


def test_vectors_that_are_not_numbers_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("2 2\ncat nan 1\ndog 1 1\n")
    assert run(["explore", str(bad), "-o", str(tmp_path / "page.html"), "-q"]) in {1, 2}
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "page.html").exists()
