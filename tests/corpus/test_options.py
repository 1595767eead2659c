"""Options of a build: every one is checked, with a line that names it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from textrep.corpus import BuildOptions
from textrep.corpus.wordlists import read_word_list
from textrep.errors import CorpusError, InvalidParameterError, UnknownNameError, UsageError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, value) for name in ("min_count", "max_size", "vocab_size")
          for value in (0, -1, 1.5, True, "5", float("nan"))),
        *(("phrases", value) for value in (-1, 0.5, True, "1")),
        *((name, value) for name in ("min_df", "max_df")
          for value in (-1, -0.1, 1.1, 2.0, True, "1", None, float("nan"), float("inf"))),
        *(("phrase_threshold", value) for value in ("1", float("nan"), True)),
    ],
)  # fmt: skip
def test_a_value_out_of_range(name: str, value: Any) -> None:
    with pytest.raises(
        InvalidParameterError, match=rf"The {name} parameter of Corpus\.build must be"
    ):
        BuildOptions(**{name: value})


@pytest.mark.parametrize(
    ("name", "value", "near"),
    [
        ("sentences", "lines", "line"),
        ("errors", "strikt", "strict"),
        ("phrase_score", "pmi", "npmi"),
    ],
)
def test_an_unknown_choice(name: str, value: str, near: str) -> None:
    with pytest.raises(UnknownNameError, match=f"{name}.*{value}.*Did you mean '{near}'"):
        BuildOptions(**{name: value})
    with pytest.raises(UsageError):
        BuildOptions(**{name: None})


def test_an_unknown_option() -> None:
    with pytest.raises(UnknownNameError, match=r"option of Corpus\.build 'mincount'.*'min_count'"):
        BuildOptions.from_keywords({"mincount": 3})
    assert BuildOptions.from_keywords({"min_count": 3}) == BuildOptions(min_count=3)


def test_default_minimum_counts() -> None:
    assert BuildOptions().selection(default_min_count=5).min_count == 5
    assert BuildOptions().selection(default_min_count=1).min_count == 1
    assert BuildOptions(words=["a"]).selection(default_min_count=5).min_count == 1
    assert BuildOptions(words=["a"], min_count=7).selection(default_min_count=5).min_count == 7


def test_rules_of_phrases() -> None:
    assert BuildOptions().phrase_rules(5).threshold == 100.0
    assert BuildOptions(phrase_score="npmi").phrase_rules(5).threshold == 0.5
    assert BuildOptions(phrase_score="npmi", phrase_threshold=0).phrase_rules(5).threshold == 0


def test_what_the_manifest_keeps() -> None:
    options = BuildOptions(
        min_count=np.int64(3), max_df=np.float64(0.5), words=Path("w.txt"), stop_words=["a", "b"],
        n_jobs=3, overwrite=False,
    )  # fmt: skip
    kept = json.loads(json.dumps(options.for_manifest()))
    assert kept["min_count"] == 3
    assert kept["max_df"] == 0.5
    assert kept["words"] == "w.txt"
    assert kept["stop_words"] == "a list of 2 words"
    assert kept["field"] is None
    assert kept.keys() == BuildOptions.__dataclass_fields__.keys() - {"n_jobs", "overwrite"}


@pytest.mark.parametrize("source", [5, iter(["a"]), ["a", 1], [b"a"], [None]])
def test_what_is_no_list_of_words(source: Any) -> None:
    with pytest.raises(CorpusError, match=r"^A list of words must be a list or set of strings"):
        read_word_list(source)


def test_a_word_list_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("\ufeffthe\r\n\n  of \nnew york\nnext\x85line\n".encode())
    assert read_word_list(path) == {"the", "of", "new york", "next\x85line"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"words\.txt is empty"),
        (b" \n\n", r"words\.txt is empty"),
        (b"\xff\xfea\0", r"words\.txt cannot be read"),
        (None, "No such word list"),
    ],
)
def test_a_word_list_that_cannot_be_read(tmp_path: Path, data: bytes | None, message: str) -> None:
    if data is not None:
        (tmp_path / "words.txt").write_bytes(data)
    with pytest.raises(CorpusError, match=message):
        read_word_list(str(tmp_path / "words.txt"))


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "."])
def test_a_text_in_place_of_a_file(name: str) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        read_word_list(name)
