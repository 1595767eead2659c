"""``textrep neighbors`` and ``textrep analogy``."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest

from textrep.cli.run import run
from textrep.storage import write_model
from textrep.storage.contents import contents_of
from textrep.vectors import Subwords, SubwordVectors


def test_neighbors_best_first(vectors_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["neighbors", str(vectors_file), "cat", "queen", "-n", "2"]) == 0
    blocks = capsys.readouterr().out.split("\n\n")
    assert [line.split() for line in blocks[0].splitlines()] == [
        ["cat"],
        ["dog", "0.994"],
        ["king", "0.970"],
    ]
    assert [line.split()[0] for line in blocks[1].splitlines()] == ["queen", "man", "woman"]


def test_neighbors_as_json(vectors_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["neighbors", str(vectors_file), "cat", "-n", "1", "--json"]) == 0
    [near] = json.loads(capsys.readouterr().out)["cat"]
    assert near["word"] == "dog"
    assert near["similarity"] == pytest.approx(0.9 / 0.82**0.5, abs=1e-6)


def test_words_from_stdin(
    vectors_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("cat\n\n man \n"))
    assert run(["neighbors", str(vectors_file), "-", "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == ["cat", "man"]


def test_an_unknown_word_gets_a_suggestion(
    vectors_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["neighbors", str(vectors_file), "cta"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Unknown word 'cta'. Did you mean 'cat'?" in captured.err


def test_analogy(vectors_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analogy", str(vectors_file), "man", "woman", "king", "--json"]) == 0
    answers = json.loads(capsys.readouterr().out)
    assert answers[0]["word"] == "queen"
    assert {"man", "woman", "king"}.isdisjoint(answer["word"] for answer in answers)


def test_analogy_of_an_unknown_method(
    vectors_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["analogy", str(vectors_file), "man", "woman", "king", "--method", "4cosadd"]
    assert run(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.fixture
def subwords_folder(tmp_path: Path) -> Path:
    """A model folder with n-grams."""
    words, subwords = ["walk", "talk", "run"], Subwords(3, 4, 100_000)
    rows = np.random.default_rng(0).standard_normal((subwords.rows(words).n_rows, 8))
    write_model(tmp_path / "m", contents_of(SubwordVectors.from_input(words, subwords, rows)))
    return tmp_path / "m"


def test_an_unseen_word_is_composed_and_that_is_said(
    subwords_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["neighbors", str(subwords_folder), "walked", "run", "-n", "1"]) == 0
    captured = capsys.readouterr()
    assert captured.out.split("\n\n")[0].split()[:2] == ["walked", "walk"]
    assert captured.err == (
        "textrep: 'walked' is not in the vocabulary: composed from its n-grams\n"
    )
    assert run(["neighbors", str(subwords_folder), "walk"]) == 0
    assert capsys.readouterr().err == ""


def test_an_unseen_word_without_ngrams_is_unknown(
    subwords_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["neighbors", str(subwords_folder), "zzz"]) == 2
    assert "Unknown word 'zzz'" in capsys.readouterr().err


def test_an_analogy_of_an_unseen_word(
    subwords_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["analogy", str(subwords_folder), "walk", "walked", "talk"]) == 0
    captured = capsys.readouterr()
    assert captured.out.split()[0] == "run"
    assert captured.err.count("'walked' is not in the vocabulary") == 1
