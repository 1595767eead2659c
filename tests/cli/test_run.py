"""Every way a command can end has its exit code and at most one line."""

from __future__ import annotations

import errno

import pytest
import typer

from textrep.cli import run as run_module
from textrep.cli.run import run
from textrep.errors import CorpusError, UnknownNameError, UsageError


def ending_in(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def invoke(arguments: object) -> int:
        raise error

    monkeypatch.setattr(run_module, "_invoke", invoke)


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (CorpusError("a.gz is cut short."), 1, "error: a.gz is cut short."),
        (UsageError("no such thing"), 2, "error: no such thing"),
        (
            UnknownNameError("model", "svx", ["svd"]),
            2,
            "error: Unknown model 'svx'. Did you mean 'svd'?",
        ),
        (CorpusError("two\n  lines"), 1, "error: two lines"),
        (KeyboardInterrupt(), 130, "interrupted; nothing was left half-written"),
        (
            OSError(errno.ENOSPC, "No space left on device", "out/tokens"),
            1,
            "error: disk full while writing out/tokens: free space or name another place",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            1,
            "error: disk full: free space or name another place",
        ),
        (FileNotFoundError(errno.ENOENT, "No such file", "x.txt"), 1, "error: x.txt: No such file"),
        (PermissionError(errno.EACCES, "Permission denied", "x"), 1, "error: x: Permission denied"),
        (
            MemoryError("Unable to allocate 3 TiB"),
            1,
            "error: out of memory (Unable to allocate 3 TiB): use a smaller vocabulary, "
            "fewer dimensions or a larger machine",
        ),
    ],
)
def test_expected_endings(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    line: str,
) -> None:
    ending_in(monkeypatch, error)
    assert run([]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"textrep: {line}\n"


def test_a_mistake_of_ours_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ending_in(monkeypatch, ZeroDivisionError("division by zero"))
    monkeypatch.delenv("TEXTREP_DEBUG", raising=False)
    assert run([]) == 70
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "mistake in textrep" in line
    assert "ZeroDivisionError: division by zero" in line
    assert "TEXTREP_DEBUG=1" in line


def test_debug_shows_the_traceback_of_a_mistake(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ending_in(monkeypatch, ZeroDivisionError("division by zero"))
    monkeypatch.setenv("TEXTREP_DEBUG", "1")
    assert run([]) == 70
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_exit_of_a_command_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "_invoke", lambda arguments: 3)
    assert run([]) == 3


def test_typers_base_of_call_errors_is_still_where_we_look() -> None:
    assert issubclass(typer.BadParameter, run_module._CALL_ERROR)
    assert run_module._CALL_ERROR.__name__ == "UsageError"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["doctr"], "Unknown command 'doctr'. Did you mean 'doctor'? See 'textrep --help'."),
        (["zzz"], "Unknown command 'zzz'. Known: analogy, "),
        (["corpus", "biuld"], "Did you mean 'build'? See 'textrep corpus --help'."),
        (["train", "svx"], "Unknown model 'svx'. Did you mean 'svd'? See 'textrep train --help'."),
        (["neighbors", "--numbr", "3"], "No such option '--numbr'. Did you mean '--number'?"),
        (["--zzz"], "No such option '--zzz'. See 'textrep --help'."),
        (["neighbors"], "Missing argument 'MODEL'. See 'textrep neighbors --help'."),
        (["corpus", "build", "x"], "Missing option"),
        (["neighbors", "m", "w", "-n", "few"], "Invalid value for '-n'"),
        (["neighbors", "m", "w", "-n", "0"], "Invalid value for '-n'"),
        (["convert", "a", "b", "--to", "word2vec-txt"], "Did you mean 'word2vec-text'?"),
        (["evaluate", "m", "--json", "--markdown"], "--json and --markdown exclude each other"),
        (["evaluate", "a/m", "b/../a/m", "a/m"], "is named twice"),
    ],
)
def test_wrong_calls(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("textrep: error: ")
    assert captured.err.count("\n") == 1
    assert message in captured.err


@pytest.mark.parametrize("arguments", [[], ["corpus"], ["data"], ["train"]])
def test_a_group_alone_shows_its_help_as_a_usage_error(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("Usage: textrep")
