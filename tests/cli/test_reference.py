"""The help of every command, and the page that is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from textrep.cli.app import COMMANDS
from textrep.cli.reference import help_texts, reference
from textrep.cli.run import run
from textrep.models import MODELS

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The help of every command."""
    return help_texts()


def test_every_command_has_help(texts: dict[str, str]) -> None:
    wanted = {f"textrep {name}" for name in COMMANDS} | {f"textrep train {name}" for name in MODELS}
    assert wanted <= set(texts)


def test_help_fits_80_columns_and_has_no_markup(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        for line in text.splitlines():
            assert len(line) <= 80, (name, line)
            assert "`" not in line, (name, line)
            assert line == line.rstrip(), (name, line)


def test_help_fits_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    assert run(["neighbors", "--help"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 50


def test_every_option_is_described(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        for row in text.partition("Options:\n")[2].splitlines():
            assert row.startswith("  "), (name, row)
        assert text.startswith(f"Usage: {name}")


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "run `python -m textrep.cli.reference > docs/cli.md`"
    )
