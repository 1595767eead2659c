"""Bars on a terminal, log lines elsewhere, nothing when quiet."""

from __future__ import annotations

import io
import warnings
from contextlib import redirect_stderr

import pytest

from textrep.cli import progress
from textrep.cli.progress import showing_progress
from textrep.progress import logger, track


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal of 80 columns, and no work is too short for a line."""
    monkeypatch.setattr(progress, "_SHORT", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Terminal()


def work() -> None:
    with track("counting", total=100, unit="tokens") as outer:
        outer.advance(40)
        with track("sorting", unit="words") as inner:
            inner.advance(7)
        outer.describe("loss 0.5")
        outer.advance(60)
    logger.info("a remark")
    warnings.warn("something\n odd", stacklevel=1)


def test_log_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with showing_progress(quiet=False):
        work()
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert lines[0].startswith("textrep: sorting: 7 words")
    assert lines[1].startswith("textrep: counting: 100 tokens (100%)")
    assert lines[1].endswith("loss 0.5")
    assert lines[2:] == ["textrep: a remark", "textrep: warning: something odd"]
    assert "\x1b" not in captured.err


def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str], terminal: Terminal) -> None:
    with redirect_stderr(terminal), showing_progress(quiet=True):
        work()
    assert terminal.getvalue() == ""
    assert capsys.readouterr().out == ""


def test_bars_on_a_terminal(terminal: Terminal) -> None:
    with redirect_stderr(terminal), showing_progress(quiet=False):
        work()
    shown = terminal.getvalue()
    assert "\x1b[" in shown
    assert "━" in shown
    assert "counting: 100 tokens in" in shown
    assert "sorting: 7 words in" in shown
    assert "textrep: a remark" in shown


def test_no_colour_on_request(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with redirect_stderr(terminal), showing_progress(quiet=False):
        work()
    assert "\x1b[3" not in terminal.getvalue()


def test_a_dumb_terminal_gets_lines(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with redirect_stderr(terminal), showing_progress(quiet=False):
        work()
    assert "\x1b" not in terminal.getvalue()


def test_the_terminal_is_restored_after_an_error(terminal: Terminal) -> None:
    def fail() -> None:
        with (
            redirect_stderr(terminal),
            showing_progress(quiet=False),
            track("counting", 10) as task,
        ):
            task.advance(1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert terminal.getvalue().rindex("\x1b[?25h") > terminal.getvalue().rindex("\x1b[?25l")


def test_the_logger_is_left_as_it_was() -> None:
    before = (list(logger.handlers), logger.level)
    with showing_progress(quiet=False):
        assert (list(logger.handlers), logger.level) != before
    assert (list(logger.handlers), logger.level) == before
