"""What the tests of the command line share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = [sys.executable, str(Path(__file__).parents[2] / "cli.py")]


def assert_one_line(capsys: pytest.CaptureFixture[str], message: str) -> None:
    """Check that a command said nothing but a line on stderr, which holds ``message``."""
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert message in said.err


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment with a cache of its own, no colour, 80 columns and no network."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEXTREP_")}
    return kept | {
        "TEXTREP_HOME": str(tmp_path / "home"),
        "TEXTREP_OFFLINE": "1",
        "COLUMNS": "80",
        "NO_COLOR": "1",
    }


@pytest.fixture
def program(
    tmp_path: Path, environment: dict[str, str]
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the real program in an empty folder."""

    def run(
        *arguments: str | Path, stdin: str = "", **extra: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment | extra,
            timeout=300,
        )

    return run


@pytest.fixture
def vectors_file(tmp_path: Path) -> Path:
    """Six words in two dimensions, in word2vec's text format."""
    path = tmp_path / "six.txt"
    path.write_text(
        "6 2\ncat 1 0\ndog 0.9 0.1\nman 0.2 0.1\nwoman 0.2 0.9\nking 0.8 0.2\nqueen 0.8 1.0\n"
    )
    return path


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    """A text of 30 words: the first five occur often enough for a vocabulary, "rare" does not."""
    path = tmp_path / "text.txt"
    path.write_text("the cat sat on mats\n" * 5 + "the rare dog sat on\n")
    return path
