"""A cosine taken apart: the parts add up, and are what the definition says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from reference.contexts import contributions

from textrep import PMI, PPMI, SVD, Combine, Cooccurrence, GloVe, OneHot, Word2Vec
from textrep.corpus import Corpus
from textrep.errors import (
    FormatError,
    InputError,
    InvalidParameterError,
    NotFittedError,
    UnknownNameError,
)
from textrep.inspection import contexts_of, explain

MODELS: dict[str, Any] = {
    "counts": Cooccurrence(window=3),
    "pmi": PMI(window=3),
    "ppmi": PPMI(window=3, ignore_top=2),
    "svd, p=0": SVD(dim=6),
    "svd, p=1": SVD(dim=6, eigenvalue_weight=1.0),
    "svd, w + c": SVD(dim=6, add_context=True, eigenvalue_weight=0.5),
    "svd of counts": SVD(dim=6, matrix="counts", ignore_top=1),
    "glove": GloVe(dim=6, epochs=3),
    "glove, words": GloVe(dim=6, epochs=3, vectors="word", ignore_top=2),
    "word2vec": Word2Vec(dim=6, epochs=2, subsample=1.0, deterministic=True),
    "cbow": Word2Vec(architecture="cbow", dim=6, epochs=2, subsample=1.0, deterministic=True),
}


@pytest.fixture(scope="session")
def models(corpus: Corpus) -> dict[str, Any]:
    return {name: model.fit(corpus) for name, model in MODELS.items()}


def dense(model: Any) -> np.ndarray:
    matrix = model.word_vectors_
    return (matrix.toarray() if sp.issparse(matrix) else np.asarray(matrix)).astype(np.float64)


def names(model: Any) -> list[str]:
    words = list(model.vocabulary_.words)
    return words[model.corpus_.get("counting", {}).get("ignore_top", 0) :]


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("pair", [("cat", "dog"), ("cat", "truck"), ("man", "man")])
def test_parts_are_those_of_the_definition(models, name, pair) -> None:
    model, found = models[name], explain(models[name], *pair, n=100)
    x, y = (dense(model)[model.vocabulary_.index[word]] for word in pair)
    wanted = contributions(x, y, getattr(model, "context_vectors_", None))
    listed = {context.word: context.contribution for context in found.contexts}
    words = names(model)
    assert len(words) == len(wanted)
    for word, value in zip(words, wanted, strict=True):
        if word in listed:
            assert listed[word] == pytest.approx(value, abs=1e-6)
    assert found.similarity == pytest.approx(model.vectors_.similarity(*pair), abs=1e-6)
    assert found.similarity == pytest.approx(wanted.sum(), abs=1e-6)
    assert found.opposed.contribution == pytest.approx(wanted[wanted < 0].sum(), abs=1e-6)
    assert len(found.contexts) == found.shared.n_contexts


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("n", [1, 3])
def test_the_listed_and_the_rest_are_the_cosine(models, name, n) -> None:
    found = explain(models[name], "cat", "dog", n)
    listed = [context.contribution for context in found.contexts]
    assert len(listed) == min(n, found.shared.n_contexts)
    assert listed == sorted(listed, reverse=True)
    assert sum(listed) + found.rest == pytest.approx(found.similarity, abs=1e-12)
    parts = (found.shared, found.avoided, found.opposed)
    total = sum(part.contribution for part in parts) + found.outside
    assert total == pytest.approx(found.similarity, abs=1e-12)
    assert abs(found.outside) < 1e-6


def test_scores_of_counting_models_are_their_entries(models) -> None:
    for name, score in [("counts", "count"), ("pmi", "PMI"), ("ppmi", "PPMI")]:
        model, found = models[name], explain(models[name], "cat", "dog", 5)
        assert (found.exact, found.agreement, found.score) == (True, None, score)
        for word, _, score1, score2 in found.contexts:
            column = names(model).index(word)
            rows = [model.vocabulary_.index[name] for name in ("cat", "dog")]
            assert [score1, score2] == pytest.approx(dense(model)[rows, column].tolist())


@pytest.mark.parametrize("p", [0.0, 0.5, 1.0, 2.0])
def test_scores_of_an_svd_are_those_of_the_matrix_that_it_approximates(corpus, p) -> None:
    ppmi = PPMI().fit(corpus)
    svd = SVD(dim=8, eigenvalue_weight=p).fit(ppmi)
    u, s, vt = np.linalg.svd(dense(ppmi))
    near = (u[:, :8] * s[:8]) @ vt[:8]
    found = explain(svd, "cat", "dog", 4)
    assert found.exact
    assert found.score == "value"
    for word, _, score1, score2 in found.contexts:
        column = svd.vocabulary_.index[word]
        rows = [svd.vocabulary_.index[name] for name in ("cat", "dog")]
        assert [score1, score2] == pytest.approx(near[rows, column].tolist(), abs=1e-3)


@pytest.mark.parametrize("name", ["glove", "word2vec", "svd, w + c"])
def test_scores_of_other_models_are_products(models, name) -> None:
    model, found = models[name], explain(models[name], "cat", "dog", 3)
    assert found.score == "product"
    products = dense(model) @ np.asarray(model.context_vectors_, np.float64).T
    for word, _, score1, _ in found.contexts:
        rows = model.vocabulary_.index["cat"], names(model).index(word)
        assert score1 == pytest.approx(products[rows], rel=1e-5)


def test_agreement_is_the_correlation_with_the_scores(models) -> None:
    model = models["word2vec"]
    found = explain(model, "cat", "dog")
    assert not found.exact
    context_vectors = np.asarray(model.context_vectors_, np.float64)
    p, _, qt = np.linalg.svd(context_vectors, full_matrices=False)
    for word, r in zip(("cat", "dog"), found.agreement, strict=True):
        vector = dense(model)[model.vocabulary_.index[word]]
        wanted = np.corrcoef(p @ qt @ vector, context_vectors @ vector)[0, 1]
        assert r == pytest.approx(wanted, abs=1e-6)


def test_animals_share_what_animals_do(models) -> None:
    """Known from how the text was made: cats and dogs are fed, sleep and eat; trucks need fuel."""
    for name in ("ppmi", "svd, p=1"):
        animals = {context.word for context in explain(models[name], "cat", "dog", 6).contexts}
        assert animals & {"sleeps", "eats", "feeds", "meat", "bread"}
        assert "fuel" not in animals


def test_a_folder_says_what_the_model_says(models, tmp_path: Path) -> None:
    for name in ("ppmi", "svd, p=0", "glove, words"):
        models[name].save(tmp_path / "m")
        assert explain(tmp_path / "m", "cat", "dog") == explain(models[name], "cat", "dog")


def test_lists_of_contexts_name_the_columns(corpus, tmp_path: Path) -> None:
    chosen, ignored = tmp_path / "chosen.txt", tmp_path / "ignored.txt"
    chosen.write_text("sleeps\neats\nthe\nmeat\nfuel\n")
    ignored.write_text("the\n")
    model = PPMI(contexts=str(chosen), ignore_contexts=str(ignored)).fit(corpus)
    found = contexts_of(model)
    assert set(found.words) == {"sleeps", "eats", "meat", "fuel"}
    chosen.write_text("sleeps\n")
    with pytest.raises(FormatError, match=r"4 contexts of the PPMI cannot be named.*leave 1"):
        contexts_of(model)
    chosen.unlink()
    with pytest.raises(InputError, match="No such word list"):
        contexts_of(model)


def test_counts_of_a_chain_keep_their_contexts(corpus, tmp_path: Path) -> None:
    counts = Cooccurrence(ignore_top=3).fit(corpus)
    svd = SVD(dim=4).fit(PPMI().fit(counts))
    assert contexts_of(svd).words == corpus.vocabulary.words[3:]


def test_what_keeps_no_contexts_is_refused(corpus, models, tmp_path: Path) -> None:
    both = Combine().fit([models["glove"], models["word2vec"]])
    with pytest.raises(InputError, match="There are no contexts in the Combine"):
        explain(both, "cat", "dog")
    tree = Word2Vec(objective="hierarchical-softmax", dim=4, epochs=1).fit(corpus)
    with pytest.raises(InputError, match="nodes of a tree"):
        explain(tree, "cat", "dog")
    places = Word2Vec(architecture="cbow", context="concatenation", dim=4, epochs=1).fit(corpus)
    with pytest.raises(InputError, match="each place in the window"):
        explain(places, "cat", "dog")
    (tmp_path / "two.txt").write_text("2 1\ncat 1\ndog 2\n")
    with pytest.raises(FormatError, match="is a file, not a model folder"):
        explain(tmp_path / "two.txt", "cat", "dog")


def test_bad_calls(models) -> None:
    with pytest.raises(UnknownNameError, match=r"Unknown word 'catt'\. Did you mean 'cat'\?"):
        explain(models["ppmi"], "catt", "dog")
    with pytest.raises(InvalidParameterError, match="n parameter of explain"):
        explain(models["ppmi"], "cat", "dog", 0)
    with pytest.raises(InvalidParameterError, match="a fitted model or the path"):
        explain(7, "cat", "dog")
    with pytest.raises(NotFittedError):
        explain(PPMI(), "cat", "dog")


def test_words_without_contexts(corpus) -> None:
    lonely = Corpus.build([["alone"], ["single"], ["a", "cat"]] * 5, min_count=1)
    found = explain(PPMI().fit(lonely), "alone", "single")
    assert (found.similarity, found.contexts, found.rest) == (0.0, [], 0.0)
    found = explain(OneHot().fit(corpus), "cat", "dog")
    assert (found.similarity, found.contexts, found.shared.n_contexts) == (0.0, [], 0)


def test_contexts_with_fewer_directions_than_dimensions(corpus) -> None:
    """What lies outside the span of the contexts is told, not spread over them."""
    model = GloVe(dim=6, epochs=2, vectors="word").fit(corpus)
    model.context_vectors_ = model.context_vectors_.copy()
    model.context_vectors_[:, 0] = 0
    found = explain(model, "cat", "dog", 100)
    x, y = (dense(model)[model.vocabulary_.index[word]] for word in ("cat", "dog"))
    outside = x[0] * y[0] / np.linalg.norm(x) / np.linalg.norm(y)
    assert found.outside == pytest.approx(outside, abs=1e-6)


def test_the_dictionary_has_everything(models) -> None:
    made = explain(models["ppmi"], "cat", "dog", 2).to_dict()
    assert set(made) == {
        "word1", "word2", "similarity", "contexts", "shared", "avoided", "opposed", "outside",
        "exact", "agreement", "score", "rest",
    }  # fmt: skip
    assert set(made["contexts"][0]) == {"word", "contribution", "score1", "score2"}
    assert set(made["shared"]) == {"contribution", "n_contexts"}
