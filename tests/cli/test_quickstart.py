"""``textrep quickstart``, for real."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from textrep.cli.run import run
from textrep.models import MODELS


def test_every_model_is_trained_and_scored(
    program: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    ended = program("quickstart", "--quiet")
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    assert "synthetic" in ended.stdout
    assert max(map(len, ended.stdout.splitlines())) <= 80
    out = tmp_path / "textrep-quickstart"
    assert (out / "corpus" / "manifest.json").exists()
    for name in [name for name, entry in MODELS.items() if not entry.slow]:
        assert (out / name / "config.json").exists()
        assert name in ended.stdout
    [command] = [line for line in ended.stdout.splitlines() if "textrep neighbors" in line]
    assert program(*command.split()[1:]).returncode == 0


def test_a_folder_in_the_way_is_named_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "svd").mkdir()
    (tmp_path / "svd" / "notes.txt").write_text("mine")
    assert run(["quickstart", "-o", str(tmp_path)]) == 1
    assert "Will not replace" in capsys.readouterr().err
    assert not (tmp_path / "corpus").exists()
