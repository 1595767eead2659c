"""``textrep train``: the models' flags, and training for real."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from textrep.cli import preflight
from textrep.cli.flags import flags_of
from textrep.cli.run import run
from textrep.corpus.miniworld import generate
from textrep.models import MODELS, model_class

from .conftest import assert_one_line

pytestmark = pytest.mark.usefixtures("one_torch_thread")

# For a text of five words.
SMALL = {
    "svd": ["--dim", "2"],
    "word2vec": ["--subsample", "0"],
    "recurrent": ["--dim", "4", "--units", "4", "--epochs", "2"],
    "convolutional": ["--dim", "4", "--channels", "4", "--epochs", "2"],
    "transformer": ["--dim", "8", "--layers", "1", "--epochs", "2"],
}


def test_the_list_of_models_has_a_summary_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--help"]) == 0
    shown = capsys.readouterr().out
    for name, entry in MODELS.items():
        assert re.search(rf"^  {name} +{re.escape(entry.summary[:30])}", shown, re.M)


@pytest.mark.parametrize("name", list(MODELS))
def test_every_parameter_is_a_described_flag(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", name, "--help"]) == 0
    shown = capsys.readouterr().out
    flags = flags_of(model_class(name))
    assert {flag.parameter for flag in flags} == set(model_class(name)().get_params())
    for flag in flags:
        assert re.search(rf"^  {flag.option.split('/')[0]}\b", shown, re.M)
        assert flag.help, f"{name} does not describe {flag.parameter}"
        assert flag.types or flag.choices, f"{name} does not say what {flag.parameter} is"


@pytest.mark.parametrize("name", list(MODELS))
def test_train_and_look(
    name: str, text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / name
    sources = [str(text_file)]
    if model_class(name).takes_models:
        sources = [str(tmp_path / "a"), str(tmp_path / "b")]
        for source in sources:
            assert run(["train", "svd", str(text_file), "-o", source, "-q", "--dim", "2"]) == 0
        capsys.readouterr()
    assert run(["train", name, *sources, "-o", str(out), "-q", "--json", *SMALL.get(name, [])]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    said = json.loads(captured.out)
    assert said["path"] == str(out)
    assert said["n_words"] == 5
    assert said["parameters"] == json.loads((out / "config.json").read_text())["parameters"]
    assert run(["neighbors", str(out), "cat", "-n", "2"]) == 0
    assert capsys.readouterr().out.startswith("cat\n")


def test_models_chain(text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts, ppmi = str(tmp_path / "counts"), str(tmp_path / "ppmi")
    assert run(["train", "cooccurrence", str(text_file), "-o", counts, "-q"]) == 0
    assert run(["train", "ppmi", counts, "-o", ppmi, "-q"]) == 0
    assert run(["train", "svd", ppmi, "-o", str(tmp_path / "svd"), "--dim", "2", "-q"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(rf"{tmp_path}/svd: SVD, 5 words x 2, \d+\.\d s", lines[-1])


def test_flags_override_the_file(
    text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "svd.toml"
    config.write_text("dim = 3\nseed = 7\neigenvalue-weight = 0.5\n")
    arguments = ["train", "svd", str(text_file), "-o", str(tmp_path / "svd"), "--json", "-q"]
    assert run([*arguments, "--config", str(config), "--dim", "2"]) == 0
    parameters = json.loads(capsys.readouterr().out)["parameters"]
    assert parameters["dim"] == 2
    assert parameters["random_state"] == 7
    assert parameters["eigenvalue_weight"] == 0.5


@pytest.mark.parametrize(
    ("config", "code", "message"),
    [
        ("dimm = 3\n", 2, "'dimm'. Did you mean 'dim'?"),
        ("dim = 2.5\n", 2, "dim must be a whole number"),
        ('dim = "many"\n', 2, "dim must be a whole number"),
        ("seed = 1\nrandom_state = 2\n", 2, "sets seed twice"),
        ("dim = \n", 1, "is not valid TOML"),
    ],
)
def test_mistakes_in_a_file(
    text_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    config: str,
    code: int,
    message: str,
) -> None:
    file = tmp_path / "x.toml"
    file.write_text(config)
    arguments = ["train", "svd", str(text_file), "-o", str(tmp_path / "svd")]
    assert run([*arguments, "--config", str(file)]) == code
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert message in captured.err
    assert str(file) in captured.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["svd", "{text}", "--dim", "200"], 2, "dim"),
        (["svd", "{text}", "--dim", "0"], 2, "dim"),
        (["svd", "no-such-corpus"], 1, "no-such-corpus"),
        (["svd", "minworld"], 1, "Did you mean 'miniworld'?"),
        (["svd", "{text}", "--dmi", "2"], 2, "Did you mean '--dim'?"),
    ],
)
def test_one_line_for_each_mistake(
    text_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    filled = [item.replace("{text}", str(text_file)) for item in arguments]
    assert run(["train", *filled, "-o", str(tmp_path / "svd"), "-q"]) == code
    assert_one_line(capsys, message)
    assert not (tmp_path / "svd").exists()


@pytest.mark.parametrize("name", [n for n in MODELS if not model_class(n).takes_models])
def test_a_dry_run_says_what_it_would_cost_and_writes_nothing(
    name: str, text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["train", name, str(text_file), "-o", str(tmp_path / "out"), "--dry-run"]
    arguments += SMALL.get(name, [])
    assert run([*arguments, "-q"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    lines = captured.out.splitlines()
    expected = f"{model_class(name).__name__}, predicted from 28 of 30 tokens; nothing was trained"
    assert lines[0] == expected
    assert re.search(r"^  words +5$", captured.out, re.M)
    assert re.search(r"^  coverage +93\.3% of the tokens$", captured.out, re.M)
    assert re.search(r"^  memory +\d+MB of \d+\.?\d*[GT]B$", captured.out, re.M)
    assert re.search(r"^  time +\d+ s, within a factor of 2$", captured.out, re.M)
    assert run([*arguments, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["n_words"] == 5
    assert said["coverage"] == pytest.approx(28 / 30)
    most = 700_000_000 if MODELS[name].slow else 400_000_000  # PyTorch is large
    assert 220_000_000 < said["memory"] < most
    assert 0 < said["disk"] < 20_000
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["svd", "{text}", "--dim", "200"], 2, "dim"),
        (["svd", "{model}", "--dim", "2"], 2, "is a trained model"),
        (["svd", "no-such-corpus"], 1, "no-such-corpus"),
        (["combine", "{model}", "{model}"], 2, "No such option '--dry-run'"),
    ],
)
def test_dry_runs_that_do_not_work(
    text_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    model = tmp_path / "model"
    assert run(["train", "onehot", str(text_file), "-o", str(model), "-q"]) == 0
    capsys.readouterr()
    filled = [item.format(text=text_file, model=model) for item in arguments]
    assert run(["train", *filled, "-o", str(tmp_path / "out"), "--dry-run", "-q"]) == code
    assert_one_line(capsys, message)


def test_long_trainings_say_first_what_they_cost(
    text_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arguments = ["train", "ppmi", str(text_file), "-o", str(tmp_path / "out")]
    assert run(arguments) == 0
    assert "predicted" not in capsys.readouterr().err
    monkeypatch.setattr(preflight, "LONG_TOKENS", 25)
    assert run(arguments) == 0
    said = capsys.readouterr().err
    line = r"^textrep: predicted: \d+MB of memory, [\d.]+kB of disk, about \d+ s$"
    assert len(re.findall(line, said, re.M)) == 1
    monkeypatch.setattr(preflight.shutil, "disk_usage", lambda _: SimpleNamespace(free=10))
    assert run(arguments) == 0
    assert "textrep: The disk has 10B left, which is too little.\n" in capsys.readouterr().err


def test_combine_chooses_weights_on_a_benchmark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("svd", "word2vec"):
        arguments = ["train", name, str(tmp_path / "corpus"), "-o", str(tmp_path / name), "-q"]
        if name == "svd":
            generated = "\n".join(generate(tokens=60_000, seed=0))
            (tmp_path / "corpus").write_text(generated)
        assert run([*arguments, "--dim", "10"]) == 0
    members = [str(tmp_path / "svd"), str(tmp_path / "word2vec")]
    arguments = ["train", "combine", *members, "-o", str(tmp_path / "both"), "-q", "--dim", "12"]
    assert run([*arguments, "--develop", "miniworld-relatedness"]) == 0
    config = json.loads((tmp_path / "both" / "config.json").read_text())
    assert config["parameters"]["develop"] == "miniworld-relatedness"
    development = config["metrics"]["development"]
    assert development["score"] >= development["equal_weights_score"]
    capsys.readouterr()
    assert run([*arguments, "--develop", "miniworld-relatednes"]) == 2
    assert "Did you mean 'miniworld-relatedness'?" in capsys.readouterr().err


def test_a_folder_that_is_not_ours_is_refused_before_any_work(
    text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter1.txt").write_text("precious")
    assert run(["train", "svd", str(text_file), "-o", str(tmp_path / "thesis")]) == 1
    assert "Will not replace" in capsys.readouterr().err
    assert (tmp_path / "thesis" / "chapter1.txt").read_text() == "precious"
