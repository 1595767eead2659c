"""Files and folders appear whole or not at all, and nobody's own are replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from textrep.errors import InputError
from textrep.files import atomic_file, atomic_folder, check_replaceable


def test_a_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "new" / "x.txt"
    with atomic_file(target) as path:
        path.write_text("whole")
        assert not target.exists()
    assert target.read_text() == "whole"
    assert list(target.parent.iterdir()) == [target]


def fail_while_writing(path: Path) -> None:
    path.write_text("half")
    raise KeyboardInterrupt


def test_an_interrupted_file_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "x.txt"
    target.write_text("old")
    with pytest.raises(KeyboardInterrupt), atomic_file(target) as path:
        fail_while_writing(path)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_interrupted_folder_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "model"
    with atomic_folder(target, marker="config.json") as path:
        (path / "config.json").write_text("old")
    with pytest.raises(KeyboardInterrupt), atomic_folder(target, marker="config.json") as path:
        fail_while_writing(path / "config.json")
    assert (target / "config.json").read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_what_may_be_replaced(tmp_path: Path) -> None:
    check_replaceable(tmp_path / "absent", "config.json")
    (tmp_path / "empty").mkdir()
    check_replaceable(tmp_path / "empty", "config.json")
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "config.json").touch()
    check_replaceable(tmp_path / "ours", "config.json")
    with pytest.raises(InputError, match="exists"):
        check_replaceable(tmp_path / "ours", "config.json", overwrite=False)
    with pytest.raises(InputError, match=r"holds no manifest\.json"):
        check_replaceable(tmp_path / "ours", "manifest.json")
    with pytest.raises(InputError, match="a file is there"):
        check_replaceable(tmp_path / "ours" / "config.json", "config.json")
