"""``textrep encode``, and texts in ``textrep evaluate``."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from textrep import SVD, WordVectorAverager
from textrep.cli.run import run
from textrep.storage import load_vectors

LINES = ["Cat and dog!", "", "unheard", "cat king"]


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Let stdin hold these bytes."""
    return lambda data: monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))


def text(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def test_a_vector_a_line_on_stdout(vectors_file: Path, stdin, capsys) -> None:
    stdin(text(LINES))
    assert run(["encode", str(vectors_file), "-q"]) == 0
    rows = [list(map(float, line.split())) for line in capsys.readouterr().out.splitlines()]
    expected = WordVectorAverager(vectors_file).fit_transform(LINES)
    assert (np.array(rows, np.float32) == expected).all()
    assert expected[0].tolist() == pytest.approx([0.95, 0.05])
    assert rows[1] == rows[2] == [0, 0]


@pytest.mark.parametrize("average", ["mean", "tfidf", "sif"])
def test_a_numpy_file(vectors_file: Path, tmp_path: Path, stdin, capsys, average: str) -> None:
    stdin(text(LINES))
    path = tmp_path / "new" / "v.npy"
    arguments = ["encode", str(vectors_file), "-o", str(path), "--average", average]
    assert run(arguments) == 0
    assert capsys.readouterr().out == f"{path}: 4 vectors x 2\n"
    averager = WordVectorAverager(load_vectors(vectors_file), weights=average)
    assert (np.load(path, allow_pickle=False) == averager.fit_transform(LINES)).all()


def test_the_tokenizer_is_the_model_s_or_another(tmp_path: Path, stdin, capsys) -> None:
    model = SVD(dim=2).fit(["cats eat fish", "dogs eat meat"] * 5)
    model.save(tmp_path / "svd")
    stdin(b"Cats,eat\r\nlast line without an end, cats")
    assert run(["encode", str(tmp_path / "svd"), "-q"]) == 0
    words, whole = capsys.readouterr().out.splitlines()
    assert set(words.split()) != {"0.0"}
    assert set(whole.split()) != {"0.0"}
    stdin(b"Cats,eat\n")
    assert run(["encode", str(tmp_path / "svd"), "--tokenizer", "whitespace", "-q"]) == 0
    assert set(capsys.readouterr().out.split()) == {"0.0"}


def test_bytes_that_are_no_utf_8_are_replaced(vectors_file: Path, stdin, capsys) -> None:
    stdin(b"cat \xff\xfe\n")
    assert run(["encode", str(vectors_file), "-q"]) == 0
    assert capsys.readouterr().out == "1.0 0.0\n"


@pytest.mark.parametrize(
    ("arguments", "data", "code", "message"),
    [
        ([], b"", 1, "stdin is empty; give one text a line"),
        (["-o", "v.txt"], b"cat\n", 2, "v.txt must end in .npy"),
        (["--average", "median"], b"cat\n", 2, "Unknown weights"),
        (["--average", "sif"], b"cat\n", 2, "below the number of texts, 1"),
        (["--tokenizer", "simpel"], b"cat\n", 2, "Did you mean 'simple'"),
    ],
)
def test_mistakes_are_one_line(
    vectors_file: Path, stdin, capsys, arguments: list[str], data: bytes, code: int, message: str
) -> None:
    stdin(data)
    assert run(["encode", str(vectors_file), *arguments, "-q"]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert message in captured.err


def test_sparse_vectors_are_refused(tmp_path: Path, stdin, capsys) -> None:
    from textrep import PPMI

    PPMI().fit(["cats eat fish", "dogs eat meat"] * 5).save(tmp_path / "ppmi")
    stdin(b"cats\n")
    assert run(["encode", str(tmp_path / "ppmi"), "-q"]) == 1
    assert "sparse vectors of 5 dimensions: reduce them first" in capsys.readouterr().err


def test_the_real_program_reads_a_pipe(
    program: Callable[..., subprocess.CompletedProcess[str]], vectors_file: Path
) -> None:
    done = program("encode", vectors_file, "-q", stdin="cat\nking\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1.0 0.0\n0.8 0.2\n"


@pytest.fixture
def stsb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small table in the place of a benchmark of sentences."""
    from textrep import data, recipes

    columns = {
        "sentence1": ["cat", "dog", "man", "the king"],
        "sentence2": ["dog", "queen", "woman", "a queen"],
        "score": ["5", "1", "3", "4"],
    }

    real = data.table

    def table(recipe: recipes.BenchmarkRecipe) -> data.Table:
        return data.Table(columns, None, "0") if recipe.name == "stsb" else real(recipe)

    monkeypatch.setattr("textrep.data.table", table)


def test_evaluate_averages_word_vectors_in_several_ways(vectors_file: Path, stsb, capsys) -> None:
    arguments = ["evaluate", str(vectors_file), "--benchmark", "stsb", "-q"]
    assert run([*arguments, "--average", "mean", "--average", "sif"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["six.txt,", "mean", "six.txt,", "sif"]
    assert any(line.split()[:1] == ["stsb"] for line in lines)
    assert run(arguments) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["six.txt,", "sif"]


def test_evaluate_words_and_texts_together(vectors_file: Path, stsb, capsys) -> None:
    both = ["--benchmark", "stsb", "--suite", "miniworld"]
    assert run(["evaluate", str(vectors_file), *both, "-q"]) == 0
    out = capsys.readouterr().out
    assert "Sentence similarity" in out
    assert "Relatedness" in out


def test_evaluate_with_an_unknown_average_or_probe(vectors_file: Path, stsb, capsys) -> None:
    arguments = ["evaluate", str(vectors_file), "--benchmark", "stsb", "-q"]
    for option, value in (("--average", "median"), ("--probe", "tree")):
        assert run([*arguments, option, value]) == 2
        captured = capsys.readouterr()
        assert captured.err.count("\n") == 1
        assert value in captured.err
