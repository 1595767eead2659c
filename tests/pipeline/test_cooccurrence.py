"""Texts by the contexts of their words."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from reference import averages
from reference.pmi import pmi, ppmi

from textrep import CooccurrenceVectorizer
from textrep.errors import InputError, InvalidParameterError, UnknownNameError, VocabularyError

NEW = ["a dog eats", "", "unheard of", "THE ROAD the cat"]
WEIGHTS = {"flat": lambda d: 1.0, "harmonic": lambda d: 1 / d, "dynamic": lambda d: (4 - d) / 3}


def expected(texts, new, contexts, counts):
    """Each text as the mean of the rows of its words, of those that occur in ``texts``."""
    known = {word for word, _ in counts} | {w for text in texts for w in averages.words_of(text)}
    rows = []
    for text in new:
        words = [word for word in averages.words_of(text) if word in known]
        rows.append(
            [sum(counts.get((w, c), 0.0) for w in words) / max(1, len(words)) for c in contexts]
        )
    return np.array(rows)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_counts(texts, weights):
    vectorizer = CooccurrenceVectorizer(min_count=1, window=3, weights=weights, matrix="counts")
    found = vectorizer.fit(texts).transform(NEW)
    contexts = vectorizer.get_feature_names_out().tolist()
    assert sorted(contexts) == sorted({w for text in texts for w in averages.words_of(text)})
    counts = averages.contexts(texts, 3, WEIGHTS[weights])
    assert sp.issparse(found)
    np.testing.assert_allclose(found.toarray(), expected(texts, NEW, contexts, counts), rtol=1e-6)


@pytest.mark.parametrize(("matrix", "of_counts"), [("pmi", pmi), ("ppmi", ppmi)])
def test_pmi(texts, matrix, of_counts):
    vectorizer = CooccurrenceVectorizer(min_count=1, matrix=matrix, sparse_output=False).fit(texts)
    contexts = vectorizer.contexts_
    counts = averages.contexts(texts, 5, lambda d: 1 / d)
    dense = np.array([[counts.get((w, c), 0.0) for c in contexts] for w in contexts])
    values = of_counts(dense, context_smoothing=0.75)
    table = {(w, c): values[i, j] for i, w in enumerate(contexts) for j, c in enumerate(contexts)}
    found = vectorizer.transform(texts)
    assert isinstance(found, np.ndarray)
    np.testing.assert_allclose(found, expected(texts, texts, contexts, table), rtol=1e-5, atol=1e-6)


def test_texts_that_share_no_word_are_alike_by_their_contexts():
    texts = ["cats drink milk", "dogs drink milk", "cars burn oil", "trucks burn oil"] * 5
    x = CooccurrenceVectorizer(sparse_output=False).fit(texts).transform(["cats", "dogs", "trucks"])
    unit = x / np.linalg.norm(x, axis=1)[:, None]
    assert unit[0] @ unit[1] > 0.99
    assert unit[0] @ unit[2] == 0


def test_the_most_frequent_contexts(texts):
    every = CooccurrenceVectorizer(min_count=1, matrix="counts", sparse_output=False).fit(texts)
    some = CooccurrenceVectorizer(
        min_count=1, matrix="counts", sparse_output=False, max_features=3
    ).fit(texts)
    assert some.contexts_ == every.contexts_[:3]
    assert some.contexts_[0] == "the"
    np.testing.assert_allclose(some.transform(texts), every.transform(texts)[:, :3], rtol=1e-6)


def test_rare_words_are_neither_words_nor_contexts(texts):
    vectorizer = CooccurrenceVectorizer(min_count=3).fit(texts)
    assert vectorizer.contexts_ == vectorizer.word_contexts_.words
    assert set(vectorizer.contexts_) == {"the", "a", "dog", "fish"}


def test_a_text_is_never_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cat").write_text("what the file holds")
    vectorizer = CooccurrenceVectorizer(min_count=1).fit(["cat", "dog", "miniworld"])
    assert set(vectorizer.contexts_) == {"cat", "dog", "miniworld"}


def test_threads_change_nothing(texts):
    one, two = (
        CooccurrenceVectorizer(min_count=1, n_jobs=n).fit_transform(texts * 50) for n in (1, 2)
    )
    assert (one.toarray() == two.toarray()).all()


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"tokenizer": "bpe"}, InvalidParameterError, "one that needs no training"),
        ({"tokenizer": "simpel"}, UnknownNameError, "Did you mean 'simple'"),
        ({"min_count": 0}, InvalidParameterError, "The min_count parameter"),
        ({"max_features": 0}, InvalidParameterError, "The max_features parameter"),
        ({"window": 0}, InvalidParameterError, "The window parameter"),
        ({"weights": "square"}, UnknownNameError, "weights of CooccurrenceVectorizer"),
        ({"matrix": "tfidf"}, UnknownNameError, "matrix of CooccurrenceVectorizer"),
        ({"context_smoothing": 2}, InvalidParameterError, "The context_smoothing parameter"),
        ({"sparse_output": "no"}, InvalidParameterError, "The sparse_output parameter"),
        ({"n_jobs": 0}, InvalidParameterError, "The n_jobs parameter"),
        ({"min_count": 99}, VocabularyError, "min_count"),
    ],
)
def test_parameters_that_are_wrong(texts, parameters, error, message):
    with pytest.raises(error, match=message):
        CooccurrenceVectorizer(**parameters).fit(texts)


@pytest.mark.parametrize("X", [[""], ["", " \n"], ["?!"]])
def test_texts_without_words(X):
    with pytest.raises(InputError):
        CooccurrenceVectorizer(min_count=1).fit(X)
