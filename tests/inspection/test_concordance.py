"""Sentences with a word and a context of it, beside a search by hand."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textrep.corpus import Corpus
from textrep.errors import InvalidParameterError, UnknownNameError
from textrep.inspection import Example, occurrences


def by_hand(documents, word, context, window, side, boundary) -> int:
    """Count pairs within the window, one token after the other."""
    units = {
        "sentence": [sentence for document in documents for sentence in document],
        "document": [list(chain(*document)) for document in documents],
        "none": [list(chain(*chain(*documents)))],
    }[boundary]
    steps = {"both": (-1, 1), "left": (-1,), "right": (1,)}[side]
    return sum(
        tokens[place] == word
        and 0 <= place + sign * distance < len(tokens)
        and tokens[place + sign * distance] == context
        for tokens in units
        for place in range(len(tokens))
        for sign in steps
        for distance in range(1, window + 1)
    )


SENTENCES = st.lists(st.sampled_from("abcd"), min_size=1, max_size=7)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(SENTENCES, min_size=1, max_size=4), min_size=1, max_size=3),
    st.integers(1, 4),
    st.sampled_from(["both", "left", "right"]),
    st.sampled_from(["sentence", "document", "none"]),
)
def test_counts_are_those_by_hand(tmp_path_factory, documents, window, side, boundary) -> None:
    documents = [[["a", "b"], *document] for document in documents]
    file = tmp_path_factory.mktemp("occurrences") / "text.txt"
    file.write_text("\n\n".join("\n".join(map(" ".join, document)) for document in documents))
    corpus = Corpus.build(str(file), min_count=1, tokenizer="whitespace", sentences="line")
    assert [" ".join(sentence) for sentence in corpus.sentences()] == [
        " ".join(sentence) for document in documents for sentence in document
    ]
    options = {"window": window, "side": side, "boundary": boundary}
    for context in ("a", "b"):
        found = occurrences(corpus, "a", [context], **options, n=100)[context]
        if corpus.n_documents == len(documents) or boundary != "document":
            assert found.times == by_hand(documents, "a", context, window, side, boundary)
        for example in found.examples:
            assert example.tokens[example.word] == "a"
            assert example.tokens[example.context] == context
            assert 1 <= abs(example.word - example.context) <= window


def test_the_nearest_come_first_and_none_twice() -> None:
    near, far = ["a", "cat", "ran"], ["a", "cat", "that", "we", "saw", "ran"]
    corpus = Corpus.build([far, near, near, ["the", *near]], min_count=1)
    found = occurrences(corpus, "cat", ["ran", "saw", "the"], n=3)
    assert found["ran"].times == 4
    assert [example.tokens for example in found["ran"].examples] == [near, ["the", *near], far]
    assert found["ran"].examples[2] == Example(far, 1, 5)
    assert occurrences(corpus, "cat", ["ran"], n=1)["ran"].examples == [Example(near, 1, 2)]
    assert occurrences(corpus, "cat", ["ran"], window=3)["ran"].times == 3
    assert occurrences(corpus, "cat", ["ran"], side="left")["ran"] == (0, [])


def test_a_window_over_sentences_shows_both() -> None:
    corpus = Corpus.build([["the", "cat"], ["it", "ran"]], min_count=1)
    assert occurrences(corpus, "cat", ["ran"])["ran"].times == 0
    [example] = occurrences(corpus, "cat", ["ran"], boundary="document")["ran"].examples
    assert example == Example(["the", "cat", "it", "ran"], 1, 3)


def test_stretches_of_the_text_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(0)
    corpus = Corpus.build([list(draw.choice(list("abcde"), 9)) for _ in range(40)], min_count=1)
    whole = occurrences(corpus, "a", ["b", "a"], n=4)
    monkeypatch.setattr("textrep.inspection.concordance._STRETCH", 7)
    assert occurrences(corpus, "a", ["b", "a"], n=4) == whole
    assert whole["b"].times > 20


def test_bad_calls() -> None:
    corpus = Corpus.build([["a", "cat", "ran"]], min_count=1)
    with pytest.raises(UnknownNameError, match="Unknown word 'dog'"):
        occurrences(corpus, "dog", ["ran"])
    with pytest.raises(UnknownNameError, match="Unknown word 'run'"):
        occurrences(corpus, "cat", ["run"])
    for options in ({"window": 0}, {"n": 0}):
        with pytest.raises(InvalidParameterError):
            occurrences(corpus, "cat", ["ran"], **options)
    with pytest.raises(UnknownNameError, match="side of occurrences"):
        occurrences(corpus, "cat", ["ran"], side="up")
