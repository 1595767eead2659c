"""``textrep explain``, ``textrep diff`` and ``textrep neighbors --seeds``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from textrep import PPMI, SVD, Word2Vec
from textrep.cli.run import run
from textrep.corpus import Corpus
from textrep.storage import write_model
from textrep.storage.contents import contents_of
from textrep.vectors import WordVectors

TEXT = [
    ["the", "cat", "drinks", "milk"],
    ["the", "dog", "drinks", "water"],
    ["the", "cat", "chases", "the", "dog"],
    ["a", "cat", "and", "a", "dog", "sleep"],
    ["she", "reads", "a", "book"],
] * 4


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    Corpus.build(TEXT, tmp_path / "corpus", min_count=1)
    return tmp_path / "corpus"


@pytest.fixture
def ppmi(corpus: Path, tmp_path: Path) -> str:
    PPMI().fit(corpus).save(tmp_path / "ppmi")
    return str(tmp_path / "ppmi")


def lines(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    return [line.split() for line in out.splitlines()]


def test_explain(ppmi: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", ppmi, "cat", "dog", "-n", "2"]) == 0
    shown = lines(capsys)
    assert shown[0][:4] == ["cat", "and", "dog:", "cosine"]
    assert ["context", "part", "cat", "dog"] in shown
    assert shown[-1] == ["Scores", "are", "PPMI."]


def test_explain_down_to_sentences(
    ppmi: str, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["explain", ppmi, "cat", "dog", "--corpus", str(corpus)]
    assert run(arguments) == 0
    out = capsys.readouterr().out
    assert "\ndrinks\n  cat: 4 times in the window\n    the [cat] [drinks] milk\n" in out
    assert run([*arguments, "--sentences", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert sum(context["contribution"] for context in found["contexts"]) + found[
        "rest"
    ] == pytest.approx(found["similarity"])
    [drinks] = [context for context in found["contexts"] if context["word"] == "drinks"]
    assert drinks["sentences"]["dog"] == {
        "times": 4,
        "examples": [{"tokens": ["the", "dog", "drinks", "water"], "word": 1, "context": 2}],
    }


def test_sentences_are_cut_to_the_width(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filling = [f"filling{number}" for number in range(30)]
    text = [[*filling, "cat", "purrs", *filling], ["dog", "purrs"], ["a", "b"]]
    Corpus.build(text, tmp_path / "corpus", min_count=1)
    PPMI().fit(tmp_path / "corpus").save(tmp_path / "m")
    folder = str(tmp_path / "corpus")
    assert run(["explain", str(tmp_path / "m"), "cat", "dog", "--corpus", folder]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if "[cat]" in line]
    assert len(line) <= 80
    assert line.startswith("    … filling")
    assert line.endswith(" …")
    assert "[cat] [purrs]" in line


def test_explain_of_another_corpus(
    ppmi: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Corpus.build(TEXT[:3], tmp_path / "other", min_count=1)
    assert run(["explain", ppmi, "cat", "dog", "--corpus", str(tmp_path / "other")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "fingerprints differ" in captured.err
    assert captured.err.count("\n") == 1


def test_explain_of_vectors_that_are_no_sum_of_their_own(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Word2Vec(dim=4, epochs=1, subsample=1.0).fit(corpus).save(tmp_path / "w2v")
    assert run(["explain", str(tmp_path / "w2v"), "cat", "dog"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "not orthogonal" in text
    assert "correlate with the scores by" in text


def test_explain_says_what_is_wrong(
    ppmi: str, vectors_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", ppmi, "catt", "dog"]) == 2
    assert "Did you mean 'cat'?" in capsys.readouterr().err
    assert run(["explain", str(vectors_file), "cat", "dog"]) == 1
    assert "is a file, not a model folder" in capsys.readouterr().err
    assert run(["explain", ppmi, "book", "milk"]) == 0
    assert "no context in common" in capsys.readouterr().out


def folder(path: Path, seed: int, moved: int = 0) -> str:
    """A model of 600 words in 5 dimensions, a little noise and a rotation."""
    true = np.random.default_rng(0).standard_normal((600, 5))
    true[:moved] = np.random.default_rng(1).standard_normal((moved, 5))
    draw = np.random.default_rng(seed + 2)
    turned = (true + 0.1 * draw.standard_normal(true.shape)) @ np.linalg.qr(
        draw.standard_normal((5, 5))
    )[0]
    words = [f"word{number}" for number in range(600)]
    vectors = WordVectors(words, turned, np.arange(700, 100, -1))
    write_model(path / f"m{seed}", contents_of(vectors))
    return str(path / f"m{seed}")


def test_diff_without_seeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = folder(tmp_path, 0), folder(tmp_path, 1, moved=30)
    assert run(["diff", a, b, "-n", "4"]) == 0
    out = capsys.readouterr().out
    assert "600 words compared." in out
    assert "No noise is known" in " ".join(out.split())
    assert len(out.split("\n\n")[1].splitlines()) >= 5


def test_diff_for_continuous_integration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b, same = folder(tmp_path, 0), folder(tmp_path, 1, moved=60), folder(tmp_path, 2)
    seeds = ["--seeds", folder(tmp_path, 3), "--seeds", folder(tmp_path, 4)]
    assert run(["diff", a, b, *seeds, "--fail-above", "0.05", "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["share"] > 0.05
    assert found["changed"] >= 50
    assert found["seeds"] == 2
    first = found["most_changed"][0]
    assert first["word"] in {f"word{number}" for number in range(60)}
    assert first["change"] > first["limit"]
    assert run(["diff", a, b, *seeds]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80
    assert run(["diff", a, same, *seeds, "--fail-above", "0.05"]) == 0


def test_diff_says_what_is_wrong(
    tmp_path: Path, ppmi: str, vectors_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = folder(tmp_path, 0), folder(tmp_path, 1)
    for arguments, code, message in [
        ([a, b, "--fail-above", "0.1"], 2, "--fail-above needs to know the noise"),
        ([a, b, "--seeds", a], 1, "has the very vectors of the model"),
        ([a, ppmi], 2, "sparse"),
        ([a, str(vectors_file)], 1, "share 0 words"),
        ([a, a], 2, "named twice"),
        ([a, b, "--fail-above", "2"], 2, "--fail-above"),
    ]:
        assert run(["diff", *arguments]) == code
        captured = capsys.readouterr()
        assert message in captured.err
        assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_words_that_one_model_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draw = np.random.default_rng(0)
    files = []
    for name, words in [("a", range(100)), ("b", range(10, 103))]:
        vectors = WordVectors([f"w{number}" for number in words], draw.random((len(words), 2)))
        write_model(tmp_path / name, contents_of(vectors))
        files.append(str(tmp_path / name))
    assert run(["diff", *files]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "90 words compared." in out
    assert "Only in a: 10 (w0, w1, w2, w3, w4, …). Only in b: 3 (w100, w101, w102)." in out


def test_neighbors_with_other_seeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models = [folder(tmp_path, seed) for seed in range(3)]
    arguments = ["neighbors", models[0], "word1", "-n", "5"]
    arguments += ["--seeds", models[1], "--seeds", models[2]]
    assert run(arguments) == 0
    shown = lines(capsys)
    assert shown[0][0] == "word1:"
    assert shown[1][2] in {"0/2", "1/2", "2/2"}
    assert run([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["word1"]
    assert found["seeds"] == 2
    assert [f"{near['agreeing']}/2" for near in found["neighbors"]] == [row[2] for row in shown[1:]]
    assert found["overlap"] == pytest.approx(
        np.mean([near["agreeing"] / 2 for near in found["neighbors"]])
    )


def test_an_svd_keeps_its_neighbours(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    SVD(dim=3).fit(corpus).save(tmp_path / "svd")
    assert run(["neighbors", str(tmp_path / "svd"), "cat", "--seeds", str(tmp_path / "svd")]) == 1
    assert "another seed" in capsys.readouterr().err
