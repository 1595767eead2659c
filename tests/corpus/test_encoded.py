"""Encoded corpora: what is in them, and one clear line for every way they can be damaged."""

from __future__ import annotations

import gc
import json
import re
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from textrep.corpus import Corpus
from textrep.errors import CorpusError, VocabularyError

FILES = ["manifest.json", "vocabulary.tsv", "tokens.npy", "sentences.npy", "documents.npy"]
ARRAYS = FILES[2:]
TEXT = ["the cat sat\non the mat", "the dog\nran"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Corpus.build(TEXT, tmp_path / "corpus", min_count=1)
    return tmp_path / "corpus"


def test_what_is_in_a_corpus(folder: Path) -> None:
    corpus = Corpus.open(str(folder))
    assert corpus.vocabulary.words == ["the", "cat", "dog", "mat", "on", "ran", "sat"]
    assert corpus.vocabulary.counts.tolist() == [3, 1, 1, 1, 1, 1, 1]
    assert corpus.tokens.tolist() == [0, 1, 6, 4, 0, 3, 0, 2, 5]
    assert corpus.tokens.dtype == np.int32
    assert corpus.sentence_offsets.tolist() == [0, 3, 6, 8, 9]
    assert corpus.document_offsets.tolist() == [0, 2, 4]
    assert corpus.sentence_offsets.dtype == corpus.document_offsets.dtype == np.int64
    assert (corpus.n_tokens, corpus.n_sentences, corpus.n_documents) == (9, 4, 2)
    assert list(corpus.sentences())[2:] == [["the", "dog"], ["ran"]]
    assert repr(corpus) == "Corpus(9 tokens, 7 words, 4 sentences, 2 documents)"
    corpus.verify()


def test_arrays_are_read_only(folder: Path) -> None:
    corpus = Corpus.open(folder)
    for array in (corpus.tokens, corpus.sentence_offsets, corpus.document_offsets):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_equal_corpora_have_equal_fingerprints(folder: Path) -> None:
    assert Corpus.build(TEXT, min_count=1).fingerprint == Corpus.open(folder).fingerprint
    assert Corpus.build(TEXT[:1], min_count=1).fingerprint != Corpus.open(folder).fingerprint


def test_a_temporary_corpus_goes_with_its_object() -> None:
    gc.collect()  # what other tests left is not looked at
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        corpus = Corpus.build(TEXT, min_count=1)
        path, tokens = corpus.path, corpus.tokens
        assert path.is_dir()
        del corpus
        gc.collect()
    assert not path.parent.exists()
    assert tokens[:3].tolist() == [0, 1, 6]  # what was taken from it can still be read


def test_a_failed_temporary_build_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(VocabularyError):
        Corpus.build(TEXT, min_count=100)
    assert list(tmp_path.iterdir()) == []


def refused(folder: Path, *words: str) -> None:
    """Opening must fail in one line that has these words and says what to do."""
    with pytest.raises(CorpusError) as info:
        Corpus.open(folder)
    message = str(info.value)
    assert "\n" not in message
    assert str(folder) in message
    for word in words:
        assert word in message, message
    assert "uild the corpus again" in message or "corpus build" in message or "Cannot" in message


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    refused(folder, name)


@pytest.mark.parametrize("name", FILES)
def test_a_folder_in_place_of_a_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()
    refused(folder, name)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kept", [0.0, 0.3, 0.8, 0.999])
def test_a_cut_file(folder: Path, name: str, kept: float) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: min(int(len(data) * kept), len(data) - 2)])
    refused(folder, name)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 an archive",
        b"\x80\x04\x95 a pickle",
        b"\x93NUMPY\x01\0",
        b"\x93NUMPY\x01\0\x10\0{'descr': '<i4'}\n",
        b"[]",
        b"[" * 100_000,
        b"\xff\xfe",
        b"\0" * 500,
    ],
)
def test_a_foreign_file(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    with pytest.raises(CorpusError) as info:
        Corpus.open(folder)
    assert name in str(info.value)
    assert "\n" not in str(info.value)


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("change", ["archive", "type", "shape", "longer", "object"])
def test_a_foreign_array(folder: Path, name: str, change: str) -> None:
    array = np.load(folder / name)
    with (folder / name).open("wb") as file:
        if change == "archive":
            np.savez(file, array)
        elif change == "type":
            np.save(file, array.astype(np.int16))
        elif change == "shape":
            np.save(file, array[None])
        elif change == "object":
            np.save(file, array.astype(object), allow_pickle=True)
        else:
            np.save(file, array)
            file.write(b"more")
    refused(folder, name)


def change_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads((folder / "manifest.json").read_text())
    change(content)
    (folder / "manifest.json").write_text(json.dumps(content))


def test_a_later_version(folder: Path) -> None:
    change_manifest(folder, lambda content: content.update(format_version=2))
    refused(folder, "manifest.json", "format version 2", "reads version 1")


@pytest.mark.parametrize("content", ["{}", '{"format": "textrep-model"}', "[1]", '"text"', "null"])
def test_another_manifest(folder: Path, content: str) -> None:
    (folder / "manifest.json").write_text(content)
    with pytest.raises(CorpusError, match=r"manifest\.json does not describe an encoded corpus"):
        Corpus.open(folder)


ENTRIES = [
    *("tokenizer", "options", "sources", "read", "dropped", "joined", "kept", "checksums"),
    "fingerprint",
]
KINDS: list[object] = [None, {}, [], "x", -1, 1.5, {"tokens": "many"}, {"x": {"y": 1}}]
HARMLESS = [
    ("sources", []),
    ("dropped", {}),
    *(("options", kind) for kind in KINDS if isinstance(kind, dict)),
]


@pytest.mark.parametrize(
    ("entry", "value"),
    [(entry, kind) for entry in ENTRIES for kind in KINDS if (entry, kind) not in HARMLESS],
)
def test_an_entry_of_another_kind(folder: Path, entry: str, value: object) -> None:
    change_manifest(folder, lambda content: content.update({entry: value}))
    refused(folder, "manifest.json")


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_that_is_not_there(folder: Path, entry: str) -> None:
    change_manifest(folder, lambda content: content.pop(entry))
    refused(folder, f"lacks {entry}")


@pytest.mark.parametrize("part", ["read", "kept"])
def test_tokens_that_do_not_add_up(folder: Path, part: str) -> None:
    change_manifest(folder, lambda content: content[part].update(tokens=5))
    refused(folder, "accounted")


@pytest.mark.parametrize("unit", ["types", "sentences", "documents"])
def test_counts_that_the_files_do_not_have(folder: Path, unit: str) -> None:
    change_manifest(
        folder, lambda content: content["kept"].update({unit: 2 if unit != "documents" else 1})
    )
    refused(folder)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("sentences.npy", np.array([0, 3, 6, 8, 10])),
        ("documents.npy", np.array([0, 2, 3])),
        ("vocabulary.tsv", None),
    ],
)
def test_files_that_do_not_agree(folder: Path, name: str, values: np.ndarray | None) -> None:
    if values is None:
        text = (folder / name).read_text()
        (folder / name).write_text(text.replace("cat\t1", "cat\t2"))
    else:
        np.save(folder / name, values)
    refused(folder, name, "accounts for")


@pytest.mark.parametrize(
    ("row", "message"),
    [("cat", "line 3"), ("\t1", "line 3"), ("cat\tmany", "line 3"), ("cat\t-1", "line 3"),
     ("cat\t" + "9" * 30, "line 3"), ("cat\t" + "9" * 5000, "line 3"), ("the\t1", "there twice")],
)  # fmt: skip
def test_a_damaged_vocabulary(folder: Path, row: str, message: str) -> None:
    path = folder / "vocabulary.tsv"
    path.write_text(path.read_text().replace("cat\t1", row))
    with pytest.raises(CorpusError, match=rf"vocabulary\.tsv.*{message}"):
        Corpus.open(folder)


def test_verify_finds_any_altered_byte(folder: Path) -> None:
    for name in FILES[1:]:
        whole = (folder / name).read_bytes()
        for place in (len(whole) - 20, len(whole) - 13):
            data = bytearray(whole)
            data[place] ^= 1
            (folder / name).write_bytes(data)
            with pytest.raises(CorpusError, match=re.escape(name)):
                Corpus.open(folder).verify()
        (folder / name).write_bytes(whole)
    Corpus.open(folder).verify()


def test_verify_looks_at_a_learnt_tokenizer(tmp_path: Path) -> None:
    text = ["low lower lowest new newer newest\n" * 9]
    corpus = Corpus.build(text, tmp_path / "corpus", tokenizer="wordpiece", vocab_size=50)
    corpus.verify()
    path = tmp_path / "corpus" / "tokenizer.json"
    path.write_text(path.read_text() + " ")
    with pytest.raises(CorpusError, match=r"tokenizer\.json was altered"):
        corpus.verify()
    path.unlink()
    with pytest.raises(CorpusError, match=r"tokenizer\.json was altered"):
        corpus.verify()


def test_what_is_no_corpus(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("text")
    for path in (tmp_path, tmp_path / "absent", tmp_path / "text.txt", tmp_path / "text.txt" / "x"):
        with pytest.raises(CorpusError, match=r"is no encoded corpus.*textrep corpus build"):
            Corpus.open(path)


def test_a_corpus_can_be_moved(folder: Path, tmp_path: Path) -> None:
    shutil.move(folder, tmp_path / "elsewhere")
    Corpus.open(tmp_path / "elsewhere").verify()
