"""What transformers take as texts."""

from __future__ import annotations

import numpy as np
import pytest

from textrep.corpus import texts as module
from textrep.corpus.texts import as_texts, blocks_of
from textrep.errors import InvalidParameterError

TWO = ["a b", "c"]


@pytest.mark.parametrize(
    "X",
    [
        TWO,
        tuple(TWO),
        iter(TWO),
        (text for text in TWO),
        np.array(TWO),
        np.array(TWO, dtype=object),
        np.array(TWO, dtype=object)[:, None],
    ],
)
def test_what_holds_texts(X):
    assert as_texts(X, "T") == TWO
    assert all(isinstance(text, str) for text in as_texts(TWO, "T"))


def test_columns_of_a_data_frame():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"text": TWO, "n": [1, 2]}, index=[5, 9])
    assert as_texts(frame["text"], "T") == TWO
    assert as_texts(frame[["text"]], "T") == TWO
    with pytest.raises(InvalidParameterError, match="name one column"):
        as_texts(frame, "T")


@pytest.mark.parametrize(
    ("X", "got"),
    [
        ("a single text", "put a single text into a list. Got 'a single text' instead"),
        (b"bytes", "put a single text into a list"),
        ("x" * 1000, f"Got '{'x' * 40}…' instead"),
        (None, "NoneType"),
        (3, "int"),
        ({"a": 1}, "dict"),
        ({"a", "b"}, "set"),
        (["a", None], "NoneType at position 1"),
        (["a", 2.5, "b"], "float at position 1"),
        ([float("nan")], "float at position 0"),
        ([["a", "b"]], "list at position 0"),
        ([b"a"], "decode bytes first. Got 'bytes at position 0'"),
        (np.zeros((3, 2)), r"shape \(3, 2\)"),
        (np.zeros(3), "float64 at position 0"),
    ],
)
def test_what_does_not(X, got):
    with pytest.raises(InvalidParameterError, match=f"The X parameter of T must be texts.*{got}"):
        as_texts(X, "T")


def test_blocks_are_the_texts_in_order(monkeypatch):
    monkeypatch.setattr(module, "BLOCK_CHARACTERS", 5)
    texts = ["ab", "cdef", "", "", "ghijklmnop", "q", ""]
    blocks = list(blocks_of(texts))
    assert [text for _, block in blocks for text in block] == texts
    assert [first for first, _ in blocks] == [0, 2, 5]
    assert list(blocks_of([])) == []
