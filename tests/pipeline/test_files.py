"""Classifiers and taggers on disk: what comes back, and what is refused."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from pipeline.conftest import TEXTS
from sklearn.base import clone

import textrep
from textrep import (
    SVD,
    ConvEncoder,
    RecurrentEncoder,
    TextClassifier,
    TokenTagger,
    TransformerEncoder,
    WordVectors,
    data,
    recipes,
)
from textrep.errors import FormatError, InputError, InvalidParameterError, NotFittedError
from textrep.storage import read_model, write_model

pytestmark = pytest.mark.usefixtures("one_torch_thread")

LABELS = ["animal", "animal", "thing", "thing", "animal", "animal"]
NEW = ["the old cat", "", "nothing known", "a car, a dog", "road " * 400]
SENTENCES = [text.lower().strip(".!").replace(",", " ,").split() for text in TEXTS]
TAGS = [["D" if word in {"the", "a"} else "X" for word in words] for words in SENTENCES]
SPLIT = [text.lower().split() for text in TEXTS * 5]

ENCODERS = {
    "recurrent": RecurrentEncoder(dim=8, units=8, bidirectional=True, objective="masked"),
    "convolutional": ConvEncoder(dim=8, channels=8, widths="2,3", longest=20),
    "transformer": TransformerEncoder(dim=8, heads=2, layers=1, pooling="cls"),
    "subwords": ConvEncoder(dim=8, channels=8, subwords=True, buckets=100),
    "vectors": WordVectors(["the", "cat", "car", "a"], np.eye(4)),
}
every_encoder = pytest.mark.parametrize("name", sorted(ENCODERS))


def classifier(encoder=ENCODERS["convolutional"], **changes):
    options = {"epochs": 2, "learning_rate": 0.03, "batch_size": 3, "random_state": 3}
    return TextClassifier(encoder, **{**options, **changes})


def tagger(encoder=ENCODERS["recurrent"], **changes):
    options = {"epochs": 2, "learning_rate": 0.03, "batch_size": 3, "min_count": 1}
    return TokenTagger(encoder, **{**options, **changes})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of a classifier, not to be changed."""
    path = tmp_path_factory.mktemp("files") / "classifier"
    classifier().fit(TEXTS, LABELS).save(path)
    return path


# What comes back


@pytest.mark.parametrize("freeze", [False, True])
@every_encoder
def test_predictions_are_the_same_to_the_bit(name, freeze, tmp_path):
    made = classifier(ENCODERS[name], freeze=freeze).fit(TEXTS, LABELS)
    made.save(tmp_path / "it")
    same = TextClassifier.load(tmp_path / "it")
    assert same.predict_proba([*TEXTS, *NEW]).tobytes() == (
        made.predict_proba([*TEXTS, *NEW]).tobytes()
    )
    assert same.predict(TEXTS).tolist() == made.predict(TEXTS).tolist()
    tagging = tagger(ENCODERS[name], freeze=freeze).fit(SENTENCES, TAGS)
    tagging.save(tmp_path / "it")  # one folder of textrep replaces another
    again = TokenTagger.load(tmp_path / "it")
    asked = [*SENTENCES, ["unheard", "cat"], []]
    for ours, theirs in zip(again.predict_proba(asked), tagging.predict_proba(asked), strict=True):
        assert ours.tobytes() == theirs.tobytes()
    assert again.predict(asked) == tagging.predict(asked)


def test_a_trained_encoder_and_a_folder_of_vectors(tmp_path):
    encoder = RecurrentEncoder(dim=8, units=8, epochs=1).fit(SPLIT)
    svd = SVD(dim=4).fit(SPLIT)
    svd.save(tmp_path / "svd")
    for source in (encoder, svd, tmp_path / "svd"):
        made = classifier(source).fit(TEXTS, LABELS)
        made.save(tmp_path / "it")
        same = TextClassifier.load(tmp_path / "it")
        assert (same.predict_proba(TEXTS) == made.predict_proba(TEXTS)).all()
    assert same.encoder == str(tmp_path / "svd")
    assert (same.fit(TEXTS, LABELS).predict_proba(TEXTS) == made.predict_proba(TEXTS)).all()


def test_what_else_a_classifier_knows_comes_back(folder):
    made, same = classifier().fit(TEXTS, LABELS), TextClassifier.load(folder)
    seconds = {"seconds", "tokens_per_second"}
    for ours, theirs in zip(made.history_, same.history_, strict=True):
        assert {k: ours[k] for k in ours if k not in seconds} == (
            {k: theirs[k] for k in theirs if k not in seconds}
        )
    assert same.corpus_ == made.corpus_
    assert same.corpus_["texts"] == 6
    parameters = same.get_params()
    assert parameters.pop("encoder").get_params() == ENCODERS["convolutional"].get_params()
    expected = made.get_params()
    del expected["encoder"]
    assert parameters == expected
    again = clone(same).fit(TEXTS, LABELS)  # it can be trained anew, as it was
    assert (again.predict_proba(TEXTS) == made.predict_proba(TEXTS)).all()


def test_the_fingerprint_is_of_texts_and_labels(folder):
    same = TextClassifier.load(folder).corpus_["fingerprint"]
    assert same == classifier().fit(TEXTS, LABELS).corpus_["fingerprint"]
    others = [
        (TEXTS, [*LABELS[1:], "thing"]),
        (TEXTS, [label + "!" for label in LABELS]),
        ([*TEXTS[:-1], "else"], LABELS),
        ([*TEXTS[:-2], TEXTS[-2] + TEXTS[-1], ""], LABELS),
    ]
    for X, y in others:
        assert classifier(epochs=1).fit(X, y).corpus_["fingerprint"] != same


def test_several_members_and_what_they_share(tmp_path):
    vectors = WordVectors(["the", "cat", "car", "a"], np.eye(4))
    for source, n_encoders in ((vectors, 1), (ENCODERS["recurrent"], 3)):
        made = classifier(source, members=3, freeze=True).fit(TEXTS, LABELS)
        made.save(tmp_path / "it")
        names = read_model(tmp_path / "it").tensors
        assert sum(name.endswith("encoder.embedding.weight") for name in names) == n_encoders
        same = TextClassifier.load(tmp_path / "it")
        assert len(same.members_) == 3
        assert same.predict_proba(NEW).tobytes() == made.predict_proba(NEW).tobytes()


@pytest.mark.parametrize(
    "labels",
    [
        ["a", "b", "ç\nd"],
        [1, 2, -3],
        [True, False, True],
        [0.0, 1.0, 2.0],
        np.array([7, 9, 7], np.int8),
        np.array([7, 9, 7], np.uint64),
        np.array([7, 9, 7], np.float32),
        np.array(["long", "l", "lo"]),
        np.array(["long", "l", "lo"], object),
        [2**70, 1, 2],
    ],
    ids=str,
)
def test_labels_keep_their_types(labels, tmp_path):
    made = classifier(epochs=1).fit(TEXTS[:3], labels)
    made.save(tmp_path / "it")
    same = TextClassifier.load(tmp_path / "it")
    assert same.classes_.dtype == made.classes_.dtype
    assert [type(label) for label in same.classes_] == [type(label) for label in made.classes_]
    assert same.classes_.tolist() == made.classes_.tolist()
    assert same.predict(TEXTS).tolist() == made.predict(TEXTS).tolist()


def test_a_tokenizer_of_subwords_goes_along(tmp_path):
    made = classifier(tokenizer="bpe").fit(TEXTS * 3, LABELS * 3)
    made.save(tmp_path / "it")
    same = TextClassifier.load(tmp_path / "it")
    assert same.predict_proba(NEW).tobytes() == made.predict_proba(NEW).tobytes()
    (tmp_path / "it" / "tokenizer.json").unlink()
    with pytest.raises(InputError, match=r"lacks the bpe tokenizer") as caught:
        TextClassifier.load(tmp_path / "it")
    assert "\n" not in str(caught.value)


def test_an_encoder_that_was_an_object_is_asked_for_again(tmp_path):
    encoder = RecurrentEncoder(dim=8, units=8, epochs=1).fit(SPLIT)
    made = classifier(encoder).fit(TEXTS, LABELS)
    made.save(tmp_path / "it")
    same = TextClassifier.load(tmp_path / "it")
    with pytest.raises(InvalidParameterError, match=r"encoder .* must be given again.*Recurrent"):
        clone(same).fit(TEXTS, LABELS)
    same.save(tmp_path / "twice")
    twice = TextClassifier.load(tmp_path / "twice")
    assert (twice.predict_proba(NEW) == made.predict_proba(NEW)).all()
    for file in ("vocabulary.tsv", "model.safetensors", "config.json"):
        assert (tmp_path / "it" / file).read_bytes() == (tmp_path / "twice" / file).read_bytes()
    anew = twice.set_params(encoder=encoder).fit(TEXTS, LABELS)
    assert (anew.predict_proba(NEW) == made.predict_proba(NEW)).all()


def table(name):
    return data.table(recipes.benchmark_recipe(name)).columns


def test_real_questions(shared_data, tmp_path):
    train, test = table("trec_train"), table("trec")
    made = TextClassifier(
        ConvEncoder(dim=20, channels=20), epochs=4, learning_rate=0.01, members=2, validation=0.1
    ).fit(train["text"][::10], train["label"][::10])
    made.save(tmp_path / "it")
    same = TextClassifier.load(tmp_path / "it")
    assert same.predict_proba(test["text"]).tobytes() == made.predict_proba(test["text"]).tobytes()
    assert same.score(test["text"], test["label"]) > 0.4  # of six kinds, the largest has .28


def test_real_tags(shared_data, tmp_path):
    columns = table("treebank_tags")
    X, y = ([text.split() for text in columns[role]] for role in ("sentence", "tags"))
    made = TokenTagger(RecurrentEncoder(dim=20, units=20), epochs=2)
    made.fit(X[:600:2], y[:600:2]).save(tmp_path / "it")
    same = TokenTagger.load(tmp_path / "it")
    ours, theirs = (np.concatenate(one.predict_proba(X[1:100:2])) for one in (same, made))
    assert ours.tobytes() == theirs.tobytes()
    assert same.predict(X[1:100:2]) == made.predict(X[1:100:2])


# What is refused


def one_line(caught):
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_nothing_is_saved_that_is_not_fitted(tmp_path):
    with pytest.raises(NotFittedError):
        classifier().save(tmp_path / "it")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="Will not replace"):
        classifier(epochs=1).fit(TEXTS, LABELS).save(tmp_path / "mine")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_save_that_fails_leaves_what_was_there(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "it")
    made = classifier(epochs=1).fit(TEXTS, ["\ud800", "b"] * 3)
    with pytest.raises(FormatError, match=r"Cannot write config.json"):
        made.save(tmp_path / "it")
    dates = classifier(epochs=1).fit(TEXTS, np.array(["2020", "2021"] * 3, "datetime64[Y]"))
    with pytest.raises(FormatError, match="cannot be saved: make them strings"):
        dates.save(tmp_path / "it")
    same, kept = (TextClassifier.load(path) for path in (folder, tmp_path / "it"))
    assert (same.predict_proba(NEW) == kept.predict_proba(NEW)).all()
    assert [path.name for path in tmp_path.iterdir()] == ["it"]
    with pytest.raises(InputError, match="exists"):
        same.save(tmp_path / "it", overwrite=False)


def test_folders_of_others(folder, tmp_path):
    SVD(dim=2).fit(SPLIT).save(tmp_path / "svd")
    for cls, path, says in (
        (TokenTagger, folder, "a TextClassifier, no TokenTagger: textrep.TextClassifier.load"),
        (TextClassifier, tmp_path / "svd", "a SVD, no TextClassifier: textrep.load_model"),
        (TextClassifier, tmp_path / "nothing", "does not exist"),
        (TextClassifier, tmp_path, "no config.json"),
    ):
        with pytest.raises(FormatError) as caught:
            cls.load(path)
        assert says in one_line(caught)
    for read in (textrep.load, textrep.load_model):
        with pytest.raises(FormatError, match=r"TextClassifier\.load") as caught:
            read(folder)
        one_line(caught)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("format_version",), 99),
        (("structure",), 5),
        (("structure", "labels"), None),
        (("structure", "labels", "dtype"), "V100"),
        (("structure", "labels", "dtype"), "no-such"),
        (("structure", "labels", "dtype"), "int8"),
        (("structure", "labels", "values"), ["thing", "animal"]),
        (("structure", "labels", "values"), ["animal", "animal"]),
        (("structure", "labels", "values"), ["animal", 5]),
        (("structure", "labels", "values"), ["animal", "thing", "third"]),
        (("structure", "labels", "values"), []),
        (("structure", "members"), 2),
        (("structure", "members"), 0),
        (("structure", "members"), "many"),
        (("structure", "encoder", "class"), "SVD"),
        (("structure", "encoder", "class"), "Unheard"),
        (("structure", "encoder", "parameters", "channels"), 9),
        (("structure", "encoder", "parameters", "dim"), -1),
        (("structure", "encoder", "parameters"), {"unheard": 1}),
        (("structure", "encoder"), None),
        (("structure", "pooling"), "middle"),
        (("structure", "longest"), 0),
        (("parameters", "epochs"), "ten"),
        (("parameters", "unheard"), 1),
        (("parameters", "encoder"), {"unheard": 1}),
        (("parameters", "encoder"), 7),
        (("metrics",), {}),
        (("corpus",), {}),
        (("corpus", "tokenizer"), {"name": "unheard"}),
        (("corpus", "tokenizer"), 5),
    ],
)
def test_a_configuration_that_does_not_fit(where, value, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "it")
    file = tmp_path / "it" / "config.json"
    config = json.loads(file.read_text("utf-8"))
    place = config
    for key in where[:-1]:
        place = place[key]
    assert place.get(where[-1]) != value
    place[where[-1]] = value
    file.write_text(json.dumps(config), "utf-8")
    with pytest.raises(FormatError) as caught:
        TextClassifier.load(tmp_path / "it")
    assert str(tmp_path / "it") in one_line(caught)


@pytest.mark.parametrize("file", ["config.json", "vocabulary.tsv", "model.safetensors"])
def test_folders_that_are_not_whole(file, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "it")
    damaged = tmp_path / "it" / file
    content = damaged.read_bytes()
    for kept in (content[: len(content) // 2], b"", content[:-7], None):
        damaged.unlink(missing_ok=True)
        if kept is not None:
            damaged.write_bytes(kept)
        with pytest.raises(FormatError) as caught:
            TextClassifier.load(tmp_path / "it")
        one_line(caught)


def test_arrays_that_do_not_fit(folder, tmp_path):
    data = read_model(folder)
    tensors = dict(data.tensors)
    for changed in (
        {**tensors, "members.1.head.linear.bias": np.zeros(2, np.float32)},
        {**tensors, "stranger": np.zeros(2)},
        {**tensors, "members.0.head.linear.bias": np.zeros(3, np.float32)},
        {name: value for name, value in tensors.items() if "bias" not in name},
        {name: value for name, value in tensors.items() if "encoder" not in name},
    ):
        parts = {**vars(data), "tensors": changed}
        write_model(tmp_path / "it", type(data)(**parts))
        with pytest.raises(FormatError, match="is damaged"):
            TextClassifier.load(tmp_path / "it")
    fewer = {**vars(data), "words": data.words[:-1], "counts": data.counts[:-1]}
    write_model(tmp_path / "it", type(data)(**fewer))
    with pytest.raises(FormatError, match="do not fit"):
        TextClassifier.load(tmp_path / "it")
