"""Checkpoints: whole at every moment, and refused where they do not fit."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from dataclasses import replace

import numpy as np
import pytest

from textrep.errors import FormatError, InputError, InvalidParameterError
from textrep.training import Checkpoint, checkpoint
from textrep.training.description import Description, Position

from .trainers import IDENTITY, Toy, train


@pytest.fixture
def folder(tmp_path):
    """A checkpoint after the first epoch."""
    path = tmp_path / "checkpoint"
    stop = lambda state: "enough" if state.ends_epoch else None  # noqa: E731
    train(Toy(), callbacks=[stop], checkpoint=Checkpoint(path))
    return path


def resume(folder, identity=IDENTITY, toy=None):
    return Checkpoint(folder).read(identity, toy or Toy())


def one_line(caught):
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_files(folder):
    assert sorted(os.listdir(folder)) == ["checkpoint.json", "state-1.safetensors"]
    content = json.loads((folder / "checkpoint.json").read_text())
    assert (content["format"], content["format_version"]) == ("textrep-checkpoint", 1)
    assert content["identity"]["parameters"] == IDENTITY.parameters
    assert (content["position"]["epoch"], content["position"]["part"]) == (1, 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": "GloVe"}, "a checkpoint of Toy, not of GloVe"),
        ({"parameters": {"dim": 3, "rate": 0.1}}, "of Toy with dim 2, not 3"),
        ({"parameters": {"dim": 2}}, "of Toy with rate 0.1, not None"),
        ({"parameters": {"dim": 2, "rate": 0.1, "z": True}}, "of Toy with z None, not True"),
        ({"corpus": "beef" * 16}, "another corpus (f00df00df00d, not beefbeefbeef)"),
    ],
)
def test_another_training_is_refused(folder, change, said):
    toy = Toy()
    with pytest.raises(InputError) as caught:
        resume(folder, replace(IDENTITY, **change), toy)
    assert said in one_line(caught)
    assert "remove the folder" in str(caught.value)
    assert (toy.matrix == 1).all()


@pytest.mark.parametrize("toy", [Toy(n_parts=6), Toy()])
def test_another_way_of_training_is_refused(folder, toy):
    if toy.n_parts == 5:
        toy.matrix = np.ones((4, 2), np.float32)
    with pytest.raises(FormatError, match="trained in another way"):
        resume(folder, toy=toy)


def test_a_later_version_is_refused(folder):
    file = folder / "checkpoint.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"format_version": 2}))
    with pytest.raises(FormatError, match=r"later textrep: it has format version 2.* up to 1"):
        resume(folder)


def test_any_byte_that_changes_is_noticed(folder):
    for file in folder.iterdir():
        whole = file.read_bytes()
        for at in range(0, len(whole), 7):
            changed = bytearray(whole)
            changed[at] ^= 1
            file.write_bytes(changed)
            if file.suffix == ".json" and same_json(changed, whole):
                continue
            with pytest.raises(FormatError) as caught:
                resume(folder)
            assert "Remove the folder" in one_line(caught)
        file.write_bytes(whole)
    assert resume(folder)[0].epoch == 1


def same_json(changed, whole):
    """Whether only the white space differs."""
    try:
        return json.loads(changed) == json.loads(whole)
    except ValueError:
        return False


@pytest.mark.parametrize("name", ["checkpoint.json", "state-1.safetensors"])
def test_cut_files_are_refused(folder, name):
    whole = (folder / name).read_bytes()
    for part in (whole[: len(whole) // 2], b"", b"[]", b"{}"):
        (folder / name).write_bytes(part)
        with pytest.raises(FormatError) as caught:
            resume(folder)
        assert "damaged" in one_line(caught)
    (folder / "state-1.safetensors").unlink()
    with pytest.raises(FormatError):
        resume(folder)


@pytest.mark.parametrize("survives", ["nothing", "state", "description", "everything"])
def test_a_program_that_is_killed_while_it_writes(folder, tmp_path, monkeypatch, survives):
    """Whatever step is the last, what can be resumed is the checkpoint before or the new one."""

    class Killed(BaseException):
        pass

    def kill(*args, **kwargs):
        raise Killed

    toy, kept = Toy(), Checkpoint(folder)
    position, best = kept.read(IDENTITY, toy)
    list(toy.train(1, range(2)))
    step = {
        "nothing": (checkpoint, "write_tensors"),
        "state": (Description, "write"),
        "description": (Checkpoint, "_remove_all_but"),
    }.get(survives)
    with monkeypatch.context() as patched:
        if step is not None:
            patched.setattr(*step, kill)
        with contextlib.suppress(Killed):
            kept.write(IDENTITY, replace(position, part=2), toy, best)
    (folder / ".state-9.safetensors.x1.part").write_bytes(b"half")  # what kill -9 leaves
    fresh = Toy()
    found, _ = resume(folder, toy=fresh)
    new = survives in {"description", "everything"}
    assert (found.epoch, found.part) == (1, 2 if new else 0)
    assert fresh.steps == (7 if new else 5)
    after = Checkpoint(folder)
    after.check(resume=True)
    found, best = after.read(IDENTITY, fresh)
    after.write(IDENTITY, found, fresh, best)
    assert len(os.listdir(folder)) == 2
    assert resume(folder)[0] == found


def test_what_was_killed_before_the_first_is_no_checkpoint(tmp_path):
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "state-1.safetensors").write_bytes(b"")
    (folder / ".state-1.safetensors.abc.part").write_bytes(b"")
    kept = Checkpoint(folder)
    assert not kept.exists
    kept.check(resume=False)
    kept.write(IDENTITY, Position(), Toy(), {})
    assert sorted(os.listdir(folder)) == ["checkpoint.json", "state-1.safetensors"]


def test_what_is_asked_before_anything_is_read(folder, tmp_path):
    with pytest.raises(InputError, match="holds a training that was interrupted: resume it"):
        Checkpoint(folder).check(resume=False)
    with pytest.raises(InputError, match="no checkpoint in"):
        Checkpoint(tmp_path / "none").check(resume=True)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="a file is there"):
        Checkpoint(tmp_path / "file").check(resume=False)
    (folder / "thesis.txt").write_text("precious")
    with pytest.raises(InputError, match=r"holds thesis\.txt, which is not ours"):
        Checkpoint(folder).check(resume=True)
    with pytest.raises(InvalidParameterError, match="interval"):
        Checkpoint(folder, interval=-1)


def test_one_process_at_a_time(folder):
    ours, theirs = Checkpoint(folder), Checkpoint(folder)
    with ours.held():
        with pytest.raises(InputError) as caught, theirs.held():
            pytest.fail("held twice")
        assert f"{folder} is in use by another process, {os.getpid()}" in one_line(caught)
        with ours.held():
            ours.write(IDENTITY, Position(), Toy(), {})
        with pytest.raises(InputError), theirs.held():
            pytest.fail("held twice")
    assert sorted(os.listdir(folder)) == ["checkpoint.json", "state-1.safetensors"]
    with theirs.held():
        theirs.remove()
    assert not folder.exists()


def test_holding_leaves_nothing_where_nothing_is_written(tmp_path):
    with Checkpoint(tmp_path / "a" / "c").held():
        assert os.listdir(tmp_path / "a" / "c") == [".lock"]
    assert os.listdir(tmp_path / "a") == []
    (tmp_path / "a" / "thesis.txt").write_text("precious")
    with pytest.raises(InputError, match=r"holds thesis\.txt"), Checkpoint(tmp_path / "a").held():
        pytest.fail("it is not ours")
    assert os.listdir(tmp_path / "a") == ["thesis.txt"]


def test_removing_takes_what_is_ours_only(folder):
    other = folder.parent / "other"
    shutil.copytree(folder, other)
    (other / "thesis.txt").write_text("precious")
    (folder / ".lock").write_text("1")  # what a killed process has left
    Checkpoint(folder).remove()
    assert not folder.exists()
    Checkpoint(other).remove()
    assert os.listdir(other) == ["thesis.txt"]
    Checkpoint(folder.parent / "none").remove()


def test_a_history_that_json_cannot_hold(folder, tmp_path):
    kept = Checkpoint(tmp_path / "c")
    for value, said in ((object(), "object"), (float("nan"), "Out of range")):
        with pytest.raises(FormatError, match=said):
            kept.write(IDENTITY, Position(history=[{"mine": value}]), Toy(), {})
        assert not kept.exists


def test_writing_takes_a_twentieth_of_the_time_at_most(tmp_path, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(checkpoint.time, "monotonic", lambda: clock[0])

    def slow(path, tensors):
        clock[0] += 10.0

    kept = Checkpoint(tmp_path / "c", interval=60.0)
    monkeypatch.setattr(checkpoint, "write_tensors", slow)
    clock[0] = 59.0
    assert not kept.due
    clock[0] = 60.0
    assert kept.due
    kept.write(IDENTITY, Position(), Toy(), {})
    clock[0] += 199.0
    assert not kept.due
    clock[0] += 1.0
    assert kept.due
