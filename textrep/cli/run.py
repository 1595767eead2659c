"""Run a command: every way it can end becomes an exit code and at most one line.

====  =============================================================================
code  meaning
====  =============================================================================
0     done
1     the call is right, what it was given is not (a damaged file, a full disk)
2     the call itself is wrong (an unknown option, model, word)
3     a check that was asked for does not hold (``diff --fail-above``)
70    a mistake in textrep
130   Ctrl-C
141   the reader of stdout went away (``| head``), silently
143   asked to stop by SIGTERM
====  =============================================================================
"""

from __future__ import annotations

import contextlib
import difflib
import errno
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import typer

from textrep.errors import TextrepError

__all__ = ["main", "run"]

# The base of typer's errors about the call itself. typer exports only this one of its subclasses,
# and has moved the base from one library to another between versions.
_CALL_ERROR: type[Exception] = typer.BadParameter.__mro__[1]
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}


class _Terminated(BaseException):
    """SIGTERM arrived: unwind, so that temporary files are removed."""


def main() -> None:
    """Run the command that ``sys.argv`` names and exit."""
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments : sequence of str
        What follows ``textrep`` on the command line.

    Returns
    -------
    int
        The exit code; any message has been written to stderr.
    """
    if hasattr(sys.stdout, "reconfigure"):  # a word that the terminal cannot show is escaped
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _invoke(arguments)
        if sys.stdout is not None:  # it is None where the caller closed it
            sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort) as stopped:
        return _complain(f"interrupted; {_what_is_left(stopped)}", 130)
    except _Terminated as stopped:
        return _complain(f"terminated; {_what_is_left(stopped)}", 143)
    except TextrepError as error:
        return _complain(f"error: {error}", error.exit_code)
    except _CALL_ERROR as error:
        return _complain(f"error: {_call_error(error)}", 2)
    except BrokenPipeError:
        return _quiet_after_broken_pipe()
    except OSError as error:
        return _complain(f"error: {_system_error(error)}", 1)
    except MemoryError as error:
        return _complain(f"error: {_memory_error(error)}", 1)
    except Exception as error:  # whatever is left is our mistake, and is said to be
        return _complain(_bug(error), 70)
    return code


def _invoke(arguments: Sequence[str]) -> int:
    from textrep.cli.app import root

    command = root()
    try:
        with command.make_context("textrep", list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as ended:
        return ended.exit_code
    return 0


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated


def _complain(text: str, code: int) -> int:
    line = " ".join(text.split())
    # Where nobody can be told, the exit code still says it.
    with contextlib.suppress(OSError):
        if sys.stderr is not None:
            print(f"textrep: {line}", file=sys.stderr)
    return code


def _what_is_left(stopped: BaseException) -> str:
    """Return what the command has noted about going on, or that there is nothing to go on from."""
    return "; ".join(getattr(stopped, "__notes__", ["nothing was left half-written"]))


def _call_error(error: Exception) -> str:
    """Return typer's message in one line, with the nearest option and where the help is."""
    message = str(getattr(error, "format_message", error.__str__)())
    option = getattr(error, "option_name", None)
    near = difflib.get_close_matches(option or "", getattr(error, "possibilities", None) or (), 1)
    if option and message.startswith("No such option"):
        message = f"No such option {option!r}." + (f" Did you mean {near[0]!r}?" if near else "")
    context = getattr(error, "ctx", None)
    if not message.endswith((".", "?")):
        message += "."
    if context is not None:
        message += f" See '{context.command_path} --help'."
    return message


def _system_error(error: OSError) -> str:
    name = error.filename if isinstance(error.filename, str) else None
    if error.errno in _DISK_FULL:
        place = f" while writing {name}" if name else ""
        return f"disk full{place}: free space or name another place"
    reason = error.strerror or str(error)
    return f"{name}: {reason}" if name else reason


def _memory_error(error: MemoryError) -> str:
    detail = f" ({error})" if str(error) else ""
    return f"out of memory{detail}: use a smaller vocabulary, fewer dimensions or a larger machine"


def _bug(error: Exception) -> str:
    line = f"this is a mistake in textrep, please report it: {type(error).__name__}: {error}"
    if os.environ.get("TEXTREP_DEBUG", "") not in {"", "0"}:
        import traceback

        traceback.print_exception(error)
        return line
    return f"{line} (set TEXTREP_DEBUG=1 for details)"


def _quiet_after_broken_pipe() -> int:
    # Python flushes stdout once more at exit; let that go nowhere instead of failing again.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return 141
