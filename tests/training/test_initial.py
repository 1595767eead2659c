"""Vectors of another model to begin with, and its words that the new text lacks."""

from __future__ import annotations

import logging

import numpy as np
import pytest
import scipy.sparse as sp

from textrep.corpus import Vocabulary
from textrep.errors import FormatError, InvalidParameterError, VocabularyError
from textrep.storage import ModelData, write_model
from textrep.storage.formats.word2vec import write_text
from textrep.training import InitialVectors, check_initial
from textrep.vectors import WordVectors

WORDS = ["old", "both", "other"]
COUNTS = np.array([7, 5, 2])


def rows(*firsts):
    """Vectors of two dimensions that tell where they come from."""
    return np.array([[first, first + 0.5] for first in firsts], np.float32)


def saved(path, name="Word2Vec", parameters=None, **tensors):
    write_model(path, ModelData(name, parameters or {}, list(WORDS), COUNTS, tensors))
    return path


@pytest.fixture
def folder(tmp_path):
    return saved(tmp_path / "model", word_vectors=rows(1, 2, 3), context_vectors=rows(4, 5, 6))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "vectors.txt"
    write_text(WordVectors(WORDS, rows(1, 2, 3)), path)
    return path


def test_words_that_both_have_are_copied(folder, caplog):
    vectors, contexts = np.full((3, 4), 9, np.float32), np.full((3, 2), 8, np.float32)
    initial = InitialVectors.read(folder, 2, "Word2Vec")
    with caplog.at_level(logging.INFO, "textrep"):
        assert initial.copy_to(["new", "other", "both"], vectors, contexts) == 2
    assert vectors.tolist() == [[9, 9, 9, 9], [3, 3.5, 9, 9], [2, 2.5, 9, 9]]
    assert contexts.tolist() == [[8, 8], [6, 6.5], [5, 5.5]]
    assert caplog.messages == [
        f"initial vectors of 2 of 3 words from {folder}, those of contexts too"
    ]


def test_a_file_has_no_contexts(file, caplog):
    vectors, contexts = np.zeros((2, 2), np.float32), np.zeros((2, 2), np.float32)
    with caplog.at_level(logging.INFO, "textrep"):
        InitialVectors.read(file, 2, "Word2Vec").copy_to(["old", "new"], vectors, contexts)
    assert vectors.tolist() == [[1, 1.5], [0, 0]]
    assert not contexts.any()
    assert caplog.messages[0].endswith("not those of contexts")


@pytest.mark.parametrize(
    ("name", "parameters", "known"),
    [
        ("Word2Vec", {"objective": "negative-sampling"}, True),
        ("Word2Vec", {"objective": "hierarchical-softmax"}, False),
        ("GloVe", {"vectors": "word"}, True),
        ("GloVe", {"vectors": "context"}, False),
        ("SVD", {}, False),
    ],
)
def test_contexts_that_are_not_the_words_are_left(tmp_path, name, parameters, known):
    """Nodes of a tree, and what another kind of model calls contexts."""
    matrices = {"word_vectors": rows(1, 2, 3), "context_vectors": rows(4, 5, 6)}
    initial = InitialVectors.read(saved(tmp_path / "m", name, parameters, **matrices), 2, "GloVe")
    assert (initial.context_vectors is not None) is known
    assert initial.word_vectors.tolist() == rows(1, 2, 3).tolist()


def test_contexts_of_another_number_or_size_are_left(tmp_path):
    few = saved(tmp_path / "few", word_vectors=rows(1, 2, 3), context_vectors=rows(4, 5))
    assert InitialVectors.read(few, 2, "Word2Vec").context_vectors is None
    wide = saved(
        tmp_path / "wide", word_vectors=rows(1, 2, 3), context_vectors=np.ones((3, 4), np.float32)
    )
    initial = InitialVectors.read(wide, 2, "Word2Vec")
    narrow, contexts = np.zeros((1, 2), np.float32), np.zeros((1, 4), np.float32)
    initial.copy_to(["old"], rows(0), narrow)
    assert not narrow.any()
    initial.copy_to(["old"], rows(0), contexts)
    assert contexts.tolist() == [[1, 1, 1, 1]]
    kept = initial.keep_words(Vocabulary(["old"], np.array([1])), rows(1), rows(2))
    assert kept.context_vectors.tolist() == [[2, 2.5], [0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("name", "parameters"), [("Word2Vec", {"add_context": True}), ("GloVe", {"vectors": "sum"})]
)
def test_sums_are_taken_apart(tmp_path, name, parameters):
    matrices = {"word_vectors": rows(1, 2, 3) + rows(4, 5, 6), "context_vectors": rows(4, 5, 6)}
    initial = InitialVectors.read(saved(tmp_path / "m", name, parameters, **matrices), 2, "GloVe")
    assert initial.word_vectors.tolist() == rows(1, 2, 3).tolist()
    assert initial.context_vectors.tolist() == rows(4, 5, 6).tolist()
    kept = initial.keep_words(Vocabulary(["old"], np.array([1])), rows(9), rows(8), np.add)
    assert kept.word_vectors.tolist() == [*rows(9).tolist(), *(rows(2, 3) + rows(5, 6)).tolist()]


def test_without_contexts_of_the_words(folder):
    initial = InitialVectors.read(folder, 2, "Word2Vec")
    kept = initial.keep_words(Vocabulary(["old"], np.array([1])), rows(9), None)
    assert kept.context_vectors is None
    assert kept.word_vectors.tolist() == rows(9, 2, 3).tolist()


def test_what_is_refused(folder, tmp_path):
    with pytest.raises(InvalidParameterError, match=r"The dim parameter of GloVe must be 2, the"):
        InitialVectors.read(folder, 3, "GloVe")
    with pytest.raises(FormatError, match="does not exist"):
        InitialVectors.read(tmp_path / "none", 2, "GloVe")
    sparse = saved(tmp_path / "sparse", word_vectors=sp.csr_array(np.eye(3, dtype=np.float32)))
    with pytest.raises(FormatError, match="sparse"):
        InitialVectors.read(sparse, 3, "GloVe")
    initial = InitialVectors.read(folder, 2, "GloVe")
    with pytest.raises(VocabularyError, match=r"None of the 1 words of the corpus is in .*model"):
        initial.copy_to(["new"], rows(0))


def test_other_words_are_kept(folder):
    vocabulary = Vocabulary(["both", "new"], np.array([4, 2]))
    initial = InitialVectors.read(folder, 2, "Word2Vec")
    words, vectors, contexts = initial.keep_words(vocabulary, rows(20, 30), rows(50, 60))
    assert list(words.words) == ["both", "old", "new", "other"]
    assert words.counts.tolist() == [9, 7, 2, 2]
    assert vectors.tolist() == rows(20, 1, 30, 3).tolist()
    assert contexts.tolist() == rows(50, 4, 60, 6).tolist()
    assert vocabulary.counts.tolist() == [4, 2]


def test_counts_and_contexts_that_are_not_known(file):
    vocabulary = Vocabulary(["both", "new"], np.array([4, 2]))
    initial = InitialVectors.read(file, 2, "Word2Vec")
    words, vectors, contexts = initial.keep_words(vocabulary, rows(20, 30), rows(50, 60))
    assert list(words.words) == ["both", "new", "old", "other"]
    assert words.counts.tolist() == [4, 2, 0, 0]
    assert vectors.tolist() == rows(20, 30, 1, 3).tolist()
    assert contexts[2:].tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("initial", "keep_words", "name"),
    [("", False, "initial"), (5, False, "initial"), ("x", 1, "keep_words"), (None, True, "keep")],
)
def test_the_parameters(initial, keep_words, name):
    check_initial("Word2Vec", "x", True)
    check_initial("Word2Vec", None, False)
    with pytest.raises(InvalidParameterError, match=name):
        check_initial("Word2Vec", initial, keep_words)
