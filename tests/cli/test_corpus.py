"""``textrep corpus``."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from textrep.cli.run import run


def test_build_prints_what_became_of_every_token(
    text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "corpus"
    assert run(["corpus", "build", str(text_file), "-o", str(out), "-q"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    facts = {
        " ".join(words[:-1]): words[-1]
        for words in (line.split() for line in captured.out.splitlines()[1:])
    }
    assert facts["tokens read"] == "30"
    dropped = [int(number) for name, number in facts.items() if name.startswith("dropped")]
    assert int(facts["kept"]) + sum(dropped) == 30
    assert facts["words"] == "5"


def test_info_of_what_build_wrote(
    text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "corpus")
    assert run(["corpus", "build", str(text_file), "-o", out, "--min-count", "1", "--json"]) == 0
    built = json.loads(capsys.readouterr().out)
    assert run(["corpus", "info", out, "--json"]) == 0
    described = json.loads(capsys.readouterr().out)
    assert built.pop("seconds") > 0
    assert built == described
    assert described["kept"]["types"] == 7
    assert described["read"]["tokens"] == described["kept"]["tokens"] == 30
    assert run(["corpus", "info", out]) == 0
    assert described["fingerprint"][:16] in capsys.readouterr().out


def test_options_reach_the_build_and_flags_override_the_file(
    text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "build.toml"
    config.write_text('min-count = 1\nmax_size = 3\ntokenizer = "text8"\n')
    arguments = ["corpus", "build", str(text_file), "-o", str(tmp_path / "corpus")]
    assert run([*arguments, "--config", str(config), "--max-size", "2", "--json"]) == 0
    options = json.loads(capsys.readouterr().out)["options"]
    assert options["min_count"] == 1
    assert options["max_size"] == 2
    assert options["tokenizer"] == "text8"


def test_text_from_stdin(
    program: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    ended = program("corpus", "build", "-", "-o", "out", "--min-count", "1", stdin="a b\na\n")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[0] == "out"
    assert (tmp_path / "out" / "manifest.json").exists()


def test_no_overwrite(text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["corpus", "build", str(text_file), "-o", str(tmp_path / "c"), "--no-overwrite"]
    assert run(arguments) == 0
    capsys.readouterr()
    assert run(arguments) == 1
    assert "exists" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("extra", "code", "message"),
    [
        (["no-such-file.txt"], 1, "no-such-file.txt"),
        (["{text}", "--min-count", "few"], 2, "--min-count must be a whole number. Got 'few'."),
        (["{text}", "--min-count", "0"], 2, "min_count"),
        (["{text}", "--min-count", "99"], 1, "99"),
        (["{text}", "--tokenizer", "simpel"], 2, "Did you mean 'simple'?"),
        (["{text}", "--sentences", "lines"], 2, "Did you mean 'line'?"),
        (["{text}", "--config", "no-such.toml"], 1, "no-such.toml"),
    ],
)
def test_one_line_for_each_mistake(
    text_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    extra: list[str],
    code: int,
    message: str,
) -> None:
    inputs = [item.replace("{text}", str(text_file)) for item in extra]
    assert run(["corpus", "build", *inputs, "-o", str(tmp_path / "corpus"), "-q"]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("textrep: error: ")
    assert captured.err.count("\n") == 1
    assert message in captured.err
    assert not (tmp_path / "corpus").exists()


def test_info_of_a_folder_that_is_no_corpus(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["corpus", "info", str(tmp_path)]) == 1
    assert "manifest.json" in capsys.readouterr().err
