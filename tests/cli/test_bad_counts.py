"""What can be wrong with counts and with GloVe on them: one line, nothing half-written."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from textrep import Cooccurrence
from textrep.cli.run import run
from textrep.corpus import Corpus
from textrep.scratch import ArrayBuilder

from .conftest import PROGRAM

Tensors = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An encoded corpus of 200,000 tokens and 3,000 words, in sentences of 50."""
    random = np.random.default_rng(0)
    numbers = random.zipf(1.2, (4000, 50)).clip(1, 3000).tolist()
    path = tmp_path_factory.mktemp("corpus") / "corpus"
    Corpus.build([[f"w{number}" for number in row] for row in numbers], path, min_count=1)
    return str(path)


@pytest.fixture(scope="module")
def whole(corpus: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of symmetric counts."""
    path = tmp_path_factory.mktemp("counts") / "counts"
    Cooccurrence(window=2).fit(corpus).save(path)
    return path


@pytest.fixture
def counts(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it to damage, in the current folder, beside an empty one for temporary files."""
    monkeypatch.chdir(tmp_path)
    copy = tmp_path / "counts"
    copy.mkdir()
    for file in whole.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    return copy


def set_count(value: float) -> Callable[[Tensors], None]:
    def change(tensors: Tensors) -> None:
        tensors["word_vectors.data"][5] = value

    return change


def empty(tensors: Tensors) -> None:
    tensors["word_vectors.data"] = np.empty(0)
    tensors["word_vectors.indices"] = np.empty(0, np.int32)
    tensors["word_vectors.indptr"] = np.zeros_like(tensors["word_vectors.indptr"])


def no_such_context(tensors: Tensors) -> None:
    tensors["word_vectors.indices"][5] = 10**6


def fails(capsys: pytest.CaptureFixture[str], code: int, said: str, *arguments: str) -> None:
    """Check that a training ends with one line, and leaves what was there before."""
    folder = Path.cwd()
    before = sorted(folder.rglob("*"))
    train = ["train", "glove", "--dim", "8", "--epochs", "2", "-q", "-o", "out", *arguments]
    assert run(train) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("textrep: error: ")
    assert captured.err.count("\n") == 1
    assert said in captured.err
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (set_count(0.0), "The counts are damaged: one is not above 0. Count again"),
        (set_count(-2.5), "The counts are damaged: one is not above 0. Count again"),
        (set_count(np.nan), "'word_vectors.data' holds NaN or infinity"),
        (set_count(np.inf), "'word_vectors.data' holds NaN or infinity"),
        (set_count(0.123), "both sides, but not symmetric. Count again"),
        (no_such_context, "index outside its"),
        (empty, "No word has a context"),
    ],
)
def test_counts_that_are_wrong(
    counts: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Tensors], None],
    said: str,
) -> None:
    tensors = load_file(counts / "model.safetensors")
    change(tensors)
    save_file(tensors, counts / "model.safetensors")
    fails(capsys, 1, said, "counts")


@pytest.mark.parametrize("name", ["model.safetensors", "vocabulary.tsv", "config.json"])
@pytest.mark.parametrize("kept", [None, 0.0, 0.5])
def test_a_folder_that_is_cut_short(
    counts: Path, capsys: pytest.CaptureFixture[str], name: str, kept: float | None
) -> None:
    file = counts / name
    if kept is None:
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[: int(kept * file.stat().st_size)])
    fails(capsys, 1, "counts", "counts")


@pytest.mark.parametrize(
    "given", [["--x-max", "0"], ["--x-max", "nan"], ["--alpha", "-1"], ["--alpha", "2.5"]]
)
def test_parameters_out_of_range_are_seen_before_the_text(
    counts: Path, capsys: pytest.CaptureFixture[str], given: list[str]
) -> None:
    name = given[0].strip("-").replace("-", "_")
    fails(capsys, 2, f"The {name} parameter of GloVe must be", "no-such-text", *given)


def full_file(**_: Any) -> Any:
    return os.fdopen(os.open("/dev/full", os.O_RDWR), "w+b")


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class FullBuilder(ArrayBuilder):
    """Builds an array on a disk that is full."""

    def __init__(self, dtype: Any, most: int | None = None) -> None:
        super().__init__(dtype, most)
        if self._file is not None:
            self._file.close()
            self._file = os.fdopen(os.open("/dev/full", os.O_RDWR), "w+b")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    ("where", "instead"),
    [("os.posix_fallocate", full), ("textrep.counting.rows.ArrayBuilder", FullBuilder)],
)
def test_a_disk_that_is_full_while_counts_go_there(
    counts: Path,
    corpus: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    instead: Any,
) -> None:
    """When the space for the text is taken, and when counts are written."""
    monkeypatch.setattr(where, instead)
    fails(capsys, 1, "is full, where temporary files are. Free", corpus, "--memory", "16777216")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system has no /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_is_ended_while_counts_go_to_disk(
    counts: Path, corpus: str, environment: dict[str, str], number: signal.Signals
) -> None:
    scratch = counts.parent / "scratch"
    train = ["train", "glove", corpus, "-o", "out", "-q", "--memory", "16777216"]
    with subprocess.Popen(
        [*PROGRAM, *train, "--window", "1000"],
        stderr=subprocess.PIPE,
        text=True,
        env=environment | {"TMPDIR": str(scratch)},
    ) as process:
        deadline = time.monotonic() + 60
        while not has_scratch_file(process.pid):
            assert process.poll() is None, process.stderr and process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.002)
        process.send_signal(number)
        errors = process.communicate(timeout=60)[1]
    assert list(scratch.iterdir()) == []
    assert not Path("out").exists()
    if number is signal.SIGTERM:
        assert process.returncode == 143
        assert errors == "textrep: terminated; nothing was left half-written\n"


def has_scratch_file(process: int) -> bool:
    """Whether a process has a temporary file of ours open."""
    try:
        links = [os.readlink(link) for link in Path(f"/proc/{process}/fd").iterdir()]
    except OSError:
        return False
    return any("/scratch/" in link for link in links)
