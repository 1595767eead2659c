"""Whatever is given to train on becomes a corpus; what is in a file is encoded once."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from textrep.corpus import Corpus, as_corpus
from textrep.errors import CorpusError

TEXT = "a cat sat on a mat\n" * 5


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of corpora in an empty cache."""
    monkeypatch.setenv("TEXTREP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TEXTREP_DATA", raising=False)
    return tmp_path / "home" / "corpora"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    (tmp_path / "text.txt").write_text(TEXT)
    return tmp_path / "text.txt"


def cached(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir()) if cache.exists() else []


def test_a_corpus_and_its_folder(tmp_path: Path, cache: Path) -> None:
    corpus = Corpus.build([TEXT], tmp_path / "corpus")
    assert as_corpus(corpus) is corpus
    assert as_corpus(corpus.path).fingerprint == corpus.fingerprint
    assert as_corpus(str(corpus.path)).path == corpus.path
    assert cached(cache) == []


def test_a_file_is_encoded_once(text: Path, cache: Path) -> None:
    first = as_corpus(text)
    assert first.vocabulary.words == ["a", "cat", "mat", "on", "sat"]
    assert first.path.parent == cache
    assert first.path.name.startswith("text.txt-")
    written = (first.path / "manifest.json").stat()
    again = as_corpus(str(text))
    assert again.path == first.path
    assert (again.path / "manifest.json").stat().st_ino == written.st_ino
    assert len(cached(cache)) == 1


def test_a_changed_file_is_encoded_again(text: Path, cache: Path) -> None:
    first = as_corpus(text)
    status = text.stat()
    text.write_text(TEXT.replace("cat", "dog"))
    os.utime(text, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert "dog" in as_corpus(text).vocabulary
    text.write_text(TEXT + "\nmore\n")
    os.utime(text, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert as_corpus(text).n_sentences == 5
    assert as_corpus(text).manifest.read["tokens"] == 31
    assert len(cached(cache)) == 3
    assert "cat" in Corpus.open(first.path).vocabulary


def test_a_folder_in_which_a_file_appears_is_encoded_again(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(TEXT)
    assert as_corpus(tmp_path / "texts").n_documents == 1
    (tmp_path / "texts" / "b.txt").write_text(TEXT)
    assert as_corpus(tmp_path / "texts").n_documents == 2


def test_files_of_one_name_in_two_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("one", "two"):
        (tmp_path / word).mkdir()
        (tmp_path / word / "text.txt").write_text(f"{word} " * 5)
        os.utime(tmp_path / word / "text.txt", ns=(1, 1))
        monkeypatch.chdir(tmp_path / word)
        assert as_corpus("text.txt").vocabulary.words == [word]


def test_a_damaged_cached_corpus_is_encoded_again(text: Path, cache: Path) -> None:
    first = as_corpus(text)
    (first.path / "tokens.npy").write_bytes(b"cut")
    again = as_corpus(text)
    again.verify()
    assert again.path == first.path
    assert again.fingerprint == first.fingerprint


def test_a_damaged_corpus_of_the_users_own_is_left_alone(tmp_path: Path) -> None:
    Corpus.build([TEXT], tmp_path / "corpus")
    (tmp_path / "corpus" / "tokens.npy").write_bytes(b"cut")
    with pytest.raises(CorpusError, match=r"tokens\.npy is damaged"):
        as_corpus(tmp_path / "corpus")
    (tmp_path / "corpus" / "manifest.json").unlink()
    with pytest.raises(CorpusError, match="is no encoded corpus"):
        as_corpus(tmp_path / "corpus")


def test_another_textrep_encodes_again(
    text: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_corpus(text)
    monkeypatch.setattr("textrep.corpus.source.version", lambda _: "99")
    as_corpus(text)
    assert len(cached(cache)) == 2


def test_a_pipe_is_never_taken_from_the_cache(tmp_path: Path, cache: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for word in ("one", "two"):
        writer = threading.Thread(target=pipe.write_text, args=(f"{word} " * 5,))
        writer.start()
        assert as_corpus(pipe).vocabulary.words == [word]
        writer.join()
    assert cached(cache) == []


def test_iterables(cache: Path) -> None:
    assert as_corpus([TEXT]).n_tokens == 30
    assert as_corpus([["a", "b"]] * 5).vocabulary.words == ["a", "b"]
    assert cached(cache) == []


def test_what_can_be_read_only_once_is_refused() -> None:
    for once in (iter([TEXT]), (line for line in [TEXT]), map(str, [1])):
        with pytest.raises(CorpusError, match="can be read only once"):
            as_corpus(once)


@pytest.mark.parametrize("source", [5, None, b"text", 1.5, {"a": 1}, {"a"}])
def test_what_is_no_text(source: object) -> None:
    with pytest.raises(CorpusError):
        as_corpus(source)


@pytest.mark.parametrize("name", ["absent.txt", "x" * 5000, "a\0b", "", "minworld"])
def test_names_of_nothing(name: str, cache: Path) -> None:
    with pytest.raises(CorpusError) as info:
        as_corpus(name)
    assert "\n" not in str(info.value)
    assert cached(cache) == []


def test_a_long_name(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 120 + ".txt")
    path.write_text(TEXT)
    assert as_corpus(path).n_tokens == 30


def test_a_name_with_a_suffix_of_its_own(cache: Path) -> None:
    corpus = as_corpus("miniworld")
    assert corpus.path.parent == cache
    assert corpus.path.name.startswith("miniworld-")
    assert corpus.n_tokens > 100_000
    assert as_corpus("miniworld").path == corpus.path
    assert len(cached(cache)) == 1
