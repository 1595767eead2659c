"""NLTK corpora: found in zip files, sentence by sentence, file by file."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import nltk
import pytest

from textrep.corpus.readers.blocks import Source
from textrep.corpus.readers.nltk_corpora import nltk_source
from textrep.errors import CorpusError

TREE = "( (S (NP-SBJ (DT The) (NN cat)) (VP (VBD was) (VP (VBN seen) (NP (-NONE- *-1)))) (. .)) )\n"
FILES = {
    "brown": {
        "cats.txt": "ca01 news\nca02 news\n",
        "ca01": "\n\n\tThe/at cat/nn sat/vbd ./.\n\n\tIt/pps purred/vbd ./.\n",
        "ca02": "\n\n\tDogs/nns bark/vb\n",
    },
    "treebank/combined": {"wsj_0001.mrg": TREE},
    "movie_reviews": {"neg/a.txt": "bad film .\nvery bad .\n", "pos/b.txt": "good film .\n"},
    "names": {"male.txt": "Al\n", "female.txt": "Bo\n"},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A TEXTREP_DATA folder with four small corpora in zip files."""
    corpora = tmp_path / "nltk_data" / "corpora"
    corpora.mkdir(parents=True)
    for name, files in FILES.items():
        top = name.split("/")[0]
        with zipfile.ZipFile(corpora / f"{top}.zip", "w") as archive:
            archive.writestr(f"{top}/", "")
            for file, text in files.items():
                archive.writestr(f"{name}/{file}", text)
    monkeypatch.setenv("TEXTREP_DATA", str(tmp_path))
    monkeypatch.setenv("TEXTREP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(nltk.data, "path", [])
    return tmp_path


def text_of(source: Source) -> bytes:
    return b"\n\n".join(block.data for block in source.open())


def test_sentences_and_files(folder: Path) -> None:
    source = nltk_source("brown")
    wanted = b"The\x1fcat\x1fsat\x1f.\nIt\x1fpurred\x1f.\n\nDogs\x1fbark"
    assert list(source.open()) == [(wanted, True)]
    assert list(source.open()) == [(wanted, True)]
    assert (source.name, source.pretokenized, source.bytes) == ("nltk:brown", True, None)
    assert nltk.data.path == []


def test_empty_elements_of_a_treebank_are_left_out(folder: Path) -> None:
    assert text_of(nltk_source("treebank")) == b"The\x1fcat\x1fwas\x1fseen\x1f."


def test_plain_text_is_read_as_text(folder: Path) -> None:
    source = nltk_source("movie_reviews")
    assert not source.pretokenized
    assert text_of(source) == b"bad film .\nvery bad .\n\n\ngood film .\n"


def test_the_folder_of_the_day_is_used(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert b"Dogs" in text_of(nltk_source("brown"))
    other = tmp_path_factory.mktemp("other")
    (other / "nltk_data" / "corpora").mkdir(parents=True)
    with zipfile.ZipFile(other / "nltk_data" / "corpora" / "brown.zip", "w") as archive:
        archive.writestr("brown/cats.txt", "ca01 news\n")
        archive.writestr("brown/ca01", "Cows/nns moo/vb\n")
    monkeypatch.setenv("TEXTREP_DATA", os.pathsep.join([str(other), str(folder)]))
    assert text_of(nltk_source("brown")) == b"Cows\x1fmoo"
    assert text_of(nltk_source("brown", [folder / "nltk_data"])).endswith(b"Dogs\x1fbark")


def test_missing_data(folder: Path) -> None:
    (folder / "nltk_data" / "corpora" / "brown.zip").unlink()
    rule = (
        r"^The data of nltk:brown are missing\. Put brown\.zip into nltk_data/corpora of a folder"
    )
    with pytest.raises(CorpusError, match=rule + r".*At hand: movie_reviews, names, treebank\.$"):
        nltk_source("brown")


@pytest.mark.parametrize("name", ["bronw", "br own", "find", "__path__"])
def test_an_unknown_corpus(folder: Path, name: str) -> None:
    with pytest.raises(CorpusError, match=rf"^NLTK has no corpus '{name}'\..*At hand: brown, "):
        nltk_source(name)


def test_a_slip_is_corrected_from_what_is_there(folder: Path) -> None:
    with pytest.raises(CorpusError, match=r"Did you mean 'brown'\?"):
        nltk_source("bronw")


def test_word_lists_are_no_text(folder: Path) -> None:
    with pytest.raises(CorpusError, match=r"^nltk:names is not running text"):
        nltk_source("names")


def test_a_damaged_zip_file(folder: Path) -> None:
    path = folder / "nltk_data" / "corpora" / "brown.zip"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(
        CorpusError, match=r"^(nltk:brown cannot be read|The data of nltk:brown are)"
    ):
        nltk_source("brown")


def test_a_zip_file_damaged_inside(folder: Path) -> None:
    path = folder / "nltk_data" / "corpora" / "brown.zip"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"sat/vbd", b"sat/xxx"))
    with pytest.raises(CorpusError, match=r"^nltk:brown cannot be read \("):
        text_of(nltk_source("brown"))


@pytest.mark.parametrize(
    ("name", "tokens", "sentences"),
    [
        ("brown", 1_161_192, 57_340),
        ("treebank", 94_084, 3_914),
        ("subjectivity", 240_576, 10_000),
        ("sentence_polarity", 224_073, 10_662),
    ],
)
def test_real_corpora(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch, name: str, tokens: int, sentences: int
) -> None:
    monkeypatch.setenv("TEXTREP_DATA", str(shared_data))
    lines = text_of(nltk_source(name)).split(b"\n")
    full = [line for line in lines if line]
    assert (sum(line.count(b"\x1f") + 1 for line in full), len(full)) == (tokens, sentences)


def test_real_plain_corpus(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTREP_DATA", str(shared_data))
    blocks = list(nltk_source("movie_reviews").open())
    assert len(b" ".join(block.data for block in blocks).split()) > 1_400_000
    assert all(block.ends_document for block in blocks)


@pytest.mark.parametrize("name", ["senseval", "names", "words", "stopwords", "qc"])
def test_real_corpora_without_sentences(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("TEXTREP_DATA", str(shared_data))
    with pytest.raises(CorpusError, match=rf"^nltk:{name} is not running text"):
        nltk_source(name)
