"""Shards of a text add up to the text, whatever the shards: without a cluster."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from counting.corpora import MemoryCorpus
from hypothesis import given
from hypothesis import strategies as st
from reference.cooccurrence import as_floats, cooccurrence

from textrep.counting import BOUNDARIES, SIDES, WEIGHTS, Window, count_cooccurrences
from textrep.distributed.shards import add_shards, count_shard
from textrep.errors import CorpusError

N_WORDS = 6
words = st.integers(0, N_WORDS - 1)
documents = st.lists(st.lists(st.lists(words, max_size=8), max_size=4), max_size=4)
windows = st.builds(
    Window,
    st.integers(1, 5),
    st.sampled_from(sorted(WEIGHTS)),
    st.sampled_from(sorted(SIDES)),
    st.sampled_from(sorted(BOUNDARIES)),
)


def counted(corpus, window, cuts, borders, context_of=None, cap=np.inf, order=1):
    """The counts of a corpus from shards of tokens, and of stretches of words."""
    columns = np.arange(N_WORDS, dtype=np.int32) if context_of is None else context_of
    shards = [
        count_shard(corpus, window, columns, tokens, list(pairwise(borders)))
        for tokens in pairwise(cuts)
    ]
    n_contexts = int(columns.max(initial=-1)) + 1
    scale = window.whole_weights(int(corpus.vocabulary.counts.max(initial=0)))[2]
    blocks = [
        add_shards([shard[i] for shard in shards][::order], n_contexts, scale, cap)
        for i in range(len(borders) - 1)
    ]
    return np.vstack([block.toarray() for block in blocks])


@given(documents, windows, st.data())
def test_any_shards_add_up_to_the_definition(texts, window, data):
    corpus = MemoryCorpus(texts, N_WORDS)
    inner = data.draw(st.lists(st.integers(0, corpus.n_tokens), max_size=4))
    cuts = [0, *sorted(inner), corpus.n_tokens]
    borders = [0, *sorted(data.draw(st.sets(st.integers(1, N_WORDS - 1)))), N_WORDS]
    cap = data.draw(st.sampled_from([np.inf, 1.5]))
    found = counted(
        corpus, window, cuts, borders, cap=cap, order=data.draw(st.sampled_from([1, -1]))
    )
    expected = cooccurrence(
        corpus.stretches(window.boundary),
        N_WORDS,
        N_WORDS,
        size=window.size,
        weights=window.weights,
        side=window.side,
        context_of=range(N_WORDS),
    )
    assert found.tolist() == as_floats(expected, cap).tolist()


@given(documents, windows)
def test_words_that_are_no_contexts(texts, window):
    corpus = MemoryCorpus(texts, N_WORDS)
    context_of = np.array([2, -1, 0, 0, 1, -1], np.int32)
    middle = corpus.n_tokens // 2
    found = counted(corpus, window, [0, middle, corpus.n_tokens], [0, 2, N_WORDS], context_of)
    whole = count_cooccurrences(corpus, window, context_of=context_of, n_jobs=1)
    assert found.tobytes() == whole.toarray().tobytes()


def test_sums_beyond_what_floats_hold_are_exact():
    """With window 30 a weight of 1 is a whole number of 13 digits, and sums pass 2^53.

    Each word has the other at the odd distances, on both sides: more than 4 an occurrence.
    """
    corpus = MemoryCorpus([[[0, 1] * 3000]], N_WORDS)
    window = Window(30)
    assert 4 * 3000 * window.whole_weights(3000)[2] > 2**53
    found = counted(corpus, window, [0, 1000, 2500, 6000], [0, N_WORDS])
    assert found.tobytes() == count_cooccurrences(corpus, window, n_jobs=1).toarray().tobytes()


@pytest.mark.parametrize("token", [-1, N_WORDS])
def test_a_damaged_text_is_refused_before_it_is_counted(token):
    corpus = MemoryCorpus([[[0, 1, 2], [3, 4, 5]]], N_WORDS)
    corpus.tokens[3] = token
    with pytest.raises(CorpusError, match="memory is damaged"):
        counted(corpus, Window(2), [0, 6], [0, N_WORDS])


def test_damaged_offsets_are_refused():
    corpus = MemoryCorpus([[[0, 1, 2], [3, 4, 5], [1, 1]]], N_WORDS)
    corpus.sentence_offsets[1:3] = 6, 3
    with pytest.raises(CorpusError, match="memory is damaged"):
        counted(corpus, Window(2), [0, 8], [0, N_WORDS])
