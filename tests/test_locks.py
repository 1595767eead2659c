"""Locks: of one process at a time, and of nobody once that has ended."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys

import pytest

from textrep.errors import InputError
from textrep.locks import exclusive

HOLDER = """
import sys, time
from pathlib import Path
from textrep.locks import exclusive
with exclusive(Path(sys.argv[1]), "the folder"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "lock"


def test_it_is_removed_at_the_end(file):
    with exclusive(file, "the folder"):
        assert file.read_text() == str(os.getpid())
    assert not file.exists()
    with pytest.raises(KeyError), exclusive(file, "the folder"):
        raise KeyError
    assert not file.exists()


def test_another_is_told_who_holds_it(file):
    with exclusive(file, "the folder"):
        with pytest.raises(InputError) as caught, exclusive(file, "the folder"):
            pytest.fail("held twice")
        assert str(caught.value) == (
            f"the folder is in use by another process, {os.getpid()}: wait until it ends, or name "
            "another."
        )
        assert file.exists()
    with exclusive(file, "the folder"):
        pass


def test_a_file_that_nobody_holds_means_nothing(file):
    file.write_text("123456789 and more")
    with exclusive(file, "the folder"):
        assert file.read_text() == str(os.getpid())


def test_a_killed_process_holds_nothing(file):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InputError, match=f"process, {holder.pid}:"), exclusive(file, "it"):
            pytest.fail("held twice")
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        holder.stdout.close()
    assert file.exists()
    with exclusive(file, "it"):
        pass


def test_a_file_removed_while_it_is_locked_is_made_again(file, monkeypatch):
    """The process before ends between our opening of the file and our lock on it."""
    lock, calls = fcntl.flock, []

    def late(handle, how):
        calls.append(handle)
        if len(calls) == 1:
            file.unlink()
        lock(handle, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with exclusive(file, "it"):
        assert file.read_text() == str(os.getpid())
    assert len(calls) == 2


def test_without_locks_of_the_file_system_nothing_is_held(file, monkeypatch):
    def unsupported(handle, how):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    with exclusive(file, "it"), exclusive(file, "it"):
        pass
