"""The program as a process: streams, exit codes, signals, what it imports."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import PROGRAM

Run = Callable[..., subprocess.CompletedProcess[str]]
HEAVY = [
    "numpy",
    "scipy",
    "sklearn",
    "numba",
    "torch",
    "rich",
    "tokenizers",
    "nltk",
    "textrep.models.base",
]


def test_help_goes_to_stdout(program: Run) -> None:
    ended = program("--help")
    assert ended.returncode == 0
    assert ended.stderr == ""
    assert ended.stdout.startswith("Usage: textrep COMMAND")


def test_version(program: Run) -> None:
    ended = program("--version")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("textrep ")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["train", "--help"], ["corpus", "--help"], ["doctr"]]
)
def test_nothing_heavy_is_imported_for_help(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        "from textrep.cli.run import run\n"
        f"run({arguments!r})\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stderr.splitlines()[-1] == "[]"


def test_a_missing_file_is_one_line(program: Run) -> None:
    ended = program("neighbors", "no-such-model", "cat")
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("textrep: error: ")
    assert ended.stderr.count("\n") == 1
    assert "no-such-model" in ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_line(environment: dict[str, str]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, env=environment
        )
    assert ended.returncode == 1
    assert ended.stderr == ("textrep: error: disk full: free space or name another place\n")


def test_a_reader_that_goes_away_is_no_error(environment: dict[str, str]) -> None:
    code = (
        "import sys\n"
        "from textrep.cli import run\n"
        "def endless(arguments):\n"
        "    while True:\n"
        "        print('line')\n"
        "run._invoke = endless\n"
        "sys.exit(run.run([]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "line\n"
        process.stdout.close()
        assert process.wait(timeout=60) == 141
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_a_stopped_build_leaves_nothing_behind(
    tmp_path: Path, environment: dict[str, str], number: int, code: int, word: str
) -> None:
    with subprocess.Popen(
        [*PROGRAM, "corpus", "build", "-", "-o", str(tmp_path / "out"), "--min-count", "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
    ) as process:
        assert process.stdin is not None
        # Wait until the build has begun: its temporary folder is there.
        process.stdin.write(b"a b c\n" * 1000)
        process.stdin.flush()
        deadline = time.monotonic() + 120
        while not list(tmp_path.glob(".out.*.part")):
            assert process.poll() is None, process.stderr and process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert output == b""
    assert errors.decode().splitlines()[-1] == (f"textrep: {word}; nothing was left half-written")
    assert not list(tmp_path.glob(".out*"))
    assert not (tmp_path / "out").exists()
