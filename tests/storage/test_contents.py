"""Vectors of n-grams in a model folder."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from textrep.errors import FormatError
from textrep.storage import load_vectors, read_model, write_model
from textrep.storage.contents import contents_of
from textrep.storage.formats.fasttext import write_fasttext
from textrep.storage.load import load_training
from textrep.vectors import Subwords, SubwordVectors, WordVectors

WORDS = ["walk", "walking", "talk"]


@pytest.fixture
def vectors():
    subwords = Subwords(3, 5, 400)
    n_rows = subwords.rows(WORDS).n_rows
    rows = np.random.default_rng(0).standard_normal((n_rows, 8)).astype(np.float32)
    return SubwordVectors.from_input(WORDS, subwords, rows, counts=[3, 2, 1])


def test_what_is_loaded_answers_for_unseen_words_from_a_map_of_the_file(vectors, tmp_path):
    write_model(tmp_path / "m", contents_of(vectors))
    found = load_vectors(tmp_path / "m")
    assert isinstance(found, SubwordVectors)
    assert found.subwords == vectors.subwords
    assert found.counts.tolist() == [3, 2, 1]
    np.testing.assert_array_equal(found.matrix, vectors.matrix)
    np.testing.assert_array_equal(found["talked"], vectors["talked"])
    assert found.neighbors("talked") == vectors.neighbors("talked")
    for array in (found.matrix, found.input_vectors, found.bucket_ids):
        assert not array.flags.owndata
        assert not array.flags.writeable


def test_what_a_folder_holds(vectors, tmp_path):
    contexts = np.ones((3, 8), np.float32)
    write_model(tmp_path / "m", contents_of(vectors, contexts))
    data = read_model(tmp_path / "m")
    assert data.parameters == {"min_n": 3, "max_n": 5, "buckets": 400}
    shapes = {name: array.shape for name, array in data.tensors.items()}
    used = len(vectors.bucket_ids)
    assert shapes == {
        "word_vectors": (3, 8),
        "context_vectors": (3, 8),
        "input_vectors": (3 + used, 8),
        "subword_ids": (used,),
    }
    parameters, found = load_training(tmp_path / "m")
    assert parameters == data.parameters
    np.testing.assert_array_equal(found, contexts)


def test_vectors_without_ngrams_stay_plain(tmp_path):
    write_model(tmp_path / "m", contents_of(WordVectors(WORDS, np.eye(3))))
    assert type(load_vectors(tmp_path / "m")) is WordVectors
    assert set(read_model(tmp_path / "m").tensors) == {"word_vectors"}


def test_what_is_known_of_the_training_of_files(vectors, tmp_path):
    (tmp_path / "v.txt").write_text("2 2\na 1 2\nb 3 4\n")
    assert load_training(tmp_path / "v.txt") == ({}, None)
    write_fasttext(vectors, tmp_path / "v.bin", np.ones((3, 8), np.float32), {"window": 7})
    parameters, output = load_training(tmp_path / "v.bin")
    assert parameters["window"] == 7
    assert output.tolist() == np.ones((3, 8)).tolist()


@pytest.mark.parametrize(
    ("tensors", "parameters", "message"),
    [
        ({"input_vectors": None}, {}, "it has n-grams, but lacks 'input_vectors'"),
        ({}, {"max_n": None}, "it has n-grams, but lacks 'max_n'"),
        ({}, {"max_n": 2}, r"max_n parameter of Subwords must be at least min_n \(3\)"),
        ({}, {"buckets": 5}, "bucket_ids .* ascending integers from 0 to 4"),
        ({"input_vectors": np.ones((4, 8))}, {}, "input_vectors .* a row for each word and each"),
        ({"subword_ids": np.ones(4)}, {}, "bucket_ids"),
        ({"input_vectors": np.ones(4)}, {}, "matrix .* of shape"),
    ],
)
def test_parts_that_do_not_fit(vectors, tmp_path, tensors, parameters, message):
    data = contents_of(vectors)
    changed = {
        field: {k: v for k, v in (getattr(data, field) | new).items() if v is not None}
        for field, new in (("tensors", tensors), ("parameters", parameters))
    }
    write_model(tmp_path / "m", dataclasses.replace(data, **changed))
    with pytest.raises(FormatError, match=f"m is damaged: .*{message}") as caught:
        load_vectors(tmp_path / "m")
    assert "\n" not in str(caught.value)
