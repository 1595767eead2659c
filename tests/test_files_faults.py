"""Full disks, interrupts and failing renames leave what was there before, and nothing else."""

from __future__ import annotations

import errno
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from textrep.corpus import Corpus
from textrep.errors import InputError
from textrep.files import atomic_file, atomic_folder

TEXT = ["one two three four\n" * 2000]


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder below, with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a corpus, a file, and documents of somebody's own."""
    folder = tmp_path / "place"
    folder.mkdir()
    Corpus.build(["old words"], folder / "corpus", min_count=1)
    (folder / "file").write_text("old")
    (folder / "thesis").mkdir()
    (folder / "thesis" / "chapter.txt").write_text("years of work")
    return folder


def write_file(place: Path) -> None:
    with atomic_file(place / "file") as path:
        path.write_text("new" * 10_000)


def write_corpus(place: Path) -> None:
    Corpus.build(TEXT, place / "corpus", min_count=1)


@pytest.mark.parametrize("write", [write_file, write_corpus])
def test_writing_replaces(place: Path, write: Callable[[Path], None]) -> None:
    before = snapshot(place)
    write(place)
    after = snapshot(place)
    assert after.keys() == before.keys()
    assert after != before


def test_modes_are_those_of_plain_files(tmp_path: Path) -> None:
    """Temporary files are made for their owner alone; what they become is not."""
    old = os.umask(0o027)
    try:
        with atomic_file(tmp_path / "file") as path:
            path.write_text("x")
        with atomic_folder(tmp_path / "folder", marker="m") as path:
            (path / "m").write_text("x")
    finally:
        os.umask(old)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "folder").stat().st_mode & 0o777 == 0o750


class FullDisk(io.FileIO):
    """A file on a disk with room for a little."""

    room = 100

    def write(self, data: Any) -> int:
        if memoryview(data).nbytes > FullDisk.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data)


def full_open(path: Path, mode: str = "r", *args: Any, **options: Any) -> Any:
    if mode[0] == "r":
        return open(path, mode, *args, **options)
    raw = FullDisk(os.fspath(path), mode.replace("b", "").replace("t", ""))
    buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
    return buffered if "b" in mode else io.TextIOWrapper(buffered, "utf-8")


@pytest.mark.parametrize("write", [write_file, write_corpus])
@pytest.mark.parametrize("room", [0, 5_000])
def test_a_full_disk(
    place: Path, write: Callable[[Path], None], room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(place)
    monkeypatch.setattr(FullDisk, "room", room)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full_open)
        patch.setattr(Path, "write_text", lambda path, text, *_: full_write(path, text.encode()))
        patch.setattr(Path, "write_bytes", full_write)
        with pytest.raises(OSError, match="No space left") as info:
            write(place)
    assert info.value.errno == errno.ENOSPC
    assert snapshot(place) == before


def full_write(path: Path, data: bytes) -> None:
    with full_open(path, "wb") as file:
        file.write(data)


LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from textrep.corpus import Corpus
limit = int(sys.argv[2])
Corpus.build(["warm up"], min_count=1)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    Corpus.build(["one two three four\\n" * 20_000], sys.argv[1], min_count=1)
except OSError as error:
    sys.exit(error.errno)
"""


@pytest.mark.parametrize("limit", [0, 1_000, 100_000, 330_000])
def test_a_file_that_may_not_grow(place: Path, limit: int) -> None:
    """The system itself refuses to write more, at different stages of a build."""
    before = snapshot(place)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, place / "corpus", str(limit)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == errno.EFBIG, done.stderr
    assert snapshot(place) == before


def test_a_real_full_disk(tmp_path: Path) -> None:
    """On a file system of 256 KiB, where one may be made."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "textrep-test", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system can be made here")
    try:
        Corpus.build(["old words"], disk / "corpus", min_count=1)
        before = snapshot(disk)
        with pytest.raises(OSError, match="No space left"):
            Corpus.build(["one two three four\n" * 20_000], disk / "corpus", min_count=1)
        assert snapshot(disk) == before
        Corpus.open(disk / "corpus").verify()
    finally:
        subprocess.run(["umount", str(disk)], check=True, capture_output=True)


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, ValueError])
@pytest.mark.parametrize(
    "stage", ["encoder.mark_sentences", "build.select_words", "build.remap_block",
              "build.check_counts", "manifest.Manifest.write"],
)  # fmt: skip
def test_an_error_at_any_stage_of_a_build(
    place: Path, stage: str, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error("stopped")

    before = snapshot(place)
    monkeypatch.setattr(f"textrep.corpus.{stage}", fail)
    for n_jobs in (1, 2):
        with pytest.raises(error):
            Corpus.build(TEXT, place / "corpus", sentences="rules", min_count=1, n_jobs=n_jobs)
        assert snapshot(place) == before


@pytest.mark.parametrize("failing", [1, 2])
@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_rename_that_fails_puts_the_old_folder_back(
    place: Path, failing: int, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(place)
    calls = []
    rename = Path.rename

    def fail(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == failing:
            raise error("stopped")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(error, match="stopped"):
        write_corpus(place)
    assert snapshot(place) == before
    assert len(calls) >= failing


def test_folders_of_others_are_never_replaced(place: Path) -> None:
    before = snapshot(place)
    with pytest.raises(InputError, match=r"^Will not replace .*thesis: it holds no manifest\.json"):
        Corpus.build(TEXT, place / "thesis", min_count=1)
    with pytest.raises(InputError, match="a file is there"):
        Corpus.build(TEXT, place / "file", min_count=1)
    with pytest.raises(InputError, match="a folder is there"), atomic_file(place / "thesis"):
        raise AssertionError("the block must not be entered")
    assert snapshot(place) == before


def test_a_folder_that_becomes_another_while_one_writes(tmp_path: Path) -> None:
    target = tmp_path / "model"
    with pytest.raises(InputError, match="Will not replace"):  # noqa: PT012, SIM117
        with atomic_folder(target, marker="config.json") as path:
            (path / "config.json").write_text("new")
            target.mkdir()
            (target / "mine.txt").write_text("mine")
    assert snapshot(tmp_path) == {"model": None, "model/mine.txt": b"mine"}


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    Corpus.build(["old words"], tmp_path / "real", min_count=1)
    (tmp_path / "link").symlink_to("real")
    Corpus.build(["new words"], tmp_path / "link", min_count=1)
    assert (tmp_path / "link").is_symlink()
    assert Corpus.open(tmp_path / "real").vocabulary.words == ["new", "words"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]


INTERRUPTED = """
import sys
from textrep.corpus import Corpus
class Endless:
    def __iter__(self):
        print("reading", flush=True)
        while True:
            yield "one two three. " * 1000
try:
    Corpus.build(Endless(), sys.argv[1], tokenizer=sys.argv[2], n_jobs=2, min_count=1)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("tokenizer", ["simple", "nltk:tweet"])
def test_ctrl_c(place: Path, tokenizer: str) -> None:
    """To the whole group of processes, as a terminal sends it."""
    before = snapshot(place)
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, place / "corpus", tokenizer],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        for _ in range(2):  # once to look at the first item, once to read
            assert process.stdout is not None
            assert process.stdout.readline() == b"reading\n"
        deadline = time.monotonic() + 60
        while not list(place.glob(".corpus.*.part/stream")) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.3)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 130, errors.decode()
    assert errors == b""
    assert snapshot(place) == before
