"""Files, folders, patterns: what is read and what is said when nothing is."""

from __future__ import annotations

import logging
import socket
from pathlib import Path

import pytest

from textrep import Corpus, OneHot
from textrep.corpus.readers.paths import content_suffix, expand_path, is_pattern
from textrep.errors import CorpusError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "b.txt",
        "a.md",
        "C.TXT.GZ",
        "text8",
        "sub/c.jsonl.zst",
        "sub/a.parquet",
        ".hidden.txt",
        ".git/config.txt",
        "picture.png",
        "data.json",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "empty.txt").write_bytes(b"")
    return tmp_path


def names(found: list[Path], folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in found]


def test_a_folder_gives_its_text_files_in_order(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "textrep"):
        found = expand_path(str(folder))
    wanted = ["C.TXT.GZ", "a.md", "b.txt", "sub/a.parquet", "sub/c.jsonl.zst", "text8"]
    assert names(found, folder) == wanted
    assert "6 files to read; left out 1 empty ones and 2 with other suffixes" in caplog.text


def test_what_textrep_wrote_into_the_folder_is_no_text(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = expand_path(str(folder))
    caplog.clear()
    Corpus.build([["a", "b"], ["b", "a"]], folder / "corpus", min_count=1)
    OneHot().fit(str(folder / "corpus")).save(folder / "sub" / "model")
    (folder / "notes").mkdir()
    (folder / "notes" / "config.json").write_text('{"format": "mine"}')
    (folder / "notes" / "z.txt").write_text("kept")
    with caplog.at_level(logging.WARNING, "textrep"):
        found = expand_path(str(folder))
    assert sorted(found) == sorted([*before, folder / "notes" / "z.txt"])
    wrote = f"{folder / 'corpus'}, {folder / 'sub' / 'model'}"
    assert caplog.messages[-1] == f"{folder}: left out what textrep wrote: {wrote}"


def test_a_folder_with_nothing_to_read_says_what_it_looked_for(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "b.txt").write_bytes(b"")
    with pytest.raises(CorpusError, match=r"\(1 empty, 1 other files\): looked for \.txt .* \.gz"):
        expand_path(str(tmp_path))


def test_a_link_to_the_folder_above_is_not_followed_for_ever(folder: Path) -> None:
    before = expand_path(str(folder))
    (folder / "sub" / "up").symlink_to(folder)
    assert expand_path(str(folder)) == before


def test_a_link_to_another_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a.txt").write_bytes(b"x")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "link").symlink_to(tmp_path / "there")
    assert names(expand_path(str(tmp_path / "here")), tmp_path) == ["here/link/a.txt"]


@pytest.mark.parametrize("inside", [True, False])
def test_a_broken_link_is_named(tmp_path: Path, inside: bool) -> None:
    (tmp_path / "a.txt").symlink_to("gone.txt")
    with pytest.raises(CorpusError, match=r"a\.txt is a link to gone\.txt, which does not exist"):
        expand_path(str(tmp_path if inside else tmp_path / "a.txt"))


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        with pytest.raises(CorpusError, match="s is neither a file nor a folder nor a pipe"):
            expand_path("s")


def test_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.listdir", refuse)
    with pytest.raises(CorpusError, match=rf"^Cannot read {tmp_path}: Permission denied\.$"):
        expand_path(str(tmp_path))


def test_patterns(folder: Path) -> None:
    assert names(expand_path(f"{folder}/*.txt"), folder) == ["b.txt", "empty.txt"]
    assert names(expand_path(f"{folder}/**/*.parquet"), folder) == ["sub/a.parquet"]
    # A pattern that matches a folder means the folder.
    assert names(expand_path(f"{folder}/su*"), folder) == ["sub/a.parquet", "sub/c.jsonl.zst"]
    # "**" alone matches every file once.
    found = names(expand_path(f"{folder}/**"), folder)
    assert sorted(found) == sorted(set(found))
    assert "picture.png" in found


def test_a_pattern_without_a_match(folder: Path) -> None:
    with pytest.raises(CorpusError, match=r"^No file matches .*\*\.xyz"):
        expand_path(f"{folder}/*.xyz")


def test_an_existing_file_is_no_pattern(tmp_path: Path) -> None:
    path = tmp_path / "what[1].txt"
    path.write_bytes(b"x")
    assert not is_pattern(str(path))
    assert expand_path(str(path)) == [path]
    assert is_pattern(str(tmp_path / "[ab].txt"))


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.txt", ".txt"), ("a.CSV.XZ", ".csv"), ("text8", ""), ("text8.gz", ""), ("a.b/c", "")],
)
def test_the_suffix_of_the_content(name: str, suffix: str) -> None:
    assert content_suffix(Path(name)) == suffix
