"""What every model in the registry promises; a new model is tested as soon as it is registered."""

from __future__ import annotations

import ast
import inspect
import json
import re
import typing

import numpy as np
import pytest
from models.sources import (
    DECOMPOSING,
    FROM_TEXT,
    NAMES,
    PREDICTING,
    arrays_of,
    base_of,
    class_of,
    parameters_of,
    sentences,
    small,
    source_from,
    source_of,
)
from scikit_learn import without_data
from sklearn.base import clone
from sklearn.utils import estimator_checks

import textrep
from textrep.corpus import Corpus
from textrep.errors import (
    CorpusError,
    FormatError,
    InputError,
    InvalidParameterError,
    NotFittedError,
    UnknownNameError,
    UsageError,
)
from textrep.models import MODELS, load_model, model_class

pytestmark = pytest.mark.usefixtures("one_torch_thread")

PARAMETERS = [(name, parameter) for name in sorted(MODELS) for parameter in parameters_of(name)]


@pytest.fixture(scope="module")
def corpus():
    return Corpus.build(sentences())


@pytest.fixture(scope="module")
def sources(corpus):
    """What each model is fitted on."""
    return {name: source_of(name, corpus) for name in NAMES}


@pytest.fixture(scope="module")
def fitted(sources):
    """Each model, fitted once."""
    return {name: small(name).fit(sources[name]) for name in NAMES}


@pytest.fixture
def source(name, sources):
    """What the model is fitted on."""
    return sources[name]


ABCD = [["a", "b", "c", "d"]] * 6


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


# Configuration


def test_get_params_set_params_and_clone(name, fitted):
    model = small(name)
    parameters = model.get_params()
    assert list(parameters) == sorted(parameters_of(name))
    assert class_of(name)(**parameters).get_params() == parameters
    assert class_of(name)().set_params(**parameters).get_params() == parameters
    copy = clone(fitted[name])
    assert copy.get_params() == fitted[name].get_params()
    assert vars(copy).keys() == parameters.keys()


def test_the_constructor_only_stores(name):
    marks = {parameter: object() for parameter in parameters_of(name)}
    model = class_of(name)(**marks)  # nothing is checked, converted or derived
    assert vars(model) == marks


def test_parameters_are_keywords_with_defaults(name):
    for parameter in parameters_of(name).values():
        assert parameter.kind is parameter.KEYWORD_ONLY
        assert parameter.default is not parameter.empty


@without_data
def test_scikit_learns_own_checks(name, check):
    check(class_of(name).__name__, class_of(name)())


def test_scikit_learn_can_make_it_without_arguments(name):
    estimator_checks.check_parameters_default_constructible(name, class_of(name)())


# Documentation

ENTRY = re.compile(r"^(\w+) : (.+?)(?:, +default=(.+)|, (optional))$", re.MULTILINE)
TYPES = {"int": int, "float": float, "str": str, "bool": bool}


def documented(cls):
    """The Parameters section of a docstring: name -> (type, default)."""
    text = inspect.getdoc(cls)
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[^\n]*\n-{3,}$|\Z)", text, re.M | re.S)
    if section is None:
        return {}
    return {
        entry[1]: (entry[2], None if entry[4] else ast.literal_eval(entry[3]))
        for entry in ENTRY.finditer(section[1])
    }


def test_every_parameter_is_documented_with_its_type_and_default(name):
    cls = class_of(name)
    entries, hints = documented(cls), typing.get_type_hints(cls.__init__)
    assert sorted(entries) == sorted(parameters_of(name))  # all are keywords: the order is help's
    for parameter, (kind, default) in entries.items():
        assert default == parameters_of(name)[parameter].default, parameter
        assert type(default) is type(parameters_of(name)[parameter].default), parameter
        python = str if kind.startswith("{") else TYPES[kind]
        expected = python if default is not None else python | None
        assert hints[parameter] == expected, parameter


# Choices that make sense with other parameters only.
NEEDS = {("momentum_schedule", "sutskever"): {"optimizer": "nesterov"}}


def test_documented_choices_are_those_that_are_accepted(name, source):
    for parameter, (kind, _) in documented(class_of(name)).items():
        if not kind.startswith("{"):
            continue
        choices = ast.literal_eval(f"[{kind[1:-1]}]")
        assert len(choices) > 1
        for choice in choices:
            others = NEEDS.get((parameter, choice), {})
            small(name, **{parameter: choice}, **others).fit(source)
        with pytest.raises(UnknownNameError) as caught:
            small(name, **{parameter: "no-such"}).fit(source)
        assert all(choice in str(caught.value) for choice in choices)


def test_the_docstring_has_its_sections(name):
    text = inspect.getdoc(class_of(name))
    assert "Attributes\n----------" in text
    for attribute in ("vocabulary_ : Vocabulary", "word_vectors_ : "):
        assert attribute in text
    assert MODELS[base_of(name)].class_name in textrep.__all__


# Bad values


def bad_values(name, parameter):
    """Values that are wrong for a parameter, whatever it means."""
    hint = typing.get_type_hints(class_of(name).__init__)[parameter]
    optional = type(None) in typing.get_args(hint)
    base = next(kind for kind in (typing.get_args(hint) or (hint,)) if kind is not type(None))
    others = {
        int: [-5, 1.5, float("nan"), float("inf"), "5", "", True, [5], b"5"],
        float: [-5.0, float("nan"), float("inf"), float("-inf"), "1", True, [1.0], 1j],
        str: ["", 5, ["a"], b"a", True],
        bool: ["yes", 1, 0, 2.0, [True]],
    }[base]
    return others if optional else [None, *others]


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_bad_values_are_refused_before_anything_is_read(name, parameter):
    for value in bad_values(name, parameter):
        model = small(name, **{parameter: value})
        with pytest.raises((InvalidParameterError, UnknownNameError)) as caught:
            model.fit("no-such-file")
        message = str(caught.value)
        assert parameter in message, value
        assert "\n" not in message
        assert not hasattr(model, "word_vectors_")


LIMITS = {
    "window": [0, 1001],
    "negative": [0, 101],
    "epochs": [0, 10**9],
    "batch_size": [0, 31],
    "holdout": [-0.1, 0.91],
    "margin": [0, 0.0],
    "min_n": [0, 101],
    "max_n": [0, 2],
    "buckets": [0, 10**9],
    "learning_rate": [0, 0.0],
    "subsample": [-0.1, 1.1],
    "ns_exponent": [3.0],
    "dim": [0],
    "n_jobs": [0, -2, 10**6],
    "memory": [0, 1],
    "max_count": [0, 0.0, 1e-300],
    "shift": [0, 0.99, 1e300],
    "context_smoothing": [-0.01, 1.01],
    "eigenvalue_weight": [2.1],
    "tolerance": [0, 0.0, 1e-9, 1.5],
}


@pytest.mark.parametrize(("name", "parameter"), [p for p in PARAMETERS if p[1] in LIMITS])
def test_values_outside_the_documented_range_are_refused(name, parameter):
    for value in LIMITS[parameter]:
        with pytest.raises(InvalidParameterError, match=rf"^The {parameter} parameter of "):
            small(name, **{parameter: value}).fit("no-such-file")


@pytest.mark.parametrize("name", [n for n in NAMES if "dim" in parameters_of(n)])
def test_more_dimensions_than_words(name, source):
    if base_of(name) in PREDICTING:
        assert small(name, dim=31).fit(source).word_vectors_.shape == (30, 31)
        return
    with pytest.raises(InvalidParameterError, match=r"dim.*30 words.*Got 31"):
        small(name, dim=31).fit(source)


def test_numpys_numbers_are_numbers(name, source, tmp_path):
    kinds = {int: np.int64, float: np.float32}
    changed = {
        key: kinds[type(value)](value)
        for key, value in small(name).get_params().items()
        if type(value) in kinds
    }
    model = small(name, **changed).fit(source)
    model.save(tmp_path / "model")
    assert load_model(tmp_path / "model").get_params() == model.get_params()


# Fitting


def test_unfitted_models_say_so(name, tmp_path):
    model = small(name)
    for use in (lambda: model.vectors_, lambda: model.save(tmp_path / "model")):
        with pytest.raises(NotFittedError, match=f"{type(model).__name__}.*fit"):
            use()
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("other", sorted(MODELS))
def test_unfitted_models_cannot_be_gone_on_from(name, other):
    with pytest.raises(NotFittedError, match=class_of(other).__name__):
        small(name).fit(source_from(name, small(other)))


def test_what_is_learnt(name, corpus, source, fitted):
    model = small(name)
    assert model.fit(source) is model
    assert model.get_params() == fitted[name].get_params()
    assert list(model.vocabulary_.words) == list(corpus.vocabulary.words)
    vectors = model.vectors_
    assert vectors.words == list(corpus.vocabulary.words)
    assert vectors.counts.tolist() == corpus.vocabulary.counts.tolist()
    assert vectors.matrix.shape == model.word_vectors_.shape
    assert model.word_vectors_.shape[0] == len(corpus.vocabulary)
    assert model.corpus_["fingerprint"] == corpus.fingerprint
    assert model.corpus_["tokens"] == corpus.n_tokens
    if "dim" in parameters_of(name):
        assert vectors.dim == 4
    learnt = {key for key in vars(model) if key not in parameters_of(name)}
    assert all(key.endswith("_") and not key.startswith("_") for key in learnt)


@pytest.mark.parametrize("name", FROM_TEXT)
def test_any_source_of_the_same_text_gives_the_same(name, corpus, fitted, tmp_path, monkeypatch):
    monkeypatch.setenv("TEXTREP_HOME", str(tmp_path / "home"))
    text = tmp_path / "text.txt"
    text.write_text("".join(" ".join(words) + "\n" for words in sentences()), "utf-8")
    encoded = tmp_path / "encoded"
    Corpus.build(sentences(), encoded)
    for source in (encoded, str(encoded), text, str(text), sentences(), tuple(sentences())):
        assert arrays_of(small(name).fit(source)) == arrays_of(fitted[name])


def test_twice_the_same_for_any_threads(name, source, fitted):
    threads = (1, 2, 3) if "n_jobs" in parameters_of(name) else (None,)
    for n_jobs in threads:
        changes = {} if n_jobs is None else {"n_jobs": n_jobs}
        for _ in range(2):
            assert arrays_of(small(name, **changes).fit(source)) == arrays_of(fitted[name])


def test_fitting_again_forgets(name, source, fitted):
    model = small(name).fit(source_of(name, ABCD))
    assert len(model.vectors_) == 4
    assert arrays_of(model.fit(source)) == arrays_of(fitted[name])


def test_a_fit_that_fails_leaves_no_half_model(name, source, monkeypatch):
    model = small(name).fit(source)
    other = source_of(name, ABCD)

    def fail(self, source, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(model), "_learn", fail)
    with pytest.raises(KeyboardInterrupt):
        model.fit(other)
    with pytest.raises(NotFittedError):
        _ = model.vectors_


@pytest.mark.parametrize("name", FROM_TEXT)
@pytest.mark.parametrize("text", [[["one"]] * 6, [["one"] * 6], [["one", "one"]] * 3])
def test_a_corpus_of_one_word(name, text):
    changes = {"dim": 1} if "dim" in parameters_of(name) else {}
    if base_of(name) in PREDICTING:
        with pytest.raises(CorpusError, match="two different words"):
            small(name, **changes).fit(text)
        return
    if name in DECOMPOSING:  # beside itself the word is as often as chance has it
        with pytest.raises(CorpusError, match="more often than chance"):
            small(name, **changes).fit(text)
        return
    vectors = small(name, **changes).fit(text).vectors_
    assert vectors.words == ["one"]
    assert vectors.matrix.shape == (1, 1)
    assert vectors.neighbors("one") == []


@pytest.mark.parametrize("name", FROM_TEXT)
def test_a_corpus_of_one_sentence(name):
    vectors = small(name).fit([["a", "b", "c", "d", "e"] * 5]).vectors_
    assert sorted(vectors.words) == ["a", "b", "c", "d", "e"]
    assert len(vectors.neighbors("a")) == 4


@pytest.mark.parametrize("name", FROM_TEXT)
def test_sentences_of_one_word_know_nothing(name):
    if base_of(name) in PREDICTING:
        with pytest.raises(CorpusError, match="No word has a context"):
            small(name).fit([["a"], ["b"], ["c"], ["d"]] * 6)
        return
    if name in DECOMPOSING:
        with pytest.raises(CorpusError, match="no word has a context"):
            small(name).fit([["a"], ["b"], ["c"], ["d"]] * 6)
        return
    vectors = small(name).fit([["a"], ["b"], ["c"], ["d"]] * 6).vectors_
    assert vectors.similarity("a", "b") == 0


@pytest.mark.parametrize("source", [5, None, object()])
def test_what_is_no_source(name, source):
    error = InvalidParameterError if class_of(name).takes_models else CorpusError
    with pytest.raises(error):
        small(name).fit(source)


@pytest.mark.parametrize("name", FROM_TEXT)
def test_an_iterator_is_refused(name):
    with pytest.raises(CorpusError):
        small(name).fit(iter(sentences()))


# Files


def test_save_and_load(name, fitted, tmp_path):
    model = fitted[name]
    model.save(tmp_path / "model")
    again = load_model(str(tmp_path / "model"))
    assert type(again) is type(model)
    assert again.get_params() == model.get_params()
    assert again.metrics_ == model.metrics_
    assert again.corpus_ == model.corpus_
    assert list(again.vocabulary_.words) == list(model.vocabulary_.words)
    assert again.vocabulary_.counts.tolist() == model.vocabulary_.counts.tolist()
    assert arrays_of(again) == arrays_of(model)
    again.save(tmp_path / "again")
    for file in (tmp_path / "model").iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes(), file.name


def test_load_gives_the_same_vectors(name, fitted, tmp_path):
    fitted[name].save(tmp_path / "model")
    vectors, expected = textrep.load(tmp_path / "model"), fitted[name].vectors_
    assert vectors.words == expected.words
    dense = [v.matrix.toarray() if v.is_sparse else v.matrix for v in (vectors, expected)]
    assert dense[0].tobytes() == dense[1].tobytes()
    assert vectors.neighbors(vectors.words[0]) == expected.neighbors(vectors.words[0])


def test_a_loaded_model_saves_over_itself(name, fitted, tmp_path):
    fitted[name].save(tmp_path / "model")
    load_model(tmp_path / "model").save(tmp_path / "model")
    assert arrays_of(load_model(tmp_path / "model")) == arrays_of(fitted[name])


def test_saving_over_a_model_and_over_something_else(name, fitted, tmp_path):
    small(name).fit(source_of(name, ABCD)).save(tmp_path / "model")
    fitted[name].save(tmp_path / "model")
    assert arrays_of(load_model(tmp_path / "model")) == arrays_of(fitted[name])
    with pytest.raises(InputError, match="exists"):
        fitted[name].save(tmp_path / "model", overwrite=False)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("dear")
    (tmp_path / "file").write_text("text")
    for foreign in ("letters", "file"):
        with pytest.raises(InputError, match=r"Will not replace|Cannot write"):
            fitted[name].save(tmp_path / foreign)
    assert (tmp_path / "letters" / "dear.txt").read_text() == "dear"


@pytest.fixture
def folder(name, fitted, tmp_path):
    fitted[name].save(tmp_path / "model")
    return tmp_path / "model"


def change_config(folder, **changes):
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(config | changes), "utf-8")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format_version": 99}, "later"),
        ({"format": "other"}, "not a textrep model"),
        ({"class": "Oracle"}, "holds Oracle"),
        ({"parameters": {"no_such_parameter": 1}}, "does not fit"),
    ],
)
def test_folders_of_others_are_refused(folder, changes, message):
    change_config(folder, **changes)
    with pytest.raises(FormatError, match=message):
        load_model(folder)


@pytest.mark.parametrize("file", ["config.json", "vocabulary.tsv", "model.safetensors"])
def test_damaged_folders_are_refused(folder, file):
    whole = (folder / file).read_bytes()
    for part in (whole[: len(whole) // 2], b""):
        (folder / file).write_bytes(part)
        with pytest.raises(FormatError):
            load_model(folder)
    (folder / file).unlink()
    with pytest.raises(FormatError, match=file):
        load_model(folder)


def test_arrays_that_a_model_does_not_know_stay_out_of_it(folder, name, fitted):
    from textrep.storage import read_model, write_model

    data = read_model(folder)
    tensors = {key: value.copy() for key, value in data.tensors.items()}
    odd = {"vectors": np.ones(2), "fit": np.ones(2), "metrics": np.ones(2)}
    changed = type(data)(**(vars(data) | {"tensors": tensors | odd}))
    write_model(folder, changed)
    assert load_model(folder).metrics_ == fitted[name].metrics_
    write_model(folder, type(data)(**(vars(data) | {"tensors": odd})))
    with pytest.raises(FormatError, match=r"lacks .*word_vectors"):
        load_model(folder)


def test_a_folder_that_is_not_there(name, tmp_path):
    with pytest.raises(FormatError, match="does not exist"):
        load_model(tmp_path / "nothing")


def test_unknown_model():
    with pytest.raises(UnknownNameError, match="Did you mean 'ppmi'"):
        model_class("ppmj")


@pytest.mark.parametrize("other", sorted(MODELS))
def test_models_of_models_work_or_say_why_not(name, other, fitted, folder):
    """On a fitted model, also loaded from disk with its read-only arrays."""
    try:
        expected = arrays_of(small(name).fit(source_from(name, fitted[other])))
    except UsageError as refused:
        lines = str(refused).splitlines()
        assert len(lines) == 1
        return
    path = folder.parent / "other"
    fitted[other].save(path)
    assert arrays_of(small(name).fit(source_from(name, path))) == expected
    model = small(name).fit(source_from(name, load_model(path)))
    assert arrays_of(model) == expected
    assert model.corpus_["fingerprint"] == fitted[other].corpus_["fingerprint"]
