"""Texts in folders that are labels."""

import pytest
from data.helpers import archive, layout

from textrep.data.labelled import labelled_texts
from textrep.data.layouts import read_rows
from textrep.errors import DataError


def test_a_folder_is_a_label_and_a_file_a_text(tmp_path):
    texts = {
        "reviews/README": "no text",
        "reviews/pos/b.txt": "good .\nvery\tgood !\n",
        "reviews/neg/a.txt": " bad \n",
        "reviews/pos/a.txt": "fine",
    }
    path = archive(tmp_path / "reviews.zip", texts)
    found = list(labelled_texts(path.read_bytes(), path))
    assert found == [("bad", "neg"), ("fine", "pos"), ("good . very good !", "pos")]
    rows = read_rows(path.read_bytes(), layout("folders", text="text", label="label"), path)
    assert rows.columns["label"] == ["neg", "pos", "pos"]
    assert list(rows.lines) == [1, 2, 3]


def test_archives_without_texts(tmp_path):
    how = layout("folders", text="text", label="label")
    path = archive(tmp_path / "empty.zip", {"reviews/README": "no text"})
    with pytest.raises(DataError, match=r"empty\.zip has nothing of a 'folders' benchmark"):
        read_rows(path.read_bytes(), how, path)
    with pytest.raises(DataError, match=r"Cannot read .*empty\.zip: File is not a zip file"):
        read_rows(b"PK", how, path)
    path = archive(tmp_path / "latin.zip", {"reviews/pos/a.txt": "caf\xe9".encode("latin-1")})
    with pytest.raises(DataError, match=r"Cannot read .*latin\.zip: 'utf-8'"):
        read_rows(path.read_bytes(), how, path)


def test_the_real_reviews(shared_data):
    path = shared_data / "nltk_data" / "corpora" / "movie_reviews.zip"
    found = list(labelled_texts(path.read_bytes(), path))
    assert [one.label for one in found] == ["neg"] * 1000 + ["pos"] * 1000
    assert sum(len(one.text.split()) for one in found) == 1_492_681
