"""``textrep train`` of a model that is trained step by step: stopping it, and going on."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from textrep.cli.run import run
from textrep.corpus import Corpus
from textrep.errors import TrainingError
from textrep.training import Checkpoint, loop

from .conftest import PROGRAM, assert_one_line

EPOCHS = 12
OPTIONS = ["--dim", "8", "--epochs", str(EPOCHS), "--subsample", "0.01", "--deterministic"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An encoded corpus of 65,000 tokens."""
    random = np.random.default_rng(0)
    chances = 1 / np.arange(2, 62)
    numbers = random.choice(60, 65_000, p=chances / chances.sum()).reshape(-1, 13)
    path = tmp_path_factory.mktemp("corpus") / "corpus"
    Corpus.build([[f"w{number}" for number in row] for row in numbers.tolist()], path)
    return str(path)


@pytest.fixture(scope="module")
def whole(corpus: str, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What an uninterrupted training writes."""
    out = tmp_path_factory.mktemp("whole") / "out"
    assert run(["train", "word2vec", corpus, "-o", str(out), "-q", *OPTIONS]) == 0
    assert not Path(f"{out}.checkpoint").exists()
    return (out / "model.safetensors").read_bytes()


def command(corpus: str, out: Path, *more: str) -> list[str]:
    return ["train", "word2vec", corpus, "-o", str(out), *OPTIONS, *more]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_is_interrupted_can_go_on(
    corpus: str,
    whole: bytes,
    tmp_path: Path,
    environment: dict[str, str],
    number: signal.Signals,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out, kept = tmp_path / "out", tmp_path / "out.checkpoint"
    with subprocess.Popen(
        [*PROGRAM, *command(corpus, out, "--checkpoint-every", "0")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        deadline = time.monotonic() + 120
        while not (kept / "checkpoint.json").exists():
            assert process.poll() is None, process.stderr and process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
    assert output == ""
    assert not out.exists()
    if number is signal.SIGKILL:
        assert process.returncode == -signal.SIGKILL
    else:
        code, word = {2: (130, "interrupted"), 15: (143, "terminated")}[number]
        assert process.returncode == code
        assert errors.splitlines()[-1] == f"textrep: {word}; --resume goes on from {kept}"
    position = json.loads((kept / "checkpoint.json").read_text())["position"]
    assert 0 < position["epoch"] < EPOCHS
    assert run(command(corpus, out, "--resume")) == 0
    assert f"textrep: resuming from {kept}, " in capsys.readouterr().err
    assert (out / "model.safetensors").read_bytes() == whole
    assert not kept.exists()


def test_a_checkpoint_that_is_there_is_not_lost(
    corpus: str, whole: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, kept = tmp_path / "out", Path(f"{tmp_path / 'out'}.checkpoint")
    assert run(command(corpus, out, "--time-budget", "0.0001")) == 0
    said = capsys.readouterr()
    assert said.out.endswith("; stopped: the time budget of 0.0001 s was spent\n")
    assert said.err.splitlines()[-1] == f"textrep: --resume goes on from {kept}"
    before = {file.name: file.read_bytes() for file in kept.iterdir()}
    assert run(command(corpus, out)) == 1
    line = capsys.readouterr().err
    assert line == (
        f"textrep: error: {kept} holds an interrupted training: go on with --resume, or start "
        "anew with --no-resume\n"
    )
    assert run(command(corpus, out, "--resume", "--window", "2")) == 1
    assert "Word2Vec with window 5, not 2" in capsys.readouterr().err
    assert {file.name: file.read_bytes() for file in kept.iterdir()} == before
    assert run(command(corpus, out, "--no-resume", "-q")) == 0
    assert (out / "model.safetensors").read_bytes() == whole
    assert not kept.exists()
    assert run(command(corpus, out, "--resume")) == 1
    assert "There is no checkpoint" in capsys.readouterr().err


def test_the_best_vectors_on_a_benchmark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTREP_HOME", str(tmp_path / "home"))
    out = tmp_path / "out"
    arguments = ["train", "word2vec", "miniworld", "-o", str(out), "--dim", "16", "--epochs", "9"]
    develop = ["--develop", "miniworld-relatedness", "--json"]
    # A rate this low changes no rank, so the second epoch is no better than the first.
    assert run([*arguments, *develop, "--learning-rate", "1e-12"]) == 0
    captured = capsys.readouterr()
    metrics = json.loads((out / "config.json").read_text())["metrics"]
    first, second = [row["miniworld-relatedness"] for row in metrics["history"]]
    assert first == second
    assert metrics["best_epoch"] == 1
    assert metrics["stopped"] == json.loads(captured.out)["stopped"]
    assert metrics["stopped"].startswith("the score on miniworld-relatedness has not risen above")
    assert "textrep: epoch 1: miniworld-relatedness " in captured.err
    assert "evaluating" not in captured.err
    assert not Path(f"{out}.checkpoint").exists()
    assert run(["evaluate", str(out), "--benchmark", "miniworld-relatedness", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["results"][0]["score"] == pytest.approx(first)


def test_patience_with_the_loss(
    corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    level = ["--schedule", "constant", "--epochs", "60"]
    assert run(command(corpus, tmp_path / "out", "--patience", "1", *level)) == 0
    assert re.search(r"; stopped: the loss has not fallen below \S+ for 1 epoch$",
                     capsys.readouterr().out, re.M)  # fmt: skip


def test_a_cost_that_falls_too_slowly(
    corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """GloVe's cost falls by .28 in the second epoch, and by .0001 in the third."""
    arguments = ["train", "glove", corpus, "--dim", "8", "--epochs", "4", "--json"]
    losses, stopped = {}, {}
    for delta in ("0", "0.05", "1"):
        out = tmp_path / delta
        assert run([*arguments, "-o", str(out), "--min-delta", delta]) == 0
        stopped[delta] = json.loads(capsys.readouterr().out)["stopped"]
        history = json.loads((out / "config.json").read_text())["metrics"]["history"]
        losses[delta] = [row["loss"] for row in history]
        assert not Path(f"{out}.checkpoint").exists()
    assert losses["0"] == sorted(losses["0"], reverse=True)
    assert (losses["0.05"], losses["1"]) == (losses["0"][:3], losses["0"][:2])
    assert stopped["0"] is None
    first, second = losses["0"][:2]
    for delta, lowest in (("0.05", second), ("1", first)):
        by = f"by more than {delta} below {lowest:.4f} for 1 epoch"
        assert stopped[delta] == f"the loss has not fallen {by}"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--min-delta", "-1"], 2, "--min-delta"),
        (["--min-delta", "0.1", "--develop", "ws353"], 2, "leave it out with --develop"),
        (["--time-budget", "0"], 2, "--time-budget"),
        (["--patience", "0"], 2, "--patience"),
        (["--checkpoint-every", "-1"], 2, "--checkpoint-every"),
        (["--develop", "ws335"], 2, "Did you mean 'ws353'?"),
        (["--resume"], 1, "There is no checkpoint"),
        (["--initial", "no-such-model"], 1, "no-such-model does not exist"),
        (["--keep-words"], 2, "keep_words"),
    ],
)
def test_one_line_for_each_mistake(
    corpus: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    assert run(command(corpus, tmp_path / "out", "-q", *arguments)) == code
    assert_one_line(capsys, message)
    assert list(tmp_path.iterdir()) == []


def test_overflow_leaves_no_checkpoint(
    corpus: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = []

    def check(training: object) -> None:
        found.append(Checkpoint(tmp_path / "out.checkpoint").exists)
        if found[-1]:
            raise TrainingError("The vectors overflowed.")

    monkeypatch.setattr(loop._Training, "_check_finite", check)
    assert run(command(corpus, tmp_path / "out", "--checkpoint-every", "0", "-q")) == 1
    assert capsys.readouterr().err == "textrep: error: The vectors overflowed.\n"
    assert found[-1]
    assert list(tmp_path.iterdir()) == []


def test_only_what_is_trained_step_by_step_has_these_flags(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["train", "svd", "x", "-o", "y", "--resume"]) == 2
    assert "No such option '--resume'" in capsys.readouterr().err


def test_two_trainings_into_one_output(
    corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    kept = Path(f"{out}.checkpoint")
    with Checkpoint(kept).held():
        for more in ([], ["--resume"], ["--no-resume"]):
            assert run(command(corpus, out, *more)) == 1
            assert capsys.readouterr().err == (
                f"textrep: error: {kept} is in use by another process, {os.getpid()}: wait until "
                "it ends, or name another.\n"
            )
    assert list(tmp_path.iterdir()) == []
