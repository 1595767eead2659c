"""Vocabularies: lookup, and a round trip through their file for any words."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textrep.corpus import Vocabulary
from textrep.errors import CorpusError, UnknownNameError

# A word may hold anything but line breaks and NUL, even tabs and the breaks of other standards.
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\n\0"), min_size=1, max_size=9)


@given(st.dictionaries(WORDS, st.integers(0, 10**17), max_size=20))
def test_a_round_trip(counts: dict[str, int]) -> None:
    vocabulary = Vocabulary(list(counts), np.array(list(counts.values()), np.int64))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vocabulary.tsv"
        path.write_bytes(vocabulary.to_tsv())
        again = Vocabulary.read(path)
    assert again.words == vocabulary.words
    assert again.counts.tolist() == vocabulary.counts.tolist()
    assert again.counts.dtype == np.int64
    assert again.index == {word: number for number, word in enumerate(counts)}


def test_lookup() -> None:
    vocabulary = Vocabulary(["the", "cat", "sat", "on"], np.array([4, 3, 2, 1]))
    assert len(vocabulary) == 4
    assert "cat" in vocabulary
    assert "dog" not in vocabulary
    assert 3 not in vocabulary
    assert vocabulary.number("sat") == 2
    assert vocabulary.encode(["on", "dog", "the"]).tolist() == [3, -1, 0]
    assert vocabulary.encode([]).dtype == np.int32
    assert repr(vocabulary) == "Vocabulary(4 words: 'the', 'cat', 'sat', …)"
    with pytest.raises(UnknownNameError, match=r"Unknown word 'cats'. Did you mean 'cat'"):
        vocabulary.number("cats")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"word\tcount",
        b"the\t1\n",
        b"word\tcount\nthe\t1",
        b"word\tcount\r\nthe\t1\r\n",
        b"\xff\n",
    ],
)
def test_what_is_no_vocabulary(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "v.tsv").write_bytes(data)
    with pytest.raises(CorpusError, match=r"v\.tsv is (cut short|damaged).*uild the corpus again"):
        Vocabulary.read(tmp_path / "v.tsv")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="is missing"):
        Vocabulary.read(tmp_path / "v.tsv")
    with pytest.raises(CorpusError, match="Cannot read"):
        Vocabulary.read(tmp_path)
