"""Any model as an encoder of texts."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.pipeline import FeatureUnion

from textrep import PPMI, SVD, TextEncoder, WordVectorAverager
from textrep.corpus import Corpus
from textrep.errors import FormatError, InputError, InvalidParameterError
from textrep.evaluation import Trainable
from textrep.models import load_model, registry
from textrep.pipeline import Encoder, load_encoder
from textrep.storage import read_model

NEW = ["Cats eat", "", "unheard"]


@pytest.fixture(scope="module")
def svd(tmp_path_factory):
    folder = tmp_path_factory.mktemp("svd")
    lines = ["cats eat fish and dogs eat meat"] * 6
    corpus = Corpus.build(lines, folder / "corpus", min_count=1)
    model = SVD(dim=2).fit(PPMI().fit(corpus))
    model.save(folder / "model")
    return folder / "model"


def test_word_vectors_are_averaged(svd):
    mean = WordVectorAverager(svd).fit_transform(NEW)
    assert (TextEncoder(svd).encode(NEW) == mean).all()
    assert (TextEncoder(str(svd)).fit(NEW).transform(NEW) == mean).all()
    assert (load_encoder(svd).encode(NEW) == mean).all()
    assert mean.any(axis=1).tolist() == [True, False, False]


def test_a_classifier_begins_with_the_model(svd):
    texts, labels = ["cats eat fish", "dogs eat meat"] * 4, ["cat", "dog"] * 4
    for encoder in (TextEncoder(svd), WordVectorAverager(svd, weights="sif")):
        before = encoder.fit(texts).encode(texts)
        made = encoder.classifier()
        assert made.encoder is svd
        assert made.set_params(epochs=1, freeze=True).fit(texts, labels).classes_.tolist() == (
            ["cat", "dog"]
        )
        rows = made.members_[0].reading.encoder.embedding.weight.detach().numpy()
        assert (rows[1:-1] == load_model(svd).word_vectors_).all()
        assert isinstance(encoder, Trainable)
        assert (encoder.encode(texts) == before).all()


def test_fit_may_be_left_out_and_learns_nothing(svd):
    encoder = TextEncoder(svd)
    first = encoder.transform(NEW)
    assert (encoder.fit(["other texts"]).transform(NEW) == first).all()
    assert TextEncoder(svd).get_feature_names_out().tolist() == ["textencoder0", "textencoder1"]


class Letters:
    """An encoder that is no word vectors."""

    def encode(self, texts):
        return np.array([[text.count("a"), text.count("e")] for text in texts], np.float32)


def test_what_encodes_texts_itself_is_asked_itself():
    assert isinstance(Letters(), Encoder)
    encoder = TextEncoder(Letters())
    assert encoder.encode(NEW).tolist() == [[2, 1], [0, 0], [1, 1]]
    assert encoder.get_feature_names_out().tolist() == ["textencoder0", "textencoder1"]


def test_the_folder_of_a_model_that_encodes_texts(svd, monkeypatch):
    class Encoding(SVD):
        def encode(self, texts):
            return Letters().encode(texts)

    monkeypatch.setattr(registry, "model_class", lambda name: Encoding)
    monkeypatch.setattr("textrep.pipeline.encoder.model_class", lambda name: Encoding)
    assert read_model(svd).class_name == "SVD"
    assert TextEncoder(svd).encode(NEW).tolist() == [[2, 1], [0, 0], [1, 1]]


def test_words_by_lookup(svd):
    encoder = TextEncoder(svd)
    found = encoder.encode_tokens([*NEW, "dogs, cats: unheard fish"])
    words = encoder.tokens([*NEW, "dogs, cats: unheard fish"])
    assert words == [["cats", "eat"], [], [], ["dogs", "cats", "fish"]]
    vectors = load_model(svd).vectors_
    for of_words, of_text in zip(words, found, strict=True):
        assert of_text.shape == (len(of_words), 2)
        assert all((vectors[w] == row).all() for w, row in zip(of_words, of_text, strict=True))
    assert encoder.encode(NEW)[0] == pytest.approx(found[0].mean(0))
    assert encoder.encode_tokens([]) == []


def test_words_of_what_has_none(svd):
    with pytest.raises(InvalidParameterError, match="vectors of words, for encode_tokens"):
        TextEncoder(Letters()).encode_tokens(NEW)
    with pytest.raises(InputError, match="sparse vectors of 5 dimensions"):
        TextEncoder(PPMI().fit(["cats eat fish", "dogs eat meat"] * 5)).encode_tokens(NEW)


def test_encoders_side_by_side(svd):
    """Vectors of several models, or of one model with several seeds, in one."""
    text = ["cats eat fish and dogs eat meat"] * 6
    models = [SVD(dim=2).fit(text), SVD(dim=3).fit(text)]
    union = FeatureUnion([(str(n), TextEncoder(model)) for n, model in enumerate(models)])
    expected = np.hstack([TextEncoder(model).encode(NEW) for model in models])
    assert (union.fit_transform(NEW) == expected).all()


def test_what_is_no_model(tmp_path):
    with pytest.raises(InvalidParameterError, match=r"model parameter of TextEncoder .* 'float'"):
        TextEncoder(0.5).encode(NEW)
    with pytest.raises(FormatError, match="nothing-here does not exist"):
        TextEncoder(tmp_path / "nothing-here").fit(NEW)
