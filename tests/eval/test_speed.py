"""The speed comparisons run and say what they must; how fast anything is, no test can tell."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def speed(outside_the_library: None) -> Any:
    """The package eval.speed, which lies outside the library."""
    import eval.speed.run

    return eval.speed


@pytest.fixture
def settings(speed: Any, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """One run of each side, no peers but those that are Python packages, kernels compiled once."""
    monkeypatch.setenv("TEXTREP_PEERS", str(tmp_path))
    monkeypatch.setenv("TEXTREP_HOME", str(tmp_path / "home"))
    work = tmp_path / "work"
    work.mkdir()
    return speed.harness.Settings(work=work, repeats=1, threads=1, corpus=str(text))


def check(speed: Any, comparison: Any, labels: list[str]) -> str:
    """Check that the sides were measured and that the table and JSON can be made."""
    found = [measurement.label for measurement in comparison.measurements]
    assert [label for label in found if label in labels] == labels
    for measurement in comparison.measurements:
        assert len(measurement.seconds) == len(measurement.peak_mb) >= 1
        assert min(measurement.seconds) > 0
        assert min(measurement.peak_mb) > 1
    json.dumps(comparison.as_json())
    table: str = speed.report.table(comparison)
    assert max(map(len, table.splitlines())) <= 80
    return table


def test_corpus(speed: Any, settings: Any) -> None:
    comparison = speed.corpus.compare(settings)
    labels = ["textrep text8", "textrep text8, raw text", "textrep simple, raw text"]
    table = check(speed, comparison, labels)
    assert "vocab_count was not found" in table
    words = comparison.facts["words"]
    assert words["textrep text8"] == words["textrep text8, raw text"] > 100
    assert words.get("gensim, vocabulary pass", words["textrep text8"]) == words["textrep text8"]


def test_cooccurrence(speed: Any, settings: Any) -> None:
    comparison = speed.cooccurrence.compare(settings)
    labels = ["textrep", "textrep, 48 MiB limit", "textrep, text to counts"]
    check(speed, comparison, labels)
    assert {item.facts["entries"] for item in comparison.measurements} == {
        comparison.facts["entries"]
    }


def test_svd(speed: Any, settings: Any) -> None:
    comparison = speed.svd.compare(settings, rank=20)
    check(speed, comparison, ["textrep SVD"])
    errors = comparison.facts["errors"]
    assert len(errors) == len(comparison.measurements) == 2
    assert max(errors.values()) <= 0.01


def test_glove(speed: Any, settings: Any) -> None:
    comparison = speed.glove.compare(settings, dim=10, epochs=2)
    check(speed, comparison, ["textrep GloVe"])
    facts, measured = comparison.facts, comparison.measurements[0]
    assert measured.work == 2 * facts["entries"]
    assert 0 < facts["costs"]["textrep"] < measured.facts["loss"][1]


def test_true_values_are_remembered(
    speed: Any, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTREP_HOME", str(tmp_path / "home"))
    svd, folder = speed.svd, str(tmp_path)
    fingerprint = svd.write_matrix(str(text), folder)["fingerprint"]
    first = svd.true_values(folder, 5, fingerprint)
    exact = np.linalg.svd(svd._read_matrix(folder).toarray(), compute_uv=False)[:5]
    assert first["values"] == pytest.approx(exact, rel=1e-5)
    svd.remember(first["cache"], {"10": 7})
    (tmp_path / "data.npy").unlink()
    assert svd.true_values(folder, 5, fingerprint) == {**first, "iterations": {"10": 7}}


@pytest.mark.parametrize("kind", ["skipgram", "hierarchical", "cbow", "subwords"])
def test_word2vec(speed: Any, settings: Any, kind: str) -> None:
    comparison = getattr(speed.word2vec, kind)(settings)
    table = check(speed, comparison, ["textrep", "textrep, from the text"])
    encoded, from_text = comparison.measurements[:2]
    assert encoded.facts["pairs"] == from_text.facts["pairs"] > 1000
    assert ("fastText was not found" in table) == (kind == "subwords")
    assert ("GFLOP/s" in table) == (kind == "skipgram")


@pytest.mark.parametrize(
    ("kind", "plain"),
    [("language_model", "plain PyTorch"), ("transformer", "nn.TransformerEncoder")],
)
def test_language_model(speed: Any, settings: Any, kind: str, plain: str) -> None:
    comparison = getattr(speed, kind).compare(settings)
    table = " ".join(check(speed, comparison, ["textrep", plain]).split())
    for measured in comparison.measurements:  # few steps, from other random numbers
        assert 10 < measured.facts["perplexity"] < 5000
        assert f"{measured.facts['perplexity']:.1f} ({measured.label})" in table


@pytest.mark.parametrize("kind", ["recurrent", "transformer"])
def test_encoding(speed: Any, settings: Any, kind: str) -> None:
    comparison = getattr(speed.encoding, kind)(settings)
    table = check(speed, comparison, ["textrep", "padded loop"])
    assert comparison.measurements[0].facts == comparison.measurements[1].facts
    (apart,) = re.findall(r"differ by at most (\S+) of", table)
    assert float(apart) < 1e-5


def test_neighbors(speed: Any, settings: Any) -> None:
    comparison = speed.neighbors.compare(settings, words=3000, dim=10, queries=100)
    check(speed, comparison, ["textrep neighbors", "matrix product (floor)"])
    assert comparison.measurements[0].facts == {"queries": 100}


def test_sides_take_turns(
    speed: Any, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    harness = speed.harness
    log = tmp_path / "log"
    sides = [
        harness.CommandSide(name, ["sh", "-c", f"echo {name} >> {log}"]) for name in ("a", "b")
    ]
    twice = harness.Settings(work=settings.work, repeats=2, threads=1)
    harness.measure(sides, twice)
    assert log.read_text().split() == ["a", "b", "a", "b"]
    assert "run 2 of 2: b" in capsys.readouterr().err


def test_peak_memory_is_that_of_the_child(speed: Any, settings: Any) -> None:
    harness = speed.harness
    sides = [
        harness.CommandSide(str(size), [sys.executable, "-c", f"x = b'x' * {size} * 1_000_000"])
        for size in (0, 300)
    ]
    small, large = harness.measure(sides, settings)
    assert 250 < large.peak_mb[0] - small.peak_mb[0] < 350


def test_a_side_that_fails_is_one_line(speed: Any, settings: Any) -> None:
    side = speed.harness.CommandSide("odd", ["sh", "-c", "echo first; echo reason >&2; exit 3"])
    with pytest.raises(speed.harness.SpeedError, match=r"^odd failed: reason$"):
        speed.harness.measure([side], settings)


@pytest.mark.parametrize("oversampling", [5, 20])
def test_the_fewest_iterations_are_those_of_scikit_learn(
    speed: Any, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, oversampling: int
) -> None:
    monkeypatch.setenv("TEXTREP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(speed.svd, "_TOLERANCE", 0.002)  # more than one is needed
    svd, folder = speed.svd, str(tmp_path)
    truth = svd.true_values(folder, 40, svd.write_matrix(str(text), folder)["fingerprint"])
    search = (folder, 40, oversampling, 1, truth["cache"])
    fewest = svd.fewest_iterations(*search)["iterations"]
    assert fewest > 1
    errors = [
        svd._error(svd.sklearn_svd(folder, 40, oversampling, n).run()["values"], truth["values"])
        for n in (fewest - 1, fewest)
    ]
    assert errors[1] <= 0.002 < errors[0]
    monkeypatch.setattr(svd, "_MOST_ITERATIONS", fewest - 1)
    with pytest.raises(speed.harness.SpeedError, match="would not come within 0% of ARPACK"):
        svd.fewest_iterations(*search)


def test_text8_form(speed: Any, tmp_path: Path) -> None:
    raw, text8, source = (str(tmp_path / name) for name in ("raw", "text8", "source.txt"))
    Path(source).write_text("It's 5 o'clock: NOW.\n\nNaïve  ends\n", "utf-8")
    facts = speed.texts.write_text(source, raw, text8)
    assert Path(text8).read_text() == "it s o clock now\n\nna ve ends\n\n"
    assert facts == {"name": "source.txt", "tokens": 8}


def test_command_line(
    speed: Any, text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def failing(settings: Any) -> Any:
        raise speed.harness.SpeedError("there is no reason")

    def passing(settings: Any) -> Any:
        side = speed.harness.CommandSide("nothing", [sys.executable, "-c", "pass"])
        measured = speed.harness.measure([side], settings)
        return speed.harness.Comparison("corpus", "nothing at all", measured)

    monkeypatch.setitem(speed.run.COMPARISONS, "corpus", passing)
    monkeypatch.setitem(speed.run.COMPARISONS, "svd", failing)
    path = tmp_path / "figures.json"
    arguments = ["--only", "corpus", "--only", "svd", "--repeats", "2", "--json", str(path)]
    assert speed.run.main(arguments) == 1
    printed = capsys.readouterr().out
    assert "svd: not compared: there is no reason" in printed
    assert re.search(r"nothing +0\.\d+ +0\.\d+-0\.\d+", printed)
    content = json.loads(path.read_text())
    assert content["failed"] == ["svd"]
    assert content["machine"]["cores"] >= 1
    assert len(content["comparisons"][0]["measurements"][0]["seconds"]) == 2
