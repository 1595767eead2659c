"""Input that is wrong, empty or hostile is named at its place; the page is whole or not there."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from report.studies import HOSTILE, TABLES, contents, pairs, vectors

from textrep.cli.run import run
from textrep.evaluation.repeats import repeated_pairs
from textrep.report.formats import FORMATS
from textrep.report.words import as_text
from textrep.storage import ModelData, write_model
from textrep.vectors import WordVectors


class Tags(HTMLParser):
    """Whether every element that is opened is closed, and which elements there are."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.text = [], set(), []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def page(found):
    """Return the page's text, after checks that every page must pass."""
    text = FORMATS["html"](found)
    tags = Tags(text)
    assert tags.open == []
    assert not tags.seen & {"b", "i", "img"}
    assert text.count("<script") == 2
    shown = "".join(tags.text)
    assert not re.search(r"\bnan\b|\binf\b|NaN|None", text[: text.index("<script")])
    for name in ("md", "csv", "latex"):
        assert FORMATS[name](found)
    json.loads(FORMATS["json"](found), parse_constant=pytest.fail)
    return shown


def zeros():
    return WordVectors(vectors().words, np.zeros((len(vectors().words), 8), np.float32))


def test_a_model_of_zeros(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path, {"good": vectors(1, 0.1), "zeros": zeros()})
    shown = page(found)
    assert "All vectors are zeros, so that no word is near another, of zeros." in shown
    assert "No score for zeros on pairs, more, few: the model's similarities are all equal" in shown
    assert "none is similar" in shown


def test_only_models_of_zeros(monkeypatch, tmp_path):
    groups = {"zero": ("zero-1", "zero-2")}
    models = dict.fromkeys(groups["zero"], zeros())
    assert "of zero-1 and zero-2." in page(contents(monkeypatch, tmp_path, models, groups=groups))


def test_models_that_cover_nothing(monkeypatch, tmp_path):
    empty = vectors(words=["elsewhere", "nowhere"])
    shown = page(contents(monkeypatch, tmp_path, {"a": empty, "b": empty}))
    assert "No model covers any item of pairs, more, few and choices." in shown
    assert "no pair is covered" in shown


def test_models_without_a_common_word(monkeypatch, tmp_path):
    one = vectors(words=[f"w{number}" for number in range(30)])
    other = vectors(words=[f"w{number}" for number in range(30, 60)])
    shown = page(contents(monkeypatch, tmp_path, {"one": one, "other": other}))
    assert "The models have no word in common: --word shows" in shown
    assert "No item is covered by all models" in shown


def test_hostile_names_of_models_and_methods(monkeypatch, tmp_path):
    models = {f"<b>{word}-{seed}": vectors(seed, 0.5) for word in HOSTILE[:3] for seed in (1, 2)}
    groups = {f"<i>{word}": (f"<b>{word}-1", f"<b>{word}-2") for word in HOSTILE[:3]}
    shown = page(contents(monkeypatch, tmp_path, models, words=HOSTILE, groups=groups))
    for name in (*models, *groups, *HOSTILE):
        assert name in shown


def test_repeated_pairs_are_counted_and_named(monkeypatch, tmp_path):
    table = pairs(40, 9)
    given = list(zip(table["word1"], table["word2"], strict=True))
    fresh = [row for row, pair in enumerate(given)
             if sum({*pair} == {*other} for other in given) == 1]  # fmt: skip
    table = {role: [values[row] for row in fresh] for role, values in table.items()}
    again = {role: list(values) for role, values in table.items()}
    for row, score, turned in ((0, table["score"][0], False), (1, "7.5", True)):
        again["word1"].append(table["word2" if turned else "word1"][row])
        again["word2"].append(table["word1" if turned else "word2"][row])
        again["score"].append(score)
    tables = {**TABLES, "pairs": again, "more": table, "few": table}
    shown = page(contents(monkeypatch, tmp_path, tables=tables))
    (note,) = re.findall(r"Pairs that a benchmark has more than once[^.]*", shown)
    first, second = ((table["word1"][row], table["word2"][row]) for row in (0, 1))
    assert note.endswith(
        f"each counting: 2 on pairs ({first[0]} and {first[1]}, {second[0]} and {second[1]}) "
        "with different scores for 1"
    )


def test_a_table_without_scored_pairs_repeats_nothing():
    columns = {"category": ["x", "x"], "word1": ["a", "a"], "word2": ["b", "b"]}
    assert repeated_pairs(columns).pairs == ()
    columns = {"sentence1": ["a b", "c"], "sentence2": ["c", "a b"], "score": ["1", "2"]}
    found = repeated_pairs(columns)
    assert (found.conflicting, found.are_words) == ((("a b", "c"),), False)


WORDS = ["automobile", "car", "noon", "midday", "gem", "jewel"]


def benchmark(folder: Path, score: str) -> None:
    table = folder / "benchmarks" / "relatedness" / "mc30.tsv"
    table.parent.mkdir(parents=True)
    given = [(one, other) for one in WORDS for other in WORDS][:30]
    rows = [f"{one}\t{other}\t{place % 7}\n" for place, (one, other) in enumerate(given)]
    rows[4] = f"car\tnoon\t{score}\n"
    table.write_text("".join(["word1\tword2\tscore\n", *rows]))


def save(path: Path, matrix) -> str:
    counts = np.arange(len(WORDS), 0, -1)
    write_model(path, ModelData("SVD", {}, WORDS, counts, {"word_vectors": matrix}))
    return str(path)


MATRIX = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)


@pytest.mark.parametrize(("score", "rule"), [("nan", "finite number"), ("", "the score is empty")])
def test_scores_that_are_no_numbers(tmp_path, monkeypatch, capsys, score, rule):
    benchmark(tmp_path / "data", score)
    monkeypatch.setenv("TEXTREP_DATA", str(tmp_path / "data"))
    command = ["report", save(tmp_path / "svd", MATRIX), "-q", "--benchmark", "mc30"]
    report = tmp_path / "report.html"
    report.write_text("before")
    assert run([*command, "-o", str(report)]) == 1
    error = capsys.readouterr().err
    assert "mc30.tsv" in error
    assert rule in error
    assert len(error.splitlines()) == 1
    assert report.read_text() == "before"

    assert run([*command, "--suite", "miniworld", "-o", str(report)]) == 0
    shown = "".join(Tags(report.read_text()).text)
    assert "Not run, as the notes say why: mc30." in shown
    assert re.search(rf"Not run: mc30. [^\n]*mc30.tsv[^\n]*{rule}", shown)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_in_a_model_that_are_none(tmp_path, monkeypatch, capsys, value):
    benchmark(tmp_path / "data", "1")
    monkeypatch.setenv("TEXTREP_DATA", str(tmp_path / "data"))
    folder = save(tmp_path / "svd", MATRIX)
    weights = tmp_path / "svd" / "model.safetensors"
    stored = bytearray(weights.read_bytes())
    stored[-4:] = np.float32(value).tobytes()
    weights.write_bytes(stored)
    report = tmp_path / "report.html"
    assert run(["report", folder, "-q", "--benchmark", "mc30", "-o", str(report)]) == 1
    error = capsys.readouterr().err
    assert "model.safetensors" in error
    assert "NaN or infinity" in error
    assert not report.exists()


def test_nothing_is_half_written(tmp_path, monkeypatch, capsys):
    benchmark(tmp_path / "data", "1")
    monkeypatch.setenv("TEXTREP_DATA", str(tmp_path / "data"))
    report = tmp_path / "report.html"
    report.write_text("before")

    def full(self, data):
        self.touch()
        raise OSError(28, "No space left on device")

    folder = save(tmp_path / "svd", MATRIX)
    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    assert run(["report", folder, "-q", "--benchmark", "mc30",
                "-o", str(report)]) == 1  # fmt: skip
    assert "disk full while writing" in capsys.readouterr().err
    assert report.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "report.html", "svd"]


def test_conclusions_of_a_page_with_a_damaged_model_are_plain(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path, {"good": vectors(1, 0.1), "zeros": zeros()})
    assert not any("zeros has the highest" in as_text(sentence) for sentence in found.summary)
