"""Networks that learn from labels: what they learn, repeat, keep out, and refuse."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from pipeline.conftest import TEXTS, WORDS
from scikit_learn import without_data
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.utils import estimator_checks
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from textrep import (
    SVD,
    ConvEncoder,
    RecurrentEncoder,
    TextClassifier,
    TokenTagger,
    TransformerEncoder,
    WordVectors,
)
from textrep.errors import (
    DeviceError,
    FormatError,
    InvalidParameterError,
    NotFittedError,
    TrainingError,
    UnknownNameError,
    VocabularyError,
)

pytestmark = pytest.mark.usefixtures("one_torch_thread")

LABELS = ["animal", "animal", "thing", "thing", "animal", "animal"]
SENTENCES = [text.strip(".!").replace(",", " ,").split() for text in TEXTS]
TAGS = [["D" if w.lower() in {"the", "a"} else "X" for w in words] for words in SENTENCES]

SMALL = {
    "recurrent": RecurrentEncoder(dim=8, units=8),
    "convolutional": ConvEncoder(dim=8, channels=8),
    "transformer": TransformerEncoder(dim=8, heads=2, layers=1),
    "cls": TransformerEncoder(dim=8, heads=2, layers=1, pooling="cls"),
}
QUICK = {"epochs": 60, "learning_rate": 0.03, "batch_size": 3}
every_encoder = pytest.mark.parametrize("name", sorted(SMALL))


@pytest.fixture(scope="module")
def pretrained():
    """Encoders that were trained on text without labels, by name."""
    changes = {"epochs": 1, "objective": "masked"}
    return {
        name: clone(made).set_params(**changes).fit([text.lower().split() for text in TEXTS * 5])
        for name, made in SMALL.items()
    }


def classifier(encoder=SMALL["convolutional"], **changes):
    return TextClassifier(encoder, **{**QUICK, "dropout": 0.1, **changes})


def tagger(encoder=SMALL["recurrent"], **changes):
    return TokenTagger(encoder, **{**QUICK, "dropout": 0.1, "min_count": 1, **changes})


def states(network):
    return [tensor.numpy() for tensor in network.state_dict().values()]


# Learning


@every_encoder
def test_texts_are_learnt_by_every_encoder(name, texts):
    made = classifier(SMALL[name]).fit(texts, LABELS)
    assert made.predict(texts).tolist() == LABELS
    assert made.score(texts, LABELS) == 1.0
    assert made.classes_.tolist() == ["animal", "thing"]
    shares = made.predict_proba(texts)
    assert shares.shape == (6, 2)
    assert shares.sum(axis=1) == pytest.approx(np.ones(6))


@every_encoder
def test_tags_are_learnt_by_every_encoder(name):
    made = tagger(SMALL[name]).fit(SENTENCES, TAGS)
    assert made.predict(SENTENCES) == TAGS
    assert made.score(SENTENCES, TAGS) == 1.0
    shares = made.predict_proba(SENTENCES)
    assert [part.shape for part in shares] == [(len(words), 2) for words in SENTENCES]


def test_a_tag_may_depend_on_the_words_around():
    X = [["x", "old", "x"], ["x", "new", "x"], ["x", "x", "old", "x"], ["x", "x", "new", "x"]]
    y = [["A", "o", "A"], ["B", "o", "B"], ["A", "A", "o", "A"], ["B", "B", "o", "B"]]
    both = RecurrentEncoder(dim=8, units=8, bidirectional=True, objective="masked")
    assert tagger(both).fit(X, y).predict(X) == y
    alone = tagger(WordVectors(["x", "old", "new"], np.eye(3))).fit(X, y)
    assert alone.predict(X) != y  # a word without context cannot know


@pytest.mark.parametrize("freeze", [False, True])
@every_encoder
def test_a_trained_encoder_is_gone_on_from_and_left_as_it_is(name, freeze, pretrained, texts):
    model = pretrained[name]
    before, encoded = states(model.network_), model.encode(texts)
    made = classifier(model, freeze=freeze, epochs=5).fit(texts, LABELS)
    assert all((old == new).all() for old, new in zip(before, states(model.network_), strict=True))
    assert (model.encode(texts) == encoded).all()
    (member,) = made.members_
    ours, theirs = states(member.reading.encoder), states(model.network_.encoder)
    moved = any((old != new).any() for old, new in zip(ours, theirs, strict=True))
    assert moved is not freeze
    tagged = tagger(model, freeze=freeze, epochs=5, tokenizer="simple").fit(SENTENCES, TAGS)
    assert (model.encode(texts) == encoded).all()
    assert len(tagged.predict(SENTENCES)[0]) == len(SENTENCES[0])


@every_encoder
def test_a_frozen_encoder_is_a_softmax_regression_of_its_vectors(name, pretrained, texts):
    made = classifier(pretrained[name], freeze=True).fit(texts, LABELS)
    linear = made.members_[0].head.linear
    weight, bias = (tensor.detach().numpy() for tensor in (linear.weight, linear.bias))
    scores = pretrained[name].encode(texts).astype(np.float64) @ weight.T + bias
    expected = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert made.predict_proba(texts) == pytest.approx(expected, abs=1e-5)


def test_a_model_folder_and_vectors_of_words(pretrained, texts, tmp_path):
    pretrained["recurrent"].save(tmp_path / "encoder")
    by_path = classifier(str(tmp_path / "encoder"), epochs=3).fit(texts, LABELS)
    by_model = classifier(pretrained["recurrent"], epochs=3).fit(texts, LABELS)
    assert (by_path.predict_proba(texts) == by_model.predict_proba(texts)).all()
    svd = SVD(dim=4).fit([text.lower().split() for text in TEXTS * 5])
    svd.save(tmp_path / "svd")
    for vectors in (svd, svd.vectors_, tmp_path / "svd"):
        made = classifier(vectors, epochs=200).fit(texts, LABELS)
        assert made.predict(texts).tolist() == LABELS
        frozen = classifier(vectors, epochs=1, freeze=True).fit(texts, LABELS)
        rows = frozen.members_[0].reading.encoder.embedding.weight.detach().numpy()
        assert (rows[1:-1] == svd.word_vectors_).all()


# Repeating


@pytest.mark.parametrize("validation", [0.0, 0.4])
def test_one_seed_one_network(validation, texts):
    options = {"epochs": 4, "validation": validation, "dropout": 0.5}
    first, again, other = (
        classifier(random_state=seed, **options).fit(texts, LABELS) for seed in (1, 1, 2)
    )
    assert first.predict_proba(texts).tobytes() == again.predict_proba(texts).tobytes()
    assert (first.predict_proba(texts) != other.predict_proba(texts)).any()
    assert first.fit(texts, LABELS).predict_proba(texts).tobytes() == (
        again.predict_proba(texts).tobytes()
    )


def test_members_are_the_networks_of_following_seeds(texts):
    together = classifier(epochs=4, members=3, random_state=5).fit(texts, LABELS)
    alone = [classifier(epochs=4, random_state=seed).fit(texts, LABELS) for seed in (5, 6, 7)]
    expected = np.mean([one.predict_proba(texts) for one in alone], axis=0)
    assert together.predict_proba(texts) == pytest.approx(expected, abs=1e-12)
    assert [row["member"] for row in together.history_] == [0] * 4 + [1] * 4 + [2] * 4
    tagged = tagger(epochs=2, members=2).fit(SENTENCES, TAGS)
    alone = [tagger(epochs=2, random_state=seed).fit(SENTENCES, TAGS) for seed in (0, 1)]
    expected = np.mean([np.concatenate(one.predict_proba(SENTENCES)) for one in alone], axis=0)
    assert np.concatenate(tagged.predict_proba(SENTENCES)) == pytest.approx(expected, abs=1e-12)


def test_the_best_epoch_on_what_is_kept_out_is_kept(texts):
    options = {"validation": 0.34, "batch_size": 2, "learning_rate": 0.1, "schedule": "constant"}
    made = classifier(epochs=40, patience=2, **options).fit(texts * 3, LABELS[::-1] * 3)
    losses = [row["held_out_loss"] for row in made.history_]
    best = int(np.argmin(losses))
    assert len(losses) == min(40, best + 3)
    shorter = classifier(epochs=best + 1, patience=99, **options).fit(texts * 3, LABELS[::-1] * 3)
    assert [row["held_out_loss"] for row in shorter.history_] == losses[: best + 1]
    assert made.predict_proba(texts).tobytes() == shorter.predict_proba(texts).tobytes()
    assert all(row["examples"] == 12 for row in made.history_)  # of 18, a third of each class out


def test_what_is_never_seen_changes_nothing(texts):
    """Empty and unknown texts teach nothing, and what follows the longest is not read."""
    encoder = ConvEncoder(dim=8, channels=8, longest=4)
    made = [
        classifier(encoder, epochs=2, min_count=2).fit(X, ["a", "b", "b", "a"])
        for X in (
            ["dog dog", "cat cat", "", "dog cat dog cat"],
            ["dog dog", "cat cat", "unheard", "dog cat dog cat " + "cat dog " * 50_000],
        )
    ]
    counts = [one.members_[0].reading.vocabulary.words for one in made]
    assert set(counts[0]) == set(counts[1]) == {"dog", "cat"}
    assert made[0].predict_proba(["dog"]).shape == (1, 2)
    assert np.isfinite(made[1].predict_proba(["", "unheard", "dog " * 100_000])).all()


# scikit-learn


MADE = [classifier(epochs=2), tagger(epochs=2)]
both = pytest.mark.parametrize("made", MADE, ids=["classifier", "tagger"])


@both
@without_data
def test_scikit_learns_checks_without_data(made, check):
    check(type(made).__name__, clone(made))


class OfNumbers(ClassifierMixin, BaseEstimator):
    """A classifier of texts that is handed numbers: each is a word of its column and its size."""

    def __init__(self, epochs=40):
        self.epochs = epochs

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        if len(np.unique(y)) == 1:
            raise ValueError("one class only")
        self.centre_, self.scale_ = X.mean(axis=0), X.std(axis=0) + 1e-9
        encoder = WordVectors(*self._vectors(X.shape[1]))
        self.classifier_ = TextClassifier(
            encoder, epochs=self.epochs, learning_rate=0.05, freeze=True, dropout=0.0
        ).fit(self._texts(X), y)
        self.classes_ = self.classifier_.classes_
        return self

    def predict(self, X):
        check_is_fitted(self)
        return self.classifier_.predict(self._texts(validate_data(self, X, reset=False)))

    def predict_proba(self, X):
        check_is_fitted(self)
        return self.classifier_.predict_proba(self._texts(validate_data(self, X, reset=False)))

    @staticmethod
    def _vectors(n_columns):
        words = [f"c{column}s{size}" for column in range(n_columns) for size in range(9)]
        matrix = np.zeros((len(words), n_columns))
        for row, _ in enumerate(words):
            matrix[row, row // 9] = row % 9 - 4
        return words, matrix

    def _texts(self, X):
        sizes = np.clip(np.rint((X - self.centre_) / self.scale_ * 2) + 4, 0, 8).astype(int)
        return [" ".join(f"c{c}s{size}" for c, size in enumerate(row)) for row in sizes]


@pytest.mark.slow
def test_check_estimator_of_numbers_written_as_texts():
    results = estimator_checks.check_estimator(OfNumbers(), on_skip=None, on_fail=None)
    failed = [(r["check_name"], r["exception"]) for r in results if r["status"] == "failed"]
    assert failed == []
    assert sum(result["status"] == "passed" for result in results) > 40


@both
def test_texts_are_declared(made):
    tags = made.__sklearn_tags__()
    assert tags.input_tags.string
    assert not tags.input_tags.two_d_array
    assert tags.requires_fit
    with pytest.warns(Warning, match="Can't test estimator"):
        estimator_checks.check_estimator(made)


def test_a_grid_over_the_encoder_and_its_training(texts):
    grid = {"texts__freeze": [True, False], "texts__encoder__channels": [2, 4]}
    pipeline = Pipeline([("texts", classifier(epochs=1))])
    search = GridSearchCV(pipeline, grid, cv=2, error_score="raise").fit(texts * 2, LABELS * 2)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.best_estimator_.predict(np.array(texts, dtype=object)).shape == (6,)
    scores = cross_val_score(tagger(epochs=1), SENTENCES * 2, TAGS * 2, cv=2, error_score="raise")
    assert ((scores >= 0) & (scores <= 1)).all()


def test_clones_share_what_is_trained_and_nothing_else(pretrained):
    model = pretrained["recurrent"]
    assert clone(TextClassifier(model)).encoder is model
    made = TextClassifier(ConvEncoder(dim=5))
    copy = clone(made)
    assert copy.encoder is not made.encoder
    assert copy.encoder.dim == 5
    assert TextClassifier(encoder=model, epochs=3).get_params()["encoder__units"] == 8


@both
def test_fitted_state(made):
    X, y = (TEXTS, LABELS) if isinstance(made, TextClassifier) else (SENTENCES, TAGS)
    fresh = clone(made)
    for call in (fresh.predict, fresh.predict_proba):
        with pytest.raises(NotFittedError, match="is not fitted: call fit first"):
            call(X)
    assert fresh.fit(X, y) is fresh
    check_is_fitted(fresh)
    same = pickle.loads(pickle.dumps(fresh))
    ours, theirs = (np.concatenate(list(one.predict_proba(X)), None) for one in (fresh, same))
    assert (ours == theirs).all()
    assert list(fresh.predict([])) == []


# Mistakes


@pytest.mark.parametrize(
    ("X", "y", "says"),
    [
        ("one text", ["a"], "put a single text into a list"),
        (["a text", 5], ["a", "b"], "int at position 1"),
        (["a text", None], ["a", "b"], "NoneType at position 1"),
        (["a", "b"], None, "a list of labels, one for each of 2 texts. Got None"),
        (["a", "b"], ["a"], "Got '1 labels'"),
        (["a", "b"], [["a"], ["b"]], "labels: strings, or whole numbers. Got 'list at 0'"),
        (["a", "b"], np.ones((2, 2)), "shape"),
        (["a", "b"], "ab", "Got 'str'"),
        (["a", "b"], ["a", None], "none missing. Got 'None at 1'"),
        (["a", "b"], [0.0, np.nan], "none missing. Got 'nan at 1'"),
        (["a", "b"], [0.5, 1.5], "Got '0.5 at 0'"),
        (["a", "b"], ["a", 1], "not both. Got 'str and int'"),
        (["a", "b"], ["a", "a"], "at least two classes for 2 texts. Got '1 class'"),
        ([], [], "at least two classes for 0 texts"),
    ],
)
def test_texts_and_labels_that_are_none(X, y, says):
    with pytest.raises(InvalidParameterError) as caught:
        classifier().fit(X, y)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("X", "y", "says"),
    [
        (["a cat"], [["D", "N"]], "str at position 0' instead"),
        ("a cat", [["D"]], "Got 'str'"),
        (None, [["D"]], "Got None"),
        (5, [["D"]], "Got 'int'"),
        ([["a", 5]], [["D", "N"]], "int in sentence 0"),
        ([["a", "b"]], [["D"]], "a tag a word, 2 for sentence 0. Got 1"),
        ([["a", "b"]], [["D", "N"], ["D"]], "the tags of 1 sentences. Got 'those of 2'"),
        ([["a", "b"]], [["D", None]], "none missing. Got 'None at 1'"),
        ([["a", "b"]], None, "a list of sentences, each a list of tags. Got None"),
        ([[]], [[]], "at least one word"),
    ],
)
def test_sentences_and_tags_that_are_none(X, y, says):
    with pytest.raises(InvalidParameterError) as caught:
        tagger().fit(X, y)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"encoder": 0.5}, InvalidParameterError, "encoder parameter of TextClassifier"),
        ({"encoder": "no-such-model"}, FormatError, "does not exist"),
        ({"freeze": 1}, InvalidParameterError, "freeze"),
        ({"validation": 0.01}, InvalidParameterError, "of 6 texts none can be kept out"),
        ({"validation": 0.95}, InvalidParameterError, "validation"),
        ({"members": 0}, InvalidParameterError, "members"),
        ({"min_count": 99}, VocabularyError, "99"),
        ({"tokenizer": "simpel"}, UnknownNameError, "Did you mean 'simple'"),
        ({"optimizer": "adamm"}, UnknownNameError, "Did you mean 'adam'"),
        ({"random_state": -1}, InvalidParameterError, "random_state"),
        ({"device": "cuda:77"}, DeviceError, "cuda"),
        ({"device": "tpu"}, UnknownNameError, "device"),
        (
            {"learning_rate": 1e38, "optimizer": "sgd", "clip_norm": 0.0},
            TrainingError,
            "try a tenth of it",
        ),
    ],
)
def test_parameters_that_cannot_be(options, error, says, texts):
    with pytest.raises(error) as caught:
        classifier().set_params(**options).fit(texts, LABELS)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_encoder_that_knows_no_word_of_the_texts(pretrained):
    with pytest.raises(TrainingError, match=r"none of 2 texts has a word") as caught:
        classifier(pretrained["recurrent"]).fit(["zzz", "yyy"], ["a", "b"])
    assert "\n" not in str(caught.value)
    assert WORDS[0] in pretrained["recurrent"].vocabulary_.words


def test_a_fit_that_fails_leaves_nothing_fitted(texts):
    made = classifier(epochs=1).fit(texts, LABELS)
    with pytest.raises(TrainingError):
        made.set_params(learning_rate=1e38, optimizer="sgd", clip_norm=0.0).fit(texts, LABELS)
    with pytest.raises(NotFittedError):
        made.predict(texts)


def test_sparse_vectors_are_refused(texts):
    from textrep import PPMI

    sparse = PPMI().fit([text.lower().split() for text in TEXTS * 5])
    with pytest.raises(InvalidParameterError, match=r"dense vectors.*reduce them"):
        classifier(sparse).fit(texts, LABELS)
