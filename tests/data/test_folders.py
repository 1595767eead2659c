"""Where data are looked for."""

import os
from pathlib import Path

import pytest
from data.helpers import benchmark, corpus, remote

from textrep import data
from textrep.errors import DataError
from textrep.recipes import RemoteFile


def put(folder, name, text="x"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_cache_is_where_textrep_home_says(monkeypatch, tmp_path):
    monkeypatch.setenv("TEXTREP_HOME", str(tmp_path / "mine"))
    assert data.cache_folder() == tmp_path / "mine"
    monkeypatch.setenv("TEXTREP_HOME", "~/mine")
    assert data.cache_folder() == Path.home() / "mine"


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="XDG folders are those of Linux")
def test_the_cache_follows_the_platform_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv("TEXTREP_HOME", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert data.cache_folder() == tmp_path / "textrep"


def test_several_data_folders_are_kept_in_order(monkeypatch, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "a").mkdir()
    both = [tmp_path / "b", tmp_path / "a"]
    monkeypatch.setenv("TEXTREP_DATA", os.pathsep.join(["", *map(str, both), " "]))
    assert data.data_folders() == both
    monkeypatch.delenv("TEXTREP_DATA")
    assert data.data_folders() == []


def test_a_data_folder_that_does_not_exist_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("TEXTREP_DATA", f"{tmp_path}{os.pathsep}{tmp_path / 'gone'}")
    with pytest.raises(DataError, match=r"TEXTREP_DATA names .*/gone, which is not a folder"):
        data.locate(benchmark())


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("yes", True), ("0", False), ("", False), ("False", False), ("off", False)],
)
def test_offline_is_any_value_that_does_not_say_no(monkeypatch, value, expected):
    monkeypatch.setenv("TEXTREP_OFFLINE", value)
    assert data.is_offline() is expected


def test_folders_come_in_order_then_the_cache(cache, monkeypatch, tmp_path):
    recipe = benchmark()
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setenv("TEXTREP_DATA", os.pathsep.join(map(str, folders)))
    assert data.locate(recipe) is None
    for folder in [cache, *reversed(folders)]:
        path = put(folder, recipe.local)
        assert data.locate(recipe) == [path]


def test_the_simple_form_goes_before_the_original_of_the_same_folder(cache):
    recipe = benchmark(files=(remote("http://x/y", path="benchmarks/original.txt"),))
    original = put(cache, "benchmarks/original.txt")
    assert data.locate(recipe) == [original]
    simple = put(cache, recipe.local)
    assert data.locate(recipe) == [simple]


def test_a_set_of_files_counts_only_when_it_is_complete(cache):
    recipe = corpus(remote("http://x/a", path="a"), remote("http://x/b", path="b"))
    first = put(cache, "a")
    assert data.locate(recipe) is None
    (cache / "b").mkdir()
    assert data.locate(recipe) is None
    (cache / "b").rmdir()
    second = put(cache, "b")
    assert data.locate(recipe) == [first, second]


def test_where_names_every_place_whether_it_exists_or_not(cache, monkeypatch, tmp_path):
    monkeypatch.setenv("TEXTREP_DATA", str(tmp_path))
    recipe = corpus(remote("http://x/a", path="a"), local=("b",))
    assert data.where(recipe) == [
        [tmp_path / "b"],
        [tmp_path / "a"],
        [cache / "b"],
        [cache / "a"],
    ]


def test_what_the_library_makes_needs_no_files(cache):
    assert data.get(benchmark(generator="miniworld", local="")) == []


def test_find_says_how_to_fetch_and_uses_no_network(monkeypatch):
    def no_network(*_arguments):
        raise OSError("a connection was tried")

    monkeypatch.setattr("socket.create_connection", no_network)
    monkeypatch.setattr("socket.socket.connect", no_network)
    recipe = benchmark(files=[RemoteFile("https://example.org/a.tsv", "0" * 64, 3, "a.tsv")])
    with pytest.raises(DataError, match=r"missing.*textrep data get tiny\."):
        data.find(recipe)
    with pytest.raises(DataError, match="missing"):
        data.table(recipe)
