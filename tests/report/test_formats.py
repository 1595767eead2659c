"""The report for other programs: they can read what is written, whatever the names are."""

import csv
import io
import json
import re

import pytest
from report.studies import contents, vectors

from textrep.report.formats import FORMATS


@pytest.fixture
def found(monkeypatch, tmp_path):
    models = {"a|b\\c_d$": vectors(1, 0.5), "<b>": vectors(2, 4.0)}
    return contents(monkeypatch, tmp_path, models)


def test_json_has_every_part(found):
    told = json.loads(FORMATS["json"](found), parse_constant=pytest.fail)
    assert set(told) == {
        "command", "versions", "summary", "models", "evaluation", "agreement", "disagreements",
        "neighbours", "attention", "frequency", "part_of_speech", "seeds", "methods",
    }  # fmt: skip
    assert told["models"][0]["parameters"]["dim"] == 8
    assert told["evaluation"]["missing"][0]["benchmark"] == "gone <b>"
    assert told["summary"][0].startswith("2 models on 4 benchmarks")


def test_csv_has_a_row_a_model_and_benchmark(found):
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](found))))
    assert len(rows) == 8
    assert {row["model"] for row in rows} == {"a|b\\c_d$", "<b>"}
    for row, result in zip(rows, found.report.results, strict=True):
        assert float(row["score"]) == result.score


def test_markdown_escapes_names(found):
    text = FORMATS["md"](found)
    assert r"a\|b\\c\_d$" in text
    assert "<b>" not in re.sub(r"\\<b\\>", "", text.replace("&lt;b>", ""))
    assert "| benchmark | items |" in text
    assert "    textrep report 'a b' -o <out>.html" in text


def test_latex_is_balanced_and_escaped(found):
    text = FORMATS["latex"](found)
    assert r"a\textbar{}b\textbackslash{}c\_d\$" in text
    body = [line for line in text.splitlines() if line.endswith("\\\\")]
    counts = {line.count("&") for line in body if "multicolumn" not in line}
    assert counts == {3}
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")
    result = found.report.of("pairs")[0]
    assert f"\\textbf{{{result.score:.3f}}}".replace("0.", ".") in text


def test_html_is_one_document(found):
    text = FORMATS["html"](found)
    assert text.startswith("<!doctype html>")
    assert text.count("<html") == 1
