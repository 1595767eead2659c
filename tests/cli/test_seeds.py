"""Which models differ in their seed alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from textrep.cli.run import run
from textrep.cli.seeds import seed_groups
from textrep.storage import ModelData, write_model


def save(path: Path, seed: int, **parameters: object) -> Path:
    words = ["file", "files", "window", "the", "noon", "string"]
    rows = np.random.default_rng(seed).normal(size=(6, 3)).astype(np.float32)
    data = ModelData(
        "SVD",
        {"dim": 3, "random_state": seed, **parameters},
        words,
        np.arange(6, 0, -1),
        {"word_vectors": rows},
        seed=seed,
        corpus={"fingerprint": "abc"},
    )
    write_model(path, data)
    return path


def test_models_that_differ_in_their_seed_alone_are_a_group(tmp_path: Path) -> None:
    models = {f"svd-{seed}": save(tmp_path / f"svd-{seed}", seed) for seed in (1, 2, 3)}
    models["wide"] = save(tmp_path / "wide", 4, dim=4)
    models["copy"] = save(tmp_path / "copy", 9, window=2)
    models["copied"] = save(tmp_path / "copied", 9, window=2)
    (tmp_path / "vectors.txt").write_text("the 1 2 3\n")
    models["vectors.txt"] = tmp_path / "vectors.txt"
    assert seed_groups(models) == {"svd": ("svd-1", "svd-2", "svd-3")}


def test_groups_have_names_of_their_own(tmp_path: Path) -> None:
    models = {}
    for window in (2, 3):
        for seed, name in ((1, "a"), (2, "b")):
            path = save(tmp_path / f"{name}{window}", seed, window=window)
            models[f"{name}{window}"] = path
    assert seed_groups(models) == {"SVD": ("a2", "b2"), "SVD (2)": ("a3", "b3")}


def test_a_group_is_not_called_as_another_model(tmp_path: Path) -> None:
    models = {name: save(tmp_path / name, seed) for seed, name in enumerate(["w2v-1", "w2v-2"])}
    models["w2v"] = save(tmp_path / "w2v", 3, window=9)
    assert seed_groups(models) == {"w2v (2)": ("w2v-1", "w2v-2")}


@pytest.mark.parametrize(
    ("names", "group"),
    [
        (("svd-10", "svd-11"), "svd"),
        (("svd200-1", "svd200-2"), "svd200"),
        (("svd25", "svd25-1"), "svd25"),
        (("w2v1", "w2v2"), "w2v"),
    ],
)
def test_a_group_is_named_without_its_seeds(
    tmp_path: Path, names: tuple[str, str], group: str
) -> None:
    models = {name: save(tmp_path / name, seed) for seed, name in enumerate(names)}
    assert seed_groups(models) == {group: names}


def test_the_command_shows_their_spread(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "benchmarks" / "relatedness" / "mc30.tsv"
    table.parent.mkdir(parents=True)
    words = ["file", "files", "window", "the", "noon", "string"]
    pairs = [(one, two) for one in words for two in words]
    rows = [f"{one}\t{two}\t{number % 5}\n" for number, (one, two) in enumerate(pairs[:30])]
    table.write_text("".join(["word1\tword2\tscore\n", *rows]))
    monkeypatch.setenv("TEXTREP_DATA", str(tmp_path))
    models = [str(save(tmp_path / f"svd-{seed}", seed)) for seed in (1, 2, 3)]
    command = ["evaluate", *models, "--benchmark", "mc30", "-q"]
    assert run([*command, "--by", "frequency", "--worst", "1"]) == 0
    text = capsys.readouterr().out
    assert "  svd, 3" in text
    assert "By frequency" in text
    assert "Most wrong: svd-2 on mc30" in text
    assert max(map(len, text.splitlines())) <= 80
    assert run([*command, "--by", "pos", "--worst", "1", "--json"]) == 0
    parsed = json.loads(capsys.readouterr().out)
    assert parsed["seeds"][0]["group"] == "svd"
    assert {item["model"] for item in parsed["worst"]} == {"svd-1", "svd-2", "svd-3"}
    assert len(parsed["disagreements"]) == 1
    assert parsed["slices"] == []
    assert list(parsed["methods"][0]["scores"]) == ["svd"]
    page = tmp_path / "report.html"
    assert run(["report", *command[1:], "-o", str(page)]) == 0
    assert "<bdi>svd, 3 seeds</bdi>" in page.read_text()


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--by", "length"], "--by must be one of frequency, pos"),
        (["--worst", "0"], "--worst must be at least 1"),
        (["--worst", "1", "--markdown"], "--markdown has no --by"),
    ],
)
def test_flags_that_make_no_sense(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str], message: str
) -> None:
    assert run(["evaluate", str(save(tmp_path / "m", 1)), *flags]) == 2
    assert message in capsys.readouterr().err
