"""The transformers as scikit-learn uses them, and its own checks.

``check_estimator`` has only numbers to give, and skips what takes texts. So the checks run twice:
those that need no data on the transformers as they are, and all of them on transformers that are
handed each row of numbers as a text.
"""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from pipeline.conftest import TEXTS, WORDS
from scikit_learn import without_data
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import estimator_checks
from sklearn.utils.validation import check_is_fitted, validate_data

from textrep import CooccurrenceVectorizer, TextEncoder, WordVectorAverager
from textrep.errors import InvalidParameterError, NotFittedError
from textrep.vectors import WordVectors

LABELS = ["animal", "animal", "thing", "thing", "animal", "animal"]


def some_vectors():
    return WordVectors(WORDS, np.random.default_rng(7).standard_normal((len(WORDS), 5)))


MADE = [
    WordVectorAverager(some_vectors()),
    WordVectorAverager(some_vectors(), weights="tfidf"),
    WordVectorAverager(some_vectors(), weights="sif"),
    CooccurrenceVectorizer(min_count=1, sparse_output=False),
    TextEncoder(some_vectors()),
]
NAMES = ["mean", "tfidf", "sif", "cooccurrence", "encoder"]
every_transformer = pytest.mark.parametrize("made", MADE, ids=NAMES)


@every_transformer
@without_data
def test_scikit_learns_checks_without_data(made, check):
    check(type(made).__name__, clone(made))


class OfNumbers(TransformerMixin, BaseEstimator):
    """A transformer of texts that is handed numbers: the integer part of each is a word."""

    def __init__(self, transformer=None):
        self.transformer = transformer

    def fit(self, X, y=None):
        X = validate_data(self, X)
        self.transformer_ = clone(self.transformer).fit(self._texts(X))
        return self

    def transform(self, X):
        check_is_fitted(self)
        return self.transformer_.transform(self._texts(validate_data(self, X, reset=False)))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags = self.transformer.__sklearn_tags__().transformer_tags
        return tags

    @staticmethod
    def _texts(X):
        return [" ".join(WORDS[int(x) % len(WORDS)] for x in np.clip(row, 0, 1e9)) for row in X]


EXPECTED_TO_FAIL = {
    "sif": {
        "check_fit2d_1sample": "one text is its own common direction, which leaves nothing of it",
    },
}


@pytest.mark.parametrize(("name", "made"), list(zip(NAMES, MADE, strict=True)), ids=NAMES)
def test_check_estimator_of_numbers_written_as_texts(name, made):
    results = estimator_checks.check_estimator(
        OfNumbers(made),
        expected_failed_checks=EXPECTED_TO_FAIL.get(name, {}),
        on_skip=None,
        on_fail=None,
    )
    failed = [(r["check_name"], r["exception"]) for r in results if r["status"] == "failed"]
    assert failed == []
    assert sum(result["status"] == "passed" for result in results) > 30
    unexpected = {r["check_name"] for r in results if r["status"] == "xfail"}
    assert unexpected == set(EXPECTED_TO_FAIL.get(name, {}))


@every_transformer
def test_texts_are_declared(made):
    tags = made.__sklearn_tags__()
    assert tags.input_tags.string
    assert not tags.input_tags.two_d_array
    assert tags.requires_fit == (not isinstance(made, TextEncoder))
    with pytest.warns(Warning, match="Can't test estimator"):
        estimator_checks.check_estimator(made)


@every_transformer
def test_fitted_state(made, texts):
    fresh = clone(made)
    if isinstance(fresh, TextEncoder):
        assert fresh.transform(texts).shape == (6, 5)
    else:
        with pytest.raises(NotFittedError, match="is not fitted: call fit first"):
            fresh.transform(texts)
        with pytest.raises(NotFittedError):
            fresh.get_feature_names_out()
    assert fresh.fit(texts, LABELS) is fresh
    check_is_fitted(fresh)
    before = dict(vars(fresh))
    x = fresh.transform(texts)
    assert vars(fresh) == before
    assert (x == fresh.fit(texts).transform(texts)).all()
    assert (x == clone(fresh).fit_transform(texts)).all()
    assert (x == pickle.loads(pickle.dumps(fresh)).transform(texts)).all()
    assert texts == TEXTS


@every_transformer
def test_bad_input(made, texts):
    fitted = clone(made).fit(texts)
    for call in (fitted.fit, fitted.transform, fitted.encode, fitted.fit_transform):
        for X in ("one text", [1, 2], None, ["a", None]):
            with pytest.raises(InvalidParameterError, match="The X parameter of"):
                call(X)


@every_transformer
def test_names_of_features_and_data_frames(made, texts):
    pandas = pytest.importorskip("pandas")
    column = pandas.Series(texts, index=list("uvwxyz"))
    fresh = clone(made).set_output(transform="pandas")
    for frame in (fresh.fit(column).transform(column), fresh.fit_transform(column)):
        assert list(frame.columns) == list(fresh.get_feature_names_out())
        assert len(set(frame.columns)) == frame.shape[1]
        assert list(frame.index) == list(column.index)
    assert list(fresh.transform(texts).index) == list(range(6))
    assert isinstance(fresh.encode(texts), np.ndarray)
    assert (fresh.encode(texts) == frame.to_numpy()).all()


@every_transformer
def test_a_pipeline(made, texts):
    pipeline = make_pipeline(clone(made), StandardScaler(), LogisticRegression(C=100))
    assert pipeline.fit(texts, LABELS).predict(texts).tolist() == LABELS
    assert len(cross_val_score(pipeline, texts * 3, LABELS * 3, cv=3)) == 3


def test_a_grid_over_weights_and_paths(tmp_path, texts):
    paths = []
    for n in (3, 5):
        paths.append(tmp_path / f"{n}.txt")
        rows = np.random.default_rng(n).standard_normal((len(WORDS), n))
        lines = [" ".join([w, *map(str, r)]) for w, r in zip(WORDS, rows, strict=True)]
        paths[-1].write_text(f"{len(WORDS)} {n}\n" + "\n".join(lines) + "\n")
    steps = [("texts", WordVectorAverager(paths[0])), ("classifier", LogisticRegression())]
    grid = {"texts__vectors": paths, "texts__weights": ["mean", "tfidf", "sif"]}
    search = GridSearchCV(Pipeline(steps), grid, cv=2).fit(texts * 2, LABELS * 2)
    assert len(search.cv_results_["params"]) == 6
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def test_a_column_of_a_data_frame(texts):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"text": texts, "length": [len(text) for text in texts]})
    for column in ("text", ["text"]):
        columns = ColumnTransformer(
            [
                ("text", WordVectorAverager(some_vectors()), column),
                ("rest", StandardScaler(), ["length"]),
            ]
        )
        columns.set_output(transform="pandas")
        x = columns.fit_transform(frame)
        assert x.shape == (6, 6)
        assert next(iter(x.columns)) == "text__wordvectoraverager0"
        assert list(x.columns)[-1] == "rest__length"


def test_clones_share_vectors_and_trained_models(texts):
    from textrep import SVD

    vectors = some_vectors()
    assert clone(WordVectorAverager(vectors)).vectors is vectors
    model = SVD(dim=2).fit(texts * 5)
    copy = clone(TextEncoder(model))
    assert copy.model is model
    assert (copy.encode(texts) == TextEncoder(model).encode(texts)).all()


def test_adapting_leaves_the_transformer_as_it_is(texts):
    averager = WordVectorAverager(some_vectors(), weights="sif").fit(texts[:3])
    before = averager.encode(texts)
    adapted = averager.adapted_to(texts)
    assert (averager.encode(texts) == before).all()
    assert (adapted.encode(texts) == clone(averager).fit_transform(texts)).all()
