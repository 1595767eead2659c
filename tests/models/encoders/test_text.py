"""The sentences that an encoder reads, and those that are held out of its training."""

from __future__ import annotations

import numpy as np
import pytest

from textrep.corpus import Corpus
from textrep.errors import InvalidParameterError
from textrep.models.encoders.text import FIRST_WORD, sentences_of

LINES = [["a", "b", "a"], ["b"], ["c", "a", "b", "c"], ["a"], ["c", "b"], ["b", "a"]]


@pytest.fixture(scope="module")
def corpus():
    return Corpus.build(LINES, min_count=1)


def words(corpus, sentences):
    numbers = sentences.tokens - FIRST_WORD
    return [
        [corpus.vocabulary.words[number] for number in part]
        for part in np.split(numbers, sentences.offsets[1:-1])
    ]


def test_all_sentences(corpus):
    train, out = sentences_of(corpus, 0.0, 0, "Model")
    assert out is None
    assert words(corpus, train) == LINES
    assert train.documents.tolist() == [0, 6]


def test_the_stream_has_a_boundary_around_each_sentence(corpus):
    train, _ = sentences_of(corpus, 0.0, 0, "Model")
    stream = train.stream().tolist()
    ends = [place for place, token in enumerate(stream) if token == 0]
    assert ends == [0, 4, 6, 11, 13, 16, 19]
    assert [token for token in stream if token] == train.tokens.tolist()


@pytest.mark.parametrize("seed", range(5))
def test_what_is_held_out_is_the_rest(corpus, seed):
    train, out = sentences_of(corpus, 0.34, seed, "Model")
    assert len(words(corpus, out)) == 2
    assert sorted(words(corpus, train) + words(corpus, out)) == sorted(LINES)
    again, _ = sentences_of(corpus, 0.34, seed, "Model")
    assert (again.tokens == train.tokens).all()


def test_sentences_are_no_neighbours_where_one_between_them_is_held_out(corpus):
    for seed in range(8):
        train, _ = sentences_of(corpus, 0.17, seed, "Model")
        kept = words(corpus, train)
        gap = next((n for n in range(5) if kept[n] != LINES[n]), 5)
        assert train.documents.tolist() == sorted({0, gap, 5})


def test_something_is_always_left(corpus):
    train, out = sentences_of(corpus, 0.9, 0, "Model")
    assert len(words(corpus, train)) == 1
    assert len(words(corpus, out)) == 5


def test_of_one_sentence_nothing_can_be_held_out():
    with pytest.raises(InvalidParameterError, match=r"holdout.*one sentence"):
        sentences_of(Corpus.build([["a", "b"] * 9], min_count=1), 0.1, 0, "Model")


def test_long_sentences_are_cut_short(corpus):
    train, _ = sentences_of(corpus, 0.0, 0, "Model")
    assert train.cut_short(4) is train
    assert words(corpus, train.cut_short(2)) == [line[:2] for line in LINES]
