"""Corpora that have a recipe are read by the reader that it names."""

from __future__ import annotations

import lzma
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from textrep.corpus.readers import sources
from textrep.corpus.readers.recipes import RECIPE_READERS, recipe_names, recipe_sources
from textrep.errors import DataError, UnknownNameError
from textrep.recipes import READERS


def test_there_is_a_reader_for_every_kind_of_recipe() -> None:
    assert set(RECIPE_READERS) == set(READERS)


def test_text_in_a_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "corpora" / "general-en-100k.txt.xz"
    path.parent.mkdir()
    path.write_bytes(lzma.compress(b"one\ntwo\n"))
    monkeypatch.setenv("TEXTREP_DATA", str(tmp_path))
    (source,) = sources("general-en-100k")
    assert source.name == "general-en-100k"
    assert source.bytes == path.stat().st_size
    assert list(source.open()) == [(b"one\ntwo\n", True)]


def test_a_corpus_that_is_not_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTREP_DATA", str(tmp_path))
    monkeypatch.setenv("TEXTREP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEXTREP_OFFLINE", "1")
    with pytest.raises(DataError, match="general-en-100k"):
        sources("general-en-100k")


def test_an_unknown_recipe() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'miniworld'"):
        recipe_sources("miniwrold")


@pytest.mark.parametrize(
    ("name", "module", "function"),
    [
        ("miniworld", "textrep.corpus.miniworld", "generate"),
        ("pydocs", "textrep.corpus.pydocs", "documents"),
    ],
)
def test_corpora_that_the_library_makes(
    monkeypatch: pytest.MonkeyPatch, name: str, module: str, function: str
) -> None:
    def documents() -> Iterator[str]:
        yield "The cat sat."
        yield "It purred."

    made = types.ModuleType(module)
    setattr(made, function, documents)
    monkeypatch.setitem(sys.modules, module, made)
    parent, _, child = module.rpartition(".")
    monkeypatch.setattr(sys.modules[parent], child, made, raising=False)
    (source,) = sources(name)
    assert source.name == name
    assert list(source.open()) == list(source.open()) == [(b"The cat sat.\n\nIt purred.", True)]


def test_an_nltk_recipe(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTREP_DATA", str(shared_data))
    (source,) = sources("brown")
    assert source.pretokenized
    assert next(source.open()).data.startswith(b"The\x1fFulton\x1fCounty")


def test_the_shared_corpus(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTREP_DATA", str(shared_data))
    assert {"general-en", "general-en-1m", "brown"} <= set(recipe_names())
    (source,) = sources("general-en-100k")
    text = b"".join(block.data for block in source.open())
    assert len(text.split()) == 101_689
    assert text.count(b"\n\n") + 1 in (61, 62)
